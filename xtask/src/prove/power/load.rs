//! People who report cases, keep evidence, plan and complete actions, all the time.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, anyhow};
use serde_json::{Value, json};

use super::super::client::Client;
use super::known::evidence_content;

/// Lets `writers` people write to the server of `client` until they made `writes` attempts together, while
/// another looks things up; evidence comes from `files`. Gives how many attempts were refused: with syncs that fail,
/// some are.
///
/// # Errors
/// Somebody broke down.
pub(crate) fn run(client: &Client, files: &Path, writers: u32, writes: usize) -> anyhow::Result<usize> {
    let (made, refused) = (&AtomicUsize::new(0), &AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let people: Vec<_> = (0..writers)
            .map(|number| {
                scope.spawn(move || {
                    let mut round = 0;
                    while made.load(Ordering::Relaxed) < writes {
                        let tried = one_round(client, files, &format!("w{number} r{round}"));
                        made.fetch_add(4, Ordering::Relaxed);
                        round += 1;
                        if tried.is_err() {
                            refused.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                })
            })
            .collect();
        let reader = scope.spawn(move || {
            // The index follows when somebody searches.
            let search = json!({ "query": "writer", "limit": 5, "after": null, "sort": null });
            while made.load(Ordering::Relaxed) < writes {
                // A search that fails because a sync did acknowledges nothing.
                client.get("list_cases", &search).ok();
            }
        });
        for person in people.into_iter().chain([reader]) {
            person.join().map_err(|_| anyhow!("a writer broke down"))?;
        }
        Ok(refused.load(Ordering::Relaxed))
    })
}

/// A case, its evidence, an action and its completion.
fn one_round(client: &Client, files: &Path, who: &str) -> anyhow::Result<()> {
    let case = client.get("report_case", &new_case(&format!("A writer reports: {who}")))?;
    let case = reference(&case)?;
    let name = format!("{case} by {who}");
    let file = files.join(name.replace(' ', "-"));
    std::fs::write(&file, evidence_content(&name))?;
    let evidence = json!({
        "case": case, "action": null, "source": { "file": file }, "name": name,
        "custody": null, "collected": null, "legal_hold": false
    });
    client.get("add_evidence", &evidence)?;
    let action = json!({
        "case": case, "lesson": null, "title": format!("See that it does not happen again: {who}"),
        "description": null, "purpose": "corrective", "kind": "technical", "owner": "proof",
        "due_on": "2999-12-31", "check_measure": null, "check_on": null, "check_by": null
    });
    let action = client.get("new_action", &action)?;
    let completion =
        json!({ "action": reference(&action)?, "evidence": "It is done.", "completed_on": null });
    client.get("complete_action", &completion)?;
    Ok(())
}

/// The input of `report_case`.
pub(crate) fn new_case(title: &str) -> Value {
    json!({
        "title": title, "summary": null, "class": null, "severity": null,
        "occurred": null, "detected": null, "reported": null, "reporter": null
    })
}

fn reference(outcome: &Value) -> anyhow::Result<&str> {
    outcome["reference"].as_str().with_context(|| format!("no reference in {outcome}"))
}
