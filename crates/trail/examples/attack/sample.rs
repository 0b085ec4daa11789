//! Changed bundles as files, for the program itself: some of every kind, and some made to fill memory or time.

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use crate::attempt::{Case, Signer};
use crate::bundle::{Bundle, CHECKPOINT};
use crate::campaign::{Extent, pairs};
use crate::random::Random;

/// Files of each kind and signer that need no known checkpoint, at most.
const OF_EACH: usize = 3;

/// Writes the files, `changed-….bundle` and `hostile-….bundle`, and tells how many.
pub(crate) fn write(folder: &Path, cases: &[Case<'_>], extent: Extent) -> io::Result<u64> {
    fs::create_dir_all(folder)?;
    let mut written = 0;
    for ((kind_number, kind), signer) in pairs().filter(|(_, signer)| *signer != Signer::KeyHolderKnown) {
        for attempt in 0..OF_EACH.min(extent.attempts) {
            let Some(number) = attempt.checked_rem(cases.len()) else { continue };
            let Some(case) = cases.get(number) else { continue };
            // Beside those of the campaign, which begin at nought.
            let mut random = Random::of(extent.seed, number, kind_number, 1_000_000 + attempt);
            let Some(made) = signer.attempt(kind, case, &mut random) else { continue };
            if !case.signed.contains(&made.bytes) {
                fs::write(folder.join(format!("changed-{written:04}.bundle")), &made.bytes)?;
                written += 1;
            }
        }
    }
    if let Some(case) = cases.first() {
        written += hostile(folder, case)?;
    }
    Ok(written)
}

/// Bundles whose beginning is true and whose rest is made to do harm.
fn hostile(folder: &Path, case: &Case<'_>) -> io::Result<u64> {
    let mut claimed = case.bundle.clone();
    let frontier = claimed.frontier(usize::MAX);
    case.pen.sign_checkpoint_of(&mut claimed, &frontier, 1_000_000_000);
    let leaf = first_leaf(case.bundle).unwrap_or_default();
    let open = |fill: &[u8], end: &[u8]| {
        let mut line = b"open {\"a\":[\"00000000000000000000000000000000\",[".to_vec();
        while line.len() < (8 << 20) - end.len() - 8 {
            line.extend_from_slice(fill);
        }
        [&line[..], end].concat()
    };
    let deep =
        |word: &str, byte: &[u8]| [word.as_bytes(), &byte.repeat(((1 << 20) - 8) / byte.len())].concat();
    let mut count = 0;
    let mut file = |name: &str, start: &Bundle, lines: &[Vec<u8>], times: usize| -> io::Result<()> {
        let mut out = BufWriter::new(fs::File::create(folder.join(format!("hostile-{name}.bundle")))?);
        for line in &start.lines[..CHECKPOINT.end] {
            out.write_all(line)?;
            out.write_all(b"\n")?;
        }
        for line in std::iter::repeat_n(lines, times).flatten() {
            out.write_all(line)?;
            out.write_all(b"\n")?;
        }
        count += 1;
        out.flush()
    };
    let true_start = case.bundle;
    file("claims-a-thousand-million", &claimed, &[], 0)?;
    file("hashes-without-end", &claimed, &[format!("hash {}", "0".repeat(64)).into_bytes()], 1_000_000)?;
    file("giant-line", true_start, &[b"leaf ".repeat(40 << 20 >> 3)], 1)?;
    file("deep-arrays", true_start, &[deep("leaf ", b"[")], 1)?;
    file("deep-objects", true_start, &[deep("leaf ", b"{\"a\":")], 1)?;
    file("many-objects", true_start, &[leaf.clone(), open(b"{\"\":0},", b"0]]}")], 1)?;
    file("many-arrays", true_start, &[leaf.clone(), open(b"[0],", b"0]]}")], 1)?;
    file("many-numbers", true_start, &[leaf.clone(), open(b"1e308,", b"0]]}")], 1)?;
    file("many-members", true_start, &[leaf.clone(), many_members()], 1)?;
    file("open-without-end", true_start, &[leaf, b"open {".to_vec(), b"[".repeat(64 << 20)], 1)?;
    Ok(count)
}

/// A true entry as the first one: that it is not is found at the end, by the root.
fn first_leaf(bundle: &Bundle) -> Option<Vec<u8>> {
    let mut first = bundle.clone();
    let place = *first.places("leaf ").first()?;
    let mut entry = first.json(place)?;
    entry["seq"] = serde_json::json!(1);
    first.set_json(place, &entry)?;
    first.lines.get(place).cloned()
}

/// Disclosures of as many erased values as fit.
fn many_members() -> Vec<u8> {
    let mut line = b"open {".to_vec();
    for number in 0..480_000 {
        let _ = write!(line, "\"{number:07}\":\"erased\",");
    }
    line.truncate(line.len() - 1);
    line.push(b'}');
    line
}
