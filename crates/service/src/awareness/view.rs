//! What is shown of awareness items. Whoever an item is for sees it and what they did with it; how many have acknowledged
//! it is for those who read figures, who has is for those who publish.

use nevertwice_domain::awareness::{Acknowledgement, AwarenessItem, AwarenessState};
use nevertwice_domain::id::AwarenessId;
use nevertwice_domain::permission::{Scope, Verb};
use nevertwice_domain::person::Person;
use nevertwice_domain::reference::AwarenessRef;
use nevertwice_domain::time::Date;
use nevertwice_store::{awareness, case as cases, lesson as lessons, person as people, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::case::Names;
use crate::error::ServiceError;
use crate::lesson::may_read;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// How many are read at once.
const PORTION: u32 = 200;

/// An awareness item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AwarenessView {
    /// Its reference.
    pub reference: String,
    /// Its version.
    pub version: u64,
    /// What it says, in one line.
    pub title: String,
    /// What it says, in Markdown.
    pub text: String,
    /// `published` or `withdrawn`.
    pub state: String,
    /// Until when it is to be acknowledged.
    pub due_on: String,
    /// The lesson that it tells of, if the caller may read that.
    pub lesson: Option<String>,
    /// `everybody`, `roles` or `people`.
    pub audience: String,
    /// The roles, if it is for roles.
    pub roles: Vec<String>,
    /// Who published it.
    pub published_by: String,
    /// When, RFC 3339.
    pub published_at: String,
    /// Why it was taken back.
    pub withdrawn_reason: Option<String>,
    /// Whether it is for the caller.
    pub is_for_me: bool,
    /// When the caller acknowledged it, RFC 3339.
    pub acknowledged_at: Option<String>,
    /// How many of the audience have acknowledged it, for those who read figures.
    pub acknowledged_count: Option<u64>,
    /// How many there are in the audience now, for those who read figures.
    pub audience_count: Option<u64>,
    /// Who has acknowledged it, for those who publish.
    pub acknowledged: Vec<AwarenessReader>,
    /// Who of the audience has not, for those who publish.
    pub missing: Vec<String>,
    /// What the caller may do to it: `withdraw`, `acknowledge`.
    #[serde(default)]
    pub may: Vec<String>,
}

/// Somebody who has acknowledged an item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AwarenessReader {
    /// Who.
    pub name: String,
    /// When, RFC 3339.
    pub acknowledged_at: String,
}

/// An awareness item as a row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AwarenessRow {
    /// Its reference.
    pub reference: String,
    /// What it says, in one line.
    pub title: String,
    /// `published` or `withdrawn`.
    pub state: String,
    /// Until when it is to be acknowledged.
    pub due_on: String,
    /// Whether that has passed.
    pub overdue: bool,
    /// Whether it is for the caller.
    pub is_for_me: bool,
    /// Whether the caller has acknowledged it.
    pub is_acknowledged: bool,
    /// How many of the audience have acknowledged it, for those who read figures.
    pub acknowledged_count: Option<u64>,
    /// How many there are in the audience now, for those who read figures.
    pub audience_count: Option<u64>,
}

/// A page of awareness items.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AwarenessList {
    /// This page.
    pub items: Vec<AwarenessRow>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
}

/// Lists awareness items: those for the caller, and all for whoever reads figures; the latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListAwareness {
    /// Only what the caller has still to acknowledge, the most urgent first.
    #[serde(default)]
    pub open: bool,
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on: `next` of the page before.
    pub after: Option<String>,
}

/// Shows an awareness item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowAwareness {
    /// Its reference.
    pub item: AwarenessRef,
}

impl UseCase for ShowAwareness {
    type Output = AwarenessView;
    const NAME: &'static str = "show_awareness";

    fn run(self, asked: &Asked<'_>) -> Result<AwarenessView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Read)?;
            let item = known(unit, self.item)?;
            view_of(unit, &item)
        })
    }
}

impl UseCase for ListAwareness {
    type Output = AwarenessList;
    const NAME: &'static str = "list_awareness";

    fn run(self, asked: &Asked<'_>) -> Result<AwarenessList, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Read)?;
            let limit = self.limit.clamp(1, 1_000);
            let me = unit.caller.person.clone();
            if self.open {
                let mut open = awareness::not_acknowledged_by(unit.tx, me.id)?;
                open.retain(|item| item.is_for(&me));
                open.truncate(limit);
                return Ok(AwarenessList { items: rows(unit, &open)?, next: None });
            }
            self.page(unit, &me, limit)
        })
    }
}

impl ListAwareness {
    fn page(&self, unit: &mut Unit<'_>, me: &Person, limit: usize) -> Result<AwarenessList, ServiceError> {
        let reads_all = unit.caller.may(Verb::ReadRegister).is_ok();
        let mut before = self.before()?;
        let mut shown: Vec<AwarenessItem> = Vec::new();
        loop {
            let portion = awareness::before(unit.tx, before, PORTION)?;
            let is_last = portion.len() < PORTION as usize;
            before = portion.last().map(|item| item.id);
            shown.extend(portion.into_iter().filter(|item| reads_all || item.is_for(me)));
            if is_last || shown.len() > limit {
                break;
            }
        }
        let goes_on = shown.len() > limit;
        shown.truncate(limit);
        let next = shown.last().filter(|_| goes_on).map(|item| item.id.to_string());
        Ok(AwarenessList { items: rows(unit, &shown)?, next })
    }

    fn before(&self) -> Result<Option<AwarenessId>, ServiceError> {
        let read = self.after.as_ref().map(|text| text.parse::<AwarenessId>()).transpose();
        read.map_err(|_| {
            let message = "this is not where a list goes on; take the `next` of the page before";
            ServiceError::invalid("after", "list.cursor", message)
        })
    }
}

/// The item of a reference, if it is for the caller or they read figures.
///
/// # Errors
/// There is none, or none that the caller may know of.
pub(super) fn known(unit: &mut Unit<'_>, reference: AwarenessRef) -> Result<AwarenessItem, ServiceError> {
    let not_found = || ServiceError::not_found(format!("awareness item {reference}"));
    let item = awareness::find(unit.tx, reference)?.ok_or_else(not_found)?;
    let reads_all = unit.caller.roles_allow(Verb::ReadRegister, Default::default(), "figure").is_ok();
    match reads_all || item.is_for(&unit.caller.person) {
        true => Ok(item),
        false => Err(not_found()),
    }
}

fn today(unit: &mut Unit<'_>) -> Result<Date, ServiceError> {
    Ok(unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone()))
}

/// Of an item: who is in its audience now, and which of them have acknowledged it.
struct Reach<'a> {
    audience: Vec<&'a Person>,
    read: Vec<&'a Acknowledgement>,
}

impl<'a> Reach<'a> {
    fn of(item: &AwarenessItem, everybody: &'a [Person], all: &'a [Acknowledgement]) -> Self {
        let audience: Vec<&Person> = everybody.iter().filter(|person| item.is_for(person)).collect();
        Self { audience, read: all.iter().filter(|one| one.item_id == item.id).collect() }
    }

    fn has_read(&self, person: &Person) -> bool {
        self.read.iter().any(|one| one.person_id == person.id)
    }

    fn read_count(&self) -> u64 {
        self.audience.iter().filter(|person| self.has_read(person)).count() as u64
    }
}

fn rows(unit: &mut Unit<'_>, items: &[AwarenessItem]) -> Result<Vec<AwarenessRow>, ServiceError> {
    let ids: Vec<AwarenessId> = items.iter().map(|item| item.id).collect();
    let all = awareness::acknowledgements(unit.tx, &ids)?;
    let today = today(unit)?;
    let reads_figures = unit.caller.may(Verb::ReadRegister).is_ok();
    let everybody = if reads_figures { people::list(unit.tx)? } else { Vec::new() };
    let me = &unit.caller.person;
    let row = |item: &AwarenessItem| {
        let reach = Reach::of(item, &everybody, &all);
        AwarenessRow {
            reference: item.reference.to_string(),
            title: item.title.to_string(),
            state: item.state.to_string(),
            due_on: item.due_on.to_string(),
            overdue: item.is_overdue(today),
            is_for_me: item.is_for(me),
            is_acknowledged: reach.has_read(me),
            acknowledged_count: reads_figures.then(|| reach.read_count()),
            audience_count: reads_figures.then_some(reach.audience.len() as u64),
        }
    };
    Ok(items.iter().map(row).collect())
}

/// An item as the caller may see it.
///
/// # Errors
/// What the store reports.
pub(super) fn view_of(unit: &mut Unit<'_>, item: &AwarenessItem) -> Result<AwarenessView, ServiceError> {
    let all = awareness::acknowledgements(unit.tx, &[item.id])?;
    let everybody = people::list(unit.tx)?;
    let reach = Reach::of(item, &everybody, &all);
    let reads_figures = unit.caller.may(Verb::ReadRegister).is_ok();
    let publishes = unit.caller.may(Verb::DecideCase).is_ok();
    let lesson = lesson_of(unit, item)?;
    let publishers = [item.published_by];
    let mut ids: Vec<_> = all.iter().map(|one| one.person_id).collect();
    ids.extend(publishers);
    let names = Names::of_people(unit.tx, &ids)?;
    let me = &unit.caller.person;
    let mine = all.iter().find(|one| one.person_id == me.id);
    let is_published = item.state == AwarenessState::Published;
    let mut may = Vec::new();
    if is_published && publishes {
        may.push("withdraw".to_owned());
    }
    if is_published && item.is_for(me) && mine.is_none() {
        may.push("acknowledge".to_owned());
    }
    let reader = |one: &&Acknowledgement| AwarenessReader {
        name: names.person(one.person_id),
        acknowledged_at: one.acknowledged_at.to_string(),
    };
    let missing = reach.audience.iter().filter(|person| !reach.has_read(person));
    Ok(AwarenessView {
        reference: item.reference.to_string(),
        version: item.version,
        title: item.title.to_string(),
        text: item.text.to_string(),
        state: item.state.to_string(),
        due_on: item.due_on.to_string(),
        lesson,
        audience: item.audience.to_string(),
        roles: item.roles.iter().map(ToString::to_string).collect(),
        published_by: names.person(item.published_by),
        published_at: item.published_at.to_string(),
        withdrawn_reason: item.withdrawn_reason.as_ref().map(ToString::to_string),
        is_for_me: item.is_for(me),
        acknowledged_at: mine.map(|one| one.acknowledged_at.to_string()),
        acknowledged_count: reads_figures.then(|| reach.read_count()),
        audience_count: reads_figures.then_some(reach.audience.len() as u64),
        acknowledged: if publishes { reach.read.iter().map(reader).collect() } else { Vec::new() },
        missing: if publishes { missing.map(|person| person.name.to_string()).collect() } else { Vec::new() },
        may,
    })
}

/// The lesson behind an item, if the caller may read it.
fn lesson_of(unit: &mut Unit<'_>, item: &AwarenessItem) -> Result<Option<String>, ServiceError> {
    let Some(lesson) = lessons::get(unit.tx, item.lesson_id)? else { return Ok(None) };
    let ids: Vec<_> = lesson.cases.iter().copied().collect();
    let origins = cases::several(unit.tx, &ids)?;
    let may = may_read(&unit.caller, &lesson, &origins.iter().collect::<Vec<_>>());
    Ok(may.is_ok().then(|| lesson.reference.to_string()))
}
