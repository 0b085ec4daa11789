-- Controls and risks: what they are, how they did on a case, what a case changed in them; and links of a case's loop that
-- are declared not needed. NULL in the settings is what it was before: the words that the program begins with.

ALTER TABLE settings ADD COLUMN likelihood_words TEXT;
ALTER TABLE settings ADD COLUMN impact_words TEXT;

CREATE TABLE controls (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    description TEXT,
    applicable INTEGER NOT NULL CHECK (applicable IN (0, 1)),
    justification TEXT,
    status TEXT NOT NULL CHECK (status IN ('not_implemented', 'planned', 'partly_implemented', 'implemented')),
    owner_id BLOB REFERENCES people (id),
    retired_at INTEGER,
    retired_reason TEXT,
    created_at INTEGER NOT NULL,
    CHECK (applicable = 1 OR justification IS NOT NULL),
    CHECK ((retired_at IS NULL) = (retired_reason IS NULL)),
    CHECK (retired_at IS NULL OR reference LIKE 'C-%')
) STRICT;

CREATE TABLE control_performances (
    case_id BLOB NOT NULL REFERENCES cases (id),
    control_id BLOB NOT NULL REFERENCES controls (id),
    performance TEXT NOT NULL CHECK (performance IN ('worked', 'failed', 'absent', 'bypassed')),
    note TEXT,
    noted_by BLOB NOT NULL REFERENCES people (id),
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, control_id)
) STRICT;

CREATE TABLE control_changes (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    control_id BLOB NOT NULL REFERENCES controls (id),
    lesson_id BLOB REFERENCES lessons (id),
    action_id BLOB REFERENCES actions (id),
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    changed_on TEXT NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES people (id),
    recorded_at INTEGER NOT NULL,
    CHECK (before <> after)
) STRICT;

CREATE TABLE declarations (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    link TEXT NOT NULL CHECK (link IN ('review', 'causes', 'similar', 'lessons', 'actions', 'effectiveness', 'controls', 'risks')),
    reason TEXT NOT NULL,
    declared_by BLOB NOT NULL REFERENCES people (id),
    declared_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES people (id),
    approved_at INTEGER,
    UNIQUE (case_id, link),
    CHECK (approved_by IS NULL OR approved_by <> declared_by),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL))
) STRICT;

CREATE TABLE risks (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    description TEXT,
    owner_id BLOB NOT NULL REFERENCES people (id),
    treatment TEXT NOT NULL CHECK (treatment IN ('mitigate', 'avoid', 'share', 'accept')),
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    closed_reason TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    CHECK ((state = 'closed') = (closed_reason IS NOT NULL))
) STRICT;

CREATE TABLE risk_controls (
    risk_id BLOB NOT NULL REFERENCES risks (id),
    control_id BLOB NOT NULL REFERENCES controls (id),
    PRIMARY KEY (risk_id, control_id)
) STRICT;

CREATE TABLE risk_cases (
    risk_id BLOB NOT NULL REFERENCES risks (id),
    case_id BLOB NOT NULL REFERENCES cases (id),
    PRIMARY KEY (risk_id, case_id)
) STRICT;

CREATE TABLE risk_assessments (
    id BLOB NOT NULL,
    risk_id BLOB NOT NULL REFERENCES risks (id),
    number INTEGER NOT NULL CHECK (number > 0),
    likelihood_before INTEGER CHECK (likelihood_before BETWEEN 1 AND 5),
    impact_before INTEGER CHECK (impact_before BETWEEN 1 AND 5),
    likelihood_after INTEGER NOT NULL CHECK (likelihood_after BETWEEN 1 AND 5),
    impact_after INTEGER NOT NULL CHECK (impact_after BETWEEN 1 AND 5),
    why TEXT NOT NULL,
    assessed_by BLOB NOT NULL REFERENCES people (id),
    assessed_at INTEGER NOT NULL,
    case_id BLOB REFERENCES cases (id),
    lesson_id BLOB REFERENCES lessons (id),
    accepted_by BLOB REFERENCES people (id),
    accepted_at INTEGER,
    PRIMARY KEY (risk_id, number),
    CHECK ((number = 1) = (likelihood_before IS NULL)),
    CHECK ((likelihood_before IS NULL) = (impact_before IS NULL)),
    CHECK (lesson_id IS NULL OR case_id IS NOT NULL),
    CHECK ((accepted_by IS NULL) = (accepted_at IS NULL))
) STRICT;

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
