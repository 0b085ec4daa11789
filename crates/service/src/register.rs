//! The register as a whole: does it agree with its trail, is it in good health?

use nevertwice_domain::permission::Verb;
use nevertwice_store::case as cases;
use nevertwice_store::trail::verify;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::evidence;
use crate::use_case::{Asked, Progress, UseCase};

/// Compares every row of the register, and every evidence file, with the trail.
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
    /// The table, or `evidence file`.
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
        let (report, files) = asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadTrail)?;
            let mut tell = |done| (asked.progress)(Progress { done, total: None });
            Ok((verify::verify(unit.tx, &mut tell)?, cases::every_file(unit.tx)?))
        })?;
        let mut findings: Vec<FindingView> = report
            .findings
            .into_iter()
            .map(|finding| FindingView {
                table: finding.table,
                reference: finding.reference,
                detail: finding.detail,
            })
            .collect();
        let folder = asked.service.folder().evidence();
        for (sha256, _) in &files {
            if let Err(error) = evidence::check(&folder, sha256) {
                findings.push(FindingView {
                    table: "evidence file".to_owned(),
                    reference: sha256.to_string(),
                    detail: error.message,
                });
            }
        }
        Ok(VerificationView {
            ok: findings.is_empty(),
            entries: report.entry_count,
            objects: report.object_count,
            rows: report.row_count,
            files: files.len() as u64,
            erased: report.erased_count,
            root: report.root.map(|root| root.to_string()).unwrap_or_default(),
            findings,
        })
    }
}
