-- The incident management procedure in its versions, and what reviews take from it. Number 0, the procedure that comes
-- with the program, has no row. Of a review from before there was a procedure the new columns are NULL.

CREATE TABLE procedures (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'withdrawn')),
    -- What the program enforces, as JSON.
    rules text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    summary text COLLATE "C" NOT NULL,
    lessons text COLLATE "C" NOT NULL,
    author_id uuid NOT NULL REFERENCES people (id),
    authors text COLLATE "C" NOT NULL,
    submitted_by uuid REFERENCES people (id),
    approved_by uuid REFERENCES people (id),
    approved_at timestamptz,
    effective_on date,
    withdrawn_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> author_id),
    CHECK (approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by),
    CHECK ((state = 'approved') = (approved_by IS NOT NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((approved_by IS NULL) = (effective_on IS NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_reason IS NOT NULL))
);

ALTER TABLE reviews ADD COLUMN scope text COLLATE "C" CHECK (scope IN ('single', 'batch', 'trend'));
ALTER TABLE reviews ADD COLUMN procedure_number bigint CHECK (procedure_number >= 0);
ALTER TABLE reviews ADD COLUMN procedure_rule bigint CHECK (procedure_rule > 0);
ALTER TABLE reviews ADD COLUMN taken_up_at timestamptz;
ALTER TABLE reviews ADD COLUMN scheduled_on date;
ALTER TABLE reviews ADD COLUMN questions text COLLATE "C";
ALTER TABLE reviews ADD COLUMN asked_at timestamptz;
ALTER TABLE reviews ADD COLUMN evaluation text COLLATE "C";
ALTER TABLE reviews ADD COLUMN first_approved_by uuid REFERENCES people (id) CHECK (first_approved_by <> approved_by);
ALTER TABLE reviews ADD COLUMN approved_version bigint;

-- The cases that a review is of beside the one that it was opened for.
CREATE TABLE review_cases (
    review_id uuid NOT NULL REFERENCES reviews (id),
    case_id uuid NOT NULL REFERENCES cases (id),
    PRIMARY KEY (review_id, case_id)
);

CREATE INDEX review_cases_by_case ON review_cases (case_id);
CREATE INDEX reviews_by_state ON reviews (state, due_on);
CREATE INDEX reviews_by_procedure ON reviews (procedure_number, due_on) WHERE procedure_number IS NOT NULL;
CREATE INDEX cases_by_registration ON cases (registered_at);
CREATE INDEX cases_by_category ON cases (category, registered_at) WHERE category IS NOT NULL;
-- What is due by a day, for reminders.
CREATE INDEX actions_by_due ON actions (due_on, id) WHERE state IN ('open', 'in_progress');
CREATE INDEX checks_by_day ON checks (planned_on) WHERE outcome IS NULL;
-- What waits for somebody.
CREATE INDEX reviews_by_facilitator ON reviews (facilitator_id, due_on) WHERE state IN ('due', 'scheduled', 'held');
CREATE INDEX lessons_drafted ON lessons (created_at, id) WHERE state = 'draft';
CREATE INDEX checks_by_judge ON checks (judge_id, planned_on) WHERE outcome IS NULL;
CREATE INDEX cases_untriaged ON cases (registered_at, id) WHERE state = 'reported';
