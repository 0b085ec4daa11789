-- Which store this is. One row.
CREATE TABLE store_info (
    singleton BIGINT NOT NULL PRIMARY KEY CHECK (singleton = 1),
    id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    is_sample BOOLEAN NOT NULL
);

-- The end of the trail: last sequence number, right-most hashes of the Merkle tree, time of the last entry.
CREATE TABLE trail_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL CHECK (seq >= 0),
    frontier BYTEA NOT NULL,
    at TIMESTAMPTZ
);

INSERT INTO trail_head (id, seq, frontier, at) VALUES (1, 0, '', NULL);
