//! The facts of a case on one sheet.

use std::collections::BTreeSet;

use nevertwice_domain::case::{DetectionSource, Impact, ImpactLevel, Tag};
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::case::{AssetLink, CaseView, EditCase, ImpactView};

use super::{back_to, case_of};
use crate::app::App;
use crate::form::{Bad, Errors, Reader, form, shown};
use crate::help::Help;
use crate::paths::CaseFacts;
use crate::ui::{Crumb, Field, FieldKind, choices};
use crate::verb::{Act, Form, Verb};
use crate::viewer::Viewer;

/// Changes the facts of a case.
pub(crate) struct ChangeFacts;

form! {
    /// The facts of a case. What is absent stays, what is empty is cleared; but for tags, people, suppliers and assets:
    /// there `was` says what was seen, and the difference is what changes.
    partial FactsForm {
        /// What happened, in one line.
        title,
        /// What happened, in Markdown.
        summary,
        /// When it happened.
        occurred,
        /// When it was noticed.
        detected,
        /// When it was reported.
        reported,
        /// When somebody took it on.
        acknowledged,
        /// When it could do no more harm.
        contained,
        /// `internal`, `external` or `supplier`.
        detection,
        /// How it was noticed.
        detection_method,
        /// Feared for confidentiality: `none`, `low`, `moderate` or `high`.
        initial_confidentiality,
        /// Feared for integrity.
        initial_integrity,
        /// Feared for availability.
        initial_availability,
        /// What confidentiality suffered.
        final_confidentiality,
        /// What integrity suffered.
        final_integrity,
        /// What availability suffered.
        final_availability,
        /// Tags, apart by commas.
        tags,
        /// The tags that were seen.
        was_tags,
        /// Names of those who work on it, one a line.
        responders,
        /// The responders that were seen.
        was_responders,
        /// Suppliers involved, one a line.
        suppliers,
        /// The suppliers that were seen.
        was_suppliers,
        /// AI assets involved, one a line, with a version behind an `@` where known.
        assets,
        /// The assets that were seen.
        was_assets,
        /// The version that was seen.
        version,
    }
}

impl Form for FactsForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let when = |name, label, value| Field::new(name, label, value).kind(FieldKind::When);
        let names = |name, label, value| Field::new(name, label, value).kind(FieldKind::Prose { rows: 2 });
        let level = |name, label, value| {
            let kind = FieldKind::Select { choices: choices::<ImpactLevel>(), none: Some("Not known") };
            Field::new(name, label, value).kind(kind)
        };
        vec![
            Field::new("title", "What happened, in one line", shown(&self.title)).required(),
            Field::new("summary", "What happened", shown(&self.summary))
                .hint("Markdown")
                .kind(FieldKind::Prose { rows: 8 }),
            when("occurred", "Occurred", shown(&self.occurred)).hint(
                "Dates as exactly as they are known: 2026, 2026-03, 2026-03-17, 2026-03-17T10:22+02:00",
            ),
            when("detected", "Detected", shown(&self.detected)),
            when("reported", "Reported", shown(&self.reported)),
            when("acknowledged", "Taken on", shown(&self.acknowledged)),
            when("contained", "Contained", shown(&self.contained)),
            Field::new("detection", "Who noticed", shown(&self.detection))
                .kind(FieldKind::Select { choices: choices::<DetectionSource>(), none: Some("Not known") }),
            Field::new("detection_method", "How it was noticed", shown(&self.detection_method)),
            level(
                "initial_confidentiality",
                "Feared for confidentiality",
                shown(&self.initial_confidentiality),
            ),
            level("initial_integrity", "Feared for integrity", shown(&self.initial_integrity)),
            level("initial_availability", "Feared for availability", shown(&self.initial_availability)),
            level("final_confidentiality", "Confidentiality suffered", shown(&self.final_confidentiality)),
            level("final_integrity", "Integrity suffered", shown(&self.final_integrity)),
            level("final_availability", "Availability suffered", shown(&self.final_availability)),
            Field::new("tags", "Tags", shown(&self.tags))
                .hint("Words apart by commas, such as phishing, AML.T0051"),
            names("responders", "Who works on it", shown(&self.responders)).hint("One name a line"),
            names("suppliers", "Suppliers involved", shown(&self.suppliers)).hint("One name a line"),
            names("assets", "AI assets involved", shown(&self.assets))
                .hint("One name a line, with a version behind an @ where known"),
            Field::hidden("was_tags", shown(&self.was_tags)),
            Field::hidden("was_responders", shown(&self.was_responders)),
            Field::hidden("was_suppliers", shown(&self.was_suppliers)),
            Field::hidden("was_assets", shown(&self.was_assets)),
            Field::hidden("version", shown(&self.version)),
        ]
    }
}

impl FactsForm {
    fn of(case: CaseView) -> Self {
        let text = |fact: Option<String>| Some(fact.unwrap_or_default());
        let (tags, responders) = (case.tags.join(", "), case.responders.join("\n"));
        let (suppliers, assets) = (case.suppliers.join("\n"), case.assets.join("\n"));
        let level = |impact: &ImpactView| {
            [&impact.confidentiality, &impact.integrity, &impact.availability]
                .map(|level| Some(level.clone().unwrap_or_default()))
        };
        let [initial_confidentiality, initial_integrity, initial_availability] = level(&case.impact_initial);
        let [final_confidentiality, final_integrity, final_availability] = level(&case.impact_final);
        Self {
            title: Some(case.title),
            summary: text(case.summary),
            occurred: text(case.occurred),
            detected: text(case.detected),
            reported: text(case.reported),
            acknowledged: text(case.acknowledged),
            contained: text(case.contained),
            detection: text(case.detection),
            detection_method: text(case.detection_method),
            initial_confidentiality,
            initial_integrity,
            initial_availability,
            final_confidentiality,
            final_integrity,
            final_availability,
            was_tags: Some(tags.clone()),
            tags: Some(tags),
            was_responders: Some(responders.clone()),
            responders: Some(responders),
            was_suppliers: Some(suppliers.clone()),
            suppliers: Some(suppliers),
            was_assets: Some(assets.clone()),
            assets: Some(assets),
            version: Some(case.version.to_string()),
        }
    }
}

impl Act for ChangeFacts {
    type Path = CaseFacts;
    type Form = FactsForm;
    type UseCase = EditCase;
    const TITLE: &'static str = "Facts";

    fn parse(path: &CaseFacts, form: &FactsForm) -> Result<EditCase, Errors> {
        let mut read = Reader::default();
        let title = read.given("title", &form.title, "say in one line what happened");
        let summary = read.set("summary", &form.summary);
        let occurred = read.set("occurred", &form.occurred);
        let detected = read.set("detected", &form.detected);
        let reported = read.set("reported", &form.reported);
        let acknowledged = read.set("acknowledged", &form.acknowledged);
        let contained = read.set("contained", &form.contained);
        let detection = read.set("detection", &form.detection);
        let detection_method = read.set("detection_method", &form.detection_method);
        let initial = impact(
            &mut read,
            [
                ("initial_confidentiality", &form.initial_confidentiality),
                ("initial_integrity", &form.initial_integrity),
                ("initial_availability", &form.initial_availability),
            ],
        );
        let outcome = impact(
            &mut read,
            [
                ("final_confidentiality", &form.final_confidentiality),
                ("final_integrity", &form.final_integrity),
                ("final_availability", &form.final_availability),
            ],
        );
        let now = read.words::<Tag>("tags", shown(&form.tags));
        let was = read.words::<Tag>("tags", shown(&form.was_tags));
        let tags = difference(now, was);
        let responders = names_changed(&mut read, "responders", &form.responders, &form.was_responders);
        let suppliers = names_changed(&mut read, "suppliers", &form.suppliers, &form.was_suppliers);
        let assets = names_changed(&mut read, "assets", &form.assets, &form.was_assets);
        let version = read.version(shown(&form.version));
        read.done()?;
        let (tags, responders, suppliers, assets) = (tags?, responders?, suppliers?, assets?);
        Ok(EditCase {
            case: Some(path.case),
            version: version?,
            title: title?,
            summary: summary?,
            occurred: occurred?,
            detected: detected?,
            reported: reported?,
            acknowledged: acknowledged?,
            contained: contained?,
            detection: detection?,
            detection_method: detection_method?,
            impact_initial: initial?,
            impact_final: outcome?,
            add_tags: tags.added.into_iter().collect(),
            remove_tags: tags.removed.into_iter().collect(),
            add_responders: responders.added,
            remove_responders: responders.removed,
            add_suppliers: suppliers.added,
            remove_suppliers: suppliers.removed,
            add_assets: linked(&assets.added)?,
            remove_assets: linked(&assets.removed)?.into_iter().map(|link| link.asset).collect(),
            ..EditCase::default()
        })
    }
}

impl Verb for ChangeFacts {
    const BUTTON: &'static str = "Save";

    fn back(path: &CaseFacts) -> Crumb {
        back_to(path.case, "facts")
    }

    fn begin(app: &App, viewer: &Viewer, path: &CaseFacts) -> Result<FactsForm, ServiceError> {
        Ok(FactsForm::of(case_of(app, viewer, path.case)?))
    }
}

/// The three of an impact go together.
fn impact(read: &mut Reader, three: [(&str, &Option<String>); 3]) -> Result<Option<Impact>, Bad> {
    let is_told = three.iter().any(|(_, level)| level.is_some());
    let [confidentiality, integrity, availability] =
        three.map(|(field, level)| read.optional(field, shown(level)));
    let impact =
        Impact { confidentiality: confidentiality?, integrity: integrity?, availability: availability? };
    Ok(is_told.then_some(impact))
}

/// What came to a list and what left it.
struct Difference<T> {
    added: Vec<T>,
    removed: Vec<T>,
}

fn names_changed(
    read: &mut Reader,
    field: &str,
    now: &Option<String>,
    was: &Option<String>,
) -> Result<Difference<Line>, Bad> {
    let now = read.names(field, shown(now));
    let was = read.names(field, shown(was));
    difference(now, was)
}

fn difference<T: Ord + Clone>(
    now: Result<Vec<T>, Bad>,
    was: Result<Vec<T>, Bad>,
) -> Result<Difference<T>, Bad> {
    let (now, was): (BTreeSet<T>, BTreeSet<T>) = (now?.into_iter().collect(), was?.into_iter().collect());
    Ok(Difference {
        added: now.difference(&was).cloned().collect(),
        removed: was.difference(&now).cloned().collect(),
    })
}

/// `Reader@v3` as the asset and its version.
fn linked(texts: &[Line]) -> Result<Vec<AssetLink>, Errors> {
    let line = |text: &str| {
        Line::parse(text).map_err(|error| {
            let mut errors = Errors::default();
            errors.add("assets", error);
            errors
        })
    };
    texts
        .iter()
        .map(|text| match text.as_str().rsplit_once('@') {
            Some((asset, version)) => Ok(AssetLink { asset: line(asset)?, version: Some(line(version)?) }),
            None => Ok(AssetLink { asset: text.clone(), version: None }),
        })
        .collect()
}
