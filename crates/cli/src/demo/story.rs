//! The cases of the sample as one story: every fact is entered at its moment, by the person named.

mod action;
mod case;
mod consequences;
mod imported;
mod lesson;
mod procedure;
mod review;

use nevertwice_domain::time::Timestamp;
use nevertwice_service::use_case::Progress;

use super::broken;
use super::calendar::Moment;
use super::files::Sample;
use super::replay::Replay;
use crate::failure::Failure;

/// What happens at the same minute happens in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Procedure,
    Report,
    Restrict,
    Classify,
    Edit,
    PartOf,
    Reclassify,
    Decide,
    Timeline,
    Cost,
    Comment,
    Evidence,
    Respond,
    Resolve,
    Review,
    Lesson,
    Action,
    Close,
    Consequence,
}

/// Enters a fact.
type Enter<'s> = Box<dyn Fn(&mut Replay) -> Result<(), Failure> + 's>;

/// One fact to enter.
struct Event<'s> {
    at: Timestamp,
    order: Order,
    place: String,
    enter: Enter<'s>,
}

/// The facts of the sample, collected and then told in order.
struct Script<'s> {
    events: Vec<Event<'s>>,
}

impl<'s> Script<'s> {
    /// Adds a fact that is entered at a moment, but not before `earliest`.
    fn add(
        &mut self,
        replay: &Replay,
        moment: &Moment,
        earliest: Option<Timestamp>,
        order: Order,
        place: &str,
        enter: impl Fn(&mut Replay) -> Result<(), Failure> + 's,
    ) -> Result<(), Failure> {
        let at = replay.calendar.instant(moment)?;
        let at = earliest.map_or(at, |earliest| at.max(earliest));
        self.events.push(Event { at, order, place: place.to_owned(), enter: Box::new(enter) });
        Ok(())
    }
}

/// Plays the whole story.
///
/// # Errors
/// The register refuses a step; the error names file and step.
pub(super) fn play(replay: &mut Replay, sample: &Sample, progress: &dyn Fn(Progress)) -> Result<(), Failure> {
    imported::import(replay, sample)?;
    let mut script = Script { events: Vec::new() };
    for case in sample.cases.iter().filter(|case| case.origin == "native") {
        case::script(replay, &mut script, sample, case).map_err(|failure| within(&case.id, &failure))?;
    }
    lesson::script(replay, &mut script, sample)?;
    procedure::script(replay, &mut script, sample)?;
    consequences::script(replay, &mut script, &sample.consequences)?;
    // A stable sort: facts of one file keep their order.
    script.events.sort_by_key(|event| (event.at, event.order));
    let total = script.events.len() as u64;
    for (done, event) in (1u64..).zip(&script.events) {
        replay.move_to(event.at);
        (event.enter)(replay).map_err(|failure| within(&event.place, &failure))?;
        progress(Progress { done, total: Some(total) });
    }
    Ok(())
}

fn within(place: &str, failure: &Failure) -> Failure {
    broken(place, &failure.0.message)
}
