-- Work that is done after a change and apart from it. In no trail; what it does is.

CREATE TABLE jobs (
    id uuid PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    -- JSON: ids, never what somebody wrote.
    payload text COLLATE "C" NOT NULL,
    -- What makes a second one needless while this one waits.
    dedupe text COLLATE "C" UNIQUE,
    state text COLLATE "C" NOT NULL CHECK (state IN ('pending', 'running', 'done', 'dead')),
    -- When it is to run; of a running one, until when it is claimed.
    due_at timestamptz NOT NULL,
    attempts bigint NOT NULL,
    -- A code, without words.
    last_error text COLLATE "C",
    created_at timestamptz NOT NULL,
    ended_at timestamptz
);

CREATE INDEX jobs_by_due ON jobs (due_at, id) WHERE state IN ('pending', 'running');
