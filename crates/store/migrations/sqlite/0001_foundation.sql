-- Which store this is. One row.
CREATE TABLE store_info (
    singleton INTEGER NOT NULL PRIMARY KEY CHECK (singleton = 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    created_at INTEGER NOT NULL,
    is_sample INTEGER NOT NULL CHECK (is_sample IN (0, 1))
) STRICT;

-- The end of the trail: last sequence number, right-most hashes of the Merkle tree, time of the last entry.
CREATE TABLE trail_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL CHECK (seq >= 0),
    frontier BLOB NOT NULL,
    at INTEGER
) STRICT;

INSERT INTO trail_head (id, seq, frontier, at) VALUES (1, 0, x'', NULL);
