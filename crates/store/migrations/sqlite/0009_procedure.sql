-- The incident management procedure in its versions, and what reviews take from it. Number 0, the procedure that comes
-- with the program, has no row. Of a review from before there was a procedure the new columns are NULL.

CREATE TABLE procedures (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'approved', 'withdrawn')),
    -- What the program enforces, as JSON.
    rules TEXT NOT NULL,
    text TEXT NOT NULL,
    summary TEXT NOT NULL,
    lessons TEXT NOT NULL,
    author_id BLOB NOT NULL REFERENCES people (id),
    authors TEXT NOT NULL,
    submitted_by BLOB REFERENCES people (id),
    approved_by BLOB REFERENCES people (id),
    approved_at INTEGER,
    effective_on TEXT,
    withdrawn_reason TEXT,
    created_at INTEGER NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> author_id),
    CHECK (approved_by IS NULL OR submitted_by IS NULL OR approved_by <> submitted_by),
    CHECK ((state = 'approved') = (approved_by IS NOT NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((approved_by IS NULL) = (effective_on IS NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_reason IS NOT NULL))
) STRICT;

ALTER TABLE reviews ADD COLUMN scope TEXT CHECK (scope IN ('single', 'batch', 'trend'));
ALTER TABLE reviews ADD COLUMN procedure_number INTEGER CHECK (procedure_number >= 0);
ALTER TABLE reviews ADD COLUMN procedure_rule INTEGER CHECK (procedure_rule > 0);
ALTER TABLE reviews ADD COLUMN taken_up_at INTEGER;
ALTER TABLE reviews ADD COLUMN scheduled_on TEXT;
ALTER TABLE reviews ADD COLUMN questions TEXT;
ALTER TABLE reviews ADD COLUMN asked_at INTEGER;
ALTER TABLE reviews ADD COLUMN evaluation TEXT;
ALTER TABLE reviews ADD COLUMN first_approved_by BLOB REFERENCES people (id) CHECK (first_approved_by <> approved_by);
ALTER TABLE reviews ADD COLUMN approved_version INTEGER;

-- The cases that a review is of beside the one that it was opened for.
CREATE TABLE review_cases (
    review_id BLOB NOT NULL REFERENCES reviews (id),
    case_id BLOB NOT NULL REFERENCES cases (id),
    PRIMARY KEY (review_id, case_id)
) STRICT;

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
