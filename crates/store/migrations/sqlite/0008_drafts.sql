-- What somebody began to write on a page and has not sent: theirs alone, gone after thirty days. In no trail.

CREATE TABLE drafts (
    person_id BLOB NOT NULL REFERENCES people (id),
    -- The page that it was written on.
    address TEXT NOT NULL,
    title TEXT NOT NULL,
    -- The reference of the record that it is about: whoever may not know of that any more has no draft either.
    record TEXT,
    -- The fields in their order, as JSON.
    fields TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, address)
) STRICT;

CREATE INDEX drafts_by_time ON drafts (saved_at);
