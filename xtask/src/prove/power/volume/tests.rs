//! What of a recorded row of changes is sure to be on the disk.

use super::{Node, Part, Volume};
use crate::prove::power::log::Log;

const ROOT: u64 = 1;
const FILE: u64 = 7;
const DATABASE: u64 = 8;

/// One line of a log, as the watched disk writes it.
fn line(kind: u8, inode: u64, value: u64, one: &[u8]) -> Vec<u8> {
    let mut line = vec![kind];
    line.extend(inode.to_le_bytes());
    line.extend(value.to_le_bytes());
    line.extend(u32::try_from(one.len()).expect("short").to_le_bytes());
    line.extend(0u32.to_le_bytes());
    line.extend(one);
    line
}

/// The disk after these lines; syncs of a part are ignored.
fn volume(lines: &[Vec<u8>], ignored: impl Into<Option<Part>>) -> Volume {
    let file = tempfile::NamedTempFile::new().expect("a scratch file");
    std::fs::write(file.path(), lines.concat()).expect("written");
    let log = Log::read(file.path()).expect("a whole log");
    let mut volume = Volume::new(ROOT);
    if let Some(part) = ignored.into() {
        volume.ignore_syncs(part);
    }
    for event in &log.events {
        volume.apply(event, &log).expect("applied");
    }
    volume
}

/// What a file, by the order of making, holds for sure.
fn sure(volume: &Volume, node: usize) -> Vec<u8> {
    match &volume.nodes[node] {
        Node::File(file) => file.durable.clone(),
        Node::Folder(_) => panic!("node {node} is a folder"),
    }
}

fn made(inode: u64, path: &str) -> Vec<u8> {
    line(b'C', inode, 0, path.as_bytes())
}

fn sure_names(volume: &Volume) -> Vec<&str> {
    match &volume.nodes[0] {
        Node::Folder(folder) => folder.durable.keys().map(String::as_str).collect(),
        Node::File(_) => panic!("the watched folder is no file"),
    }
}

#[test]
fn bytes_are_sure_once_their_file_was_synced() {
    let written = [made(FILE, "a"), line(b'W', FILE, 0, b"text")];
    assert_eq!(sure(&volume(&written, None), 1), b"");
    let synced = [&written[..], &[line(b'S', FILE, 0, b"")]].concat();
    assert_eq!(sure(&volume(&synced, None), 1), b"text");
}

#[test]
fn a_name_is_sure_once_its_folder_was_synced() {
    let synced = [made(FILE, "a"), line(b'S', FILE, 0, b"")];
    assert!(sure_names(&volume(&synced, None)).is_empty());
    let both = [&synced[..], &[line(b'S', ROOT, 0, b"")]].concat();
    assert_eq!(sure_names(&volume(&both, None)), ["a"]);
}

#[test]
fn what_a_failed_sync_lost_comes_only_if_it_is_written_again() {
    let failed = [made(FILE, "a"), line(b'W', FILE, 0, b"text"), line(b'F', FILE, 0, b"")];
    let later = [&failed[..], &[line(b'S', FILE, 0, b"")]].concat();
    assert_eq!(sure(&volume(&later, None), 1), b"\0\0\0\0");
    let again = [&failed[..], &[line(b'W', FILE, 1, b"E"), line(b'S', FILE, 0, b"")]].concat();
    assert_eq!(sure(&volume(&again, None), 1), b"tExt");
}

#[test]
fn the_control_run_ignores_the_syncs_of_the_database_alone() {
    let mut lines = vec![line(b'M', 2, 0, b"data")];
    for (inode, path) in [(FILE, "data/a"), (DATABASE, "data/nevertwice.db-wal")] {
        lines.extend([made(inode, path), line(b'W', inode, 0, b"text"), line(b'S', inode, 0, b"")]);
    }
    let volume = volume(&lines, Part::Database);
    assert_eq!(sure(&volume, 2), b"text");
    assert_eq!(sure(&volume, 3), b"");
}

#[test]
fn a_log_that_was_cut_off_is_refused() {
    let file = tempfile::NamedTempFile::new().expect("a scratch file");
    let whole = line(b'W', FILE, 0, b"text");
    std::fs::write(file.path(), &whole[..whole.len() - 1]).expect("written");
    assert!(Log::read(file.path()).is_err());
}

#[test]
fn syncs_of_evidence_and_its_folder_can_be_ignored() {
    let folder = |inode, path: &str| line(b'M', inode, 0, path.as_bytes());
    let written = [
        folder(2, "data"),
        folder(3, "data/evidence"),
        made(FILE, "data/evidence/a"),
        line(b'W', FILE, 0, b"text"),
        made(DATABASE, "data/nevertwice.db"),
        line(b'W', DATABASE, 0, b"rows"),
    ];
    let syncs = [FILE, DATABASE, 3, 2].map(|inode| line(b'S', inode, 0, b""));
    let lines = [&written[..], &syncs].concat();
    let names = |volume: &Volume| match &volume.nodes[2] {
        Node::Folder(folder) => folder.durable.len(),
        Node::File(_) => panic!("the folder of evidence is no file"),
    };
    let (obeyed, ignored) = (volume(&lines, None), volume(&lines, Part::Evidence));
    assert_eq!((sure(&obeyed, 3), names(&obeyed)), (b"text".to_vec(), 1));
    assert_eq!((sure(&ignored, 3), names(&ignored)), (Vec::new(), 0));
    assert_eq!(sure(&ignored, 4), b"rows");
}
