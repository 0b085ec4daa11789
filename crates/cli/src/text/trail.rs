//! Verification, checkpoints, bundles.

use std::io::{self, Write};

use nevertwice_service::bundle::{BundleView, ExportView};
use nevertwice_service::register::VerificationView;

use super::table::fact;

/// Tables whose rows nothing in the trail speaks of.
const NOT_COVERED: &str = "store_info, import_rows, import_profiles, schema_migrations";

/// A verification of the trail.
pub(crate) fn verification(report: &VerificationView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{} entries, {} records, {} rows, {} evidence files, {} checkpoints compared.",
        report.entries, report.objects, report.rows, report.files, report.checkpoints
    )?;
    if report.checkpoints_set_aside > 0 {
        let count = report.checkpoints_set_aside;
        writeln!(out, "{count} checkpoint(s) are of a history that a restore gave up.")?;
    }
    writeln!(out, "Root of the trail: {}", report.root)?;
    if report.ok {
        return writeln!(
            out,
            "Every row of the tables that the trail covers is as it says. Not covered: {}.",
            NOT_COVERED
        );
    }
    for finding in &report.findings {
        writeln!(out, "! {} {}: {}", finding.table, finding.reference, finding.detail)?;
    }
    Ok(())
}

/// A bundle that was written. Its scope says whether it is of a sample.
pub(crate) fn export(export: &ExportView, out: &mut dyn Write) -> io::Result<()> {
    let size = export.checkpoint.size;
    writeln!(
        out,
        "Written to {}: {} of {size} entries in full, the others as hashes.",
        export.file, export.in_scope
    )?;
    writeln!(out, "In scope: {}", export.scope)?;
    writeln!(out, "\nVerify it with this key, which has to reach the reader by another way:")?;
    writeln!(out, "  {}", export.checkpoint.key)
}

/// A bundle that was verified.
pub(crate) fn bundle(bundle: &BundleView, out: &mut dyn Write) -> io::Result<()> {
    if let Some(refusal) = &bundle.refusal {
        return writeln!(out, "REFUSED: {refusal}");
    }
    writeln!(out, "The bundle is genuine: signed by the key of {}.", bundle.origin)?;
    fact("In scope", bundle.scope.as_deref(), out)?;
    fact("Exported", bundle.exported_at.as_deref(), out)?;
    fact("Entries", Some(&format!("{}, of which {} in full", bundle.size, bundle.in_scope)), out)?;
    let objects: Vec<String> = bundle.objects.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    fact("Records", Some(&objects.join(", ")), out)?;
    fact("Values proved", Some(&bundle.proved.to_string()), out)?;
    fact("Root", bundle.root.as_deref(), out)?;
    match bundle.previous_size {
        Some(size) => writeln!(out, "It begins with the {size} entries of the earlier checkpoint.")?,
        None => writeln!(out, "It was not compared with an earlier checkpoint (--previous).")?,
    }
    for value in &bundle.erased {
        writeln!(out, "erased: {} in entry {}", value.field, value.entry)?;
    }
    Ok(())
}
