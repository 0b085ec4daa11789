-- Controls and risks: what they are, how they did on a case, what a case changed in them; and links of a case's loop that
-- are declared not needed. NULL in the settings is what it was before: the words that the program begins with.

ALTER TABLE settings ADD COLUMN likelihood_words text COLLATE "C";
ALTER TABLE settings ADD COLUMN impact_words text COLLATE "C";

CREATE TABLE controls (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    title text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    applicable boolean NOT NULL,
    justification text COLLATE "C",
    status text COLLATE "C" NOT NULL CHECK (status IN ('not_implemented', 'planned', 'partly_implemented', 'implemented')),
    owner_id uuid REFERENCES people (id),
    retired_at timestamptz,
    retired_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    CHECK (applicable OR justification IS NOT NULL),
    CHECK ((retired_at IS NULL) = (retired_reason IS NULL)),
    CHECK (retired_at IS NULL OR reference LIKE 'C-%')
);

CREATE TABLE control_performances (
    case_id uuid NOT NULL REFERENCES cases (id),
    control_id uuid NOT NULL REFERENCES controls (id),
    performance text COLLATE "C" NOT NULL CHECK (performance IN ('worked', 'failed', 'absent', 'bypassed')),
    note text COLLATE "C",
    noted_by uuid NOT NULL REFERENCES people (id),
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (case_id, control_id)
);

CREATE TABLE control_changes (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    control_id uuid NOT NULL REFERENCES controls (id),
    lesson_id uuid REFERENCES lessons (id),
    action_id uuid REFERENCES actions (id),
    before text COLLATE "C" NOT NULL,
    after text COLLATE "C" NOT NULL,
    changed_on date NOT NULL,
    recorded_by uuid NOT NULL REFERENCES people (id),
    recorded_at timestamptz NOT NULL,
    CHECK (before <> after)
);

CREATE TABLE declarations (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    link text COLLATE "C" NOT NULL CHECK (link IN ('review', 'causes', 'similar', 'lessons', 'actions', 'effectiveness', 'controls', 'risks')),
    reason text COLLATE "C" NOT NULL,
    declared_by uuid NOT NULL REFERENCES people (id),
    declared_at timestamptz NOT NULL,
    approved_by uuid REFERENCES people (id),
    approved_at timestamptz,
    UNIQUE (case_id, link),
    CHECK (approved_by IS NULL OR approved_by <> declared_by),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL))
);

CREATE TABLE risks (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    title text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    owner_id uuid NOT NULL REFERENCES people (id),
    treatment text COLLATE "C" NOT NULL CHECK (treatment IN ('mitigate', 'avoid', 'share', 'accept')),
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'closed')),
    closed_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES people (id),
    CHECK ((state = 'closed') = (closed_reason IS NOT NULL))
);

CREATE TABLE risk_controls (
    risk_id uuid NOT NULL REFERENCES risks (id),
    control_id uuid NOT NULL REFERENCES controls (id),
    PRIMARY KEY (risk_id, control_id)
);

CREATE TABLE risk_cases (
    risk_id uuid NOT NULL REFERENCES risks (id),
    case_id uuid NOT NULL REFERENCES cases (id),
    PRIMARY KEY (risk_id, case_id)
);

CREATE TABLE risk_assessments (
    id uuid NOT NULL,
    risk_id uuid NOT NULL REFERENCES risks (id),
    number bigint NOT NULL CHECK (number > 0),
    likelihood_before bigint CHECK (likelihood_before BETWEEN 1 AND 5),
    impact_before bigint CHECK (impact_before BETWEEN 1 AND 5),
    likelihood_after bigint NOT NULL CHECK (likelihood_after BETWEEN 1 AND 5),
    impact_after bigint NOT NULL CHECK (impact_after BETWEEN 1 AND 5),
    why text COLLATE "C" NOT NULL,
    assessed_by uuid NOT NULL REFERENCES people (id),
    assessed_at timestamptz NOT NULL,
    case_id uuid REFERENCES cases (id),
    lesson_id uuid REFERENCES lessons (id),
    accepted_by uuid REFERENCES people (id),
    accepted_at timestamptz,
    PRIMARY KEY (risk_id, number),
    CHECK ((number = 1) = (likelihood_before IS NULL)),
    CHECK ((likelihood_before IS NULL) = (impact_before IS NULL)),
    CHECK (lesson_id IS NULL OR case_id IS NOT NULL),
    CHECK ((accepted_by IS NULL) = (accepted_at IS NULL))
);

CREATE INDEX controls_by_owner ON controls (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX control_performances_by_control ON control_performances (control_id);
CREATE INDEX control_changes_by_case ON control_changes (case_id);
CREATE INDEX control_changes_by_control ON control_changes (control_id);
CREATE INDEX control_changes_by_time ON control_changes (recorded_at, id);
CREATE INDEX risks_by_owner ON risks (owner_id);
CREATE INDEX risk_controls_by_control ON risk_controls (control_id);
CREATE INDEX risk_cases_by_case ON risk_cases (case_id);
CREATE INDEX risk_assessments_by_case ON risk_assessments (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX risk_assessments_by_time ON risk_assessments (assessed_at, id);
-- What waits for somebody.
CREATE INDEX declarations_waiting ON declarations (declared_at, id) WHERE approved_by IS NULL;
