//! The two signatures: somebody else's, none, several, and such as fit more than one text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::attempt::Case;
use crate::bundle::{Bundle, CHECKPOINT};
use crate::pen::Pen;
use crate::random::Random;

/// The line of the checkpoint's signature or of the seal's.
fn signature_place(random: &mut Random, bundle: &Bundle) -> usize {
    if random.next() & 1 == 0 { CHECKPOINT.end - 1 } else { bundle.lines.len() - 1 }
}

/// The text that the signature at `place` is over.
fn signed_text(bundle: &Bundle, place: usize) -> Vec<u8> {
    let start = if place < CHECKPOINT.end { CHECKPOINT.start } else { bundle.lines.len() - 4 };
    bundle.lines[start..place - 1].iter().flat_map(|line| [&line[..], b"\n"]).flatten().copied().collect()
}

/// The key id and signature at `place`.
fn signature(bundle: &Bundle, place: usize) -> Option<Vec<u8>> {
    let line = bundle.lines.get(place)?;
    STANDARD.decode(line.rsplit(|byte| *byte == b' ').next()?).ok()
}

/// Somebody else's signature, under the name of the register or under their own.
pub(crate) fn other_key(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = signature_place(random, bundle);
    let text = signed_text(bundle, place);
    let pen =
        if random.next() & 1 == 0 { case.stranger.clone() } else { case.stranger.named("witness.example") };
    let mut bytes = pen.signature(&text);
    // The id of the true key before a signature of the wrong one.
    if random.next() & 1 == 0 {
        bytes.splice(0..4, signature(bundle, place)?.into_iter().take(4));
    }
    bundle.lines[place] = pen.line_of(&bytes);
    Some(())
}

/// Two signatures where one belongs: a witness's beside the true one, or the true one twice.
pub(crate) fn two(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = signature_place(random, bundle);
    let text = signed_text(bundle, place);
    let witness = case.stranger.named("witness.example");
    let second =
        if random.next() & 1 == 0 { witness.signature_line(&text) } else { bundle.lines[place].clone() };
    bundle.lines.insert(place + random.below(2)?, second);
    Some(())
}

/// The signature with the order of the curve added to S: the same equation holds.
pub(crate) fn malleable(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    /// The order of the base point, 2²⁵² + 27742317777372353535851937790883648493, low byte first (RFC 8032, 5.1).
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let place = signature_place(random, bundle);
    let mut bytes = signature(bundle, place)?;
    for _ in 0..=random.below(3)? {
        let mut carry = 0_u16;
        for (byte, add) in bytes.get_mut(36..68)?.iter_mut().zip(ORDER) {
            carry += u16::from(*byte) + u16::from(add);
            [*byte, _] = carry.to_le_bytes();
            carry >>= 8;
        }
    }
    bundle.lines[place] = case.pen.line_of(&bytes);
    Some(())
}

/// R or S, or both, of small order, zero, or cut off.
pub(crate) fn degenerate(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    /// Points of order 1, 2, 4 and 8, and encodings of them that are not reduced.
    const SMALL: [&str; 6] = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080",
    ];
    let place = signature_place(random, bundle);
    let mut bytes = signature(bundle, place)?;
    let small: nevertwice_trail::Hash = random.pick(&SMALL)?.parse().ok()?;
    match random.below(6)? {
        0 => drop(bytes.splice(4..36, *small.as_bytes())),
        1 => bytes.get_mut(36..68)?.fill(0),
        2 => {
            bytes.splice(4..36, *small.as_bytes());
            bytes.get_mut(36..68)?.fill(0);
        }
        3 => bytes.truncate(random.below(68)?),
        4 => bytes.push(0),
        _ => bytes.clear(),
    }
    bundle.lines[place] = case.pen.line_of(&bytes);
    Some(())
}

/// The signatures of checkpoint and seal in each other's place, or those of another bundle.
pub(crate) fn exchanged(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let (checkpoint, seal) = (CHECKPOINT.end - 1, bundle.lines.len() - 1);
    match random.pick(case.others).filter(|_| random.next().is_multiple_of(3)) {
        None => bundle.lines.swap(checkpoint, seal),
        Some(other) if random.next() & 1 == 0 => bundle.lines[checkpoint] = other.lines[checkpoint].clone(),
        Some(other) => bundle.lines[seal] = other.lines.last()?.clone(),
    }
    Some(())
}

/// A name, an id or the dash of the line changed.
pub(crate) fn line_changed(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = signature_place(random, bundle);
    let bytes = signature(bundle, place)?;
    let line = match random.below(5)? {
        0 => case.pen.named("example.com/other").line_of(&bytes),
        1 => case.pen.line_of(&[&[bytes[0] ^ 1], &bytes[1..]].concat()),
        2 => case.pen.line_of(&bytes[4..]),
        3 => [b"-", bundle.lines[place].get(3..)?].concat(),
        _ => [b" ", &bundle.lines[place][..]].concat(),
    };
    bundle.lines[place] = line;
    Some(())
}

/// Everything signed by a key of small order, which would fit any text.
pub(crate) fn weak_key(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let weak = Pen::new(&case.pen.origin, &[0; 32]);
    let mut bytes = weak.signature(b"");
    bytes.splice(4..68, [&[1_u8][..], &[0; 63]].concat());
    bytes.splice(0..4, random.next().to_le_bytes().into_iter().take(4));
    for place in [CHECKPOINT.end - 1, bundle.lines.len() - 1] {
        bundle.lines[place] = weak.line_of(&bytes);
    }
    Some(())
}
