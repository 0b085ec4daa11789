//! People who write all the time, each through the program's own command line.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Scope, ScopedJoinHandle};

use anyhow::{Context as _, anyhow};

use crate::program::Register;

/// Writers at work.
pub(crate) struct Writers<'scope> {
    enough: Arc<AtomicBool>,
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
    /// Starts `count` writers; each registers one case after the other.
    pub(crate) fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        register: &'scope Register<'_>,
        count: u32,
    ) -> Writers<'scope> {
        let enough = Arc::new(AtomicBool::new(false));
        let threads = (0..count).map(|number| {
            let enough = Arc::clone(&enough);
            scope.spawn(move || {
                let mut written = Written::default();
                while !enough.load(Ordering::Relaxed) {
                    let title = format!("Writer {number}, case {}", written.acknowledged.len());
                    match write(register, &title) {
                        Ok(reference) => drop(written.acknowledged.insert(reference)),
                        Err(error) => written.refused.push(format!("{error:#}")),
                    }
                }
                written
            })
        });
        Writers { threads: threads.collect(), enough }
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
