//! Whole lines: dropped, doubled, exchanged, moved, taken from another bundle, ended in another way.

use crate::attempt::Case;
use crate::bundle::Bundle;
use crate::random::Random;

pub(crate) fn dropped(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = random.below(bundle.lines.len())?;
    bundle.lines.remove(place);
    Some(())
}

pub(crate) fn doubled(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = random.below(bundle.lines.len())?;
    bundle.lines.insert(place, bundle.lines[place].clone());
    Some(())
}

pub(crate) fn exchanged(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let (one, other) = (random.below(bundle.lines.len())?, random.below(bundle.lines.len())?);
    bundle.lines.swap(one, other);
    Some(())
}

pub(crate) fn moved(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let line = bundle.lines.remove(random.below(bundle.lines.len())?);
    let place = random.below(bundle.lines.len() + 1)?;
    bundle.lines.insert(place, line);
    Some(())
}

/// Many lines at once, anywhere.
pub(crate) fn block_moved(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let (one, other) = (random.below(bundle.lines.len())?, random.below(bundle.lines.len())?);
    let range = one.min(other)..one.max(other);
    let by = random.below(range.len())?;
    bundle.lines.get_mut(range)?.rotate_left(by);
    Some(())
}

/// A line of another bundle in the place of one.
pub(crate) fn replaced_by_another_bundles(
    case: &Case<'_>,
    random: &mut Random,
    bundle: &mut Bundle,
) -> Option<()> {
    let other = random.pick(case.others)?;
    let place = random.below(bundle.lines.len())?;
    bundle.lines[place] = random.pick(&other.lines)?.clone();
    Some(())
}

/// A line of another bundle between two.
pub(crate) fn inserted_from_another_bundle(
    case: &Case<'_>,
    random: &mut Random,
    bundle: &mut Bundle,
) -> Option<()> {
    let other = random.pick(case.others)?;
    let place = random.below(bundle.lines.len() + 1)?;
    bundle.lines.insert(place, random.pick(&other.lines)?.clone());
    Some(())
}

/// The end of another bundle behind the beginning of this one.
pub(crate) fn spliced(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let other = random.pick(case.others)?;
    let (start, end) = (random.below(bundle.lines.len())?, random.below(other.lines.len())?);
    bundle.lines.truncate(start);
    bundle.lines.extend_from_slice(other.lines.get(end..)?);
    Some(())
}

/// The parts of two bundles put together: header, checkpoint, leaves, seal, each from one of them.
pub(crate) fn mixed(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let other = random.pick(case.others)?;
    let parts = |bundle: &Bundle| [1..2, 2..7, bundle.body(), bundle.body().end..bundle.lines.len()];
    let choice = random.next();
    let mut lines = vec![bundle.lines[0].clone()];
    for (bit, (own, others)) in parts(bundle).into_iter().zip(parts(other)).enumerate() {
        let part = if choice >> bit & 1 == 0 { bundle.lines.get(own)? } else { other.lines.get(others)? };
        lines.extend_from_slice(part);
    }
    bundle.lines = lines;
    Some(())
}

/// An entry with its disclosures, or a hash, gone.
pub(crate) fn entry_dropped(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let starts = [bundle.places("leaf "), bundle.places("hash ")].concat();
    let place = *random.pick(&starts)?;
    let count = if bundle.lines[place].starts_with(b"leaf ") { 2 } else { 1 };
    bundle.lines.drain(place..place + count);
    Some(())
}

/// An entry in scope replaced by its hash.
pub(crate) fn entry_hidden(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = *random.pick(&bundle.places("leaf "))?;
    let hash = nevertwice_trail::leaf_hash(bundle.lines[place].get(5..)?);
    bundle.lines.splice(place..place + 2, [format!("hash {hash}").into_bytes()]);
    Some(())
}

/// An entry out of scope shown, as a bundle of another scope of the same register shows it.
pub(crate) fn entry_shown(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let other = random.pick(case.others)?;
    let hidden = bundle.places("hash ");
    let known = other.places("leaf ");
    let start = random.below(known.len())?;
    for place in known.iter().cycle().skip(start).take(known.len()) {
        let hash = nevertwice_trail::leaf_hash(other.lines[*place].get(5..)?).to_string();
        let same = |at: &&usize| bundle.lines[**at].ends_with(hash.as_bytes());
        if let Some(at) = hidden.iter().find(same) {
            bundle.lines.splice(*at..=*at, other.lines.get(*place..place + 2)?.iter().cloned());
            return Some(());
        }
    }
    None
}

/// One line ended or begun in another way.
pub(crate) fn ended_otherwise(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    const ENDS: [&[u8]; 9] =
        [b"\r", b" ", b"\t", b"\0", b"\n", b"\x0b", b"\x0c", "\u{2028}".as_bytes(), "\u{85}".as_bytes()];
    let place = random.below(bundle.lines.len())?;
    let end = random.pick(&ENDS)?;
    let line = bundle.lines.get_mut(place)?;
    if random.next() & 1 == 0 {
        line.extend_from_slice(end);
    } else {
        drop(line.splice(0..0, end.iter().copied()));
    }
    Some(())
}

/// Every line ended as on Windows, or as on an old Macintosh.
pub(crate) fn all_ended_otherwise(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    if random.next() & 1 == 0 {
        bundle.lines.iter_mut().for_each(|line| line.push(b'\r'));
    } else {
        bundle.lines = vec![bundle.lines.join(&b'\r')];
    }
    Some(())
}

/// Something before or behind the whole.
pub(crate) fn surrounded(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    const TEXTS: [&str; 5] =
        ["\u{feff}", "", "nevertwice bundle v1", "hash ", "\u{2014} witness.example AAAA"];
    let text = random.pick(&TEXTS)?.as_bytes().to_vec();
    match random.below(3)? {
        0 => bundle.lines.insert(0, text),
        1 => bundle.lines.push(text),
        _ => drop(bundle.lines.first_mut()?.splice(0..0, text)),
    }
    Some(())
}

/// The file cut off between two lines.
pub(crate) fn cut_off(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    bundle.lines.truncate(random.below(bundle.lines.len())?);
    Some(())
}
