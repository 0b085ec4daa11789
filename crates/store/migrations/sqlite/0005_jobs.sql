-- Work that is done after a change and apart from it. In no trail; what it does is.

CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- JSON: ids, never what somebody wrote.
    payload TEXT NOT NULL,
    -- What makes a second one needless while this one waits.
    dedupe TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'done', 'dead')),
    -- When it is to run; of a running one, until when it is claimed.
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- A code, without words.
    last_error TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE INDEX jobs_by_due ON jobs (due_at, id) WHERE state IN ('pending', 'running');
