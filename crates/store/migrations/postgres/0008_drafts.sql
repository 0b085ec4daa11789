-- What somebody began to write on a page and has not sent: theirs alone, gone after thirty days. In no trail.

CREATE TABLE drafts (
    person_id uuid NOT NULL REFERENCES people (id),
    -- The page that it was written on.
    address text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    -- The reference of the record that it is about: whoever may not know of that any more has no draft either.
    record text COLLATE "C",
    -- The fields in their order, as JSON.
    fields text COLLATE "C" NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, address)
);

CREATE INDEX drafts_by_time ON drafts (saved_at);
