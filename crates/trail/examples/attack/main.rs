//! Attacks the verifier of bundles: flips bytes, changes what is written, forges signatures, rewrites history. Nothing
//! may be accepted but the very bytes that were signed.
//!
//! `attack --key FILE [--flips N] [--attempts N] [--changes N] [--every-kind yes|no] [--seed N] [--sample DIR] BUNDLE...`
//! reads the signing key and real bundles of one register, prints counts by kind, and fails when anything was accepted; also
//! when fewer than `--changes` structural changes were made, or with `--every-kind yes` one kind of them was not made at
//! all. With `--sample` it writes some changed bundles as files, for trying the program itself on them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "prints what it tried")]

mod attempt;
mod bundle;
mod campaign;
mod history;
mod kinds;
mod lines;
mod pen;
mod random;
mod sample;
mod signatures;
mod spelling;
#[cfg(test)]
mod tests;
mod values;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use nevertwice_trail::{VerifierKey, verify_bundle};

use attempt::Case;
use bundle::Bundle;
use campaign::{Counts, Extent, Least};
use pen::Pen;
use random::Random;

/// What was asked for on the command line.
struct Asked {
    key: PathBuf,
    extent: Extent,
    least: Least,
    sample: Option<PathBuf>,
    bundles: Vec<PathBuf>,
}

fn main() -> ExitCode {
    match asked(std::env::args_os().skip(1)).and_then(|asked| run(&asked)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(accepted) => {
            eprintln!("error: {accepted} changed bundles were accepted");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn asked(mut words: impl Iterator<Item = std::ffi::OsString>) -> Result<Asked, String> {
    let mut asked = Asked {
        key: PathBuf::new(),
        extent: Extent { flips: 300_000, attempts: 100, seed: 1 },
        least: Least { changes: 1, every_kind: false },
        sample: None,
        bundles: Vec::new(),
    };
    while let Some(word) = words.next() {
        let name = word.to_string_lossy().into_owned();
        if !name.starts_with("--") {
            asked.bundles.push(word.into());
            continue;
        }
        let value = words.next().ok_or(format!("{name} needs a value"))?;
        let number = || value.to_string_lossy().parse().map_err(|_| format!("{name}: expected a number"));
        match name.as_str() {
            "--key" => asked.key = value.into(),
            "--sample" => asked.sample = Some(value.into()),
            "--flips" => asked.extent.flips = number()?,
            "--attempts" => asked.extent.attempts = number()?,
            "--changes" => asked.least.changes = number()? as u64,
            "--every-kind" => asked.least.every_kind = value == "yes",
            "--seed" => asked.extent.seed = number()? as u64,
            _ => return Err(format!("{name} is no option")),
        }
    }
    if asked.bundles.is_empty() { Err("expected bundles to attack".to_owned()) } else { Ok(asked) }
}

/// Runs the campaign and tells how much was accepted.
fn run(asked: &Asked) -> Result<u64, String> {
    let read = |path: &PathBuf| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let secret = String::from_utf8_lossy(&read(&asked.key)?).into_owned();
    let pen = Pen::read(&secret).ok_or("the key file holds no signing key")?;
    let key: VerifierKey = pen.verifier().parse().map_err(|error| format!("the key: {error}"))?;
    let files = asked.bundles.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let files: Vec<Vec<u8>> =
        files.into_iter().flat_map(|file| [erased(&file, &pen), Some(file)]).flatten().collect();
    for file in &files {
        let report = verify_bundle(&file[..], &key, None).map_err(|error| error.to_string())?;
        println!(
            "a bundle of {} bytes: {} of {} entries in scope, {} values proved, {} erased",
            file.len(),
            report.in_scope,
            report.checkpoint.checkpoint().size,
            report.proved,
            report.erased.len()
        );
    }
    let bundles: Vec<Bundle> = files.iter().filter_map(|file| Bundle::read(file)).collect();
    let stranger = Pen::new(&pen.origin, &[8; 32]);
    let with_others: Vec<Vec<Bundle>> =
        (0..bundles.len()).map(|own| others(&bundles, own, &stranger)).collect();
    let cases: Vec<Case<'_>> = bundles
        .iter()
        .zip(&files)
        .zip(&with_others)
        .map(|((bundle, bytes), others)| {
            let (pen, stranger, key) = (&pen, &stranger, &key);
            Case { bundle, bytes, signed: &files, others, pen, stranger, key }
        })
        .collect();
    if let Some(folder) = &asked.sample {
        let written = sample::write(folder, &cases, asked.extent).map_err(|error| error.to_string())?;
        println!("{written} changed bundles written");
    }
    let (flips, mut accepted) = timed("byte flips", || campaign::flips(&cases, asked.extent));
    Least { changes: asked.extent.flips as u64, every_kind: true }.expect(&flips)?;
    let (changes, changes_accepted) = timed("structural changes", || campaign::changes(&cases, asked.extent));
    asked.least.expect(&changes)?;
    accepted += changes_accepted;
    Ok(accepted)
}

/// The bundle after some of its values were erased, as the holder of the key would write it.
fn erased(file: &[u8], pen: &Pen) -> Option<Vec<u8>> {
    let mut bundle = Bundle::read(file)?;
    for number in 0..40 {
        // A bundle with few values has none left after a while.
        let _ = values::withhold(&mut Random::of(0, 0, 0, number), &mut bundle);
    }
    pen.sign_seal(&mut bundle);
    Some(bundle.bytes())
}

/// The bundles that one can be mixed with: the others, and itself as another register of that name would sign it.
fn others(bundles: &[Bundle], own: usize, stranger: &Pen) -> Vec<Bundle> {
    let mut others: Vec<Bundle> =
        bundles.iter().enumerate().filter(|(at, _)| *at != own).map(|(_, bundle)| bundle.clone()).collect();
    if let Some(mut strange) = bundles.get(own).cloned() {
        stranger.sign_checkpoint(&mut strange);
        stranger.sign_seal(&mut strange);
        others.push(strange);
    }
    others
}

/// Runs a part, prints its counts and its time, and tells them and how much was accepted.
fn timed(what: &str, part: impl FnOnce() -> Counts) -> (Counts, u64) {
    let start = Instant::now();
    let counts = part();
    let took = start.elapsed().as_secs_f64();
    println!("\n{:<76} {:>9} {:>9} {:>9}", what, "tried", "accepted", "unchanged");
    let mut all = campaign::Count::default();
    for (name, count) in &counts {
        println!("{name:<76} {:>9} {:>9} {:>9}", count.tried, count.accepted.len(), count.unchanged);
        all.tried += count.tried;
        all.unchanged += count.unchanged;
        all.accepted.extend(count.accepted.iter().map(|how| format!("{name}: {how}")));
    }
    let sum = format!("all of the {what}");
    println!("{sum:<76} {:>9} {:>9} {:>9}  in {took:.1} s", all.tried, all.accepted.len(), all.unchanged);
    all.accepted.iter().take(20).for_each(|how| println!("ACCEPTED {how}"));
    (counts, all.accepted.len() as u64)
}
