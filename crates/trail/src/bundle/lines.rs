//! Reading a file line by line without trusting it.

use std::io::{BufRead, BufReader, Read};

use sha2::{Digest, Sha256};

use super::BundleFault;

/// Lines of bounded length, and the digest of all bytes so far.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    digest: Sha256,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader: BufReader::with_capacity(1 << 16, reader),
            digest: Sha256::new(),
            buffer: Vec::new(),
            number: 0,
        }
    }

    /// The number of the line read last, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// SHA-256 over all bytes read so far.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest.clone().finalize().into()
    }

    /// The next line without its line feed. Never holds more than `limit` bytes of it.
    pub(super) fn next(&mut self, limit: usize) -> Result<&[u8], BundleFault> {
        self.number += 1;
        self.buffer.clear();
        let allowed = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        self.reader.by_ref().take(allowed).read_until(b'\n', &mut self.buffer)?;
        self.digest.update(&self.buffer);
        match self.buffer.split_last() {
            Some((b'\n', line)) => Ok(line),
            _ if self.buffer.len() > limit => Err(BundleFault::LineTooLong(limit)),
            _ => Err(BundleFault::CutOff),
        }
    }

    /// The next `count` lines together, with their line feeds.
    pub(super) fn take(&mut self, count: usize, limit: usize) -> Result<Vec<u8>, BundleFault> {
        let mut lines = Vec::new();
        for _ in 0..count {
            lines.extend_from_slice(self.next(limit)?);
            lines.push(b'\n');
        }
        Ok(lines)
    }

    /// Accepts the end of the file and nothing else.
    pub(super) fn end(&mut self) -> Result<(), BundleFault> {
        self.number += 1;
        if self.reader.fill_buf()?.is_empty() { Ok(()) } else { Err(BundleFault::Trailing) }
    }
}
