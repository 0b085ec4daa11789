-- Who wants no mail. In no trail: it is nobody's business but theirs.

CREATE TABLE mail_preferences (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES people (id),
    is_off INTEGER NOT NULL CHECK (is_off IN (0, 1))
) STRICT;
