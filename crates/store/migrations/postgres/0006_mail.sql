-- Who wants no mail. In no trail: it is nobody's business but theirs.

CREATE TABLE mail_preferences (
    person_id uuid PRIMARY KEY REFERENCES people (id),
    is_off boolean NOT NULL
);
