//! A disk made of what was logged, that knows what would still be there after a power cut.
//!
//! The rule is the most pessimistic that POSIX allows, which is worse than what common file systems do: only `fsync` of
//! a file makes its bytes and its size sure, only that of a folder makes names in it sure, also the name of a new
//! file that was itself synced. `fdatasync` counts as much, also of a folder, where Linux makes no difference. Of
//! everything else any part may be there: each sector of each write, each change of size, each name made, changed or
//! removed, in any combination. A rename within a folder happens or does not.
//! After a *failed* sync of a file, the pages that were waiting count as lost: the system takes them for clean, so that
//! a later successful sync brings them to the disk only if they were written again meanwhile.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use anyhow::{Context as _, bail};

#[cfg(test)]
mod tests;

use super::log::{Event, Log};

/// What the system writes back at once, and takes for clean after a failure.
const PAGE: usize = 4096;

/// The files of SQLite in the register that is written to.
const DATABASE: [&str; 2] = ["data/nevertwice.db", "data/nevertwice.db-wal"];
/// The folder of its evidence files.
const EVIDENCE: &str = "data/evidence";

/// A part of the register that is written to, whose syncs a control run ignores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// SQLite's files: to ignore their syncs is what `PRAGMA synchronous = OFF` gives.
    Database,
    /// The evidence files and their folder.
    Evidence,
}

impl Part {
    fn of(path: &str) -> Option<Part> {
        let in_evidence = Path::new(path).starts_with(EVIDENCE);
        let in_database = DATABASE.contains(&path);
        in_database.then_some(Part::Database).or(in_evidence.then_some(Part::Evidence))
    }
}

/// The disk. Node 0 is the watched folder.
pub(crate) struct Volume {
    pub(super) nodes: Vec<Node>,
    by_inode: HashMap<u64, usize>,
    /// What each node is a part of.
    parts: Vec<Option<Part>>,
    /// The part whose syncs are ignored.
    ignored: Option<Part>,
}

pub(super) enum Node {
    File(File),
    Folder(Folder),
}

/// A file as the program sees it, as it is on the disk for sure, and what is between the two.
#[derive(Default)]
pub(super) struct File {
    pub(super) live: Vec<u8>,
    pub(super) durable: Vec<u8>,
    pub(super) pending: Vec<Change>,
    /// Pages that a failed sync lost.
    lost: BTreeSet<usize>,
}

pub(super) enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Resize(usize),
}

/// The names in a folder as the program sees them, as they are on the disk for sure, and what is between the two.
#[derive(Default)]
pub(super) struct Folder {
    pub(super) live: BTreeMap<String, usize>,
    pub(super) durable: BTreeMap<String, usize>,
    pub(super) pending: Vec<Naming>,
}

pub(super) enum Naming {
    Put(String, usize),
    Remove(String),
    Move { from: String, to: String, node: usize },
}

impl Naming {
    pub(super) fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Naming::Put(name, node) => drop(names.insert(name.clone(), *node)),
            Naming::Remove(name) => drop(names.remove(name)),
            Naming::Move { from, to, node } => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
        }
    }
}

impl Volume {
    /// A disk with nothing but the watched folder, which has the inode `root`.
    pub(crate) fn new(root: u64) -> Volume {
        Volume {
            nodes: vec![Node::Folder(Folder::default())],
            by_inode: HashMap::from([(root, 0)]),
            parts: vec![None],
            ignored: None,
        }
    }

    /// From now on, syncs of a part are ignored.
    pub(crate) fn ignore_syncs(&mut self, of: Part) {
        self.ignored = Some(of);
    }

    /// Does what was logged.
    ///
    /// # Errors
    /// The log speaks of a file that it did not make.
    pub(crate) fn apply(&mut self, event: &Event, log: &Log) -> anyhow::Result<()> {
        match event {
            Event::File { inode, path } => self.make(*inode, path, Node::File(File::default()))?,
            Event::Folder { inode, path } => self.make(*inode, path, Node::Folder(Folder::default()))?,
            Event::Link { inode, path } => {
                let node = *self.by_inode.get(inode).context("a link to an unknown file")?;
                self.name(path, |name| Naming::Put(name, node))?;
            }
            Event::Write { inode, offset, bytes } => {
                self.file(*inode)?.write(usize::try_from(*offset)?, log.bytes(bytes).to_vec());
            }
            Event::Resize { inode, size } => self.file(*inode)?.resize(usize::try_from(*size)?),
            Event::Rename { from, to } => self.rename(from, to)?,
            // The server's socket is made by another call; that it goes is no loss.
            Event::Remove { path } => self.name(path, Naming::Remove)?,
            Event::Sync { inode } => self.sync(*inode),
            Event::FailedSync { inode } => self.file(*inode)?.fail_sync(),
            Event::Sent { .. } => {}
        }
        Ok(())
    }

    fn make(&mut self, inode: u64, path: &str, node: Node) -> anyhow::Result<()> {
        let number = self.nodes.len();
        self.nodes.push(node);
        self.parts.push(Part::of(path));
        self.by_inode.insert(inode, number);
        self.name(path, |name| Naming::Put(name, number))
    }

    fn rename(&mut self, from: &str, to: &str) -> anyhow::Result<()> {
        let ((old_folder, old_name), (new_folder, new_name)) = (self.place(from)?, self.place(to)?);
        let node = *self.folder(old_folder)?.live.get(&old_name).with_context(|| format!("no {from}"))?;
        if old_folder == new_folder {
            return self.name(to, |to| Naming::Move { from: old_name, to, node });
        }
        self.name(from, Naming::Remove)?;
        self.name(to, |_| Naming::Put(new_name, node))
    }

    /// Changes a name in the folder that a path lies in.
    fn name(&mut self, path: &str, change: impl FnOnce(String) -> Naming) -> anyhow::Result<()> {
        let (folder, name) = self.place(path)?;
        let folder = self.folder(folder)?;
        let change = change(name);
        change.apply(&mut folder.live);
        folder.pending.push(change);
        Ok(())
    }

    /// The folder that a path lies in, and the last name of it.
    fn place(&mut self, path: &str) -> anyhow::Result<(usize, String)> {
        let (mut at, mut names) = (0, path.split('/').filter(|name| !name.is_empty()).peekable());
        while let Some(name) = names.next() {
            if names.peek().is_none() {
                return Ok((at, name.to_owned()));
            }
            at = *self.folder(at)?.live.get(name).with_context(|| format!("{path}: {name} is unknown"))?;
        }
        bail!("a change of the watched folder itself")
    }

    fn folder(&mut self, node: usize) -> anyhow::Result<&mut Folder> {
        match self.nodes.get_mut(node) {
            Some(Node::Folder(folder)) => Ok(folder),
            _ => bail!("node {node} is no folder"),
        }
    }

    fn file(&mut self, inode: u64) -> anyhow::Result<&mut File> {
        let node = self.by_inode.get(&inode).with_context(|| format!("inode {inode} is unknown"))?;
        match self.nodes.get_mut(*node) {
            Some(Node::File(file)) => Ok(file),
            _ => bail!("inode {inode} is no file"),
        }
    }

    fn sync(&mut self, inode: u64) {
        let Some(number) = self.by_inode.get(&inode).copied() else { return };
        if self.ignored.is_some() && self.parts.get(number) == Some(&self.ignored) {
            return;
        }
        match self.nodes.get_mut(number) {
            Some(Node::File(file)) => file.sync(),
            Some(Node::Folder(folder)) => {
                for change in folder.pending.drain(..) {
                    change.apply(&mut folder.durable);
                }
            }
            None => {}
        }
    }
}

impl File {
    fn write(&mut self, offset: usize, bytes: Vec<u8>) {
        put(&mut self.live, offset, &bytes);
        let touched = pages(offset, bytes.len());
        self.pending.push(Change::Write { offset, bytes });
        for page in touched {
            // Written again, a page goes to the disk as a whole.
            if self.lost.remove(&page) {
                let start = (page * PAGE).min(self.live.len());
                let end = (start + PAGE).min(self.live.len());
                let bytes = self.live.get(start..end).unwrap_or_default().to_vec();
                self.pending.push(Change::Write { offset: start, bytes });
            }
        }
    }

    fn resize(&mut self, size: usize) {
        self.live.resize(size, 0);
        self.pending.push(Change::Resize(size));
    }

    fn sync(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            match change {
                Change::Write { offset, bytes } => put(&mut self.durable, offset, &bytes),
                Change::Resize(size) => self.durable.resize(size, 0),
            }
        }
        self.durable.resize(self.live.len(), 0);
    }

    fn fail_sync(&mut self) {
        for change in std::mem::take(&mut self.pending) {
            match change {
                Change::Write { offset, bytes } => self.lost.extend(pages(offset, bytes.len())),
                Change::Resize(size) => self.pending.push(Change::Resize(size)),
            }
        }
    }
}

/// Puts bytes into a file, which grows as needed.
pub(super) fn put(file: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    if let Some(place) = file.get_mut(offset..end) {
        place.copy_from_slice(bytes);
    }
}

fn pages(offset: usize, length: usize) -> std::ops::Range<usize> {
    offset / PAGE..(offset + length).div_ceil(PAGE)
}
