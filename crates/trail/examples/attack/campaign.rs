//! All attempts, on every core, counted by kind.

use std::collections::BTreeMap;
use std::num::NonZero;

use nevertwice_trail::verify_bundle;

use crate::attempt::{Case, Signer};
use crate::kinds::KINDS;
use crate::random::Random;

/// What became of the attempts of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Attempts that changed something.
    pub(crate) tried: u64,
    /// Attempts that gave the bytes of a bundle that was signed; they are not counted as tried.
    pub(crate) unchanged: u64,
    /// How each accepted attempt can be repeated.
    pub(crate) accepted: Vec<String>,
}

/// The counts by kind, in the order of names.
pub(crate) type Counts = BTreeMap<String, Count>;

/// How much to try.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    /// Byte flips in all.
    pub(crate) flips: usize,
    /// Attempts of each kind, signer and bundle.
    pub(crate) attempts: usize,
    /// Where the random numbers begin.
    pub(crate) seed: u64,
}

/// How much has to have been tried, so that no acceptance says something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Least {
    /// Changes in all.
    pub(crate) changes: u64,
    /// Whether each kind has to be among them.
    pub(crate) every_kind: bool,
}

impl Least {
    /// Fails when less was tried, saying what.
    pub(crate) fn expect(self, counts: &Counts) -> Result<(), String> {
        let tried: u64 = counts.values().map(|count| count.tried).sum();
        if tried < self.changes {
            return Err(format!("expected at least {} changes, only {tried} could be made", self.changes));
        }
        let missing = counts.iter().find(|(_, count)| count.tried == 0).filter(|_| self.every_kind);
        missing
            .map_or(Ok(()), |(name, _)| Err(format!("not one change of the kind \"{name}\" could be made")))
    }
}

/// Flips bytes and counts what is accepted: each byte of a bundle once, twice and so on, or, of a long one, as many
/// as its share allows, spread evenly.
pub(crate) fn flips(cases: &[Case<'_>], extent: Extent) -> Counts {
    on_every_core(|core, cores| {
        let mut counts = Counts::new();
        for (number, case) in cases.iter().enumerate() {
            let length = case.bytes.len();
            let share = share(cases, number, extent.flips);
            let mut bytes = case.bytes.to_vec();
            let count = counts.entry("byte flipped".to_owned()).or_default();
            for flip in (core..share).step_by(cores) {
                let place = if share < length { flip * length / share } else { flip % length };
                let mut random = Random::of(extent.seed, number, usize::MAX, flip);
                let low = u8::try_from(random.next() % 255).unwrap_or_default();
                // Single bits first, then any other byte.
                let mask = if flip / length < 8 { 1 << ((place + flip / length) % 8) } else { low + 1 };
                bytes[place] ^= mask;
                count.tried += 1;
                if verify_bundle(&bytes[..], case.key, None).is_ok() {
                    count.accepted.push(format!("bundle {number}, byte {place}, mask {mask:#04x}"));
                }
                bytes[place] = case.bytes[place];
            }
        }
        counts
    })
}

/// The part of the flips that one bundle gets: the shorter, the more, so that the time is spent evenly.
fn share(cases: &[Case<'_>], number: usize, flips: usize) -> usize {
    /// Enough that no share is rounded away.
    const WHOLE: usize = 1 << 40;
    let weights: Vec<usize> = cases.iter().map(|case| WHOLE / case.bytes.len().max(1)).collect();
    let all: usize = weights.iter().sum();
    // 128 bits, since both factors may be large.
    let share = weights[number] as u128 * flips as u128 / all.max(1) as u128;
    usize::try_from(share).unwrap_or(flips) + 1
}

/// Changes bundles in every way by everybody who may sign, and counts what is accepted that has to be refused.
pub(crate) fn changes(cases: &[Case<'_>], extent: Extent) -> Counts {
    on_every_core(|core, cores| {
        let mut counts = Counts::new();
        for (number, case) in cases.iter().enumerate() {
            for (kind, signer) in pairs() {
                let (kind_number, kind) = kind;
                let count = counts.entry(format!("{}, {}", kind.name, by(signer))).or_default();
                for attempt in (core..extent.attempts).step_by(cores) {
                    let mut random = Random::of(extent.seed, number, kind_number, attempt);
                    let Some(made) = signer.attempt(kind, case, &mut random) else { continue };
                    if made.known.is_none() && case.signed.contains(&made.bytes) || made.bytes == case.bytes {
                        count.unchanged += 1;
                        continue;
                    }
                    count.tried += 1;
                    if verify_bundle(&made.bytes[..], case.key, made.known.as_ref()).is_ok() {
                        count.accepted.push(format!("bundle {number}, attempt {attempt}"));
                    }
                }
            }
        }
        counts
    })
}

/// Which kinds are tried by whom: those that have to be refused.
pub(crate) fn pairs() -> impl Iterator<Item = ((usize, &'static crate::kinds::Kind), Signer)> {
    let of_kind = |kind: (usize, &'static crate::kinds::Kind)| {
        let signers = Signer::ALL.into_iter();
        signers
            .filter(move |signer| *signer == Signer::Nobody || kind.1.signed_anew)
            .filter(move |signer| signer.must_fail(kind.1))
            .map(move |signer| (kind, signer))
    };
    KINDS.iter().enumerate().flat_map(of_kind)
}

/// Who signed, as printed.
pub(crate) fn by(signer: Signer) -> &'static str {
    match signer {
        Signer::Nobody => "not signed anew",
        Signer::Stranger => "signed by a stranger",
        Signer::KeyHolder => "signed by the key holder",
        Signer::KeyHolderKnown => "signed by the key holder, checkpoint known",
    }
}

fn on_every_core(work: impl Fn(usize, usize) -> Counts + Sync) -> Counts {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let work = &work;
    let parts: Vec<Counts> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|core| scope.spawn(move || work(core, cores))).collect();
        threads.into_iter().map(joined).collect()
    });
    let mut all = Counts::new();
    for (name, part) in parts.into_iter().flatten() {
        let count = all.entry(name).or_default();
        count.tried += part.tried;
        count.unchanged += part.unchanged;
        count.accepted.extend(part.accepted);
    }
    all
}

/// A verifier that panics is as bad as one that accepts: it ends the whole.
fn joined(thread: std::thread::ScopedJoinHandle<'_, Counts>) -> Counts {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
