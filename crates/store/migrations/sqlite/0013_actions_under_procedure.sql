-- What the procedure asked for when an action was planned: its version, the last days that it allows, and why one is
-- later. NULL is an action from before that was kept, or of an import: no version of the procedure asked for its date.

ALTER TABLE actions ADD COLUMN procedure_number INTEGER;
ALTER TABLE actions ADD COLUMN procedure_severity INTEGER CHECK (procedure_severity BETWEEN 1 AND 5)
    CHECK ((procedure_severity IS NULL) = (procedure_number IS NULL));
ALTER TABLE actions ADD COLUMN latest_due_on TEXT CHECK ((latest_due_on IS NULL) = (procedure_number IS NULL));
-- A day later than the procedure allows has a reason, whoever writes the row.
ALTER TABLE actions ADD COLUMN due_reason TEXT
    CHECK (latest_due_on IS NULL OR original_due_on <= latest_due_on OR due_reason IS NOT NULL);
ALTER TABLE actions ADD COLUMN latest_check_on TEXT CHECK ((latest_check_on IS NULL) = (procedure_number IS NULL));
ALTER TABLE actions ADD COLUMN judged_on TEXT;

ALTER TABLE checks ADD COLUMN late_reason TEXT;

CREATE INDEX actions_by_procedure ON actions (procedure_number) WHERE procedure_number IS NOT NULL;
