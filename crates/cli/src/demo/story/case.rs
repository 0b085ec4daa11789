//! A case: report, triage, facts, decisions, response, closing.

use std::io::Write;
use std::path::Path;

use nevertwice_domain::case::Class;
use nevertwice_domain::money::{Currency, Money};
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::Timestamp;
use nevertwice_service::case::{
    AddComment, AddCost, AddEvidence, AddTimelineEntry, AssetLink, ClassifyCase, CloseCase, DecideCase,
    EditCase, EvidenceSource, PartOfCase, ReopenCase, ReportCase, ResolveCase, RespondToCase, RestrictCase,
    VoidCase,
};
use nevertwice_service::set::Set;

use super::super::files::{CaseFile, CostEntry, Sample, StepEntry};
use super::super::replay::Replay;
use super::super::{SECURITY_LEAD, broken, line, parsed};
use super::{Order, Script, action, review};
use crate::failure::Failure;

/// Collects the facts of a case.
pub(super) fn script<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    sample: &'s Sample,
    case: &'s CaseFile,
) -> Result<(), Failure> {
    report(replay, script, case)?;
    let triage = case.steps.iter().find(|step| step.to == "triaged");
    let triaged = triage.map(|step| replay.calendar.instant(&step.at)).transpose()?;
    if let Some(step) = triage {
        triage_facts(replay, script, case, step)?;
    }
    decisions(replay, script, case, triaged)?;
    steps(replay, script, case)?;
    entries(replay, script, case, triaged)?;
    late_facts(replay, script, case, triaged)?;
    for (number, entry) in case.review.iter().enumerate() {
        review::script(replay, script, case, number, entry)?;
    }
    for entry in &case.action {
        action::script(replay, script, sample, case, entry)?;
    }
    Ok(())
}

fn report<'s>(replay: &Replay, script: &mut Script<'s>, case: &'s CaseFile) -> Result<(), Failure> {
    let reported = case.times.get("reported").ok_or_else(|| broken(&case.id, "reported is missing"))?;
    let reporter = case.reporter.as_deref().unwrap_or(SECURITY_LEAD);
    let first_class = case.reclassified.first().map_or(case.class.as_str(), |change| change.from.as_str());
    let class: Class = parsed("class", first_class)?;
    script.add(replay, reported, None, Order::Report, &case.id, move |replay| {
        let when = |name: &str| case.times.get(name).map(|moment| replay.calendar.when(moment)).transpose();
        let view = replay.run(
            reporter,
            ReportCase {
                title: line(&case.title)?,
                summary: Some(parsed("summary", &case.summary)?),
                class: Some(class),
                severity: None,
                occurred: when("occurred")?,
                detected: when("detected")?,
                reported: when("reported")?,
                reporter: None,
                attachments: Vec::new(),
            },
        )?;
        replay.cases.insert(case.id.clone(), parsed("reference", &view.reference)?);
        Ok(())
    })
}

/// Class, severity, tags, links, fields and feared impact come with the triage.
fn triage_facts<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    case: &'s CaseFile,
    step: &'s StepEntry,
) -> Result<(), Failure> {
    let first_class = case.reclassified.first().map_or(case.class.as_str(), |change| change.from.as_str());
    let class: Class = parsed("class", first_class)?;
    script.add(replay, &step.at, None, Order::Classify, &case.id, move |replay| {
        let reference = Replay::known("case", &replay.cases, &case.id)?;
        let severity =
            nevertwice_domain::case::Severity::new(case.severity).map_err(|e| broken(&case.id, e))?;
        let category = Some(line(&case.category)?);
        replay
            .run(
                &step.by,
                ClassifyCase { case: reference, version: None, class, severity: Some(severity), category },
            )
            .map(drop)
    })?;
    script.add(replay, &step.at, None, Order::Edit, &case.id, move |replay| {
        let edit = facts(replay, case)?;
        replay.run(&step.by, edit).map(drop)
    })
}

fn facts(replay: &Replay, case: &CaseFile) -> Result<EditCase, Failure> {
    let mut edit =
        EditCase { case: Some(Replay::known("case", &replay.cases, &case.id)?), ..EditCase::default() };
    edit.add_tags = case.tags.iter().map(|tag| parsed("tag", tag)).collect::<Result<_, _>>()?;
    edit.acknowledged = match case.times.get("acknowledged") {
        Some(moment) => Some(Set::To(replay.calendar.when(moment)?)),
        None => None,
    };
    if let Some(detection) = &case.detection {
        edit.detection = Some(Set::To(parsed("detection", &detection.source)?));
        edit.detection_method = Some(Set::To(line(&detection.method)?));
    }
    edit.impact_initial = case.impact.as_ref().map(|impact| impact.initial);
    edit.add_responders = case.responders.iter().map(|id| replay.person(id)).collect::<Result<_, _>>()?;
    for id in &case.suppliers {
        edit.add_suppliers.push(Replay::known("supplier", &replay.suppliers, id)?);
    }
    for link in &case.assets {
        let asset = Replay::known("asset", &replay.assets, &link.asset)?;
        edit.add_assets.push(AssetLink { asset, version: link.version.as_deref().map(line).transpose()? });
    }
    for (key, value) in &case.fields {
        edit.fields.push((parsed("field", key)?, Some(field_text(replay, value)?)));
    }
    Ok(edit)
}

fn field_text(replay: &Replay, value: &toml::Value) -> Result<Prose, Failure> {
    match value {
        toml::Value::String(text) => match replay.people.get(text) {
            Some(name) => parsed("field", name.as_str()),
            None => parsed("field", text),
        },
        toml::Value::Integer(number) => parsed("field", &number.to_string()),
        other => Err(broken("fields", format!("{other} is neither text nor a number"))),
    }
}

fn decisions<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    case: &'s CaseFile,
    triaged: Option<Timestamp>,
) -> Result<(), Failure> {
    if let Some(restricted) = &case.restricted {
        script.add(replay, &restricted.at, None, Order::Restrict, &case.id, move |replay| {
            let reference = Replay::known("case", &replay.cases, &case.id)?;
            let readers = restricted.readers.iter().map(|id| replay.person(id)).collect::<Result<_, _>>()?;
            replay.run(&restricted.by, RestrictCase { case: reference, readers: Some(readers) }).map(drop)
        })?;
    }
    for change in &case.reclassified {
        script.add(replay, &change.at, triaged, Order::Reclassify, &case.id, move |replay| {
            let reference = Replay::known("case", &replay.cases, &case.id)?;
            let class = parsed("class", &change.to)?;
            let classify =
                ClassifyCase { case: reference, version: None, class, severity: None, category: None };
            replay.run(&change.by, classify).map(drop)
        })?;
    }
    if let Some(decision) = &case.decision {
        script.add(replay, &decision.at, None, Order::Decide, &case.id, move |replay| {
            let case = Replay::known("case", &replay.cases, &case.id)?;
            let criteria = parsed("criteria", &decision.criteria)?;
            let outcome = parsed("decision", &decision.outcome)?;
            replay
                .run(&decision.by, DecideCase { case, version: None, decision: outcome, criteria })
                .map(drop)
        })?;
    }
    Ok(())
}

/// The steps after the triage; reviews and acting follow from the reviews themselves.
fn steps<'s>(replay: &Replay, script: &mut Script<'s>, case: &'s CaseFile) -> Result<(), Failure> {
    let mut closed = false;
    for step in &case.steps {
        let order = match step.to.as_str() {
            "responding" => Order::Respond,
            "resolved" => Order::Resolve,
            "closed" | "void" => Order::Close,
            "in_review" if closed => Order::Respond,
            _ => continue,
        };
        let reopens = closed && matches!(step.to.as_str(), "responding" | "in_review");
        closed = step.to == "closed";
        script.add(replay, &step.at, None, order, &case.id, move |replay| {
            enter_step(replay, case, step, reopens)
        })?;
    }
    if let Some(parent) = &case.part_of {
        let when = case.steps.first().map_or_else(|| case.times.get("reported"), |step| Some(&step.at));
        let when = when.ok_or_else(|| broken(&case.id, "part_of without a moment"))?;
        script.add(replay, when, None, Order::PartOf, &case.id, move |replay| {
            let parent = Some(Replay::known("case", &replay.cases, parent)?);
            let case = Replay::known("case", &replay.cases, &case.id)?;
            replay.run(SECURITY_LEAD, PartOfCase { case, parent }).map(drop)
        })?;
    }
    Ok(())
}

fn enter_step(replay: &mut Replay, file: &CaseFile, step: &StepEntry, reopens: bool) -> Result<(), Failure> {
    let case = Replay::known("case", &replay.cases, &file.id)?;
    let by = step.by.as_str();
    let reason = || parsed::<Prose>("reason", step.reason.as_deref().unwrap_or("See the comments."));
    if reopens {
        let to_response = step.to == "responding";
        return replay.run(by, ReopenCase { case, to_response, reason: reason()? }).map(drop);
    }
    match step.to.as_str() {
        "responding" => replay.run(by, RespondToCase { case, responder: None }).map(drop),
        "resolved" => {
            let moment = file.times.get("resolved").unwrap_or(&step.at);
            let at = Some(replay.calendar.when(moment)?);
            replay.run(by, ResolveCase { case, at }).map(drop)
        }
        "void" => replay.run(by, VoidCase { case, reason: reason()? }).map(drop),
        _ => replay.run(by, CloseCase { case, version: None }).map(drop),
    }
}

/// Timeline, costs, comments, evidence: entered when they happened, but not before the triage.
fn entries<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    case: &'s CaseFile,
    triaged: Option<Timestamp>,
) -> Result<(), Failure> {
    let recorder = case.responders.first().map_or(SECURITY_LEAD, String::as_str);
    for entry in &case.timeline {
        script.add(replay, &entry.at, triaged, Order::Timeline, &case.id, move |replay| {
            let add = AddTimelineEntry {
                case: Replay::known("case", &replay.cases, &case.id)?,
                kind: parsed("kind", &entry.kind)?,
                occurred: replay.calendar.when(&entry.at)?,
                text: parsed("text", &entry.text)?,
                source: entry.source.as_deref().map(line).transpose()?,
            };
            replay.run(recorder, add).map(drop)
        })?;
    }
    for entry in &case.costs {
        script.add(replay, &entry.incurred, triaged, Order::Cost, &case.id, move |replay| {
            let add = cost(replay, case, entry)?;
            replay.run(recorder, add).map(drop)
        })?;
    }
    for comment in &case.comments {
        script.add(replay, &comment.at, triaged, Order::Comment, &case.id, move |replay| {
            let case = Replay::known("case", &replay.cases, &case.id)?;
            replay
                .run(
                    &comment.by,
                    AddComment { case, text: parsed("text", &comment.text)?, to_reporter: false },
                )
                .map(drop)
        })?;
    }
    for item in &case.evidence {
        script.add(replay, &item.collected, triaged, Order::Evidence, &case.id, move |replay| {
            add_evidence(replay, case, &item.by, &item.name, &item.content, None)
        })?;
    }
    Ok(())
}

fn cost(replay: &Replay, case: &CaseFile, entry: &CostEntry) -> Result<AddCost, Failure> {
    let euro = |minor: Option<i64>| minor.map(|minor| Money::new(minor, Currency::EUR));
    Ok(AddCost {
        case: Replay::known("case", &replay.cases, &case.id)?,
        kind: parsed("kind", &entry.kind)?,
        basis: parsed("basis", &entry.basis)?,
        amount: euro(entry.amount_minor),
        labour_minutes: entry.labour_minutes,
        hourly_rate: euro(entry.hourly_rate_minor),
        minimum: euro(entry.minimum_minor),
        maximum: euro(entry.maximum_minor),
        incurred_on: Some(replay.calendar.date(&entry.incurred)?),
        note: entry.note.as_deref().map(|note| parsed("note", note)).transpose()?,
    })
}

/// Adds a small text file as evidence; `action` is the id of the action whose completion it shows.
pub(super) fn add_evidence(
    replay: &mut Replay,
    case: &CaseFile,
    by: &str,
    name: &str,
    content: &str,
    action: Option<&str>,
) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(name);
    write_file(&path, content)?;
    let action = action.map(|id| Replay::known("action", &replay.actions, id)).transpose()?;
    let add = AddEvidence {
        case: Replay::known("case", &replay.cases, &case.id)?,
        action,
        source: EvidenceSource::File(path),
        name: Some(line(name)?),
        custody: None,
        collected: None,
        legal_hold: false,
    };
    replay.run(by, add).map(drop)
}

fn write_file(path: &Path, content: &str) -> Result<(), Failure> {
    Ok(std::fs::File::create(path)?.write_all(content.trim_start().as_bytes())?)
}

/// What is known only later: containment, the impact as it turned out, the AI impact block.
fn late_facts<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    case: &'s CaseFile,
    triaged: Option<Timestamp>,
) -> Result<(), Failure> {
    let (Some(by), Some(_)) = (case.steps.first().map(|step| step.by.as_str()), triaged) else {
        return Ok(());
    };
    let contained = case.times.get("contained");
    let last = case.times.get("resolved").or(contained).or_else(|| case.steps.first().map(|step| &step.at));
    let Some(last) = last else { return Ok(()) };
    script.add(replay, last, triaged, Order::Edit, &case.id, move |replay| {
        let mut edit =
            EditCase { case: Some(Replay::known("case", &replay.cases, &case.id)?), ..EditCase::default() };
        edit.contained = contained.map(|moment| replay.calendar.when(moment)).transpose()?.map(Set::To);
        edit.impact_final = case.impact.as_ref().and_then(|impact| impact.final_);
        edit.ai_impact = match &case.ai {
            Some(block) => Some(Set::To(ai_impact(replay, block)?)),
            None => None,
        };
        replay.run(by, edit).map(drop)
    })
}

/// The AI impact block, its moments turned into dates.
fn ai_impact(replay: &Replay, block: &toml::Value) -> Result<nevertwice_domain::case::AiImpact, Failure> {
    let dated = with_dates(replay, block.clone())?;
    dated.try_into().map_err(|error| broken("ai", error))
}

fn with_dates(replay: &Replay, value: toml::Value) -> Result<toml::Value, Failure> {
    match value {
        toml::Value::Table(table) if table.contains_key("days_ago") => {
            let moment = toml::Value::Table(table).try_into().map_err(|error| broken("ai", error))?;
            Ok(toml::Value::String(replay.calendar.when(&moment)?.to_string()))
        }
        toml::Value::Table(table) => {
            let dated = table.into_iter().map(|(key, value)| Ok((key, with_dates(replay, value)?)));
            dated.collect::<Result<toml::Table, Failure>>().map(toml::Value::Table)
        }
        other => Ok(other),
    }
}
