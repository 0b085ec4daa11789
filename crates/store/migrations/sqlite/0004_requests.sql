-- Requests that name a key, so that sending one twice does it once. Kept for a day, in no trail.

CREATE TABLE requests (
    person_id BLOB NOT NULL REFERENCES people (id),
    key_sha256 TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- NULL once somebody may know of less than when it was given.
    answer TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, key_sha256)
) STRICT;

CREATE INDEX requests_by_time ON requests (created_at);
