//! People who report cases, keep evidence, plan and complete actions, all the time.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, anyhow};
use serde_json::{Value, json};

use crate::prove::client::Client;
use crate::prove::known::{completion, evidence_content, new_action, new_case, new_evidence};

/// Lets `writers` people write to the server of `client` until they made `writes` attempts together, while
/// another looks things up; evidence comes from `files`. Gives what was said to attempts that were refused: with syncs
/// that fail, some are.
///
/// # Errors
/// Somebody broke down.
pub(crate) fn run(client: &Client, files: &Path, writers: u32, writes: usize) -> anyhow::Result<Vec<String>> {
    let made = &AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let person = |number| {
            scope.spawn(move || {
                let mut refused = Vec::new();
                for round in 0.. {
                    if made.load(Ordering::Relaxed) >= writes {
                        break;
                    }
                    let tried = one_round(client, files, &format!("w{number} r{round}"));
                    made.fetch_add(4, Ordering::Relaxed);
                    refused.extend(tried.err().map(|error| format!("{error:#}")));
                }
                refused
            })
        };
        let people: Vec<_> = (0..writers).map(person).collect();
        let reader = scope.spawn(move || {
            // The index follows when somebody searches.
            let search = json!({ "query": "writer", "limit": 5, "after": null, "sort": null });
            while made.load(Ordering::Relaxed) < writes {
                // A search that fails because a sync did acknowledges nothing.
                client.get("list_cases", &search).ok();
            }
        });
        let mut refused = Vec::new();
        for person in people {
            refused.extend(person.join().map_err(|_| anyhow!("a writer broke down"))?);
        }
        reader.join().map_err(|_| anyhow!("the reader broke down"))?;
        Ok(refused)
    })
}

/// A case, its evidence, an action and its completion.
fn one_round(client: &Client, files: &Path, who: &str) -> anyhow::Result<()> {
    let case = client.get("report_case", &new_case(&format!("A writer reports: {who}")))?;
    let case = reference(&case)?;
    let name = format!("{case} by {who}");
    let file = files.join(name.replace(' ', "-"));
    std::fs::write(&file, evidence_content(&name))?;
    client.get("add_evidence", &new_evidence(case, &name, &file))?;
    let action = new_action(case, &format!("See that it does not happen again: {who}"));
    let action = client.get("new_action", &action)?;
    client.get("complete_action", &completion(reference(&action)?))?;
    Ok(())
}

fn reference(outcome: &Value) -> anyhow::Result<&str> {
    outcome["reference"].as_str().with_context(|| format!("no reference in {outcome}"))
}
