-- Requests that name a key, so that sending one twice does it once. Kept for a day, in no trail.

CREATE TABLE requests (
    person_id uuid NOT NULL REFERENCES people (id),
    key_sha256 text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    -- NULL once somebody may know of less than when it was given.
    answer text COLLATE "C",
    created_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, key_sha256)
);

CREATE INDEX requests_by_time ON requests (created_at);
