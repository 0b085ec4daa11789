//! Changing an input a little, as a fuzzer does.

/// One change, its places given as parts of the whole (65,536ths), so that it fits an input of any length.
#[derive(Debug, Clone)]
pub struct Change {
    /// What is done.
    pub kind: u8,
    /// Where.
    pub from: u16,
    /// To where, or from where.
    pub to: u16,
    /// With what.
    pub with: Vec<u8>,
}

/// The input with the changes, one after the other.
#[must_use]
pub fn changed(input: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for change in changes {
        change.apply(&mut bytes);
    }
    bytes
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let (one, other) = (place(bytes, self.from), place(bytes, self.to));
        let (start, end) = (one.min(other), one.max(other));
        // Small pieces: a change in many places is several changes.
        let end = end.min(start + 64);
        match self.kind % 6 {
            0 => flip(bytes, start, &self.with),
            1 => drop(bytes.splice(start..start, self.with.iter().copied())),
            2 => drop(bytes.drain(start..end)),
            3 => drop(bytes.splice(start..end, self.with.iter().copied())),
            4 => {
                let piece = bytes[start..end].to_vec();
                bytes.splice(other.min(bytes.len())..other.min(bytes.len()), piece);
            }
            _ => bytes.truncate(one),
        }
    }
}

fn flip(bytes: &mut [u8], start: usize, with: &[u8]) {
    if let (Some(byte), Some(mask)) = (bytes.get_mut(start), with.first()) {
        *byte ^= mask;
    }
}

fn place(bytes: &[u8], part: u16) -> usize {
    (bytes.len() * usize::from(part)) >> 16
}
