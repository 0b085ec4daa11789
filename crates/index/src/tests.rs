//! The index as a whole: documents in, answers out.

pub(crate) mod crash;
mod figures;
mod lifecycle;
mod lists;
mod queries;
mod restriction;
mod similarity;

use jiff::civil::date;
use nevertwice_domain::case::{Class, Decision, Origin, Severity};
use nevertwice_domain::field::{FieldKey, FieldType};
use nevertwice_domain::id::{AssetId, PersonId, SupplierId};
use nevertwice_domain::query::{Compiled, Context, NameKind, parse};
use nevertwice_domain::read_model::{
    ActionDocument, CaseDocument, Common, CompanyValue, Counts, Document, DocumentAccess, FieldValue,
    Learning, LessonDocument, Passage, SupplierDocument, TextPart,
};
use nevertwice_domain::time::Timestamp;
use uuid::Uuid;

use crate::{
    Access, Change, Hits, Index, Opened, Page, Position, SearchOptions, Sort, SortBy, StoreIdentity,
};

const IDENTITY: StoreIdentity = StoreIdentity { store_id: Uuid::from_u128(77) };
/// Who is signed in, and knows everything that is open.
const ADA: PersonId = PersonId::new(Uuid::from_u128(901));
/// Somebody else.
const BOB: PersonId = PersonId::new(Uuid::from_u128(902));
const ACME: SupplierId = SupplierId::new(Uuid::from_u128(801));
const MODEL: AssetId = AssetId::new(Uuid::from_u128(701));

/// An index in a scratch folder.
struct Bench {
    index: Index,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new(documents: &[Document]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Opened::NeedsRebuild(index, _) = Index::open(folder.path(), IDENTITY).unwrap() else {
            panic!("an empty folder has an index");
        };
        let mut rebuild = index.start_rebuild().unwrap();
        for document in documents {
            rebuild.add(document).unwrap();
        }
        rebuild.finish(at(1)).unwrap();
        Self { index, folder }
    }

    /// Opens the folder again, as another process would.
    fn reopened(self) -> Self {
        let Self { index, folder } = self;
        drop(index);
        let index = Index::open(folder.path(), IDENTITY).unwrap().into_index();
        Self { index, folder }
    }

    fn apply(&self, changes: &[Change], sequence: u64) {
        self.index.apply(changes, at(sequence)).unwrap();
    }

    fn search(&self, query: &str, access: &Access) -> Hits {
        self.index.search(&compiled(query), access, &options()).unwrap()
    }

    /// The references found, in the order of references.
    fn found(&self, query: &str, access: &Access) -> Vec<String> {
        let mut found: Vec<String> =
            self.search(query, access).items.into_iter().map(|hit| hit.reference).collect();
        found.sort();
        found
    }

    fn count(&self, query: &str, access: &Access) -> u64 {
        self.index.count(&compiled(query), access).unwrap()
    }
}

fn options() -> SearchOptions {
    SearchOptions {
        limit: 100,
        page: Page::Offset(0),
        sort: Sort { by: SortBy::Relevance, descending: true },
        snippets: true,
        total: true,
        correct: true,
    }
}

fn at(sequence: u64) -> Position {
    Position { sequence, entry_hash: [u8::try_from(sequence % 250).unwrap(); 32] }
}

fn everything() -> Access {
    Access::all(Some(ADA))
}

fn compiled(query: &str) -> Compiled {
    let names = |kind: NameKind, name: &str| match (kind, name) {
        (NameKind::Person, "Ada") => vec![ADA.uuid()],
        (NameKind::Person, "Bob") => vec![BOB.uuid()],
        (NameKind::Supplier, "acme") => vec![ACME.uuid()],
        (NameKind::Asset, "model") => vec![MODEL.uuid()],
        _ => Vec::new(),
    };
    let context = Context { as_of: date(2026, 6, 15), me: Some(ADA), names: &names };
    parse(query).unwrap_or_else(|error| panic!("{query:?}: {error}")).compile(&context)
}

fn common(number: u32, reference: String, title: &str, state: &'static str, open: bool) -> Common {
    Common {
        id: Uuid::from_u128(u128::from(number)),
        reference,
        origin_reference: None,
        links: Vec::new(),
        title: title.to_owned(),
        state,
        open,
        registered_at: Timestamp::from_millis(i64::from(number) * 1_000),
        registered_local: date(2026, 5, 1).at(9, 0, 0, 0),
        access: DocumentAccess::Open { named: Vec::new() },
        tags: Vec::new(),
        fields: Vec::new(),
        passages: Vec::new(),
    }
}

fn case(number: u32, title: &str) -> CaseDocument {
    CaseDocument {
        common: common(number, format!("CASE-2026-{number:04}"), title, "reported", true),
        class: Class::Incident,
        severity: None,
        category: None,
        decision: Decision::Undecided,
        origin: Origin::Native,
        reported: None,
        occurred: None,
        detected: None,
        closed: None,
        responders: Vec::new(),
        reporter: None,
        suppliers: Vec::new(),
        assets: Vec::new(),
        part_of: None,
        open_due: None,
        counts: Counts::default(),
        gaps: Vec::new(),
        learning: Learning::default(),
    }
}

fn lesson(number: u32, title: &str, state: &'static str) -> Document {
    Document::Lesson(LessonDocument {
        common: common(number, format!("LSN-2026-{number:04}"), title, state, true),
        owner: None,
        review_on: None,
        action_count: 0,
    })
}

fn action(number: u32, title: &str, named: Vec<PersonId>) -> Document {
    let common = common(number, format!("ACT-2026-{number:04}"), title, "open", true);
    Document::Action(ActionDocument {
        common: Common { access: DocumentAccess::Open { named }, ..common },
        owner: BOB,
        due: date(2026, 6, 1),
        check_on: None,
        evidence_count: 0,
        check_count: 0,
        class: None,
        severity: None,
    })
}

fn supplier(number: u32, title: &str) -> Document {
    Document::Supplier(SupplierDocument {
        common: common(number, format!("SUP-{number:04}"), title, "active", true),
        owner: None,
    })
}

fn passage(part: TextPart, text: &str) -> Passage {
    Passage { part, text: text.to_owned() }
}

fn body(text: &str) -> Vec<Passage> {
    vec![passage(TextPart::Body, text)]
}

fn company(key: &str, kind: FieldType, value: &str) -> CompanyValue {
    CompanyValue { key: FieldKey::parse(key).unwrap(), value: FieldValue::read(kind, value) }
}

fn upsert(document: Document) -> Change {
    Change::Upsert(Box::new(document))
}

fn severity(level: u8) -> Option<Severity> {
    Some(Severity::new(level).unwrap())
}

fn restricted(readers: &[PersonId]) -> DocumentAccess {
    DocumentAccess::Restricted { readers: readers.to_vec() }
}
