//! Folders as a power cut may leave them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::super::chance::Chance;
use super::volume::{Change, File, Node, Volume, put};

/// How likely, of a hundred, it is that something unsynced is there: drawn anew for each file and folder.
const SURVIVAL: [usize; 6] = [0, 10, 50, 50, 90, 100];
/// What a disk writes as a whole, in bytes.
const SECTORS: [usize; 2] = [512, 4096];
/// How likely it is that a file has grown and its bytes are not there.
const GROWN_EMPTY: usize = 15;

/// Makes the folder `place` with what is on the disk after a power cut, of which `chance` decides one case.
///
/// # Errors
/// What the file system reports.
pub(crate) fn write(volume: &Volume, place: &Path, chance: &mut Chance) -> anyhow::Result<()> {
    let sector = chance.one_of(&SECTORS).unwrap_or(4096);
    write_node(volume, 0, place, sector, chance)
}

fn write_node(
    volume: &Volume,
    node: usize,
    place: &Path,
    sector: usize,
    chance: &mut Chance,
) -> anyhow::Result<()> {
    let survival = chance.one_of(&SURVIVAL).unwrap_or(50);
    match volume.nodes.get(node).context("an unknown node")? {
        Node::File(file) => {
            fs::write(place, content(file, sector, survival, chance))?;
            fs::set_permissions(place, fs::Permissions::from_mode(0o600))?;
        }
        Node::Folder(folder) => {
            fs::create_dir(place)?;
            fs::set_permissions(place, fs::Permissions::from_mode(0o700))?;
            let mut names = folder.durable.clone();
            for change in folder.pending.iter().filter(|_| chance.happens(survival)) {
                change.apply(&mut names);
            }
            for (name, node) in names {
                write_node(volume, node, &place.join(name), sector, chance)?;
            }
        }
    }
    Ok(())
}

fn content(file: &File, sector: usize, survival: usize, chance: &mut Chance) -> Vec<u8> {
    let mut content = file.durable.clone();
    for change in &file.pending {
        match change {
            Change::Resize(size) => {
                if chance.happens(survival) {
                    content.resize(*size, 0);
                }
            }
            Change::Write { offset, bytes } => {
                let (mut at, end) = (*offset, offset + bytes.len());
                while at < end {
                    let next = ((at / sector + 1) * sector).min(end);
                    if chance.happens(survival) {
                        put(&mut content, at, bytes.get(at - offset..next - offset).unwrap_or_default());
                    } else if content.len() < next && chance.happens(GROWN_EMPTY) {
                        content.resize(next, 0);
                    }
                    at = next;
                }
            }
        }
    }
    content
}

/// Compares the folder that the program left with what the log says of it: were they different, the log would have
/// missed something. The wal-index, written through memory, and the socket are left out.
///
/// # Errors
/// They differ, with the first file that does.
pub(crate) fn compare(volume: &Volume, place: &Path) -> anyhow::Result<u32> {
    compare_node(volume, 0, place)
}

fn compare_node(volume: &Volume, node: usize, place: &Path) -> anyhow::Result<u32> {
    match volume.nodes.get(node).context("an unknown node")? {
        Node::File(file) => {
            if fs::read(place).with_context(|| format!("{} is in the log alone", place.display()))?
                != file.live
            {
                bail!("{} has other bytes than the log says", place.display());
            }
            Ok(1)
        }
        Node::Folder(folder) => {
            let left_out = |name: &str| name.ends_with("-shm") || name == "run.sock";
            for entry in fs::read_dir(place)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if !left_out(&name) && !folder.live.contains_key(&name) {
                    bail!("{} is not in the log", place.join(name).display());
                }
            }
            let known = folder.live.iter().filter(|(name, _)| !left_out(name));
            known.map(|(name, node)| compare_node(volume, *node, &place.join(name))).sum()
        }
    }
}
