//! People who write all the time, each through the program's own command line.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};

use anyhow::{Context as _, anyhow};

use crate::program::Register;

/// Writers at work.
pub(crate) struct Writers<'scope> {
    enough: Arc<AtomicBool>,
    /// SHA-256 of the evidence that the program said is kept.
    evidence: Arc<Mutex<BTreeSet<String>>>,
    threads: Vec<ScopedJoinHandle<'scope, Written>>,
}

/// What the writers were told.
#[derive(Default)]
pub(crate) struct Written {
    /// References of the cases that the program said are registered.
    pub(crate) acknowledged: BTreeSet<String>,
    /// What it said otherwise.
    pub(crate) refused: Vec<String>,
}

impl<'scope> Writers<'scope> {
    /// Starts `count` writers; each registers one case after the other, and the first one adds evidence to each of its
    /// cases, from files that it makes beside the data folder.
    pub(crate) fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        register: &'scope Register<'_>,
        count: u32,
    ) -> Writers<'scope> {
        let enough = Arc::new(AtomicBool::new(false));
        let evidence = Arc::new(Mutex::new(BTreeSet::new()));
        let threads = (0..count).map(|number| {
            let (enough, evidence) = (Arc::clone(&enough), Arc::clone(&evidence));
            scope.spawn(move || {
                let mut written = Written::default();
                while !enough.load(Ordering::Relaxed) {
                    let title = format!("Writer {number}, case {}", written.acknowledged.len());
                    let round = write(register, &title).and_then(|reference| {
                        if number == 0 {
                            let sha256 = hand_in(register, &reference)?;
                            lock(&evidence).insert(sha256);
                        }
                        Ok(reference)
                    });
                    match round {
                        Ok(reference) => drop(written.acknowledged.insert(reference)),
                        Err(error) => written.refused.push(format!("{error:#}")),
                    }
                }
                written
            })
        });
        Writers { threads: threads.collect(), enough, evidence }
    }

    /// The evidence that was acknowledged so far, by its SHA-256.
    pub(crate) fn evidence(&self) -> BTreeSet<String> {
        lock(&self.evidence).clone()
    }

    /// Lets the writers finish what they are at, and gives what they were told.
    ///
    /// # Errors
    /// When a writer broke down.
    pub(crate) fn stop(mut self) -> anyhow::Result<Written> {
        self.enough.store(true, Ordering::Relaxed);
        let mut all = Written::default();
        for thread in std::mem::take(&mut self.threads) {
            let written = thread.join().map_err(|_| anyhow!("a writer broke down"))?;
            all.acknowledged.extend(written.acknowledged);
            all.refused.extend(written.refused);
        }
        Ok(all)
    }
}

impl Drop for Writers<'_> {
    /// A proof that breaks off in the middle must not leave them writing.
    fn drop(&mut self) {
        self.enough.store(true, Ordering::Relaxed);
    }
}

fn write(register: &Register<'_>, title: &str) -> anyhow::Result<String> {
    let case = register.json(&["case", "new", title, "--class", "event"])?;
    case["reference"].as_str().map(str::to_owned).context("`case new --json` names no reference")
}

/// Adds a file to a case as evidence and gives its SHA-256.
fn hand_in(register: &Register<'_>, case: &str) -> anyhow::Result<String> {
    let file = register.data().with_file_name(format!("{case}.txt"));
    std::fs::write(&file, format!("What {case} shows.\n"))?;
    let kept = register.json(&["case", "evidence", case, "--file", &file.to_string_lossy()])?;
    std::fs::remove_file(&file)?;
    kept["sha256"].as_str().map(str::to_owned).context("`case evidence --json` names no SHA-256")
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
