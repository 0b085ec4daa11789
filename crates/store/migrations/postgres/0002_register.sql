-- The register: people, cases, reviews, lessons, actions and the trail.
-- Lists that are read and written whole (tags, readers, links) are JSON text; whatever is looked up has a column.

CREATE TABLE people (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('person', 'team')),
    status text COLLATE "C" NOT NULL CHECK (status IN ('unconfirmed', 'confirmed', 'disabled')),
    name text COLLATE "C" NOT NULL,
    email text COLLATE "C",
    os_user text COLLATE "C",
    roles text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    name_folded text COLLATE "C" NOT NULL,
    UNIQUE (os_user)
);

CREATE TABLE tokens (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES people (id),
    label text COLLATE "C" NOT NULL,
    secret_sha256 text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE TABLE settings (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    company text COLLATE "C" NOT NULL,
    time_zone text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    severity_words text COLLATE "C" NOT NULL,
    categories text COLLATE "C" NOT NULL,
    sample boolean NOT NULL
);

CREATE TABLE fields (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    subject text COLLATE "C" NOT NULL CHECK (subject IN ('case', 'lesson', 'action', 'asset', 'supplier')),
    key text COLLATE "C" NOT NULL,
    label text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('text', 'number', 'date', 'choice', 'person', 'link')),
    choices text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (subject, key)
);

CREATE TABLE suppliers (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    provides text COLLATE "C",
    contact text COLLATE "C",
    agreement text COLLATE "C",
    contingency_plan text COLLATE "C",
    created_at timestamptz NOT NULL,
    fields text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL
);

CREATE TABLE assets (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('dataset', 'model', 'checkpoint', 'adapter', 'index', 'prompt', 'tool', 'agent', 'pipeline', 'service')),
    name text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    owner_id uuid REFERENCES people (id),
    supplier_id uuid REFERENCES suppliers (id),
    created_at timestamptz NOT NULL,
    fields text COLLATE "C" NOT NULL,
    name_folded text COLLATE "C" NOT NULL
);

CREATE TABLE asset_versions (
    id uuid PRIMARY KEY,
    asset_id uuid NOT NULL REFERENCES assets (id),
    label text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C",
    released text COLLATE "C",
    note text COLLATE "C",
    UNIQUE (asset_id, label)
);

CREATE TABLE cases (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    origin text COLLATE "C" NOT NULL CHECK (origin IN ('native', 'import')),
    origin_reference text COLLATE "C",
    title text COLLATE "C" NOT NULL,
    summary text COLLATE "C",
    class text COLLATE "C" NOT NULL CHECK (class IN ('event', 'weakness', 'near_miss', 'incident')),
    state text COLLATE "C" NOT NULL CHECK (state IN ('reported', 'triaged', 'responding', 'resolved', 'in_review', 'acting', 'closed', 'void')),
    decision text COLLATE "C" NOT NULL CHECK (decision IN ('undecided', 'incident', 'not_an_incident')),
    decision_criteria text COLLATE "C",
    decided_by uuid REFERENCES people (id),
    decided_at timestamptz,
    severity bigint CHECK (severity BETWEEN 1 AND 5),
    category text COLLATE "C",
    tags text COLLATE "C" NOT NULL,
    occurred text COLLATE "C",
    detected text COLLATE "C",
    reported text COLLATE "C",
    acknowledged text COLLATE "C",
    contained text COLLATE "C",
    resolved text COLLATE "C",
    closed text COLLATE "C",
    detection text COLLATE "C" CHECK (detection IN ('internal', 'external', 'supplier')),
    detection_method text COLLATE "C",
    impact_initial text COLLATE "C" NOT NULL,
    impact_final text COLLATE "C" NOT NULL,
    ai_impact text COLLATE "C",
    reporter uuid REFERENCES people (id),
    responders text COLLATE "C" NOT NULL,
    part_of uuid REFERENCES cases (id),
    restricted boolean NOT NULL,
    readers text COLLATE "C" NOT NULL,
    suppliers text COLLATE "C" NOT NULL,
    assets text COLLATE "C" NOT NULL,
    fields text COLLATE "C" NOT NULL,
    void_reason text COLLATE "C",
    reopened_count bigint NOT NULL,
    reopen_reason text COLLATE "C",
    reopened_at timestamptz,
    registered_at timestamptz NOT NULL,
    registered_by uuid NOT NULL REFERENCES people (id),
    CHECK ((state = 'void') = (void_reason IS NOT NULL))
);

CREATE TABLE timeline_entries (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('occurred', 'detected', 'diagnosed', 'contained', 'recovered', 'key_moment')),
    occurred text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    source text COLLATE "C",
    recorded_at timestamptz NOT NULL,
    recorded_by uuid NOT NULL REFERENCES people (id)
);

CREATE TABLE cost_lines (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('response_labour', 'downtime', 'legal', 'regulatory', 'customer', 'retraining', 'supplier', 'equipment', 'other')),
    basis text COLLATE "C" NOT NULL CHECK (basis IN ('estimate', 'actual')),
    amount_minor bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    minimum_minor bigint,
    maximum_minor bigint,
    labour_minutes bigint,
    hourly_rate_minor bigint,
    incurred_on date,
    note text COLLATE "C"
);

CREATE TABLE comments (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    author_id uuid NOT NULL REFERENCES people (id),
    text text COLLATE "C" NOT NULL,
    written_at timestamptz NOT NULL
);

CREATE TABLE gaps (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    kind text COLLATE "C" NOT NULL,
    place text COLLATE "C",
    detail text COLLATE "C",
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'resolved', 'dismissed')),
    settlement text COLLATE "C",
    settled_by uuid REFERENCES people (id),
    settled_at timestamptz,
    CHECK ((state = 'open') = (settled_at IS NULL))
);

CREATE TABLE reviews (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    case_id uuid NOT NULL REFERENCES cases (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('full', 'five_whys', 'light')),
    state text COLLATE "C" NOT NULL CHECK (state IN ('due', 'scheduled', 'held', 'drafted', 'approved', 'waived')),
    trigger text COLLATE "C" NOT NULL,
    problem text COLLATE "C" NOT NULL,
    facilitator_id uuid NOT NULL REFERENCES people (id),
    participants text COLLATE "C" NOT NULL,
    due_on date NOT NULL,
    held_on date,
    minutes text COLLATE "C",
    drafted_by uuid REFERENCES people (id),
    approved_by uuid REFERENCES people (id),
    approved_at timestamptz,
    waived_reason text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES people (id),
    CHECK (state NOT IN ('approved', 'waived') OR approved_by IS NOT NULL)
);

CREATE TABLE lessons (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    statement text COLLATE "C" NOT NULL,
    detail text COLLATE "C",
    state text COLLATE "C" NOT NULL CHECK (state IN ('draft', 'approved', 'applied', 'proved', 'overtaken', 'did_not_hold', 'regressed', 'retired')),
    tags text COLLATE "C" NOT NULL,
    review_on date,
    author_id uuid NOT NULL REFERENCES people (id),
    approved_by uuid REFERENCES people (id),
    approved_at timestamptz,
    retired_reason text COLLATE "C",
    fields text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> author_id)
);

CREATE TABLE lesson_cases (
    lesson_id uuid NOT NULL REFERENCES lessons (id),
    case_id uuid NOT NULL REFERENCES cases (id),
    PRIMARY KEY (lesson_id, case_id)
);

CREATE TABLE actions (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    case_id uuid NOT NULL REFERENCES cases (id),
    lesson_id uuid REFERENCES lessons (id),
    title text COLLATE "C" NOT NULL,
    description text COLLATE "C",
    purpose text COLLATE "C" NOT NULL CHECK (purpose IN ('correction', 'corrective', 'improvement')),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('technical', 'procedural', 'people', 'physical', 'supplier')),
    strength text COLLATE "C" NOT NULL CHECK (strength IN ('eliminate', 'engineer', 'detect', 'procedure', 'train')),
    strength_reason text COLLATE "C",
    owner_id uuid NOT NULL REFERENCES people (id),
    due_on date NOT NULL,
    original_due_on date NOT NULL,
    move_count bigint NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'in_progress', 'done', 'effective', 'not_effective', 'not_doing')),
    completion text COLLATE "C",
    completed_on date,
    completed_by uuid REFERENCES people (id),
    not_doing_reason text COLLATE "C",
    not_doing_by uuid REFERENCES people (id),
    not_doing_until date,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES people (id),
    fields text COLLATE "C" NOT NULL,
    CHECK (state NOT IN ('done', 'effective', 'not_effective') OR (completion IS NOT NULL AND completed_on IS NOT NULL)),
    CHECK ((state = 'not_doing') = (not_doing_reason IS NOT NULL)),
    CHECK (not_doing_by IS NULL OR not_doing_by <> owner_id)
);

CREATE TABLE due_moves (
    action_id uuid NOT NULL REFERENCES actions (id),
    number bigint NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    reason text COLLATE "C" NOT NULL,
    moved_at timestamptz NOT NULL,
    moved_by uuid NOT NULL REFERENCES people (id),
    PRIMARY KEY (action_id, number)
);

CREATE TABLE checks (
    id uuid PRIMARY KEY,
    action_id uuid NOT NULL REFERENCES actions (id),
    measure text COLLATE "C" NOT NULL,
    planned_on date NOT NULL,
    judge_id uuid REFERENCES people (id),
    outcome text COLLATE "C" CHECK (outcome IN ('effective', 'not_effective', 'too_early')),
    evidence text COLLATE "C",
    judged_by uuid REFERENCES people (id),
    judged_at timestamptz,
    CHECK ((outcome IS NULL) = (judged_by IS NULL)),
    CHECK ((outcome IS NULL) = (evidence IS NULL))
);

CREATE TABLE evidence (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id),
    action_id uuid REFERENCES actions (id),
    name text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C",
    size_bytes bigint,
    link text COLLATE "C",
    custody text COLLATE "C",
    collected_by uuid NOT NULL REFERENCES people (id),
    collected text COLLATE "C" NOT NULL,
    legal_hold boolean NOT NULL,
    recorded_at timestamptz NOT NULL,
    CHECK ((sha256 IS NULL) <> (link IS NULL)),
    CHECK ((sha256 IS NULL) = (size_bytes IS NULL))
);

CREATE TABLE causes (
    id uuid PRIMARY KEY,
    review_id uuid NOT NULL REFERENCES reviews (id),
    statement text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('event', 'condition', 'decision', 'control', 'detection', 'response', 'mitigator', 'organisational_factor')),
    confidence text COLLATE "C" NOT NULL CHECK (confidence IN ('confirmed', 'likely', 'assumed')),
    support text COLLATE "C" NOT NULL,
    is_primary boolean NOT NULL,
    position bigint NOT NULL
);

CREATE TABLE cause_links (
    review_id uuid NOT NULL REFERENCES reviews (id),
    cause_id uuid NOT NULL REFERENCES causes (id),
    effect_id uuid REFERENCES causes (id),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('made_possible', 'made_more_likely', 'made_worse', 'delayed_detection', 'limited')),
    on_ladder boolean NOT NULL,
    confidence text COLLATE "C" CHECK (confidence IN ('confirmed', 'likely', 'assumed')),
    support text COLLATE "C" NOT NULL,
    effect text COLLATE "C" NOT NULL,
    PRIMARY KEY (cause_id, effect)
);

CREATE TABLE import_runs (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    reference text COLLATE "C" NOT NULL UNIQUE,
    source text COLLATE "C" NOT NULL,
    profile text COLLATE "C" NOT NULL,
    file_name text COLLATE "C" NOT NULL,
    file_sha256 text COLLATE "C" NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    started_by uuid NOT NULL REFERENCES people (id),
    read_count bigint NOT NULL,
    created_count bigint NOT NULL,
    changed_count bigint NOT NULL,
    skipped_count bigint NOT NULL,
    rejected_count bigint NOT NULL,
    undone_reason text COLLATE "C",
    undone_at timestamptz
);

CREATE TABLE import_rows (
    run_id uuid NOT NULL REFERENCES import_runs (id),
    row_number bigint NOT NULL,
    profile text COLLATE "C" NOT NULL,
    origin_reference text COLLATE "C",
    row_hash text COLLATE "C" NOT NULL,
    fate text COLLATE "C" NOT NULL CHECK (fate IN ('created', 'changed', 'skipped', 'rejected')),
    reason text COLLATE "C" NOT NULL,
    case_id uuid REFERENCES cases (id),
    PRIMARY KEY (run_id, row_number)
);

CREATE TABLE import_profiles (
    profile text COLLATE "C" PRIMARY KEY,
    mapping text COLLATE "C" NOT NULL,
    saved_at timestamptz NOT NULL
);

CREATE TABLE counters (
    prefix text COLLATE "C" NOT NULL,
    year bigint NOT NULL,
    last_number bigint NOT NULL,
    PRIMARY KEY (prefix, year)
);

CREATE TABLE trail_entries (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text COLLATE "C" NOT NULL,
    object_id uuid NOT NULL,
    action text COLLATE "C" NOT NULL,
    actor_id uuid NOT NULL,
    request_id uuid NOT NULL,
    leaf text COLLATE "C" NOT NULL,
    leaf_hash bytea NOT NULL,
    disclosures text COLLATE "C" NOT NULL
);

-- Most of the register's bytes are here, and the usual compression takes most of the time of writing them. A server that
-- was built without the quicker one keeps the usual.
DO $$
BEGIN
    ALTER TABLE trail_entries ALTER COLUMN leaf SET COMPRESSION lz4;
    ALTER TABLE trail_entries ALTER COLUMN disclosures SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$;

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
