//! Backups and health.

use std::io::{self, Write};

use nevertwice_service::backup::{BackupVerification, BackupView, RestoreView};
use nevertwice_service::doctor::{Health, HealthView};

use super::table::fact;

/// A backup that was made.
pub(crate) fn backup(backup: &BackupView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Backup made in {}", backup.backup)?;
    fact("Entries", Some(&backup.entries.to_string()), out)?;
    fact("Evidence files", Some(&backup.evidence_files.to_string()), out)?;
    fact("Size", Some(&format!("{} KiB", backup.size_bytes.div_ceil(1024))), out)?;
    let key =
        if backup.with_keys { "in it: guard it like the register" } else { "not in it: keep a copy apart" };
    fact("Signing key", Some(key), out)
}

/// A backup that was verified.
pub(crate) fn backup_verification(report: &BackupVerification, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "Made at {}: {} entries; {} files compared, {} of them evidence.",
        report.made_at, report.entries, report.files, report.evidence_files
    )?;
    if report.restored {
        writeln!(out, "Restored to a scratch place: {} rows compared with the trail.", report.rows)?;
    } else if report.ok {
        writeln!(
            out,
            "Its rows are compared with the trail when it is restored: that needs a database server."
        )?;
    }
    if report.ok {
        return writeln!(out, "The backup is whole.");
    }
    for finding in &report.findings {
        writeln!(out, "! {} {}: {}", finding.table, finding.reference, finding.detail)?;
    }
    Ok(())
}

/// A backup that was restored.
pub(crate) fn restored(restored: &RestoreView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Restored into {} what was backed up at {}.", restored.data, restored.made_at)?;
    fact("Entries", Some(&restored.entries.to_string()), out)?;
    if restored.entries_lost > 0 {
        fact("Entries lost", Some(&restored.entries_lost.to_string()), out)?;
    }
    fact("Evidence files", Some(&restored.evidence_files.to_string()), out)?;
    let key = if restored.signing_key {
        "in place"
    } else {
        "missing: put the copy back before the next checkpoint"
    };
    fact("Signing key", Some(key), out)
}

/// The register's health.
pub(crate) fn health(health: &HealthView, out: &mut dyn Write) -> io::Result<()> {
    for check in &health.checks {
        let mark = match check.state {
            Health::Well => "ok  ",
            Health::Advice => "note",
            Health::Failing => "FAIL",
        };
        writeln!(out, "{mark}  {:<12} {}", check.name, check.detail)?;
    }
    Ok(())
}
