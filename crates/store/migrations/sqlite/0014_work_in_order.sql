-- What waits for somebody is read in the order in which it is shown, and only what is not over: a register in which one
-- person leads hundreds of thousands of reviews answers from the first two hundred entries of an index.

DROP INDEX actions_by_owner;
CREATE INDEX actions_by_owner ON actions (owner_id, due_on, id) WHERE state IN ('open', 'in_progress');

DROP INDEX reviews_by_facilitator;
CREATE INDEX reviews_by_facilitator ON reviews (facilitator_id, due_on, id) WHERE state IN ('due', 'scheduled', 'held');

DROP INDEX reviews_by_leader;
CREATE INDEX reviews_by_leader ON reviews (facilitator_id) WHERE state NOT IN ('approved', 'waived');

DROP INDEX checks_by_judge;
CREATE INDEX checks_by_judge ON checks (judge_id, planned_on, action_id) WHERE outcome IS NULL;

-- Completed without a look at the effect: the longest ago first.
CREATE INDEX actions_by_completion ON actions (completed_on, id) WHERE state = 'done';
-- What was left behind is looked for from those who left.
CREATE INDEX people_left ON people (id) WHERE status = 'disabled';
-- What is overdue, whatever its state: the longest ago first.
CREATE INDEX reviews_by_due ON reviews (due_on, id) WHERE state NOT IN ('approved', 'waived');
-- Who responds to what is looked for in a case alone: the cases in response are few.
CREATE INDEX cases_responding ON cases (id) WHERE state = 'responding';
-- What waits to be closed: the oldest first.
CREATE INDEX cases_acting ON cases (registered_at, id) WHERE state = 'acting';
