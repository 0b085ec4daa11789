-- What turned out not to hold waits for somebody to agree to it again, in the order in which it is shown.

CREATE INDEX lessons_failed ON lessons (created_at, id) WHERE state IN ('overtaken', 'did_not_hold', 'regressed');
