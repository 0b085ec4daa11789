//! The company's own procedure: the first version at the start, the second after a lesson about the response itself.

use nevertwice_domain::reference::ProcedureRef;
use nevertwice_service::procedure::{
    ApproveProcedure, DraftProcedure, EditProcedure, ProcedureView, RulesInput, SubmitProcedure,
};

use super::super::calendar::Moment;
use super::super::files::{ProcedureEntry, Sample};
use super::super::replay::Replay;
use super::super::{broken, parsed};
use super::{Order, Script};
use crate::failure::Failure;

/// Collects the versions of the procedure.
pub(super) fn script<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    sample: &'s Sample,
) -> Result<(), Failure> {
    for entry in &sample.company.procedure {
        let at: &Moment = &entry.approved;
        script.add(replay, at, None, Order::Procedure, "company.toml", move |replay| adopt(replay, entry))?;
    }
    Ok(())
}

/// Writes a version and has it approved by somebody else, in force from that day on.
fn adopt(replay: &mut Replay, entry: &ProcedureEntry) -> Result<(), Failure> {
    let author = entry.author.as_str();
    let draft: ProcedureView =
        replay.run(author, DraftProcedure { summary: parsed("summary", &entry.summary)? })?;
    let reference = draft.reference.ok_or_else(|| broken("procedure", "has no reference"))?;
    let procedure: ProcedureRef = parsed("reference", &reference)?;
    let lessons = entry.lessons.iter().map(|id| Replay::known("lesson", &replay.lessons, id));
    let lines = |texts: &[String]| -> Result<Vec<_>, Failure> {
        texts.iter().map(|text| parsed("review", text)).collect()
    };
    let holidays: Vec<_> =
        entry.holidays.iter().map(|text| parsed("holiday", text)).collect::<Result<_, _>>()?;
    let edit = EditProcedure {
        procedure,
        version: None,
        text: None,
        summary: None,
        lessons: Some(lessons.collect::<Result<_, _>>()?),
        rules: RulesInput {
            reviews: (!entry.reviews.is_empty()).then(|| lines(&entry.reviews)).transpose()?,
            holidays: (!holidays.is_empty()).then_some(holidays),
            ..RulesInput::default()
        },
    };
    replay.run(author, edit)?;
    replay.run(author, SubmitProcedure { procedure })?;
    let approve = ApproveProcedure { procedure, version: None, effective_on: None };
    replay.run(&entry.approver, approve).map(drop)
}
