//! Whether the company learns: how far its cases have come in their loops.

use nevertwice_domain::case::LoopLink;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::time::Date;
use nevertwice_index::{Access, Facet, FacetCounts, Reach};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::query::{prepare_each, refuse_without_cases};
use crate::case::Names;
use crate::error::ServiceError;
use crate::service::Unit;
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
    /// Whose cases are counted: `viewer`, those that the caller may see; or `register`, all that are not restricted, for
    /// whoever reads figures and not cases. Nothing finds the cases then, and groups of fewer than three are left out.
    pub scope: String,
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
        let open_query =
            if due_query.is_empty() { String::new() } else { format!("{due_query} -loop:learned") };
        Self { due, learned, percent, open_query, due_query }
    }
}

impl UseCase for ShowLoop {
    type Output = LoopView;
    const NAME: &'static str = "show_loop";

    fn run(self, asked: &Asked<'_>) -> Result<LoopView, ServiceError> {
        let by = self.by.unwrap_or(LoopGroup::Category);
        let Found { whose, today, all, before, due, learned } = self.find(asked, by)?;
        let queries = Queries::within(&self.query, today, whose);
        let groups = groups(asked, by, (&due, &learned), &queries)?;
        Ok(LoopView {
            scope: whose.to_string(),
            score: LoopScore::of(due.total(), learned.total(), queries.due("")),
            funnel: funnel(&all, &queries),
            cases: all.total(),
            exceptions: count_of(all.of(1), Some("exception")),
            exceptions_query: queries.in_loop("loop:exception"),
            before_the_loop: before.total(),
            before_the_loop_query: queries.before(),
            by: by.to_string(),
            groups,
            as_of: today.to_string(),
        })
    }
}

impl ShowLoop {
    fn find(&self, asked: &Asked<'_>, by: LoopGroup) -> Result<Found, ServiceError> {
        let texts = Texts::within(&self.query);
        let (compiled, ready) = prepare_each(asked, &texts.all(), "kind:case")?;
        refuse_without_cases(&ready.access)?;
        let whose = self.whose(asked, ready.access)?;
        let access = whose.access(ready.access);
        let groups = [Facet::Kind, by.facet()];
        let facets: [&[Facet]; 4] = [&[Facet::Kind, Facet::Loop], &[Facet::Kind], &groups, &groups];
        let counts = compiled.iter().zip(facets).map(|(compiled, facets)| {
            Ok(Counted(ready.index.facets(compiled, &access, facets, usize::MAX)?))
        });
        let counts = counts.collect::<Result<Vec<_>, ServiceError>>()?;
        let Ok([all, before, due, learned]) = <[Counted; 4]>::try_from(counts) else {
            return Err(ServiceError::internal("the loop was not counted"));
        };
        Ok(Found { whose, today: ready.today, all, before, due, learned })
    }

    /// Whoever reads figures of the register and not its cases is told of all that are not restricted, of which a query
    /// would tell more than the figures.
    fn whose(&self, asked: &Asked<'_>, access: Access) -> Result<Whose, ServiceError> {
        let reads_figures =
            |unit: &mut Unit<'_>| Ok::<_, ServiceError>(unit.caller.may(Verb::ReadRegister).is_ok());
        if access.cases == Reach::All || !asked.service.read(asked.identity, reads_figures)? {
            return Ok(Whose::Viewer);
        }
        if self.query.trim().is_empty() {
            return Ok(Whose::Register);
        }
        let message = "your roles show you figures of the whole register and not of cases that you choose; leave the query empty";
        Err(ServiceError::invalid("query", "query.whole_register", message))
    }
}

nevertwice_domain::words! {
    /// Whose cases are counted.
    Whose("scope of figures") {
        /// Those that the caller may see.
        Viewer = "viewer",
        /// All that are not restricted, without a way to any of them.
        Register = "register",
    }
}

impl Whose {
    fn access(self, access: Access) -> Access {
        match self {
            Self::Viewer => access,
            Self::Register => Access::all(None),
        }
    }

    /// The cases that a group has to have before its figures are told: of fewer they would tell of each.
    fn least(self) -> u64 {
        match self {
            Self::Viewer => 1,
            Self::Register => 3,
        }
    }
}

/// What is counted: the cases in the loop, those of before it, those whose every link is due, and those of them that are
/// learned.
struct Texts([String; 4]);

impl Texts {
    fn within(query: &str) -> Self {
        let within = if query.trim().is_empty() { String::new() } else { format!("({}) ", query.trim()) };
        let in_loop = format!("{within}-loop:before -loop:part -state:void");
        let due = format!("{in_loop} loop_due:<today");
        let learned = format!("{due} loop:learned");
        Self([in_loop, format!("{within}loop:before"), due, learned])
    }

    fn all(&self) -> [&str; 4] {
        self.0.each_ref().map(String::as_str)
    }
}

struct Found {
    whose: Whose,
    today: Date,
    all: Counted,
    before: Counted,
    due: Counted,
    learned: Counted,
}

/// What finds the cases of a figure, for whoever may; nothing otherwise.
struct Queries {
    texts: Texts,
    today: Date,
    whose: Whose,
}

impl Queries {
    fn within(query: &str, today: Date, whose: Whose) -> Self {
        Self { texts: Texts::within(query), today, whose }
    }

    fn told(&self, text: String) -> String {
        match self.whose {
            Whose::Viewer => text,
            Whose::Register => String::new(),
        }
    }

    fn in_loop(&self, more: &str) -> String {
        let [in_loop, ..] = &self.texts.0;
        self.told(format!("{in_loop} {more}"))
    }

    fn before(&self) -> String {
        let [_, before, ..] = &self.texts.0;
        self.told(before.clone())
    }

    /// With the day, so that the list is the same when it is opened tomorrow.
    fn due(&self, more: &str) -> String {
        self.in_loop(&format!("loop_due:<{}{more}", self.today))
    }
}

/// Of the whole register, how many cases are learned and how many of those whose every link is due are not. Restricted
/// ones are not counted.
///
/// # Errors
/// What store and index report.
pub(crate) fn learned_and_open(asked: &Asked<'_>) -> Result<(u64, u64), ServiceError> {
    let texts = Texts::within("");
    let [_, _, due, learned] = texts.all();
    let (compiled, ready) = prepare_each(asked, &[due, learned], "kind:case")?;
    let access = Whose::Register.access(ready.access);
    let totals = compiled.iter().map(|compiled| {
        Ok(Counted(ready.index.facets(compiled, &access, &[Facet::Kind], usize::MAX)?).total())
    });
    match totals.collect::<Result<Vec<_>, ServiceError>>()?.as_slice() {
        [due, learned] => Ok((*learned, due.saturating_sub(*learned))),
        _ => Err(ServiceError::internal("the loop was not counted")),
    }
}

/// What was counted of the cases of a query, by facets of which the first is the kind: its sum is how many there are.
struct Counted(Vec<FacetCounts>);

impl Counted {
    fn total(&self) -> u64 {
        self.of(0).iter().map(|(_, count)| count).sum()
    }

    fn of(&self, at: usize) -> &[(Option<String>, u64)] {
        self.0.get(at).map_or(&[], |counts| counts.values.as_slice())
    }
}

fn funnel(all: &Counted, queries: &Queries) -> Vec<FunnelStep> {
    let links = LoopLink::all().map(LoopLink::as_str);
    let words = std::iter::once("response").chain(links).chain(std::iter::once("learned"));
    let step = |word: &str| FunnelStep {
        link: word.to_owned(),
        count: count_of(all.of(1), Some(word)),
        lacking_query: queries.in_loop(&format!("-loop:{word}")),
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
    queries: &Queries,
) -> Result<Vec<LoopGroupView>, ServiceError> {
    let counts = due.of(1).iter().filter(|(_, count)| *count >= queries.whose.least());
    let counts: Vec<_> = counts.take(GROUPS).collect();
    let names = by.names(asked, counts.iter().filter_map(|(value, _)| value.as_deref()))?;
    let group = |(value, count): &&(Option<String>, u64)| {
        let shown = value.as_ref().map(|value| by.shown(value, &names));
        let query = queries.due(&format!(" {}", by.test(shown.as_deref())));
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
