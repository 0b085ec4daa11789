//! The files of the sample; `data/sample/README.md` describes them.

mod consequences;

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use nevertwice_domain::text::Line;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(super) use consequences::{
    ChangeEntry, ConsequencesFile, DeclarationEntry, LookEntry, OwnControlEntry, PerformanceEntry, RiskEntry,
    SaidEntry,
};

use super::calendar::Moment;
use super::{broken, line};
use crate::failure::Failure;

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/sample");

/// Everything of the sample.
pub(super) struct Sample {
    pub(super) company: CompanyFile,
    pub(super) assets: Vec<AssetEntry>,
    pub(super) lessons: Vec<LessonEntry>,
    pub(super) cases: Vec<CaseFile>,
    pub(super) consequences: ConsequencesFile,
}

/// Reads every file.
///
/// # Errors
/// A file that is not as its README says.
pub(super) fn read() -> Result<Sample, Failure> {
    let assets: AssetsFile = file("assets.toml")?;
    let lessons: LessonsFile = file("lessons.toml")?;
    let folder = SAMPLE.get_dir("cases").ok_or_else(|| broken("cases", "the folder is missing"))?;
    let names = folder.files().filter_map(|entry| entry.path().to_str());
    let cases = names.map(file).collect::<Result<Vec<CaseFile>, Failure>>()?;
    let consequences = file("consequences.toml")?;
    Ok(Sample {
        company: file("company.toml")?,
        assets: assets.asset,
        lessons: lessons.lesson,
        cases,
        consequences,
    })
}

fn file<T: DeserializeOwned>(name: &str) -> Result<T, Failure> {
    let text = SAMPLE.get_file(name).and_then(include_dir::File::contents_utf8);
    let text = text.ok_or_else(|| broken(name, "the file is missing"))?;
    toml::from_str(text).map_err(|error| broken(name, error))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompanyFile {
    pub(super) company: CompanyEntry,
    pub(super) severity: Vec<SeverityEntry>,
    pub(super) category: Vec<CategoryEntry>,
    pub(super) field: Vec<FieldEntry>,
    pub(super) person: Vec<PersonEntry>,
    pub(super) supplier: Vec<SupplierEntry>,
    pub(super) procedure: Vec<ProcedureEntry>,
}

impl CompanyFile {
    /// The words for 1 to 5.
    pub(super) fn severity_words(&self) -> Result<Vec<Line>, Failure> {
        (1..=5u8)
            .map(|level| {
                let entry = self.severity.iter().find(|entry| entry.level == level);
                line(
                    &entry
                        .ok_or_else(|| broken("company.toml", format!("severity {level} is missing")))?
                        .label,
                )
            })
            .collect()
    }
}

/// A version of the company's procedure; rules that are not named are those of the version before.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcedureEntry {
    pub(super) approved: Moment,
    pub(super) author: String,
    pub(super) approver: String,
    pub(super) summary: String,
    #[serde(default)]
    pub(super) lessons: Vec<String>,
    #[serde(default)]
    pub(super) reviews: Vec<String>,
    #[serde(default)]
    pub(super) holidays: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct CompanyEntry {
    pub(super) name: String,
    pub(super) time_zone: String,
    pub(super) currency: String,
    pub(super) register_started: Moment,
}

#[derive(Deserialize)]
pub(super) struct SeverityEntry {
    pub(super) level: u8,
    pub(super) label: String,
}

#[derive(Deserialize)]
pub(super) struct CategoryEntry {
    pub(super) label: String,
}

#[derive(Deserialize)]
pub(super) struct FieldEntry {
    pub(super) subject: String,
    pub(super) key: String,
    pub(super) label: String,
    pub(super) kind: String,
    #[serde(default)]
    pub(super) choices: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct PersonEntry {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
    #[serde(default)]
    pub(super) roles: Vec<String>,
    pub(super) status: String,
}

#[derive(Deserialize)]
pub(super) struct SupplierEntry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) provides: String,
    pub(super) contact: String,
    pub(super) agreement: String,
    pub(super) contingency_plan: String,
}

#[derive(Deserialize)]
struct AssetsFile {
    asset: Vec<AssetEntry>,
}

#[derive(Deserialize)]
pub(super) struct AssetEntry {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) description: String,
    pub(super) owner: String,
    pub(super) supplier: Option<String>,
    #[serde(default)]
    pub(super) version: Vec<VersionEntry>,
}

#[derive(Deserialize)]
pub(super) struct VersionEntry {
    pub(super) label: String,
    pub(super) released: Moment,
    pub(super) sha256: String,
}

#[derive(Deserialize)]
struct LessonsFile {
    lesson: Vec<LessonEntry>,
}

#[derive(Deserialize)]
pub(super) struct LessonEntry {
    pub(super) id: String,
    pub(super) statement: String,
    pub(super) detail: String,
    pub(super) author: String,
    pub(super) drafted: Moment,
    pub(super) approver: Option<String>,
    pub(super) approved: Option<Moment>,
    /// When it was approved again, after what put it to work had failed.
    pub(super) approved_again: Option<Moment>,
    pub(super) review_on: Option<Moment>,
    pub(super) retired: Option<RetiredEntry>,
    pub(super) coverage: Option<CoverageEntry>,
    pub(super) awareness: Option<AwarenessEntry>,
}

#[derive(Deserialize)]
pub(super) struct CoverageEntry {
    pub(super) kind: String,
    pub(super) covered_by: String,
    pub(super) reason: String,
    pub(super) at: Moment,
    pub(super) by: String,
}

#[derive(Deserialize)]
pub(super) struct AwarenessEntry {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) until: Moment,
    /// Who has acknowledged it, a day later.
    #[serde(default)]
    pub(super) read_by: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RetiredEntry {
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) reason: String,
}

#[derive(Deserialize)]
pub(super) struct CaseFile {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) class: String,
    pub(super) severity: u8,
    pub(super) category: String,
    #[serde(default)]
    pub(super) reclassified: Vec<ReclassifiedEntry>,
    #[serde(default)]
    pub(super) steps: Vec<StepEntry>,
    #[serde(default)]
    pub(super) tags: Vec<String>,
    pub(super) origin: String,
    pub(super) origin_reference: Option<String>,
    pub(super) state: String,
    pub(super) part_of: Option<String>,
    pub(super) reporter: Option<String>,
    #[serde(default)]
    pub(super) responders: Vec<String>,
    pub(super) detection: Option<DetectionEntry>,
    pub(super) impact: Option<ImpactEntry>,
    pub(super) decision: Option<DecisionEntry>,
    pub(super) restricted: Option<RestrictedEntry>,
    #[serde(default)]
    pub(super) suppliers: Vec<String>,
    #[serde(default)]
    pub(super) assets: Vec<AssetUse>,
    #[serde(default)]
    pub(super) timeline: Vec<TimelineEntry>,
    #[serde(default)]
    pub(super) costs: Vec<CostEntry>,
    #[serde(default)]
    pub(super) comments: Vec<CommentEntry>,
    #[serde(default)]
    pub(super) lessons: Vec<String>,
    pub(super) times: BTreeMap<String, Moment>,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, toml::Value>,
    pub(super) ai: Option<toml::Value>,
    #[serde(default)]
    pub(super) evidence: Vec<EvidenceEntry>,
    #[serde(default)]
    pub(super) review: Vec<ReviewEntry>,
    #[serde(default)]
    pub(super) action: Vec<ActionEntry>,
}

#[derive(Deserialize)]
pub(super) struct ReclassifiedEntry {
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Deserialize)]
pub(super) struct StepEntry {
    pub(super) to: String,
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct DetectionEntry {
    pub(super) source: String,
    pub(super) method: String,
}

#[derive(Deserialize)]
pub(super) struct ImpactEntry {
    pub(super) initial: nevertwice_domain::case::Impact,
    #[serde(rename = "final")]
    pub(super) final_: Option<nevertwice_domain::case::Impact>,
}

#[derive(Deserialize)]
pub(super) struct DecisionEntry {
    pub(super) outcome: String,
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) criteria: String,
}

#[derive(Deserialize)]
pub(super) struct RestrictedEntry {
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) readers: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct AssetUse {
    pub(super) asset: String,
    pub(super) version: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct TimelineEntry {
    pub(super) kind: String,
    pub(super) at: Moment,
    pub(super) source: Option<String>,
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct CostEntry {
    pub(super) kind: String,
    pub(super) incurred: Moment,
    pub(super) basis: String,
    pub(super) amount_minor: Option<i64>,
    pub(super) labour_minutes: Option<u32>,
    pub(super) hourly_rate_minor: Option<i64>,
    pub(super) minimum_minor: Option<i64>,
    pub(super) maximum_minor: Option<i64>,
    pub(super) note: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CommentEntry {
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) text: String,
}

#[derive(Deserialize)]
pub(super) struct EvidenceEntry {
    pub(super) name: String,
    pub(super) collected: Moment,
    pub(super) by: String,
    pub(super) content: String,
}

#[derive(Deserialize)]
pub(super) struct ReviewEntry {
    pub(super) kind: String,
    pub(super) facilitator: String,
    #[serde(default)]
    pub(super) participants: Vec<String>,
    pub(super) opened: Moment,
    pub(super) opened_by: String,
    pub(super) scheduled: Option<Moment>,
    pub(super) held: Option<Moment>,
    pub(super) drafted: Option<Moment>,
    pub(super) author: Option<String>,
    pub(super) approved: Option<Moment>,
    pub(super) approver: Option<String>,
    pub(super) problem: String,
    pub(super) minutes: Option<String>,
    pub(super) evaluation: Option<EvaluationEntry>,
    pub(super) similar: Option<SimilarEntry>,
    #[serde(default)]
    pub(super) cause: Vec<CauseEntry>,
}

/// How the response went.
#[derive(Deserialize)]
pub(super) struct EvaluationEntry {
    pub(super) went_well: String,
    pub(super) was_lucky: Option<String>,
    pub(super) surprised: Option<String>,
    pub(super) followed: String,
    pub(super) deviations: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct SimilarEntry {
    #[serde(default)]
    pub(super) searched: Option<String>,
    pub(super) finding: String,
}

#[derive(Deserialize)]
pub(super) struct CauseEntry {
    pub(super) id: String,
    pub(super) effect: Option<String>,
    pub(super) kind: String,
    pub(super) link: String,
    pub(super) confidence: String,
    #[serde(default)]
    pub(super) primary: bool,
    pub(super) category: Option<String>,
    pub(super) changeable: Option<String>,
    pub(super) accepted: Option<String>,
    pub(super) statement: String,
    pub(super) support: Option<String>,
    #[serde(default)]
    pub(super) evidence: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct ActionEntry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) lesson: Option<String>,
    pub(super) purpose: String,
    pub(super) kind: String,
    pub(super) owner: String,
    pub(super) created: Moment,
    pub(super) created_by: String,
    pub(super) due: Moment,
    /// Why then, where it is later than the procedure allows.
    pub(super) due_reason: Option<String>,
    /// The action that did not work: judging that opens this one.
    pub(super) follows: Option<String>,
    #[serde(default)]
    pub(super) moves: Vec<MoveEntry>,
    pub(super) started: Option<Moment>,
    pub(super) not_doing: Option<NotDoingEntry>,
    pub(super) completion: Option<CompletionEntry>,
    #[serde(default)]
    pub(super) check: Vec<CheckEntry>,
}

#[derive(Deserialize)]
pub(super) struct MoveEntry {
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) to: Moment,
    pub(super) reason: String,
}

#[derive(Deserialize)]
pub(super) struct NotDoingEntry {
    pub(super) at: Moment,
    pub(super) approver: String,
    pub(super) until: Moment,
    pub(super) reason: String,
}

#[derive(Deserialize)]
pub(super) struct CompletionEntry {
    pub(super) at: Moment,
    pub(super) by: String,
    pub(super) note: String,
    pub(super) evidence_name: Option<String>,
    pub(super) evidence_content: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CheckEntry {
    pub(super) planned: Moment,
    /// Why then, where it is later than the procedure allows.
    pub(super) late_reason: Option<String>,
    pub(super) judge: Option<String>,
    pub(super) measure: String,
    pub(super) judged: Option<Moment>,
    pub(super) outcome: Option<String>,
    pub(super) evidence: Option<String>,
}
