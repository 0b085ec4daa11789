//! Every question that a program may ask.

use std::fmt::Display;
use std::str::FromStr;

use nevertwice_domain::measure::{DateBasis, Dimension};
use nevertwice_domain::text::Line;
use nevertwice_service::account::ShowSelf;
use nevertwice_service::action::{ListDecideAgain, ShowAction};
use nevertwice_service::awareness::{ListAwareness, ShowAwareness};
use nevertwice_service::case::{ShowActivity, ShowCase};
use nevertwice_service::catalogue::{ListAssets, ListFields, ListSuppliers, ShowAsset, ShowSupplier};
use nevertwice_service::control::{ListChanges, ListControls, ShowControl};
use nevertwice_service::lesson::{FindSimilarLessons, LessonGap, ListLessonGaps, ShowLesson};
use nevertwice_service::person::{ListOwed, ListPeople};
use nevertwice_service::procedure::{ListProcedures, SayDo as AskSayDo, ShowProcedure, ShowProcedureVersion};
use nevertwice_service::review::ShowReview;
use nevertwice_service::risk::{ListRisks, ShowRisk};
use nevertwice_service::search::{
    Facets, FindSimilar, ListActions, ListCases, ListLessons, ListReviews, LoopGroup, MeasureVolume, Search,
    ShowLoop,
};
use nevertwice_service::settings::ShowSettings;
use nevertwice_service::work::ShowWork;
use serde::Deserializer;
use serde::de::Error as _;
use utoipa::IntoParams;

use super::read::{Nothing, Read};
use crate::controls::ControlsQuery;
use crate::form::{Errors, Reader};
use crate::paths;
use crate::risks::RisksQuery;

/// Rows of a page when nobody says how many.
const ROWS: usize = 50;
/// Most rows of a page.
const MOST_ROWS: usize = 1_000;

/// What a list of cases is asked for with.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CasesQuery {
    /// The query, in the language of the filter; everything if empty.
    #[param(value_type = String, required = false)]
    q: String,
    /// The order: `registered`, `reference`, `reported`, `severity`, `due` or `relevance`; a `-` before it turns it round.
    #[param(value_type = String, required = false)]
    sort: String,
    /// Where the list goes on: `next` of the page before.
    #[param(value_type = String, required = false)]
    after: String,
    /// Rows, 1 to 1,000; 50 if unsaid.
    #[param(minimum = 1, maximum = 1000, required = false)]
    #[serde(deserialize_with = "said")]
    limit: Option<usize>,
}

/// What a list is asked for with.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// The query, in the language of the filter; everything if empty.
    #[param(value_type = String, required = false)]
    q: String,
    /// Where the list goes on: `next` of the page before.
    #[param(value_type = String, required = false)]
    after: String,
    /// Rows, 1 to 1,000; 50 if unsaid.
    #[param(minimum = 1, maximum = 1000, required = false)]
    #[serde(deserialize_with = "said")]
    limit: Option<usize>,
}

/// Which version of the procedure is asked about.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SayDoQuery {
    /// The reference of the version, `shipped` for the one that comes with the program; the one in force if empty.
    #[param(value_type = String, required = false)]
    version: String,
}

/// Which page of a list.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// Where the list goes on: `next` of the page before.
    #[param(value_type = String, required = false)]
    after: String,
    /// Rows, 1 to 1,000; 50 if unsaid.
    #[param(minimum = 1, maximum = 1000, required = false)]
    #[serde(deserialize_with = "said")]
    limit: Option<usize>,
}

/// What awareness items are asked for with.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AwarenessQuery {
    /// Only what the caller has still to acknowledge.
    #[param(required = false)]
    #[serde(deserialize_with = "said")]
    open: Option<bool>,
    /// Where the list goes on: `next` of the page before.
    #[param(value_type = String, required = false)]
    after: String,
    /// Rows, 1 to 1,000; 50 if unsaid.
    #[param(minimum = 1, maximum = 1000, required = false)]
    #[serde(deserialize_with = "said")]
    limit: Option<usize>,
}

/// What is searched for.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SearchQuery {
    /// The query.
    #[param(value_type = String, required = false)]
    q: String,
    /// How many hits to pass over, up to 1,000.
    #[param(minimum = 0, maximum = 1000, required = false)]
    #[serde(deserialize_with = "said")]
    offset: Option<usize>,
    /// Hits, 1 to 1,000; 50 if unsaid.
    #[param(minimum = 1, maximum = 1000, required = false)]
    #[serde(deserialize_with = "said")]
    limit: Option<usize>,
}

/// What is counted.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct VolumeQuery {
    /// By what, apart by commas: `year`, `month`, `class`, `category`, `severity`, `state`, `origin`, `decision`.
    #[param(value_type = String, required = false)]
    by: String,
    /// Under which date: `earliest`, `reported`, `occurred`, `detected` or `registered`; the earliest if empty.
    #[param(value_type = String, required = false)]
    date: String,
    /// Which cases; all if empty.
    #[param(value_type = String, required = false)]
    q: String,
    /// Over the whole register instead of what the caller may see.
    #[param(required = false)]
    #[serde(deserialize_with = "said")]
    register: Option<bool>,
}

/// How far cases have come in their loops.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LoopQuery {
    /// What the score is told apart by: `category`, `owner`, `class` or `severity`; category if empty.
    #[param(value_type = String, required = false)]
    by: String,
    /// Which cases; all if empty.
    #[param(value_type = String, required = false)]
    q: String,
}

/// What was done until when.
#[derive(Debug, Default, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ActivityQuery {
    /// Entries, 1 to 200; 50 if unsaid.
    #[param(minimum = 1, maximum = 200, required = false)]
    #[serde(deserialize_with = "said")]
    limit: Option<usize>,
    /// Only what came before this sequence: `next` of the page before.
    #[param(minimum = 0, required = false)]
    #[serde(deserialize_with = "said")]
    before: Option<i64>,
}

/// A number, or a yes or no: an empty one is none, and not the same as nothing said.
fn said<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let Some(text) = crate::form::given(deserializer)? else { return Ok(None) };
    text.parse().map(Some).map_err(|why| D::Error::custom(format!("{text:?}: {why}")))
}

/// Declares questions: address, what stands behind the question mark, use case, and how the one becomes the other.
macro_rules! reads {
    ($($(#[$meta:meta])* $name:ident: $path:ty, $query:ty => $use_case:ty $(as $operation:literal)?, $summary:literal, $ask:expr;)+) => {$(
        $(#[$meta])*
        pub(crate) struct $name;

        impl Read for $name {
            type Path = $path;
            type Query = $query;
            type UseCase = $use_case;
            const SUMMARY: &'static str = $summary;
            $(const OPERATION: &'static str = $operation;)?

            fn ask(path: $path, query: $query) -> Result<$use_case, Errors> {
                let ask: fn($path, $query) -> Result<$use_case, Errors> = $ask;
                ask(path, query)
            }
        }
    )+};
}

reads! {
    /// Who asks.
    Myself: paths::Account, Nothing => ShowSelf, "Show who I am", |_, _| Ok(ShowSelf {});
    /// Cases.
    Cases: paths::Cases, CasesQuery => ListCases, "List cases", |_, query| Ok(ListCases {
        query: query.q,
        limit: limit(query.limit)?,
        after: some(query.after),
        sort: some(query.sort),
    });
    /// How many cases there are of each kind.
    CaseCounts: paths::CaseFacets, ListQuery => Facets, "Count cases by class, state and more", |_, query| {
        Ok(Facets { query: query.q, limit: limit(query.limit)? })
    };
    /// A case.
    Case: paths::Case, Nothing => ShowCase, "Show a case", |path, _| Ok(ShowCase { case: path.case });
    /// Cases like another.
    Similar: paths::SimilarCases, ListQuery => FindSimilar, "Find similar cases", |path, query| {
        Ok(FindSimilar { case: path.case, limit: limit(query.limit)? })
    };
    /// What was done to a case and what hangs on it.
    Activity: paths::Activity, ActivityQuery => ShowActivity, "Show what was done to a case", |path, query| {
        Ok(ShowActivity { case: path.case, limit: query.limit.unwrap_or(ROWS), before: before(query.before)? })
    };
    /// What waits for the caller.
    Work: paths::Work, Nothing => ShowWork, "Show what waits for the caller", |_, _| Ok(ShowWork {});
    /// The procedure that is in force.
    Procedure: paths::Procedure, Nothing => ShowProcedure, "Show the procedure that is in force", |_, _| {
        Ok(ShowProcedure {})
    };
    /// Versions of the procedure.
    Procedures: paths::ProcedureVersions, Nothing => ListProcedures, "List the versions of the procedure", |_, _| {
        Ok(ListProcedures {})
    };
    /// A version of the procedure.
    ProcedureVersion: paths::ProcedureVersion, Nothing => ShowProcedureVersion, "Show a version of the procedure", |path, _| {
        Ok(ShowProcedureVersion { procedure: path.procedure })
    };
    /// Whether what the procedure says is done.
    SayDo: paths::SayDo, SayDoQuery => AskSayDo, "Hold the procedure against what was done", |_, query| {
        let procedure = match query.version.as_str() {
            "" => None,
            text => {
                let mut read = Reader::default();
                let version = read.required("version", text, "name it");
                read.done()?;
                Some(version?)
            }
        };
        Ok(AskSayDo { procedure })
    };
    /// Reviews.
    Reviews: paths::Reviews, ListQuery => ListReviews, "List reviews", |_, query| {
        Ok(ListReviews { query: query.q, limit: limit(query.limit)?, after: some(query.after) })
    };
    /// A review.
    Review: paths::Review, Nothing => ShowReview, "Show a review with its causes", |path, _| {
        Ok(ShowReview { review: path.review })
    };
    /// Lessons.
    Lessons: paths::Lessons, ListQuery => ListLessons, "List lessons", |_, query| {
        Ok(ListLessons { query: query.q, limit: limit(query.limit)?, after: some(query.after) })
    };
    /// A lesson.
    Lesson: paths::Lesson, Nothing => ShowLesson, "Show a lesson", |path, _| Ok(ShowLesson { lesson: path.lesson });
    /// Lessons that could be linked to a case instead of writing one again.
    SimilarLessons: paths::SimilarLessons, ListQuery => FindSimilarLessons, "Find approved lessons that say something like it", |path, query| {
        let mut read = Reader::default();
        let text = read.optional::<Line>("q", &query.q);
        read.done()?;
        Ok(FindSimilarLessons { case: path.case, text: text?, limit: limit(query.limit)? })
    };
    /// Lessons that nothing puts to work.
    OrphanLessons: paths::OrphanLessons, PageQuery => ListLessonGaps as "list_orphan_lessons", "List lessons that nothing puts to work", |_, query| {
        Ok(ListLessonGaps { gap: LessonGap::Orphan, limit: limit(query.limit)?, after: some(query.after) })
    };
    /// Lessons that nobody has looked at for too long.
    StaleLessons: paths::StaleLessons, PageQuery => ListLessonGaps as "list_stale_lessons", "List lessons to look at again", |_, query| {
        Ok(ListLessonGaps { gap: LessonGap::Stale, limit: limit(query.limit)?, after: some(query.after) })
    };
    /// Awareness items.
    AwarenessItems: paths::AwarenessItems, AwarenessQuery => ListAwareness, "List awareness items", |_, query| {
        Ok(ListAwareness {
            open: query.open.unwrap_or(false),
            limit: limit(query.limit)?,
            after: some(query.after),
        })
    };
    /// An awareness item.
    Awareness: paths::Awareness, Nothing => ShowAwareness, "Show an awareness item", |path, _| {
        Ok(ShowAwareness { item: path.item })
    };
    /// What a person owes.
    Owed: paths::PersonHandOver, Nothing => ListOwed, "List what a person owes", |path, _| {
        Ok(ListOwed { person: Some(named("person", &path.person)?) })
    };
    /// What those owe who have left.
    OwedByLeft: paths::OwedByLeft, Nothing => ListOwed as "list_owed_by_left", "List what those owe who have left", |_, _| {
        Ok(ListOwed { person: None })
    };
    /// What it was decided not to do until a day that has passed.
    DecideAgain: paths::DecideAgain, PageQuery => ListDecideAgain, "List actions to decide on again", |_, query| {
        Ok(ListDecideAgain { limit: limit(query.limit)?, after: some(query.after) })
    };
    /// Controls.
    Controls: paths::Controls, ControlsQuery => ListControls, "List controls: the Statement of Applicability", |_, query| {
        query.asked()
    };
    /// A control.
    Control: paths::Control, Nothing => ShowControl, "Show a control", |path, _| Ok(ShowControl { control: path.control });
    /// What changed because of what.
    Changes: paths::Changes, PageQuery => ListChanges, "List what changed in controls and risks, and why", |_, query| {
        Ok(ListChanges { limit: limit(query.limit)?, after: some(query.after) })
    };
    /// Risks.
    Risks: paths::Risks, RisksQuery => ListRisks, "List risks", |_, query| query.asked();
    /// A risk.
    Risk: paths::Risk, Nothing => ShowRisk, "Show a risk", |path, _| Ok(ShowRisk { risk: path.risk });
    /// Actions.
    Actions: paths::Actions, ListQuery => ListActions, "List actions", |_, query| {
        Ok(ListActions { query: query.q, limit: limit(query.limit)?, after: some(query.after) })
    };
    /// An action.
    Action: paths::Action, Nothing => ShowAction, "Show an action", |path, _| Ok(ShowAction { action: path.action });
    /// Every kind of record.
    Everything: paths::SearchAll, SearchQuery => Search, "Search every kind of record", |_, query| Ok(Search {
        query: query.q,
        limit: limit(query.limit)?,
        offset: query.offset.unwrap_or(0),
    });
    /// Figures.
    Volume: paths::Volume, VolumeQuery => MeasureVolume, "Count cases in groups", |_, query| {
        let mut read = Reader::default();
        let by = read.words::<Dimension>("by", &query.by);
        let date = read.optional::<DateBasis>("date", &query.date);
        read.done()?;
        Ok(MeasureVolume {
            by: by?,
            date: date?.unwrap_or(DateBasis::Earliest),
            query: query.q,
            register: query.register.unwrap_or(false),
        })
    };
    /// Whether the company learns.
    Loop: paths::Loop, LoopQuery => ShowLoop, "Tell how far cases have come in their loops", |_, query| {
        let mut read = Reader::default();
        let by = read.optional::<LoopGroup>("by", &query.by);
        read.done()?;
        Ok(ShowLoop { query: query.q, by: by? })
    };
    /// AI assets.
    Assets: paths::Assets, Nothing => ListAssets, "List AI assets", |_, _| Ok(ListAssets {});
    /// An AI asset.
    Asset: paths::AssetPage, Nothing => ShowAsset, "Show an AI asset", |path, _| {
        Ok(ShowAsset { asset: named("asset", &path.asset.to_string())? })
    };
    /// Suppliers.
    Suppliers: paths::Suppliers, Nothing => ListSuppliers, "List suppliers", |_, _| Ok(ListSuppliers {});
    /// A supplier.
    Supplier: paths::SupplierPage, Nothing => ShowSupplier, "Show a supplier", |path, _| {
        Ok(ShowSupplier { supplier: named("supplier", &path.supplier.to_string())? })
    };
    /// People.
    People: paths::People, Nothing => ListPeople, "List people", |_, _| Ok(ListPeople { status: None });
    /// Company-defined fields.
    Fields: paths::Fields, Nothing => ListFields, "List company-defined fields", |_, _| Ok(ListFields {});
    /// The company's settings.
    Settings: paths::CompanySettings, Nothing => ShowSettings, "Show the company's settings", |_, _| Ok(ShowSettings {});
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn limit(limit: Option<usize>) -> Result<usize, Errors> {
    let limit = limit.unwrap_or(ROWS);
    if (1..=MOST_ROWS).contains(&limit) {
        return Ok(limit);
    }
    let mut errors = Errors::default();
    errors.add("limit", format!("{limit} is too many or too few; expected 1 to {MOST_ROWS}"));
    Err(errors)
}

/// Sequences are counted from one, as far as a database counts.
fn before(sequence: Option<i64>) -> Result<Option<u64>, Errors> {
    sequence.map(u64::try_from).transpose().map_err(|_| {
        let mut errors = Errors::default();
        errors.add("before", "is below 0; expected the `next` of the page before");
        errors
    })
}

fn named(field: &str, text: &str) -> Result<Line, Errors> {
    Line::parse(text).map_err(|error| {
        let mut errors = Errors::default();
        errors.add(field, error);
        errors
    })
}
