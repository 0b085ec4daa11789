//! Archives.

use std::io::{self, Write};

use nevertwice_service::archive::{ArchiveView, ImportedView};

use super::table::fact;

/// An archive that was written.
pub(crate) fn archive(archive: &ArchiveView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Archive written to {}", archive.archive)?;
    fact("Entries", Some(&archive.entries.to_string()), out)?;
    fact("Rows", Some(&archive.rows.to_string()), out)?;
    fact("Evidence files", Some(&archive.evidence_files.to_string()), out)?;
    fact("Size", Some(&format!("{} KiB", archive.size_bytes.div_ceil(1024))), out)?;
    fact("Sum of its sums", Some(&archive.sha256), out)?;
    writeln!(out, "Guard it like the register: restricted cases are in it. Tokens and keys are not.")
}

/// An archive that was imported.
pub(crate) fn imported(imported: &ImportedView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Imported into {}; every row is as the trail says.", imported.data)?;
    fact("Register", Some(&imported.store), out)?;
    fact("Entries", Some(&imported.entries.to_string()), out)?;
    fact("Rows", Some(&imported.rows.to_string()), out)?;
    fact("Evidence files", Some(&imported.evidence_files.to_string()), out)?;
    match (&imported.new_key, imported.signing_key) {
        (Some(key), _) => fact("New key", Some(key), out)?,
        (None, true) => fact("Signing key", Some("in place"), out)?,
        (None, false) => {
            fact("Signing key", Some("missing: put the copy in place before the next checkpoint"), out)?;
        }
    }
    writeln!(out, "Tokens were not in the archive; make new ones with: nevertwice person token NAME")
}
