-- Reports by whoever has no account. NULL is what it was before: nobody reports openly, no comment is meant for a reporter.

ALTER TABLE settings ADD COLUMN open_reporting boolean;
ALTER TABLE comments ADD COLUMN correspondence text COLLATE "C";

-- By which whoever reported openly finds their case again. In no trail.
CREATE TABLE receipts (
    secret_sha256 text COLLATE "C" PRIMARY KEY,
    case_id uuid NOT NULL UNIQUE REFERENCES cases (id),
    -- As they wrote it, whatever the case is called since.
    title text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL
);
