//! The AI impact block: what an incident did to data, models and their suppliers.

use nevertwice_domain::case::{
    AiImpact, AiStage, BasisPoints, Confidentiality, DatasetExposure, ImpactDecision, Integrity, Quality,
    SupplyChain, SupplyLayer,
};
use nevertwice_service::ServiceError;
use nevertwice_service::case::EditCase;
use nevertwice_service::set::Set;

use super::{back_to, case_of};
use crate::app::App;
use crate::form::{Bad, Errors, Reader, form};
use crate::help::Help;
use crate::paths::AiImpactOf;
use crate::ui::{Crumb, Field, FieldKind, choices};
use crate::verb::{Act, Form, Verb};
use crate::viewer::Viewer;

/// Describes what happened to data, models and suppliers.
pub(crate) struct DescribeAiImpact;

form! {
    /// The AI impact block; every part is optional.
    AiImpactForm {
        /// Stages touched, apart by commas.
        stages,
        /// Datasets exposed, one a line: name, then behind semicolons version, records, people, contracts.
        datasets,
        /// `yes` if model weights left our hands.
        weights,
        /// `yes` if prompts were seen.
        prompts,
        /// `yes` if embeddings were seen.
        embeddings,
        /// `yes` if poisoned data is suspected.
        poisoning_suspected,
        /// `yes` if a backdoor is suspected.
        backdoor_suspected,
        /// Share of the data in percent, such as `0.25`.
        share,
        /// Beginning of the window.
        tampered_from,
        /// End of the window.
        tampered_until,
        /// Hash of the checkpoint before.
        checkpoint_before,
        /// Hash of the checkpoint after.
        checkpoint_after,
        /// Evaluation metric.
        metric,
        /// Its value before.
        metric_before,
        /// Its value after.
        metric_after,
        /// Output degraded since.
        degraded_from,
        /// Output degraded until.
        degraded_until,
        /// What is measured of the output.
        quality_metric,
        /// The value beyond which it counts as degraded.
        quality_threshold,
        /// Which layer of the supply chain.
        layer,
        /// When the supplier knew.
        supplier_knew,
        /// When the supplier told us.
        supplier_told,
        /// When the supplier had it mended.
        supplier_fixed,
        /// Within how many hours the contract says they tell us.
        contract_hours,
        /// `yes` or `no`: whether the contingency plan was used.
        contingency_plan_used,
        /// `roll_back`, `retrain`, `unlearn` or `accept`.
        decision,
        /// What shows that it was carried out.
        decision_proof,
        /// The version that was seen.
        version,
    }
}

impl Form for AiImpactForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let check = |name, label, value| Field::new(name, label, value).kind(FieldKind::Check);
        let short = |name, label, value| Field::new(name, label, value).kind(FieldKind::When);
        vec![
            Field::new("stages", "Stages touched", &self.stages)
                .hint("Of collect, label, train, fine_tune, evaluate, deploy, infer, retrieve, agent; apart by commas"),
            Field::new("datasets", "Datasets exposed", &self.datasets)
                .hint("One a line: name; version; records; people; licences or contracts touched")
                .kind(FieldKind::Prose { rows: 3 }),
            check("weights", "Model weights left our hands", &self.weights),
            check("prompts", "Prompts were seen", &self.prompts),
            check("embeddings", "Embeddings were seen", &self.embeddings),
            check("poisoning_suspected", "Poisoned data is suspected", &self.poisoning_suspected),
            check("backdoor_suspected", "A backdoor is suspected", &self.backdoor_suspected),
            short("share", "Share of the data in percent", &self.share),
            short("tampered_from", "Tampered with since", &self.tampered_from),
            short("tampered_until", "Tampered with until", &self.tampered_until),
            Field::new("checkpoint_before", "Checkpoint before (hash)", &self.checkpoint_before),
            Field::new("checkpoint_after", "Checkpoint after (hash)", &self.checkpoint_after),
            Field::new("metric", "Evaluation metric", &self.metric),
            short("metric_before", "Its value before", &self.metric_before),
            short("metric_after", "Its value after", &self.metric_after),
            short("degraded_from", "Output degraded since", &self.degraded_from),
            short("degraded_until", "Output degraded until", &self.degraded_until),
            Field::new("quality_metric", "What is measured of the output", &self.quality_metric),
            short("quality_threshold", "Degraded beyond", &self.quality_threshold),
            Field::new("layer", "Layer of the supply chain", &self.layer)
                .kind(FieldKind::Select { choices: choices::<SupplyLayer>(), none: Some("None") }),
            short("supplier_knew", "The supplier knew", &self.supplier_knew),
            short("supplier_told", "The supplier told us", &self.supplier_told),
            short("supplier_fixed", "The supplier had it mended", &self.supplier_fixed),
            short("contract_hours", "Hours within which the contract says they tell us", &self.contract_hours),
            short("contingency_plan_used", "Contingency plan used", &self.contingency_plan_used)
                .hint("yes or no"),
            Field::new("decision", "What was decided", &self.decision)
                .kind(FieldKind::Select { choices: choices::<ImpactDecision>(), none: Some("Nothing yet") }),
            Field::new("decision_proof", "What shows that it was carried out", &self.decision_proof)
                .kind(FieldKind::Prose { rows: 3 }),
            Field::hidden("version", &self.version),
        ]
    }
}

impl AiImpactForm {
    fn of(impact: &AiImpact, version: u64) -> Self {
        let confidentiality = impact.confidentiality.clone().unwrap_or_default();
        let integrity = impact.integrity.clone().unwrap_or_default();
        let quality = impact.quality.clone().unwrap_or_default();
        let chain = impact.supply_chain.clone().unwrap_or_default();
        let stages: Vec<_> = impact.stages.iter().map(|stage| stage.as_str()).collect();
        Self {
            stages: stages.join(", "),
            datasets: confidentiality.datasets.iter().map(dataset_line).collect::<Vec<_>>().join("\n"),
            weights: yes(confidentiality.weights),
            prompts: yes(confidentiality.prompts),
            embeddings: yes(confidentiality.embeddings),
            poisoning_suspected: yes(integrity.poisoning_suspected),
            backdoor_suspected: yes(integrity.backdoor_suspected),
            share: integrity.share_basis_points.map(percent).unwrap_or_default(),
            tampered_from: text(integrity.from),
            tampered_until: text(integrity.until),
            checkpoint_before: text(integrity.checkpoint_before),
            checkpoint_after: text(integrity.checkpoint_after),
            metric: text(integrity.metric),
            metric_before: text(integrity.metric_before),
            metric_after: text(integrity.metric_after),
            degraded_from: text(quality.from),
            degraded_until: text(quality.until),
            quality_metric: text(quality.metric),
            quality_threshold: text(quality.threshold),
            layer: text(chain.layer),
            supplier_knew: text(chain.supplier_knew),
            supplier_told: text(chain.supplier_told),
            supplier_fixed: text(chain.supplier_fixed),
            contract_hours: text(chain.contract_hours),
            contingency_plan_used: chain
                .contingency_plan_used
                .map(|used| if used { "yes" } else { "no" }.to_owned())
                .unwrap_or_default(),
            decision: text(impact.decision),
            decision_proof: text(impact.decision_proof.clone()),
            version: version.to_string(),
        }
    }
}

impl Act for DescribeAiImpact {
    type Path = AiImpactOf;
    type Form = AiImpactForm;
    type UseCase = EditCase;
    const TITLE: &'static str = "AI impact";
    const OPERATION: &'static str = "describe_ai_impact";
    const LEAD: &'static str =
        "What it did to data, models and their suppliers. Fill in what is known; the rest stays open.";

    fn parse(path: &AiImpactOf, form: &AiImpactForm) -> Result<EditCase, Errors> {
        let mut read = Reader::default();
        let stages = read.words::<AiStage>("stages", &form.stages);
        let confidentiality = confidentiality(&mut read, form);
        let integrity = integrity(&mut read, form);
        let quality = quality(&mut read, form);
        let supply_chain = supply_chain(&mut read, form);
        let decision = read.optional::<ImpactDecision>("decision", &form.decision);
        let decision_proof = read.optional("decision_proof", &form.decision_proof);
        let version = read.version(&form.version);
        read.done()?;
        let impact = AiImpact {
            stages: stages?,
            confidentiality: some(confidentiality?),
            integrity: some(integrity?),
            quality: some(quality?),
            supply_chain: some(supply_chain?),
            decision: decision?,
            decision_proof: decision_proof?,
        };
        let ai_impact = if impact == AiImpact::default() { Set::Clear } else { Set::To(impact) };
        Ok(EditCase {
            case: Some(path.case),
            version: version?,
            ai_impact: Some(ai_impact),
            ..EditCase::default()
        })
    }
}

impl Verb for DescribeAiImpact {
    const BUTTON: &'static str = "Save";

    fn back(path: &AiImpactOf) -> Crumb {
        back_to(path.case, "ai-impact")
    }

    fn begin(app: &App, viewer: &Viewer, path: &AiImpactOf) -> Result<AiImpactForm, ServiceError> {
        let case = case_of(app, viewer, path.case)?;
        Ok(AiImpactForm::of(&case.ai_impact.unwrap_or_default(), case.version))
    }
}

fn confidentiality(read: &mut Reader, form: &AiImpactForm) -> Result<Confidentiality, Bad> {
    let lines = form.datasets.lines().map(str::trim).filter(|line| !line.is_empty());
    let datasets: Vec<_> = lines.map(|line| dataset(read, line)).collect();
    let weights = read.is_yes("weights", &form.weights);
    let prompts = read.is_yes("prompts", &form.prompts);
    let embeddings = read.is_yes("embeddings", &form.embeddings);
    Ok(Confidentiality {
        datasets: datasets.into_iter().collect::<Result<_, _>>()?,
        weights: weights?,
        prompts: prompts?,
        embeddings: embeddings?,
    })
}

/// `name; version; records; people; contracts`.
fn dataset(read: &mut Reader, line: &str) -> Result<DatasetExposure, Bad> {
    let mut parts = line.splitn(5, ';');
    let mut part = || parts.next().unwrap_or_default();
    let name = read.required("datasets", part(), "begin each line with the name of the dataset");
    let version = read.optional("datasets", part());
    let records = read.optional("datasets", part());
    let people = read.optional("datasets", part());
    let contracts = read.optional("datasets", part());
    Ok(DatasetExposure {
        dataset: name?,
        version: version?,
        records: records?,
        people: people?,
        contracts: contracts?,
    })
}

fn dataset_line(exposure: &DatasetExposure) -> String {
    let parts = [
        exposure.dataset.to_string(),
        text(exposure.version.clone()),
        text(exposure.records),
        text(exposure.people),
        text(exposure.contracts.clone()).replace('\n', " "),
    ];
    let line = parts.join("; ");
    line.trim_end_matches([';', ' ']).to_owned()
}

fn integrity(read: &mut Reader, form: &AiImpactForm) -> Result<Integrity, Bad> {
    let poisoning = read.is_yes("poisoning_suspected", &form.poisoning_suspected);
    let backdoor = read.is_yes("backdoor_suspected", &form.backdoor_suspected);
    let share = share(read, &form.share);
    let from = read.optional("tampered_from", &form.tampered_from);
    let until = read.optional("tampered_until", &form.tampered_until);
    let checkpoint_before = read.optional("checkpoint_before", &form.checkpoint_before);
    let checkpoint_after = read.optional("checkpoint_after", &form.checkpoint_after);
    let metric = read.optional("metric", &form.metric);
    let metric_before = read.optional("metric_before", &form.metric_before);
    let metric_after = read.optional("metric_after", &form.metric_after);
    Ok(Integrity {
        poisoning_suspected: poisoning?,
        backdoor_suspected: backdoor?,
        share_basis_points: share?,
        from: from?,
        until: until?,
        checkpoint_before: checkpoint_before?,
        checkpoint_after: checkpoint_after?,
        metric: metric?,
        metric_before: metric_before?,
        metric_after: metric_after?,
    })
}

fn quality(read: &mut Reader, form: &AiImpactForm) -> Result<Quality, Bad> {
    let from = read.optional("degraded_from", &form.degraded_from);
    let until = read.optional("degraded_until", &form.degraded_until);
    let metric = read.optional("quality_metric", &form.quality_metric);
    let threshold = read.optional("quality_threshold", &form.quality_threshold);
    Ok(Quality { from: from?, until: until?, metric: metric?, threshold: threshold? })
}

fn supply_chain(read: &mut Reader, form: &AiImpactForm) -> Result<SupplyChain, Bad> {
    let layer = read.optional::<SupplyLayer>("layer", &form.layer);
    let supplier_knew = read.optional("supplier_knew", &form.supplier_knew);
    let supplier_told = read.optional("supplier_told", &form.supplier_told);
    let supplier_fixed = read.optional("supplier_fixed", &form.supplier_fixed);
    let contract_hours = read.optional("contract_hours", &form.contract_hours);
    let plan = match form.contingency_plan_used.trim() {
        "" => Ok(None),
        "yes" => Ok(Some(true)),
        "no" => Ok(Some(false)),
        other => {
            read.refuse("contingency_plan_used", format!("{other:?} is no answer; expected yes or no"));
            Err(Bad)
        }
    };
    Ok(SupplyChain {
        layer: layer?,
        supplier_knew: supplier_knew?,
        supplier_told: supplier_told?,
        supplier_fixed: supplier_fixed?,
        contract_hours: contract_hours?,
        contingency_plan_used: plan?,
    })
}

/// A percentage with at most two decimals, kept in hundredths of a percent.
fn share(read: &mut Reader, typed: &str) -> Result<Option<BasisPoints>, Bad> {
    let typed = typed.trim().trim_end_matches('%').trim_end();
    if typed.is_empty() {
        return Ok(None);
    }
    let (whole, part) = typed.split_once(['.', ',']).unwrap_or((typed, ""));
    let digits = format!("{whole}{part:0<2}");
    let is_exact = part.len() <= 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let share = is_exact.then(|| digits.parse::<u16>().ok()).flatten();
    match share.and_then(|share| BasisPoints::try_from(share).ok()) {
        Some(share) => Ok(Some(share)),
        None => {
            read.refuse(
                "share",
                format!("{typed:?} is no percentage; expected 0 to 100, at most two decimals"),
            );
            Err(Bad)
        }
    }
}

fn percent(share: BasisPoints) -> String {
    let points = u16::from(share);
    format!("{}.{:02}", points / 100, points % 100)
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "" }.to_owned()
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Nothing, if no part of it is filled in.
fn some<T: Default + PartialEq>(part: T) -> Option<T> {
    (part != T::default()).then_some(part)
}
