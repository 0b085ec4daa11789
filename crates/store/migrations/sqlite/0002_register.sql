-- The register: people, cases, reviews, lessons, actions and the trail.
-- Lists that are read and written whole (tags, readers, links) are JSON text; whatever is looked up has a column.

CREATE TABLE people (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'team')),
    status TEXT NOT NULL CHECK (status IN ('unconfirmed', 'confirmed', 'disabled')),
    name TEXT NOT NULL,
    email TEXT,
    os_user TEXT,
    roles TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    name_folded TEXT NOT NULL,
    UNIQUE (os_user)
) STRICT;

CREATE TABLE tokens (
    id BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES people (id),
    label TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE TABLE settings (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    company TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    severity_words TEXT NOT NULL,
    categories TEXT NOT NULL,
    sample INTEGER NOT NULL CHECK (sample IN (0, 1))
) STRICT;

CREATE TABLE fields (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('case', 'lesson', 'action', 'asset', 'supplier')),
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'number', 'date', 'choice', 'person', 'link')),
    choices TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (subject, key)
) STRICT;

CREATE TABLE suppliers (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    provides TEXT,
    contact TEXT,
    agreement TEXT,
    contingency_plan TEXT,
    created_at INTEGER NOT NULL,
    fields TEXT NOT NULL,
    name_folded TEXT NOT NULL
) STRICT;

CREATE TABLE assets (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('dataset', 'model', 'checkpoint', 'adapter', 'index', 'prompt', 'tool', 'agent', 'pipeline', 'service')),
    name TEXT NOT NULL,
    description TEXT,
    owner_id BLOB REFERENCES people (id),
    supplier_id BLOB REFERENCES suppliers (id),
    created_at INTEGER NOT NULL,
    fields TEXT NOT NULL,
    name_folded TEXT NOT NULL
) STRICT;

CREATE TABLE asset_versions (
    id BLOB NOT NULL PRIMARY KEY,
    asset_id BLOB NOT NULL REFERENCES assets (id),
    label TEXT NOT NULL,
    sha256 TEXT,
    released TEXT,
    note TEXT,
    UNIQUE (asset_id, label)
) STRICT;

CREATE TABLE cases (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL CHECK (origin IN ('native', 'import')),
    origin_reference TEXT,
    title TEXT NOT NULL,
    summary TEXT,
    class TEXT NOT NULL CHECK (class IN ('event', 'weakness', 'near_miss', 'incident')),
    state TEXT NOT NULL CHECK (state IN ('reported', 'triaged', 'responding', 'resolved', 'in_review', 'acting', 'closed', 'void')),
    decision TEXT NOT NULL CHECK (decision IN ('undecided', 'incident', 'not_an_incident')),
    decision_criteria TEXT,
    decided_by BLOB REFERENCES people (id),
    decided_at INTEGER,
    severity INTEGER CHECK (severity BETWEEN 1 AND 5),
    category TEXT,
    tags TEXT NOT NULL,
    occurred TEXT,
    detected TEXT,
    reported TEXT,
    acknowledged TEXT,
    contained TEXT,
    resolved TEXT,
    closed TEXT,
    detection TEXT CHECK (detection IN ('internal', 'external', 'supplier')),
    detection_method TEXT,
    impact_initial TEXT NOT NULL,
    impact_final TEXT NOT NULL,
    ai_impact TEXT,
    reporter BLOB REFERENCES people (id),
    responders TEXT NOT NULL,
    part_of BLOB REFERENCES cases (id),
    restricted INTEGER NOT NULL CHECK (restricted IN (0, 1)),
    readers TEXT NOT NULL,
    suppliers TEXT NOT NULL,
    assets TEXT NOT NULL,
    fields TEXT NOT NULL,
    void_reason TEXT,
    reopened_count INTEGER NOT NULL,
    reopen_reason TEXT,
    reopened_at INTEGER,
    registered_at INTEGER NOT NULL,
    registered_by BLOB NOT NULL REFERENCES people (id),
    CHECK ((state = 'void') = (void_reason IS NOT NULL))
) STRICT;

CREATE TABLE timeline_entries (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL CHECK (kind IN ('occurred', 'detected', 'diagnosed', 'contained', 'recovered', 'key_moment')),
    occurred TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES people (id)
) STRICT;

CREATE TABLE cost_lines (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL CHECK (kind IN ('response_labour', 'downtime', 'legal', 'regulatory', 'customer', 'retraining', 'supplier', 'equipment', 'other')),
    basis TEXT NOT NULL CHECK (basis IN ('estimate', 'actual')),
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    minimum_minor INTEGER,
    maximum_minor INTEGER,
    labour_minutes INTEGER,
    hourly_rate_minor INTEGER,
    incurred_on TEXT,
    note TEXT
) STRICT;

CREATE TABLE comments (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    author_id BLOB NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    written_at INTEGER NOT NULL
) STRICT;

CREATE TABLE gaps (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL,
    place TEXT,
    detail TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'dismissed')),
    settlement TEXT,
    settled_by BLOB REFERENCES people (id),
    settled_at INTEGER,
    CHECK ((state = 'open') = (settled_at IS NULL))
) STRICT;

CREATE TABLE reviews (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    case_id BLOB NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL CHECK (kind IN ('full', 'five_whys', 'light')),
    state TEXT NOT NULL CHECK (state IN ('due', 'scheduled', 'held', 'drafted', 'approved', 'waived')),
    trigger TEXT NOT NULL,
    problem TEXT NOT NULL,
    facilitator_id BLOB NOT NULL REFERENCES people (id),
    participants TEXT NOT NULL,
    due_on TEXT NOT NULL,
    held_on TEXT,
    minutes TEXT,
    drafted_by BLOB REFERENCES people (id),
    approved_by BLOB REFERENCES people (id),
    approved_at INTEGER,
    waived_reason TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    CHECK (state NOT IN ('approved', 'waived') OR approved_by IS NOT NULL)
) STRICT;

CREATE TABLE lessons (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    statement TEXT NOT NULL,
    detail TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'approved', 'applied', 'proved', 'overtaken', 'did_not_hold', 'regressed', 'retired')),
    tags TEXT NOT NULL,
    review_on TEXT,
    author_id BLOB NOT NULL REFERENCES people (id),
    approved_by BLOB REFERENCES people (id),
    approved_at INTEGER,
    retired_reason TEXT,
    fields TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> author_id)
) STRICT;

CREATE TABLE lesson_cases (
    lesson_id BLOB NOT NULL REFERENCES lessons (id),
    case_id BLOB NOT NULL REFERENCES cases (id),
    PRIMARY KEY (lesson_id, case_id)
) STRICT;

CREATE TABLE actions (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    case_id BLOB NOT NULL REFERENCES cases (id),
    lesson_id BLOB REFERENCES lessons (id),
    title TEXT NOT NULL,
    description TEXT,
    purpose TEXT NOT NULL CHECK (purpose IN ('correction', 'corrective', 'improvement')),
    kind TEXT NOT NULL CHECK (kind IN ('technical', 'procedural', 'people', 'physical', 'supplier')),
    strength TEXT NOT NULL CHECK (strength IN ('eliminate', 'engineer', 'detect', 'procedure', 'train')),
    strength_reason TEXT,
    owner_id BLOB NOT NULL REFERENCES people (id),
    due_on TEXT NOT NULL,
    original_due_on TEXT NOT NULL,
    move_count INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'in_progress', 'done', 'effective', 'not_effective', 'not_doing')),
    completion TEXT,
    completed_on TEXT,
    completed_by BLOB REFERENCES people (id),
    not_doing_reason TEXT,
    not_doing_by BLOB REFERENCES people (id),
    not_doing_until TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL REFERENCES people (id),
    fields TEXT NOT NULL,
    CHECK (state NOT IN ('done', 'effective', 'not_effective') OR (completion IS NOT NULL AND completed_on IS NOT NULL)),
    CHECK ((state = 'not_doing') = (not_doing_reason IS NOT NULL)),
    CHECK (not_doing_by IS NULL OR not_doing_by <> owner_id)
) STRICT;

CREATE TABLE due_moves (
    action_id BLOB NOT NULL REFERENCES actions (id),
    number INTEGER NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    reason TEXT NOT NULL,
    moved_at INTEGER NOT NULL,
    moved_by BLOB NOT NULL REFERENCES people (id),
    PRIMARY KEY (action_id, number)
) STRICT;

CREATE TABLE checks (
    id BLOB NOT NULL PRIMARY KEY,
    action_id BLOB NOT NULL REFERENCES actions (id),
    measure TEXT NOT NULL,
    planned_on TEXT NOT NULL,
    judge_id BLOB REFERENCES people (id),
    outcome TEXT CHECK (outcome IN ('effective', 'not_effective', 'too_early')),
    evidence TEXT,
    judged_by BLOB REFERENCES people (id),
    judged_at INTEGER,
    CHECK ((outcome IS NULL) = (judged_by IS NULL)),
    CHECK ((outcome IS NULL) = (evidence IS NULL))
) STRICT;

CREATE TABLE evidence (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES cases (id),
    action_id BLOB REFERENCES actions (id),
    name TEXT NOT NULL,
    sha256 TEXT,
    size_bytes INTEGER,
    link TEXT,
    custody TEXT,
    collected_by BLOB NOT NULL REFERENCES people (id),
    collected TEXT NOT NULL,
    legal_hold INTEGER NOT NULL CHECK (legal_hold IN (0, 1)),
    recorded_at INTEGER NOT NULL,
    CHECK ((sha256 IS NULL) <> (link IS NULL)),
    CHECK ((sha256 IS NULL) = (size_bytes IS NULL))
) STRICT;

CREATE TABLE causes (
    id BLOB NOT NULL PRIMARY KEY,
    review_id BLOB NOT NULL REFERENCES reviews (id),
    statement TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('event', 'condition', 'decision', 'control', 'detection', 'response', 'mitigator', 'organisational_factor')),
    confidence TEXT NOT NULL CHECK (confidence IN ('confirmed', 'likely', 'assumed')),
    support TEXT NOT NULL,
    is_primary INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    position INTEGER NOT NULL
) STRICT;

CREATE TABLE cause_links (
    review_id BLOB NOT NULL REFERENCES reviews (id),
    cause_id BLOB NOT NULL REFERENCES causes (id),
    effect_id BLOB REFERENCES causes (id),
    kind TEXT NOT NULL CHECK (kind IN ('made_possible', 'made_more_likely', 'made_worse', 'delayed_detection', 'limited')),
    on_ladder INTEGER NOT NULL CHECK (on_ladder IN (0, 1)),
    confidence TEXT CHECK (confidence IN ('confirmed', 'likely', 'assumed')),
    support TEXT NOT NULL,
    effect TEXT NOT NULL,
    PRIMARY KEY (cause_id, effect)
) STRICT;

CREATE TABLE import_runs (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    profile TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    started_by BLOB NOT NULL REFERENCES people (id),
    read_count INTEGER NOT NULL,
    created_count INTEGER NOT NULL,
    changed_count INTEGER NOT NULL,
    skipped_count INTEGER NOT NULL,
    rejected_count INTEGER NOT NULL,
    undone_reason TEXT,
    undone_at INTEGER
) STRICT;

CREATE TABLE import_rows (
    run_id BLOB NOT NULL REFERENCES import_runs (id),
    row_number INTEGER NOT NULL,
    profile TEXT NOT NULL,
    origin_reference TEXT,
    row_hash TEXT NOT NULL,
    fate TEXT NOT NULL CHECK (fate IN ('created', 'changed', 'skipped', 'rejected')),
    reason TEXT NOT NULL,
    case_id BLOB REFERENCES cases (id),
    PRIMARY KEY (run_id, row_number)
) STRICT;

CREATE TABLE import_profiles (
    profile TEXT NOT NULL PRIMARY KEY,
    mapping TEXT NOT NULL,
    saved_at INTEGER NOT NULL
) STRICT;

CREATE TABLE counters (
    prefix TEXT NOT NULL,
    year INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    PRIMARY KEY (prefix, year)
) STRICT;

CREATE TABLE trail_entries (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    object_id BLOB NOT NULL,
    action TEXT NOT NULL,
    actor_id BLOB NOT NULL,
    request_id BLOB NOT NULL,
    leaf TEXT NOT NULL,
    leaf_hash BLOB NOT NULL,
    disclosures TEXT NOT NULL
) STRICT;

CREATE INDEX people_by_name ON people (name_folded);
CREATE INDEX tokens_by_person ON tokens (person_id);
CREATE INDEX suppliers_by_name ON suppliers (name_folded);
CREATE INDEX assets_by_name ON assets (name_folded);
CREATE INDEX cases_by_origin_reference ON cases (origin_reference) WHERE origin_reference IS NOT NULL;
CREATE INDEX cases_by_parent ON cases (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX timeline_entries_by_case ON timeline_entries (case_id);
CREATE INDEX cost_lines_by_case ON cost_lines (case_id);
CREATE INDEX comments_by_case ON comments (case_id);
CREATE INDEX gaps_by_case ON gaps (case_id);
CREATE INDEX evidence_by_case ON evidence (case_id);
CREATE INDEX evidence_by_sha256 ON evidence (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX reviews_by_case ON reviews (case_id);
CREATE INDEX causes_by_review ON causes (review_id);
CREATE INDEX cause_links_by_review ON cause_links (review_id);
CREATE INDEX lesson_cases_by_case ON lesson_cases (case_id);
CREATE INDEX actions_by_case ON actions (case_id);
CREATE INDEX actions_by_lesson ON actions (lesson_id) WHERE lesson_id IS NOT NULL;
CREATE INDEX actions_by_owner ON actions (owner_id);
CREATE INDEX checks_by_action ON checks (action_id);
CREATE INDEX import_rows_by_hash ON import_rows (row_hash);
CREATE INDEX import_rows_by_reference ON import_rows (origin_reference) WHERE origin_reference IS NOT NULL;
CREATE INDEX import_rows_by_case ON import_rows (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX trail_entries_by_object ON trail_entries (object_id, seq);
