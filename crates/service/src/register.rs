//! The register as a whole: does it agree with its trail, is it in good health?

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::permission::Verb;
use nevertwice_store::case as cases;
use nevertwice_store::trail::{read, verify};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::checkpoint;
use crate::error::ServiceError;
use crate::evidence;
use crate::folder::Folder;
use crate::keys;
use crate::use_case::{Asked, Progress, UseCase};

/// Compares every row of the register, every evidence file and every logged checkpoint with the trail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerifyTrail {}

/// What a verification found.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VerificationView {
    /// Whether all is well.
    pub ok: bool,
    /// Entries of the trail.
    pub entries: u64,
    /// Records compared.
    pub objects: u64,
    /// Rows compared.
    pub rows: u64,
    /// Evidence files compared with their hashes.
    pub files: u64,
    /// Logged checkpoints that the trail still begins with; none are compared without the verifier key.
    #[serde(default)]
    pub checkpoints: u64,
    /// Logged checkpoints of a history that a restore gave up.
    #[serde(default)]
    pub checkpoints_set_aside: u64,
    /// Values erased from the trail.
    pub erased: u64,
    /// The root of the tree, base64.
    pub root: String,
    /// What is wrong.
    pub findings: Vec<FindingView>,
}

/// One thing that is not as the trail says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FindingView {
    /// The table, `evidence file`, or `checkpoints.log`.
    pub table: String,
    /// The record's reference.
    pub reference: String,
    /// What is wrong.
    pub detail: String,
}

impl UseCase for VerifyTrail {
    type Output = VerificationView;
    const NAME: &'static str = "verify_trail";

    fn run(self, asked: &Asked<'_>) -> Result<VerificationView, ServiceError> {
        let (report, files, hashes) = asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadTrail)?;
            let mut tell = |done| (asked.progress)(Progress { done, total: None });
            let report = verify::verify(unit.tx, &mut tell)?;
            Ok((report, cases::every_file(unit.tx)?, read::hashes(unit.tx)?))
        })?;
        let folder = asked.service.folder();
        let mut findings: Vec<FindingView> = report.findings.iter().map(FindingView::of).collect();
        findings.extend(verify_files(folder, &files));
        let logged = verify_checkpoints(folder, &hashes, &mut findings)?;
        Ok(VerificationView {
            ok: findings.is_empty(),
            entries: report.entry_count,
            objects: report.object_count,
            rows: report.row_count,
            files: files.len() as u64,
            checkpoints: logged.verified,
            checkpoints_set_aside: logged.set_aside,
            erased: report.erased_count,
            root: report.root.map(|root| root.to_string()).unwrap_or_default(),
            findings,
        })
    }
}

impl FindingView {
    /// A finding of the store.
    pub(crate) fn of(finding: &verify::Finding) -> Self {
        Self {
            table: finding.table.clone(),
            reference: finding.reference.clone(),
            detail: finding.detail.clone(),
        }
    }
}

fn verify_files(folder: &Folder, files: &[(Sha256Text, u64)]) -> Vec<FindingView> {
    let folder = folder.evidence();
    let failed = |(sha256, _): &(Sha256Text, u64)| {
        let error = evidence::check(&folder, sha256).err()?;
        let (table, reference) = ("evidence file".to_owned(), sha256.to_string());
        Some(FindingView { table, reference, detail: error.message })
    };
    files.iter().filter_map(failed).collect()
}

fn verify_checkpoints(
    folder: &Folder,
    hashes: &[[u8; 32]],
    findings: &mut Vec<FindingView>,
) -> Result<checkpoint::LogReport, ServiceError> {
    let Some(key) = keys::verifier(folder)? else { return Ok(checkpoint::LogReport::default()) };
    let report = checkpoint::verify_log(&folder.checkpoints(), &key, hashes)?;
    findings.extend(report.findings.iter().map(|(line, detail)| FindingView {
        table: "checkpoints.log".to_owned(),
        reference: format!("line {line}"),
        detail: detail.clone(),
    }));
    Ok(report)
}
