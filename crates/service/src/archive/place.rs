//! The folder of an archive that is to be imported: what must be in it, and nothing else.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_exchange::archive::{
    ArchiveError, EVIDENCE, KindOfRow, LineReader, MANIFEST, MAX_MANIFEST_BYTES, Manifest, SUMS, VIEWS,
    compare_sums, sums,
};
use nevertwice_store::archive::{self as store, Columns, Table};
use sha2::{Digest, Sha256};

use crate::error::{Kind, ServiceError};
use crate::folder::cannot;

/// An archive whose files are all there.
pub(super) struct Place {
    root: PathBuf,
    /// What the archive says of itself.
    pub(super) manifest: Manifest,
    /// Its evidence files, in the order of their hashes.
    pub(super) evidence: Vec<Sha256Text>,
    /// The hash of its list of sums.
    pub(super) sha256: Sha256Text,
}

impl Place {
    /// Looks at an archive from outside: its manifest, its list of sums, which files there are.
    ///
    /// # Errors
    /// It is none, of another version, or a file is missing or too many.
    pub(super) fn open(root: &Path) -> Result<Self, ServiceError> {
        if !root.join(MANIFEST).exists() {
            let message = format!("{} is no archive: it has no {MANIFEST}", root.display());
            return Err(ServiceError::new(Kind::NotFound, "archive.none", message));
        }
        let bytes = read_start(root, MANIFEST, MAX_MANIFEST_BYTES)?;
        let manifest = Manifest::from_bytes(&bytes)?;
        expect_kinds(&manifest)?;
        let evidence = evidence_in(root)?;
        expect_files(root, &manifest)?;
        if evidence.len() as u64 != manifest.evidence.files {
            let (expected, found) = (manifest.evidence.files, evidence.len());
            return Err(damaged(format!("{EVIDENCE}: expected {expected} files, found {found}")));
        }
        let expected = sums(&bytes, &manifest, &evidence);
        let list = read_start(root, SUMS, expected.len())?;
        compare_sums(&expected, &String::from_utf8_lossy(&list))?;
        let sha256 = Sha256Text::from_digest(&Sha256::digest(&list).into());
        Ok(Self { root: root.to_owned(), manifest, evidence, sha256 })
    }

    /// The folder of the evidence files.
    pub(super) fn evidence_folder(&self) -> PathBuf {
        self.root.join(EVIDENCE)
    }

    /// The files of rows in their order, each with its table and columns.
    pub(super) fn kinds(&self) -> Result<Vec<(&KindOfRow, &'static Table, Columns)>, ServiceError> {
        let known = |kind| store::tables().iter().find(|table| table.name() == kind);
        self.manifest
            .kinds
            .iter()
            .map(|kind| {
                let table =
                    known(&kind.kind).ok_or_else(|| damaged(format!("{MANIFEST}: unknown {}", kind.kind)))?;
                let columns = table
                    .columns_named(&kind.columns)
                    .map_err(|detail| damaged(format!("{MANIFEST}: {detail}")))?;
                Ok((kind, table, columns))
            })
            .collect()
    }

    /// A reader of a file of rows.
    pub(super) fn reader(&self, kind: &KindOfRow) -> Result<LineReader<File>, ServiceError> {
        let name = kind.file();
        Ok(LineReader::new(&name, open(&self.root, &name)?))
    }

    /// Where a record is told: `cases.jsonl line 17`, as far as that can be found out.
    pub(super) fn locate(&self, table: &str, reference: &str) -> String {
        let file = format!("{table}.jsonl");
        let Some(kind) = self.manifest.kinds.iter().find(|kind| kind.kind == table) else { return file };
        let quoted = format!("\"{reference}\"");
        let numbered = format!("{{\"seq\":{reference},");
        let Ok(mut reader) = self.reader(kind) else { return file };
        for line in 1..=kind.rows {
            let Ok(Some(object)) = reader.next_object() else { break };
            if contains(object, quoted.as_bytes()) || object.starts_with(numbered.as_bytes()) {
                return format!("{file} line {line}");
            }
        }
        file
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The files of rows have to be those of this program, in its order; of an older schema some may not be there yet.
fn expect_kinds(manifest: &Manifest) -> Result<(), ServiceError> {
    let found: Vec<&str> = manifest.kinds.iter().map(|kind| kind.kind.as_str()).collect();
    let mut rest = found.iter().peekable();
    for table in store::tables() {
        let is_there = rest.next_if(|kind| **kind == table.name()).is_some();
        let is_whole = |kind: &KindOfRow| kind.columns.len() == table.columns().names().len();
        let whole = manifest.kinds.iter().find(|kind| kind.kind == table.name()).is_some_and(is_whole);
        if manifest.schema == store::schema() && !(is_there && whole) {
            return Err(damaged(format!("{MANIFEST}: expected {} with all its columns", table.name())));
        }
    }
    match rest.next() {
        None => Ok(()),
        Some(kind) => Err(damaged(format!("{MANIFEST}: {kind:?} is unknown, out of order or there twice"))),
    }
}

/// What lies in the archive's folder is what the manifest names.
fn expect_files(root: &Path, manifest: &Manifest) -> Result<(), ServiceError> {
    let mut expected: BTreeSet<String> = manifest.kinds.iter().map(KindOfRow::file).collect();
    expected.extend([MANIFEST, SUMS].map(str::to_owned));
    for (name, is_file) in entries(root, root)? {
        let may_be = match name.as_str() {
            EVIDENCE | VIEWS => !is_file && root.join(&name).is_dir(),
            _ => expected.remove(&name) && is_file,
        };
        if !may_be {
            return Err(surplus(format!(
                "{name}: is in the folder but not of the archive; only {VIEWS} may have more"
            )));
        }
    }
    match expected.first() {
        None => Ok(()),
        Some(name) => Err(damaged(format!("{name}: is missing"))),
    }
}

/// The evidence files. Git and some packers carry no empty folder: a folder that is not there has none.
fn evidence_in(root: &Path) -> Result<Vec<Sha256Text>, ServiceError> {
    let folder = root.join(EVIDENCE);
    if matches!(fs::symlink_metadata(&folder), Err(error) if error.kind() == ErrorKind::NotFound) {
        return Ok(Vec::new());
    }
    let evidence = |(name, is_file): (String, bool)| match Sha256Text::parse(&name) {
        Ok(sha256) if is_file && sha256.as_str() == name => Ok(sha256),
        _ => Err(surplus(format!("{EVIDENCE}/{name}: is no evidence file"))),
    };
    entries(root, &folder)?.into_iter().map(evidence).collect()
}

/// Names in a folder, each with whether it is a regular file: links lead elsewhere and are none.
fn entries(root: &Path, folder: &Path) -> Result<Vec<(String, bool)>, ServiceError> {
    if fs::symlink_metadata(folder).is_ok_and(|found| found.is_symlink()) && folder != root {
        return Err(damaged(format!("{}: is a link", folder.display())));
    }
    let fail = |error: std::io::Error| cannot("list", folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let is_file = entry.file_type().map_err(fail)?.is_file();
        found.push((entry.file_name().to_string_lossy().into_owned(), is_file));
    }
    found.sort();
    Ok(found)
}

fn open(root: &Path, name: &str) -> Result<File, ServiceError> {
    let path = root.join(name);
    let fail = |source| ServiceError::from(ArchiveError::Io { file: name.to_owned(), source });
    if !fs::symlink_metadata(&path).map_err(fail)?.is_file() {
        return Err(damaged(format!("{name}: is not a regular file")));
    }
    File::open(&path).map_err(fail)
}

/// A file of at most so many bytes; of a larger one that and one more, which shows that it is.
fn read_start(root: &Path, name: &str, most: usize) -> Result<Vec<u8>, ServiceError> {
    let mut bytes = Vec::new();
    let read = open(root, name)?.take(most as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|source| ArchiveError::Io { file: name.to_owned(), source })?;
    Ok(bytes)
}

/// That an archive is not what was written.
pub(super) fn damaged(message: impl std::fmt::Display) -> ServiceError {
    ServiceError::new(Kind::Integrity, "archive.damaged", message)
}

/// That something was put among the files of an archive.
fn surplus(message: impl std::fmt::Display) -> ServiceError {
    ServiceError::new(Kind::Integrity, "archive.surplus", message)
}
