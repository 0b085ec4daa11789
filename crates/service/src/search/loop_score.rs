//! Whether the company learns: how far its cases have come in their loops.

use nevertwice_domain::case::LoopLink;
use nevertwice_domain::id::PersonId;
use nevertwice_index::{Access, Facet, FacetCounts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::query::{Prepared, prepare, refuse_without_cases};
use crate::case::Names;
use crate::error::ServiceError;
use crate::use_case::{Asked, UseCase};

/// How many groups of each kind are told.
const GROUPS: usize = 50;

nevertwice_domain::words! {
    /// What the loop score is told apart by.
    LoopGroup("group of the loop score") {
        /// Category: the area that a case is in.
        Category = "category",
        /// Who works on the case: a case counts with each of them.
        Owner = "owner",
        /// Class.
        Class = "class",
        /// Severity.
        Severity = "severity",
    }
}

/// Tells how far the cases that the caller may see have come in their loops.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ShowLoop {
    /// Which cases; all if empty.
    #[serde(default)]
    pub query: String,
    /// What the score is told apart by; category if unsaid.
    #[serde(default)]
    pub by: Option<LoopGroup>,
}

/// How far cases have come in their loops.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LoopView {
    /// The day that it is told on.
    pub as_of: String,
    /// Learned, of the cases whose every link is due.
    pub score: LoopScore,
    /// For each link of the loop, of how many cases it is in place.
    pub funnel: Vec<FunnelStep>,
    /// How many cases the funnel is made of: neither void, nor a part of another one, nor closed before the loop.
    pub cases: u64,
    /// In how many of them a link was declared not needed, or covered without an action, as somebody approved.
    pub exceptions: u64,
    /// What finds those.
    pub exceptions_query: String,
    /// How many were closed elsewhere, before this register asked for anything; they are in no figure.
    pub before_the_loop: u64,
    /// What finds those.
    pub before_the_loop_query: String,
    /// What the score is told apart by.
    pub by: String,
    /// The score of each group, the largest first.
    pub groups: Vec<LoopGroupView>,
}

/// A loop score.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LoopScore {
    /// Cases whose every link is due.
    pub due: u64,
    /// Those of them that are learned.
    pub learned: u64,
    /// The share in whole percent; none of nothing.
    pub percent: Option<u64>,
    /// What finds the cases that are due.
    pub due_query: String,
    /// What finds those of them that are not learned.
    pub open_query: String,
}

/// A link of the loop with the cases that have it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FunnelStep {
    /// `response`, a link of the loop, or `learned`.
    pub link: String,
    /// Of how many cases it is in place or not needed.
    pub count: u64,
    /// What finds the cases that lack it.
    pub lacking_query: String,
}

/// The loop score of a group.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LoopGroupView {
    /// The value; none stands for unknown.
    pub value: Option<String>,
    /// Its score.
    #[serde(flatten)]
    pub score: LoopScore,
}

impl LoopScore {
    fn of(due: u64, learned: u64, due_query: String) -> Self {
        // Rounded down: as long as one case owes something it is not all of them.
        let percent = (learned * 100).checked_div(due);
        Self { due, learned, percent, open_query: format!("{due_query} -loop:learned"), due_query }
    }
}

impl UseCase for ShowLoop {
    type Output = LoopView;
    const NAME: &'static str = "show_loop";

    fn run(self, asked: &Asked<'_>) -> Result<LoopView, ServiceError> {
        let by = self.by.unwrap_or(LoopGroup::Category);
        let within =
            if self.query.trim().is_empty() { String::new() } else { format!("({}) ", self.query.trim()) };
        let in_loop = in_loop(&within);
        let all = counted(asked, &in_loop, &[Facet::Kind, Facet::Loop])?;
        let today = all.today.to_string();
        let due_query = format!("{in_loop} loop_due:<{today}");
        let facets = [Facet::Kind, by.facet()];
        let due = counted(asked, &due_query, &facets)?;
        let learned = counted(asked, &format!("{due_query} loop:learned"), &facets)?;
        let before = format!("{within}loop:before");
        let groups = groups(asked, by, (&due, &learned), &due_query)?;
        Ok(LoopView {
            score: LoopScore::of(due.total(), learned.total(), due_query),
            funnel: funnel(&all, &in_loop),
            cases: all.total(),
            exceptions: count_of(all.of(1), Some("exception")),
            exceptions_query: format!("{in_loop} loop:exception"),
            before_the_loop: counted(asked, &before, &[Facet::Kind])?.total(),
            before_the_loop_query: before,
            by: by.to_string(),
            groups,
            as_of: today,
        })
    }
}

/// What was counted of the cases of a query.
struct Counted {
    today: nevertwice_domain::time::Date,
    counts: Vec<FacetCounts>,
}

impl Counted {
    fn total(&self) -> u64 {
        self.of(0).iter().map(|(_, count)| count).sum()
    }

    fn of(&self, at: usize) -> &[(Option<String>, u64)] {
        self.counts.get(at).map_or(&[], |counts| counts.values.as_slice())
    }
}

/// Of the whole register, how many cases are learned and how many of those whose every link is due are not. Titles and
/// names are in neither, so that it needs no right to read cases; restricted ones are counted for those on their lists.
///
/// # Errors
/// What store and index report.
pub(crate) fn learned_and_open(asked: &Asked<'_>) -> Result<(u64, u64), ServiceError> {
    let total = |query: &str| {
        let prepared = prepare(asked, query, "kind:case")?;
        let everything = Access::all(prepared.access.viewer);
        Ok::<_, ServiceError>(count(&prepared, &everything, &[Facet::Kind])?.total())
    };
    let due_query = format!("{} loop_due:<today", in_loop(""));
    let learned = total(&format!("{due_query} loop:learned"))?;
    Ok((learned, total(&due_query)?.saturating_sub(learned)))
}

/// Counts the cases of a query by facets, of which the first is the kind: its sum is how many there are.
fn counted(asked: &Asked<'_>, query: &str, facets: &[Facet]) -> Result<Counted, ServiceError> {
    let prepared = prepare(asked, query, "kind:case")?;
    refuse_without_cases(&prepared.access)?;
    count(&prepared, &prepared.access, facets)
}

fn count(prepared: &Prepared, access: &Access, facets: &[Facet]) -> Result<Counted, ServiceError> {
    let Prepared { index, compiled, today, .. } = prepared;
    Ok(Counted { today: *today, counts: index.facets(compiled, access, facets, usize::MAX)? })
}

/// The cases that the loop asks for something: behind what narrows them further.
fn in_loop(within: &str) -> String {
    format!("{within}-loop:before -loop:part -state:void")
}

fn funnel(all: &Counted, in_loop: &str) -> Vec<FunnelStep> {
    let links = LoopLink::all().map(LoopLink::as_str);
    let words = std::iter::once("response").chain(links).chain(std::iter::once("learned"));
    let step = |word: &str| FunnelStep {
        link: word.to_owned(),
        count: count_of(all.of(1), Some(word)),
        lacking_query: format!("{in_loop} -loop:{word}"),
    };
    words.map(step).collect()
}

fn count_of(counts: &[(Option<String>, u64)], value: Option<&str>) -> u64 {
    counts.iter().find(|(found, _)| found.as_deref() == value).map_or(0, |(_, count)| *count)
}

fn groups(
    asked: &Asked<'_>,
    by: LoopGroup,
    (due, learned): (&Counted, &Counted),
    due_query: &str,
) -> Result<Vec<LoopGroupView>, ServiceError> {
    let counts: Vec<_> = due.of(1).iter().take(GROUPS).collect();
    let names = by.names(asked, counts.iter().filter_map(|(value, _)| value.as_deref()))?;
    let group = |(value, count): &&(Option<String>, u64)| {
        let shown = value.as_ref().map(|value| by.shown(value, &names));
        let query = format!("{due_query} {}", by.test(shown.as_deref()));
        let learned = count_of(learned.of(1), value.as_deref());
        LoopGroupView { value: shown, score: LoopScore::of(*count, learned, query) }
    };
    Ok(counts.iter().map(group).collect())
}

impl LoopGroup {
    fn facet(self) -> Facet {
        match self {
            Self::Category => Facet::Category,
            Self::Owner => Facet::Owner,
            Self::Class => Facet::Class,
            Self::Severity => Facet::Severity,
        }
    }

    fn names<'v>(
        self,
        asked: &Asked<'_>,
        values: impl Iterator<Item = &'v str>,
    ) -> Result<Names, ServiceError> {
        let ids = values.filter(|_| self == Self::Owner).filter_map(|value| Uuid::try_parse(value).ok());
        let ids: Vec<PersonId> = ids.map(PersonId::new).collect();
        asked.service.read(asked.identity, |unit| Names::of_people(unit.tx, &ids))
    }

    fn shown(self, value: &str, names: &Names) -> String {
        match Uuid::try_parse(value) {
            Ok(id) if self == Self::Owner => names.person(PersonId::new(id)),
            _ => value.to_owned(),
        }
    }

    /// What in a query keeps to one value.
    fn test(self, value: Option<&str>) -> String {
        match value {
            Some(value) => format!("{self}:\"{}\"", value.replace('"', " ")),
            None => format!("no:{self}"),
        }
    }
}
