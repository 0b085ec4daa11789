//! Commands on cases.

use std::path::Path;

use nevertwice_domain::case::AiImpact;
use nevertwice_domain::money::Currency;
use nevertwice_domain::text::Line;
use nevertwice_service::Kind;
use nevertwice_service::case::{
    AddComment, AddCost, AddEvidence, AddTimelineEntry, ApproveDeclaration, AssetLink, Attachment, CaseView,
    ClassifyCase, CloseCase, DecideCase, DeclarationView, DeclareNotNeeded, EditCase, EvidenceSource,
    PartOfCase, RemoveDeclaration, ReopenCase, ReportCase, ResolveCase, RespondToCase, RestrictCase,
    SettleGap, ShowCase, VoidCase,
};
use nevertwice_service::search::{FindSimilar, ListCases};
use nevertwice_service::set::Set;
use nevertwice_service::settings::ShowSettings;
use nevertwice_service::use_case::UseCase;

use crate::args::{Amount, CaseCommand, EditArgs, EvidenceArgs, ListArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on cases.
pub(super) fn run(session: &Session, command: CaseCommand) -> Result<(), Failure> {
    use CaseCommand as C;
    match command {
        C::New { title, summary, class, severity, occurred, detected, reported, reporter, attachments } => {
            let attachments = attachments.iter().map(|file| attached(file)).collect::<Result<_, _>>()?;
            let report = ReportCase {
                title,
                summary,
                class,
                severity,
                occurred,
                detected,
                reported,
                reporter,
                attachments,
            };
            shown(session, report)
        }
        C::Show { case } => shown(session, ShowCase { case }),
        C::List { list: ListArgs { query, limit, after }, sort } => {
            let list = session.call(ListCases { query, limit, after, sort })?;
            print(session.json, &list, text::case_list)
        }
        C::Edit(args) => shown(session, edit(*args)?),
        C::Classify { case, class, severity, category } => {
            stepped(session, ClassifyCase { case, version: None, class, severity, category })
        }
        C::Decide { case, decision, criteria } => {
            stepped(session, DecideCase { case, version: None, decision, criteria })
        }
        C::Respond { case, responder } => stepped(session, RespondToCase { case, responder }),
        C::Resolve { case, at } => stepped(session, ResolveCase { case, at }),
        C::Void { case, reason } => stepped(session, VoidCase { case, reason }),
        C::Restrict { case, readers, open } => {
            stepped(session, RestrictCase { case, readers: (!open).then_some(readers) })
        }
        C::PartOf { case, parent } => stepped(session, PartOfCase { case, parent }),
        C::Close { case } => stepped(session, CloseCase { case, version: None }),
        C::Reopen { case, reason, to_response } => stepped(session, ReopenCase { case, to_response, reason }),
        C::Declare { case, link, reason } => declared(session, DeclareNotNeeded { case, link, reason }),
        C::ApproveDeclaration { case, link } => declared(session, ApproveDeclaration { case, link }),
        C::RemoveDeclaration { case, link } => declared(session, RemoveDeclaration { case, link }),
        C::Similar { case, limit } => {
            let similar = session.call(FindSimilar { case, limit })?;
            print(session.json, &similar, |found, out| text::similar(found, out))
        }
        other => add(session, other),
    }
}

/// A file that goes with a report, under its own name.
fn attached(file: &Path) -> Result<Attachment, Failure> {
    let path = std::path::absolute(file)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = Line::parse(&name).map_err(|error| {
        Failure::new(Kind::Invalid, "evidence.name", format!("--attach {}: {error}", file.display()))
    })?;
    Ok(Attachment { path, name })
}

/// Commands that add to a case.
fn add(session: &Session, command: CaseCommand) -> Result<(), Failure> {
    use CaseCommand as C;
    match command {
        C::Comment { case, text, to_reporter } => {
            let added = session.call(AddComment { case, text, to_reporter })?;
            print(session.json, &added, |comment, out| writeln!(out, "Comment added by {}.", comment.author))
        }
        C::Timeline { case, kind, at, text, source } => {
            let added = session.call(AddTimelineEntry { case, kind, occurred: at, text, source })?;
            print(session.json, &added, |entry, out| {
                writeln!(out, "{}  {}  added.", entry.occurred, entry.kind)
            })
        }
        C::Cost { case, kind, amount, basis, minutes, rate, minimum, maximum, on, note } => {
            let money = |amount: Option<Amount>| {
                amount.map(|amount| amount.in_currency(|| company_currency(session))).transpose()
            };
            let added = session.call(AddCost {
                case,
                kind,
                basis,
                amount: money(amount)?,
                labour_minutes: minutes,
                hourly_rate: money(rate)?,
                minimum: money(minimum)?,
                maximum: money(maximum)?,
                incurred_on: on,
                note,
            })?;
            print(session.json, &added, |line, out| {
                writeln!(out, "{} added: {}", line.kind, text::money(line))
            })
        }
        C::Evidence(args) => evidence(session, args),
        C::Gap { case, gap, settlement, dismiss } => {
            let settled = session.call(SettleGap { case, gap, filled: !dismiss, settlement })?;
            print(session.json, &settled, |gap, out| writeln!(out, "{} is {}.", gap.kind, gap.state))
        }
        _ => Ok(()),
    }
}

/// Runs a use case and tells the story of the case.
fn shown<U: UseCase<Output = CaseView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::case_story)
}

/// Runs a use case and says where the case stands now.
fn stepped<U: UseCase<Output = CaseView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::case_step)
}

fn company_currency(session: &Session) -> Result<Currency, Failure> {
    Ok(Currency::parse(&session.call(ShowSettings {})?.currency)?)
}

fn evidence(session: &Session, args: EvidenceArgs) -> Result<(), Failure> {
    let source = match (args.file, args.link) {
        (Some(file), _) => EvidenceSource::File(std::path::absolute(file)?),
        (None, Some(link)) => EvidenceSource::Link(link),
        (None, None) => return Err(Failure::new(Kind::Invalid, "evidence.source", "name a file or a link")),
    };
    let added = session.call(AddEvidence {
        case: args.case,
        action: args.action,
        source,
        name: args.name,
        custody: args.custody,
        collected: args.collected,
        legal_hold: args.legal_hold,
    })?;
    print(session.json, &added, |item, out| {
        let what = item.sha256.as_deref().or(item.link.as_deref()).unwrap_or_default();
        writeln!(out, "{} added: {what}", item.name)
    })
}

fn edit(args: EditArgs) -> Result<EditCase, Failure> {
    let mut edit = EditCase {
        case: Some(args.case),
        version: args.version,
        title: args.title,
        summary: args.summary.map(Set::To),
        severity: args.severity.map(Set::To),
        category: args.category.map(Set::To),
        add_tags: args.add_tags.into_iter().collect(),
        remove_tags: args.remove_tags.into_iter().collect(),
        occurred: args.occurred.map(Set::To),
        detected: args.detected.map(Set::To),
        reported: args.reported.map(Set::To),
        acknowledged: args.acknowledged.map(Set::To),
        contained: args.contained.map(Set::To),
        resolved: args.resolved.map(Set::To),
        detection: args.detection.map(Set::To),
        detection_method: args.detection_method.map(Set::To),
        impact_initial: args.impact_initial,
        impact_final: args.impact,
        ai_impact: args.ai_impact.as_deref().map(read_ai_impact).transpose()?.map(Set::To),
        add_responders: args.add_responders,
        remove_responders: args.remove_responders,
        add_suppliers: args.add_suppliers,
        remove_suppliers: args.remove_suppliers,
        add_assets: args.add_assets.iter().map(|text| asset_link(text)).collect::<Result<_, _>>()?,
        remove_assets: args.remove_assets,
        fields: args.fields,
    };
    for fact in &args.clear {
        clear(&mut edit, fact)?;
    }
    Ok(edit)
}

fn clear(edit: &mut EditCase, fact: &str) -> Result<(), Failure> {
    match fact {
        "summary" => edit.summary = Some(Set::Clear),
        "severity" => edit.severity = Some(Set::Clear),
        "category" => edit.category = Some(Set::Clear),
        "occurred" => edit.occurred = Some(Set::Clear),
        "detected" => edit.detected = Some(Set::Clear),
        "reported" => edit.reported = Some(Set::Clear),
        "acknowledged" => edit.acknowledged = Some(Set::Clear),
        "contained" => edit.contained = Some(Set::Clear),
        "resolved" => edit.resolved = Some(Set::Clear),
        "detection" => edit.detection = Some(Set::Clear),
        "detection-method" => edit.detection_method = Some(Set::Clear),
        "ai-impact" => edit.ai_impact = Some(Set::Clear),
        other => {
            let message = format!("--clear: {other:?} is not a fact that can be cleared; --help lists them");
            return Err(Failure::new(Kind::Invalid, "case.clear", message));
        }
    }
    Ok(())
}

fn asset_link(text: &str) -> Result<AssetLink, Failure> {
    let (asset, version) = match text.split_once('@') {
        Some((asset, version)) => (asset, Some(version)),
        None => (text, None),
    };
    let line = |text: &str| {
        Line::parse(text)
            .map_err(|error| Failure::new(Kind::Invalid, "case.asset", format!("--asset: {error}")))
    };
    Ok(AssetLink { asset: line(asset)?, version: version.map(line).transpose()? })
}

fn read_ai_impact(path: &Path) -> Result<AiImpact, Failure> {
    let wrong = |error: &dyn std::fmt::Display| {
        let message =
            format!("{}: {error} (docs/reference/ai-impact.md describes every field)", path.display());
        Failure::new(Kind::Invalid, "case.ai_impact", message)
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    toml::from_str(&text).map_err(|error| wrong(&error.to_string().trim_end()))
}

fn declared<U: UseCase<Output = Vec<DeclarationView>>>(
    session: &Session,
    use_case: U,
) -> Result<(), Failure> {
    let all = session.call(use_case)?;
    print(session.json, &all, |all, out| text::declarations(all, out))
}
