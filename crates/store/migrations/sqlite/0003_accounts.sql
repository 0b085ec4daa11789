-- How people sign in. What is in accounts is in the trail; secrets and sessions are not.

CREATE TABLE accounts (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES people (id),
    email TEXT UNIQUE,
    invited_at INTEGER,
    password_set_at INTEGER,
    totp_since INTEGER
) STRICT;

CREATE TABLE account_secrets (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (person_id),
    password_hash TEXT,
    totp_seed BLOB CHECK (length(totp_seed) = 20),
    totp_pending BLOB CHECK (length(totp_pending) = 20),
    totp_last_step INTEGER
) STRICT;

CREATE TABLE recovery_codes (
    person_id BLOB NOT NULL REFERENCES accounts (person_id),
    code_sha256 TEXT NOT NULL,
    PRIMARY KEY (person_id, code_sha256)
) STRICT;

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    secret_sha256 TEXT NOT NULL UNIQUE,
    how TEXT NOT NULL CHECK (how IN ('password', 'password_and_code', 'recovery_code', 'invitation', 'link')),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    address TEXT,
    place TEXT,
    agent TEXT
) STRICT;

CREATE TABLE sign_in_links (
    secret_sha256 TEXT NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'setup', 'sign_in')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- What a token may be used for; NULL is everything that its person may do, as it was before.
ALTER TABLE tokens ADD COLUMN scopes TEXT;

CREATE INDEX sessions_by_person ON sessions (person_id, place);
CREATE INDEX sign_in_links_by_person ON sign_in_links (person_id);
