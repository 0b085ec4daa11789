//! Looking at the register after a kill.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::book::{Book, Facts, items, text};
use super::write::{Write, sha256};
use super::writers::{Desk, Written};
use crate::prove::client::Answer;
use crate::prove::register::sound;

/// What is numbered without gaps.
#[derive(Clone, Copy)]
enum Kind {
    Case,
    Action,
}

/// Reads back what was written since the last kill, and gives the number of writes that are there although their
/// answers were cut off.
///
/// # Errors
/// When something acknowledged is lost, something is there by half or unasked for, a number is missing or was given
/// twice, or the index has another number of records.
pub(crate) fn new(desk: &Desk, book: &mut Book, written: &Written) -> anyhow::Result<u64> {
    let mut touched = book.enter(&written.acknowledged)?;
    touched.extend(written.cut.iter().filter_map(Write::case).map(str::to_owned));
    book.last_case = walk(desk, book, Kind::Case, &mut touched)?;
    let mut there = 0;
    let mut planned = BTreeSet::new();
    for reference in &touched {
        let shown = shown(desk, reference)?;
        for hash in shown.files.values() {
            check_file(desk, hash)?;
        }
        planned.extend(shown.plans.values().map(|(action, _)| action.clone()));
        there += u64::from(book.settle(reference, &shown, &written.cut)?.is_some());
    }
    let of_cases = planned.len();
    book.last_action = walk(desk, book, Kind::Action, &mut planned)?;
    if planned.len() != of_cases {
        bail!("{} actions are there, but the cases that were written to have {of_cases}", planned.len());
    }
    check_index(desk, book)?;
    Ok(there)
}

/// Registers a case while nobody else writes. Once it is acknowledged, whatever an earlier server had under way is
/// through: a transaction that PostgreSQL still has in hand after its server was killed keeps the next writer waiting.
///
/// # Errors
/// When the server refuses.
pub(crate) fn one_more(desk: &Desk, title: &str) -> anyhow::Result<(Write, Value)> {
    let write = Write::Report { title: title.to_owned(), summary: "Nobody else writes.".to_owned() };
    let (use_case, input) = write.request(desk)?;
    let answer = desk.client.get(use_case, &input)?;
    Ok((write, answer))
}

/// Checks what the register says of itself: the lists, the trail, its health, and the files, of which `cut` were handed in
/// without an answer.
///
/// # Errors
/// When something is not in order.
pub(crate) fn register(desk: &Desk, book: &Book, cut: u64) -> anyhow::Result<()> {
    let rows = desk.client.every("list_cases")?;
    let listed = rows.iter().map(|case| text(case, "reference")).collect::<anyhow::Result<BTreeSet<_>>>()?;
    if let Some(odd) = book.cases.keys().find(|case| !listed.contains(*case)) {
        bail!("{odd} is in no list of the cases");
    }
    if rows.len() != book.cases.len() {
        bail!("{} cases are listed, {} are there", rows.len(), book.cases.len());
    }
    sound(&desk.client)?;
    check_files(desk, book, cut)
}

/// Reads back every case that was ever written, and makes the index anew; says how much that was.
///
/// # Errors
/// When anything differs from what was acknowledged.
pub(crate) fn everything(desk: &Desk, book: &Book) -> anyhow::Result<String> {
    for (reference, facts) in &book.cases {
        let found = shown(desk, reference)?;
        if found != *facts {
            bail!("{reference} changed since it was read back: was {facts:?}, found {found:?}");
        }
    }
    let made = desk.client.get("rebuild_index", &json!({}))?;
    let there = book.cases.len() as u64 + book.last_action;
    if made["documents"] != there {
        bail!("the index made anew has {} documents, the store {there} records", made["documents"]);
    }
    let files: usize = book.cases.values().map(|facts| facts.files.len()).sum();
    let comments: usize = book.cases.values().map(|facts| facts.comments.len()).sum();
    Ok(format!(
        "{} cases, {} actions, {comments} comments and {files} files read back at the end",
        book.cases.len(),
        book.last_action
    ))
}

/// Adds the references after `last` until there is none, and gives the number of the last one.
///
/// # Errors
/// When a reference beyond the end was acknowledged: then there is a gap before it, or it is lost.
fn walk(desk: &Desk, book: &Book, kind: Kind, known: &mut BTreeSet<String>) -> anyhow::Result<u64> {
    let year = known.iter().chain(book.cases.keys()).find_map(|reference| reference.split('-').nth(1));
    let year = year.unwrap_or_default().to_owned();
    let (prefix, mut number) = match kind {
        Kind::Case => ("CASE", book.last_case),
        Kind::Action => ("ACT", book.last_action),
    };
    loop {
        let reference = format!("{prefix}-{year}-{:04}", number + 1);
        if !known.contains(&reference) && !exists(desk, kind, &reference)? {
            break;
        }
        known.insert(reference);
        number += 1;
    }
    let beyond = |reference: &&String| {
        reference
            .rsplit('-')
            .next()
            .and_then(|digits| digits.parse().ok())
            .is_none_or(|found: u64| found > number)
    };
    if let Some(lost) = known.iter().find(beyond) {
        bail!("{lost} was acknowledged, but the numbers end at {number}: something is lost");
    }
    Ok(number)
}

fn exists(desk: &Desk, kind: Kind, reference: &str) -> anyhow::Result<bool> {
    let (use_case, input) = match kind {
        Kind::Case => ("show_case", json!({"case": reference})),
        Kind::Action => ("show_action", json!({"action": reference})),
    };
    match desk.client.ask(use_case, &input) {
        Answer::Done(_) => Ok(true),
        Answer::Refused(code, _) if code.starts_with("not_found") => Ok(false),
        Answer::Refused(code, message) => bail!("{reference}: {code}: {message}"),
        Answer::Unknown(message) => bail!("{reference}: {message}"),
    }
}

/// What the store says of a case and its actions.
fn shown(desk: &Desk, reference: &str) -> anyhow::Result<Facts> {
    let case = desk
        .client
        .get("show_case", &json!({"case": reference}))
        .with_context(|| format!("{reference} was acknowledged and cannot be read"))?;
    let mut actions = Vec::new();
    for action in items(&case, "actions")? {
        actions.push(desk.client.get("show_action", &json!({"action": action["reference"]}))?);
    }
    Facts::shown(&case, &actions)
}

fn check_index(desk: &Desk, book: &Book) -> anyhow::Result<()> {
    let there = [("list_cases", book.cases.len() as u64), ("list_actions", book.last_action)];
    for (list, count) in there {
        let page = desk.client.get(list, &json!({"query": "", "limit": 1}))?;
        if page["total"] != count {
            bail!("{list} counts {}, but {count} are there", page["total"]);
        }
    }
    Ok(())
}

fn check_file(desk: &Desk, hash: &str) -> anyhow::Result<()> {
    let path = desk.data.join("evidence").join(hash);
    let bytes = std::fs::read(&path).with_context(|| format!("the evidence {} is lost", path.display()))?;
    if sha256(&bytes) != hash {
        bail!("the evidence {} has another content than its hash says", path.display());
    }
    Ok(())
}

/// Every file that a case names is there with that content, and a file that no case names is whole as well: it is what
/// a kill left between file and record, at most one for each file whose handing in was cut off.
fn check_files(desk: &Desk, book: &Book, cut: u64) -> anyhow::Result<()> {
    let named: BTreeSet<&str> =
        book.cases.values().flat_map(|facts| facts.files.values()).map(String::as_str).collect();
    for hash in &named {
        check_file(desk, hash)?;
    }
    let folder = desk.data.join("evidence");
    let mut left = 0;
    for entry in folder.exists().then(|| std::fs::read_dir(&folder)).transpose()?.into_iter().flatten() {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // What the server was copying when it was killed; it goes after a day.
        if name.starts_with(".incoming-") || named.contains(name.as_str()) {
            continue;
        }
        check_file(desk, &name)?;
        left += 1;
    }
    if left > cut {
        bail!("{left} evidence files are named by no case, but the handing in of only {cut} was cut off");
    }
    Ok(())
}
