-- Reports by whoever has no account. NULL is what it was before: nobody reports openly, no comment is meant for a reporter.

ALTER TABLE settings ADD COLUMN open_reporting INTEGER;
ALTER TABLE comments ADD COLUMN correspondence TEXT;

-- By which whoever reported openly finds their case again. In no trail.
CREATE TABLE receipts (
    secret_sha256 TEXT NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL UNIQUE REFERENCES cases (id),
    -- As they wrote it, whatever the case is called since.
    title TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
