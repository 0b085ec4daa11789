-- How people sign in. What is in accounts is in the trail; secrets and sessions are not.

CREATE TABLE accounts (
    person_id uuid PRIMARY KEY REFERENCES people (id),
    email text COLLATE "C" UNIQUE,
    invited_at timestamptz,
    password_set_at timestamptz,
    totp_since timestamptz
);

CREATE TABLE account_secrets (
    person_id uuid PRIMARY KEY REFERENCES accounts (person_id),
    password_hash text COLLATE "C",
    totp_seed bytea CHECK (length(totp_seed) = 20),
    totp_pending bytea CHECK (length(totp_pending) = 20),
    totp_last_step bigint
);

CREATE TABLE recovery_codes (
    person_id uuid NOT NULL REFERENCES accounts (person_id),
    code_sha256 text COLLATE "C" NOT NULL,
    PRIMARY KEY (person_id, code_sha256)
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    secret_sha256 text COLLATE "C" NOT NULL UNIQUE,
    how text COLLATE "C" NOT NULL CHECK (how IN ('password', 'password_and_code', 'recovery_code', 'invitation', 'link')),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    address text COLLATE "C",
    place text COLLATE "C",
    agent text COLLATE "C"
);

CREATE TABLE sign_in_links (
    secret_sha256 text COLLATE "C" PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('invitation', 'setup', 'sign_in')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- What a token may be used for; NULL is everything that its person may do, as it was before.
ALTER TABLE tokens ADD COLUMN scopes text COLLATE "C";

CREATE INDEX sessions_by_person ON sessions (person_id, place);
CREATE INDEX sign_in_links_by_person ON sign_in_links (person_id);
