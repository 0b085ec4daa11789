//! What the watched disk wrote down: every change in its order, and every answer that left the server.

use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context as _, bail};

/// One line of the log. Files and folders go by their inode; an inode may come to be another file's after removal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A file was made, empty.
    File { inode: u64, path: String },
    /// A folder was made.
    Folder { inode: u64, path: String },
    /// A file got another name.
    Link { inode: u64, path: String },
    /// Bytes (a range of the log) were written.
    Write { inode: u64, offset: u64, bytes: Range<usize> },
    /// A file got a size.
    Resize { inode: u64, size: u64 },
    /// A file or folder was renamed.
    Rename { from: String, to: String },
    /// A file or folder was removed.
    Remove { path: String },
    /// A file or folder was synced.
    Sync { inode: u64 },
    /// The sync of a file failed.
    FailedSync { inode: u64 },
    /// Bytes (a range of the log) left over a socket.
    Sent { socket: u64, bytes: Range<usize> },
}

/// A log.
pub(crate) struct Log {
    bytes: Vec<u8>,
    /// Its lines.
    pub(crate) events: Vec<Event>,
}

impl Log {
    /// Reads a log.
    ///
    /// # Errors
    /// It is cut off, or says that something happened that a replay cannot repeat.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Log> {
        let bytes = std::fs::read(path).with_context(|| format!("no log in {}", path.display()))?;
        let (mut at, mut events) = (0, Vec::new());
        while at < bytes.len() {
            let (event, next) =
                event(&bytes, at).with_context(|| format!("the log at byte {at} of {}", bytes.len()))?;
            events.push(event);
            at = next;
        }
        Ok(Log { bytes, events })
    }

    /// Bytes of an event.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }
}

/// Adds to a log that something was acknowledged, for commands whose answer is no line on a socket.
///
/// # Errors
/// The log cannot be written.
pub(crate) fn add_sent(path: &Path, what: &str) -> anyhow::Result<()> {
    let text = format!("{{\"outcome\":{{\"{what}\":true}}}}\n");
    let mut line = vec![b'A'];
    line.extend([0; 16]);
    line.extend(u32::try_from(text.len())?.to_le_bytes());
    line.extend([0; 4]);
    line.extend(text.as_bytes());
    std::fs::OpenOptions::new().append(true).open(path)?.write_all(&line)?;
    Ok(())
}

/// Reads the event at a place; with where the next one begins.
fn event(bytes: &[u8], at: usize) -> anyhow::Result<(Event, usize)> {
    let piece = |from: usize, length: usize| {
        bytes.get(at + from..at + from + length).context("it ends in the middle of an event")
    };
    let number = |from: usize| anyhow::Ok(u64::from_le_bytes(piece(from, 8)?.try_into()?));
    let length = |from: usize| anyhow::Ok(u32::from_le_bytes(piece(from, 4)?.try_into()?) as usize);
    let (kind, inode, value) = (piece(0, 1)?[0], number(1)?, number(9)?);
    let (one, two) = (length(17)?, length(21)?);
    let text = |from: usize, length: usize| anyhow::Ok(String::from_utf8(piece(from, length)?.to_vec())?);
    let range = at + 25..at + 25 + one;
    let path = || text(25, one);
    let event = match kind {
        b'C' => Event::File { inode, path: path()? },
        b'M' => Event::Folder { inode, path: path()? },
        b'L' => Event::Link { inode, path: path()? },
        b'W' => Event::Write { inode, offset: value, bytes: range },
        b'T' => Event::Resize { inode, size: value },
        b'R' => Event::Rename { from: path()?, to: text(25 + one, two)? },
        b'U' => Event::Remove { path: path()? },
        b'S' => Event::Sync { inode },
        b'F' => Event::FailedSync { inode },
        b'A' => Event::Sent { socket: inode, bytes: range },
        b'X' => bail!("it cannot be replayed: {}", path()?),
        other => bail!("an event of the unknown kind {other}"),
    };
    piece(25, one + two)?;
    Ok((event, at + 25 + one + two))
}
