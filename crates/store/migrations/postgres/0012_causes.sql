-- Categories of causes, what is said at the end of a branch, what was set aside of the findings on wording, and the look
-- for similar cases. NULL is what it was before: the categories that come with the program, no category, nothing said.

ALTER TABLE settings ADD COLUMN cause_categories text COLLATE "C";

ALTER TABLE causes ADD COLUMN category text COLLATE "C";
ALTER TABLE causes ADD COLUMN changeable boolean;
ALTER TABLE causes ADD COLUMN changeable_note text COLLATE "C" CHECK ((changeable IS NULL) = (changeable_note IS NULL));

CREATE TABLE dismissed_findings (
    review_id uuid NOT NULL REFERENCES reviews (id),
    cause_id uuid NOT NULL REFERENCES causes (id),
    rule text COLLATE "C" NOT NULL,
    -- Of the statement that was seen: another one is asked again.
    statement_sha256 text COLLATE "C" NOT NULL CHECK (length(statement_sha256) = 64),
    reason text COLLATE "C" NOT NULL,
    dismissed_by uuid NOT NULL REFERENCES people (id),
    dismissed_at timestamptz NOT NULL,
    PRIMARY KEY (cause_id, rule, statement_sha256)
);

CREATE INDEX dismissed_findings_by_review ON dismissed_findings (review_id);

CREATE TABLE similar_looks (
    review_id uuid NOT NULL PRIMARY KEY REFERENCES reviews (id),
    looked_at timestamptz NOT NULL,
    looked_by uuid NOT NULL REFERENCES people (id),
    searched text COLLATE "C",
    -- The ids of the cases that were looked at, each with what was found of it, as JSON.
    hits text COLLATE "C" NOT NULL,
    finding text COLLATE "C" NOT NULL
);
