//! What the cases changed in controls and risks.

use nevertwice_domain::control::ControlRef;
use nevertwice_domain::reference::{CaseRef, LessonRef, RiskRef};
use nevertwice_domain::risk::Rating;
use nevertwice_service::case::{ApproveDeclaration, DeclareNotNeeded};
use nevertwice_service::control::{AddPerformance, EditControl, NewControl, NewControlChange, RetireControl};
use nevertwice_service::risk::{AcceptRisk, AssessRisk, LinkRisk, NewRisk};
use nevertwice_service::set::Set;

use super::super::calendar::Moment;
use super::super::files::{
    ChangeEntry, ConsequencesFile, DeclarationEntry, LookEntry, OwnControlEntry, PerformanceEntry, RiskEntry,
    SaidEntry,
};
use super::super::replay::Replay;
use super::super::{broken, line, parsed};
use super::{Order, Script};
use crate::failure::Failure;

/// Collects what is said of controls and risks.
pub(super) fn script<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    file: &'s ConsequencesFile,
) -> Result<(), Failure> {
    for entry in &file.control {
        own_control(replay, script, entry)?;
    }
    for entry in &file.said {
        script
            .add(replay, &entry.at, None, Order::Consequence, &entry.control, |replay| said(replay, entry))?;
    }
    for entry in &file.performance {
        script.add(replay, &entry.at, None, Order::Consequence, &entry.case, |replay| {
            performance(replay, entry)
        })?;
    }
    for entry in &file.change {
        script
            .add(replay, &entry.at, None, Order::Consequence, &entry.case, |replay| change(replay, entry))?;
    }
    for entry in &file.risk {
        script.add(replay, &entry.at, None, Order::Consequence, &entry.id, |replay| risk(replay, entry))?;
        acceptance(replay, script, entry.accepted.as_ref(), &entry.id, &entry.owner)?;
    }
    for entry in &file.look {
        script.add(replay, &entry.at, None, Order::Consequence, &entry.risk, |replay| look(replay, entry))?;
        let owner = file.risk.iter().find(|risk| risk.id == entry.risk);
        let owner = owner.ok_or_else(|| broken("risk", format!("{} is missing", entry.risk)))?;
        acceptance(replay, script, entry.accepted.as_ref(), &entry.risk, &owner.owner)?;
    }
    for entry in &file.declaration {
        declaration(replay, script, entry)?;
    }
    Ok(())
}

fn own_control<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    entry: &'s OwnControlEntry,
) -> Result<(), Failure> {
    script.add(replay, &entry.at, None, Order::Consequence, &entry.id, |replay| {
        let control = NewControl {
            title: line(&entry.title)?,
            description: Some(parsed("description", &entry.description)?),
            justification: entry
                .justification
                .as_deref()
                .map(|why| parsed("justification", why))
                .transpose()?,
            status: Some(parsed("status", &entry.status)?),
            owner: entry.owner.as_deref().map(|owner| replay.person(owner)).transpose()?,
        };
        let made = replay.run(&entry.by, control)?;
        replay.controls.insert(entry.id.clone(), parsed("control", &made.control.reference)?);
        Ok(())
    })?;
    let (Some(at), Some(reason)) = (&entry.retired, &entry.retired_reason) else { return Ok(()) };
    script.add(replay, at, None, Order::Consequence, &entry.id, |replay| {
        let control = control(replay, &entry.id)?;
        replay.run(&entry.by, RetireControl { control, reason: parsed("reason", reason)? }).map(drop)
    })
}

/// A control of the standard by its number, one of the company's own by its id.
fn control(replay: &Replay, name: &str) -> Result<ControlRef, Failure> {
    name.parse().or_else(|_| Replay::known("control", &replay.controls, name))
}

fn said(replay: &Replay, entry: &SaidEntry) -> Result<(), Failure> {
    let justification = entry.justification.as_deref().map(|why| parsed("justification", why)).transpose()?;
    let owner = entry.owner.as_deref().map(|owner| replay.person(owner)).transpose()?;
    let edit = EditControl {
        control: control(replay, &entry.control)?,
        version: None,
        title: None,
        description: None,
        applicable: entry.applicable,
        justification: justification.map(Set::To),
        status: Some(parsed("status", &entry.status)?),
        owner: owner.map(Set::To),
    };
    replay.run(&entry.by, edit).map(drop)
}

fn performance(replay: &Replay, entry: &PerformanceEntry) -> Result<(), Failure> {
    let performance = AddPerformance {
        case: case(replay, &entry.case)?,
        control: control(replay, &entry.control)?,
        performance: parsed("performance", &entry.performance)?,
        note: Some(parsed("note", &entry.note)?),
    };
    replay.run(&entry.by, performance).map(drop)
}

fn change(replay: &Replay, entry: &ChangeEntry) -> Result<(), Failure> {
    let action =
        entry.action.as_deref().map(|id| Replay::known("action", &replay.actions, id)).transpose()?;
    let change = NewControlChange {
        case: case(replay, &entry.case)?,
        control: control(replay, &entry.control)?,
        before: parsed("before", &entry.before)?,
        after: parsed("after", &entry.after)?,
        changed_on: None,
        lesson: lesson(replay, entry.lesson.as_deref())?,
        action,
    };
    replay.run(&entry.by, change).map(drop)
}

fn risk(replay: &mut Replay, entry: &RiskEntry) -> Result<(), Failure> {
    let risk = NewRisk {
        title: line(&entry.title)?,
        description: entry.description.as_deref().map(|text| parsed("description", text)).transpose()?,
        owner: replay.person(&entry.owner)?,
        treatment: parsed("treatment", &entry.treatment)?,
        likelihood: rating(entry.likelihood)?,
        impact: rating(entry.impact)?,
        why: parsed("why", &entry.why)?,
        case: entry.case.as_deref().map(|id| case(replay, id)).transpose()?,
        lesson: None,
    };
    let made = replay.run(&entry.by, risk)?;
    let reference: RiskRef = parsed("risk", &made.reference)?;
    replay.risks.insert(entry.id.clone(), reference);
    for name in &entry.controls {
        let control = Some(control(replay, name)?);
        replay.run(&entry.by, LinkRisk { risk: reference, control, case: None, remove: false })?;
    }
    Ok(())
}

fn look(replay: &Replay, entry: &LookEntry) -> Result<(), Failure> {
    let look = AssessRisk {
        risk: Replay::known("risk", &replay.risks, &entry.risk)?,
        version: None,
        likelihood: rating(entry.likelihood)?,
        impact: rating(entry.impact)?,
        why: parsed("why", &entry.why)?,
        case: entry.case.as_deref().map(|id| case(replay, id)).transpose()?,
        lesson: lesson(replay, entry.lesson.as_deref())?,
    };
    replay.run(&entry.by, look).map(drop)
}

fn acceptance<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    at: Option<&Moment>,
    risk: &'s str,
    owner: &'s str,
) -> Result<(), Failure> {
    let Some(at) = at else { return Ok(()) };
    script.add(replay, at, None, Order::Consequence, risk, move |replay| {
        let risk = Replay::known("risk", &replay.risks, risk)?;
        replay.run(owner, AcceptRisk { risk, version: None }).map(drop)
    })
}

fn declaration<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    entry: &'s DeclarationEntry,
) -> Result<(), Failure> {
    script.add(replay, &entry.at, None, Order::Consequence, &entry.case, |replay| {
        let (case, link) = (case(replay, &entry.case)?, parsed("link", &entry.link)?);
        replay
            .run(&entry.by, DeclareNotNeeded { case, link, reason: parsed("reason", &entry.reason)? })
            .map(drop)
    })?;
    let (Some(at), Some(by)) = (&entry.approved, &entry.approver) else { return Ok(()) };
    script.add(replay, at, None, Order::Consequence, &entry.case, move |replay| {
        let (case, link) = (case(replay, &entry.case)?, parsed("link", &entry.link)?);
        replay.run(by, ApproveDeclaration { case, link }).map(drop)
    })
}

fn case(replay: &Replay, id: &str) -> Result<CaseRef, Failure> {
    Replay::known("case", &replay.cases, id)
}

fn lesson(replay: &Replay, id: Option<&str>) -> Result<Option<LessonRef>, Failure> {
    id.map(|id| Replay::known("lesson", &replay.lessons, id)).transpose()
}

fn rating(level: u8) -> Result<Rating, Failure> {
    Rating::new(level).map_err(|error| broken("rating", error))
}
