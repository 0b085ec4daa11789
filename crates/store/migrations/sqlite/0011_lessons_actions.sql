-- What carries a lesson, that it is still true, what an action costs and which evidence shows it, and awareness items.

-- What covers a lesson that has no action of its own: said by one person, approved by another.
CREATE TABLE lesson_coverages (
    id BLOB NOT NULL PRIMARY KEY,
    lesson_id BLOB NOT NULL REFERENCES lessons (id),
    kind TEXT NOT NULL CHECK (kind IN ('existing_action', 'control_change', 'accepted_risk')),
    action_id BLOB REFERENCES actions (id),
    control_change_id BLOB REFERENCES control_changes (id),
    risk_id BLOB REFERENCES risks (id),
    reason TEXT NOT NULL,
    declared_by BLOB NOT NULL REFERENCES people (id),
    declared_at INTEGER NOT NULL,
    approved_by BLOB REFERENCES people (id),
    approved_at INTEGER,
    -- The lesson, once it is approved: what carries a lesson refers to this and so to nothing that nobody approved.
    approved_lesson_id BLOB GENERATED ALWAYS AS (CASE WHEN approved_by IS NOT NULL THEN lesson_id END) STORED,
    UNIQUE (id, approved_lesson_id),
    CHECK ((kind = 'existing_action') = (action_id IS NOT NULL)),
    CHECK ((kind = 'control_change') = (control_change_id IS NOT NULL)),
    CHECK ((kind = 'accepted_risk') = (risk_id IS NOT NULL)),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> declared_by)
) STRICT;

-- That somebody looked at a lesson again and found it still true.
CREATE TABLE lesson_confirmations (
    id BLOB NOT NULL PRIMARY KEY,
    lesson_id BLOB NOT NULL REFERENCES lessons (id),
    next_review_on TEXT NOT NULL,
    confirmed_by BLOB NOT NULL REFERENCES people (id),
    confirmed_at INTEGER NOT NULL
) STRICT;

-- So that what carries a lesson can only be an action of that very lesson.
CREATE UNIQUE INDEX actions_by_id_and_lesson ON actions (id, lesson_id);

-- What carries a lesson: its first action, or the first coverage that was approved. Worked out from them, in no trail.
CREATE TABLE lesson_carriers (
    lesson_id BLOB NOT NULL PRIMARY KEY REFERENCES lessons (id),
    action_id BLOB,
    coverage_id BLOB,
    FOREIGN KEY (action_id, lesson_id) REFERENCES actions (id, lesson_id),
    FOREIGN KEY (coverage_id, lesson_id) REFERENCES lesson_coverages (id, approved_lesson_id),
    CHECK ((action_id IS NULL) <> (coverage_id IS NULL))
) STRICT;

INSERT INTO lesson_carriers (lesson_id, action_id)
SELECT a.lesson_id, a.id FROM actions a
WHERE a.lesson_id IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM actions b WHERE b.lesson_id = a.lesson_id AND b.reference < a.reference);

-- A lesson beyond its draft has something that carries it, whoever writes the row; one that was approved and retired had
-- it too. A draft that was retired was never approved and counts for nothing.
ALTER TABLE lessons ADD COLUMN carried_id BLOB
    GENERATED ALWAYS AS (CASE WHEN state NOT IN ('draft', 'retired') OR approved_by IS NOT NULL THEN id END) VIRTUAL
    REFERENCES lesson_carriers (lesson_id);

ALTER TABLE actions ADD COLUMN shown_by TEXT;
ALTER TABLE actions ADD COLUMN successor_of BLOB REFERENCES actions (id);
ALTER TABLE actions ADD COLUMN planned_cost_minor INTEGER;
ALTER TABLE actions ADD COLUMN planned_cost_currency TEXT
    CHECK ((planned_cost_minor IS NULL) = (planned_cost_currency IS NULL));
ALTER TABLE actions ADD COLUMN actual_cost_minor INTEGER;
ALTER TABLE actions ADD COLUMN actual_cost_currency TEXT
    CHECK ((actual_cost_minor IS NULL) = (actual_cost_currency IS NULL));

-- What a lesson tells people, to be read and acknowledged.
CREATE TABLE awareness_items (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    lesson_id BLOB NOT NULL REFERENCES lessons (id),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('everybody', 'roles', 'people')),
    roles TEXT NOT NULL,
    people TEXT NOT NULL,
    due_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('published', 'withdrawn')),
    published_by BLOB NOT NULL REFERENCES people (id),
    published_at INTEGER NOT NULL,
    withdrawn_reason TEXT,
    withdrawn_by BLOB REFERENCES people (id),
    withdrawn_at INTEGER,
    CHECK ((audience = 'roles') = (roles <> '[]')),
    CHECK ((audience = 'people') = (people <> '[]')),
    CHECK ((state = 'withdrawn') = (withdrawn_reason IS NOT NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_by IS NOT NULL)),
    CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
) STRICT;

CREATE TABLE acknowledgements (
    item_id BLOB NOT NULL REFERENCES awareness_items (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    acknowledged_at INTEGER NOT NULL,
    PRIMARY KEY (item_id, person_id)
) STRICT;

CREATE INDEX lesson_coverages_by_lesson ON lesson_coverages (lesson_id);
CREATE INDEX lesson_coverages_by_action ON lesson_coverages (action_id) WHERE action_id IS NOT NULL;
CREATE INDEX lesson_coverages_by_change ON lesson_coverages (control_change_id) WHERE control_change_id IS NOT NULL;
CREATE INDEX lesson_coverages_by_risk ON lesson_coverages (risk_id) WHERE risk_id IS NOT NULL;
CREATE INDEX lesson_confirmations_by_lesson ON lesson_confirmations (lesson_id);
CREATE INDEX lessons_by_review ON lessons (review_on) WHERE review_on IS NOT NULL;
CREATE INDEX actions_by_not_doing_until ON actions (not_doing_until) WHERE not_doing_until IS NOT NULL;
CREATE INDEX actions_by_predecessor ON actions (successor_of) WHERE successor_of IS NOT NULL;
CREATE INDEX reviews_by_leader ON reviews (facilitator_id);
CREATE INDEX assets_by_owner ON assets (owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX awareness_items_by_lesson ON awareness_items (lesson_id);
CREATE INDEX awareness_items_by_state ON awareness_items (state);
CREATE INDEX acknowledgements_by_person ON acknowledgements (person_id);
-- What waits for somebody.
CREATE INDEX lesson_coverages_waiting ON lesson_coverages (declared_at, id) WHERE approved_by IS NULL;
CREATE INDEX lessons_by_author ON lessons (author_id, review_on) WHERE review_on IS NOT NULL;
