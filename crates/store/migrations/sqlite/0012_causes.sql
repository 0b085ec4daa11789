-- Categories of causes, what is said at the end of a branch, what was set aside of the findings on wording, and the look
-- for similar cases. NULL is what it was before: the categories that come with the program, no category, nothing said.

ALTER TABLE settings ADD COLUMN cause_categories TEXT;

ALTER TABLE causes ADD COLUMN category TEXT;
ALTER TABLE causes ADD COLUMN changeable INTEGER CHECK (changeable IN (0, 1));
ALTER TABLE causes ADD COLUMN changeable_note TEXT CHECK ((changeable IS NULL) = (changeable_note IS NULL));

CREATE TABLE dismissed_findings (
    review_id BLOB NOT NULL REFERENCES reviews (id),
    cause_id BLOB NOT NULL REFERENCES causes (id),
    rule TEXT NOT NULL,
    -- Of the statement that was seen: another one is asked again.
    statement_sha256 TEXT NOT NULL CHECK (length(statement_sha256) = 64),
    reason TEXT NOT NULL,
    dismissed_by BLOB NOT NULL REFERENCES people (id),
    dismissed_at INTEGER NOT NULL,
    PRIMARY KEY (cause_id, rule, statement_sha256)
) STRICT;

CREATE INDEX dismissed_findings_by_review ON dismissed_findings (review_id);

CREATE TABLE similar_looks (
    review_id BLOB NOT NULL PRIMARY KEY REFERENCES reviews (id),
    looked_at INTEGER NOT NULL,
    looked_by BLOB NOT NULL REFERENCES people (id),
    searched TEXT,
    -- The ids of the cases that were looked at, each with what was found of it, as JSON.
    hits TEXT NOT NULL,
    finding TEXT NOT NULL
) STRICT;
