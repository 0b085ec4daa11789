//! The command lines of every verb that tells something.

use std::path::Path;

use super::telling::{Secrets, Story};

/// Verbs that name no restricted record, with their words between blanks.
const READING: [&str; 44] = [
    "case list --limit 1000",
    "case list --query zqcanary* --limit 1000",
    "case list --query restricted:yes",
    "review list --limit 1000",
    "lesson list --limit 1000",
    "action list --limit 1000",
    "action decide-again",
    "lesson gaps orphan",
    "lesson gaps stale",
    "awareness list",
    "awareness show AWR-2026-0001",
    "person owes",
    "supplier list",
    "supplier show Northwind",
    "asset list",
    "asset show Ranker",
    "field list",
    "control list",
    "control show A.8.16",
    "control changes",
    "risk list",
    "risk show RSK-0001",
    "person list",
    "import runs",
    "settings show",
    "search turbine --limit 1000",
    "search zqcanary* --limit 1000",
    "search turbin",
    "measure volume --by category",
    "measure loop",
    "work",
    "procedure show",
    "procedure versions",
    "procedure say-do",
    "measure volume --by year",
    "measure volume --by month --register",
    "measure volume --by category,class,state --register",
    "measure volume --by severity --query zqcanary* --register",
    "trail verify",
    "trail checkpoint",
    "doctor",
    "config show",
    "config check",
    "index rebuild",
];

/// The command lines of every verb that reads, without the reference of a restricted record; files go to `scratch`.
pub(super) fn reading(secrets: &Secrets, scratch: &Path) -> Vec<Vec<String>> {
    let bundle = |name: &str| scratch.join(name).display().to_string();
    let mut lines: Vec<Vec<String>> =
        READING.iter().map(|line| line.split(' ').map(str::to_owned).collect()).collect();
    let mut line = |words: &[&str]| lines.push(owned(words));
    line(&["trail", "export", "--out", &bundle("all.bundle")]);
    line(&["trail", "export", "--case", &secrets.open, "--out", &bundle("one.bundle")]);
    line(&["case", "show", &secrets.open]);
    line(&["case", "similar", &secrets.open]);
    lines
}

/// The command lines that name the records of a story: those that read, and a change of each kind.
pub(super) fn naming(story: &Story, secrets: &Secrets, scratch: &Path) -> Vec<Vec<String>> {
    let Story { case, review, lesson, action, .. } = story;
    let bundle = scratch.join("hidden.bundle").display().to_string();
    let query = format!("reference:{case}");
    [
        &["case", "show", case] as &[&str],
        &["case", "similar", case],
        &["lesson", "similar", case],
        &["case", "list", "--query", &query],
        &["trail", "export", "--case", case, "--out", &bundle],
        &["case", "comment", case, "anybody there?"],
        &["case", "close", case],
        &["case", "part-of", &secrets.open, case],
        &["review", "show", review],
        &["review", "submit", review],
        &["lesson", "show", lesson],
        &["lesson", "link", lesson, &secrets.open],
        &["action", "show", action],
        &["action", "start", action],
    ]
    .map(owned)
    .into()
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;

    /// Verbs that change the register, beside those that are asked. Naming a hidden record, each is refused as for one that
    /// never was: the tests of the access matrix try every one of them in every place.
    const CHANGES: [&str; 92] = [
        "nevertwice init",
        "nevertwice case new",
        "nevertwice case edit",
        "nevertwice case classify",
        "nevertwice case decide",
        "nevertwice case respond",
        "nevertwice case resolve",
        "nevertwice case void",
        "nevertwice case timeline",
        "nevertwice case cost",
        "nevertwice case evidence",
        "nevertwice case restrict",
        "nevertwice case reopen",
        "nevertwice case gap",
        "nevertwice review new",
        "nevertwice review schedule",
        "nevertwice review hold",
        "nevertwice review approve",
        "nevertwice review send-back",
        "nevertwice review waive",
        "nevertwice why add",
        "nevertwice why edit",
        "nevertwice why remove",
        "nevertwice why move",
        "nevertwice why link",
        "nevertwice why edit-link",
        "nevertwice why unlink",
        "nevertwice why dismiss",
        "nevertwice review similar",
        "nevertwice lesson new",
        "nevertwice lesson edit",
        "nevertwice lesson approve",
        "nevertwice lesson retire",
        "nevertwice lesson unlink",
        "nevertwice lesson cover",
        "nevertwice lesson approve-cover",
        "nevertwice lesson confirm",
        "nevertwice awareness publish",
        "nevertwice awareness acknowledge",
        "nevertwice awareness withdraw",
        "nevertwice action renew",
        "nevertwice action take-up",
        "nevertwice action cost",
        "nevertwice person hand-over",
        "nevertwice action new",
        "nevertwice action move",
        "nevertwice action hand-over",
        "nevertwice action complete",
        "nevertwice action reopen",
        "nevertwice action not-doing",
        "nevertwice action strength",
        "nevertwice action plan-check",
        "nevertwice action check",
        "nevertwice person new",
        "nevertwice person confirm",
        "nevertwice person disable",
        "nevertwice person token",
        "nevertwice person revoke-token",
        "nevertwice person invite",
        "nevertwice person sign-in-link",
        "nevertwice supplier new",
        "nevertwice supplier edit",
        "nevertwice asset new",
        "nevertwice asset version",
        "nevertwice asset edit",
        "nevertwice case declare",
        "nevertwice case approve-declaration",
        "nevertwice case remove-declaration",
        "nevertwice control new",
        "nevertwice control edit",
        "nevertwice control retire",
        "nevertwice control change",
        "nevertwice control performance",
        "nevertwice risk new",
        "nevertwice risk edit",
        "nevertwice risk assess",
        "nevertwice risk accept",
        "nevertwice risk link",
        "nevertwice risk close",
        "nevertwice risk reopen",
        "nevertwice field new",
        "nevertwice field set",
        "nevertwice import undo",
        "nevertwice settings edit",
        "nevertwice procedure new",
        "nevertwice procedure edit",
        "nevertwice procedure submit",
        "nevertwice procedure send-back",
        "nevertwice procedure approve",
        "nevertwice procedure withdraw",
        "nevertwice review evaluate",
        "nevertwice review light",
    ];

    /// Verbs that are not asked, and why.
    const NOT_ASKED: [(&str, &str); 12] = [
        ("nevertwice demo", "makes a register of its own"),
        ("nevertwice serve", "is what is asked"),
        ("nevertwice completions", "opens no register"),
        ("nevertwice man", "opens no register"),
        ("nevertwice import spreadsheet", "the service's tests look at its fates"),
        ("nevertwice import veris", "as the spreadsheet"),
        (
            "nevertwice backup create",
            "whoever makes a backup has everything, as the page on restricted cases says",
        ),
        ("nevertwice export archive", "as a backup"),
        ("nevertwice import archive", "reads an archive"),
        ("nevertwice person tokens", "lists one's own and no record"),
        ("nevertwice backup verify", "reads a backup"),
        ("nevertwice backup restore", "reads a backup"),
    ];

    #[test]
    fn every_verb_is_asked_or_it_is_said_why_not() {
        let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/cli.md");
        let page = std::fs::read_to_string(page).expect("the page of commands is there");
        let verbs: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let is_group = |verb: &str| verbs.iter().any(|other| other.starts_with(&format!("{verb} ")));
        let story = || ["CASE-1", "PIR-1", "LSN-1", "ACT-1"].map(str::to_owned);
        let [case, review, lesson, action] = story();
        let story = Story { number: 0, case, review, lesson, action };
        let secrets = Secrets::none("CASE-2");
        let mut lines = reading(&secrets, &PathBuf::new());
        lines.extend(naming(&story, &secrets, &PathBuf::new()));
        let asked = |verb: &str| {
            lines
                .iter()
                .any(|line| format!("nevertwice {} ", line.join(" ")).starts_with(&format!("{verb} ")))
        };
        let missing: Vec<&&str> = verbs
            .iter()
            .filter(|verb| !is_group(verb) && !asked(verb))
            .filter(|verb| !CHANGES.contains(verb))
            .filter(|verb| !NOT_ASKED.iter().any(|(known, _)| known == *verb))
            .collect();
        assert!(verbs.len() > 80, "the page of commands is not whole");
        assert!(missing.is_empty(), "nobody asks {missing:?}");
        let known: BTreeSet<&str> = verbs.iter().copied().collect();
        let excused = || NOT_ASKED.iter().map(|(verb, _)| *verb).chain(CHANGES);
        let gone: Vec<&str> = excused().filter(|verb| !known.contains(verb)).collect();
        assert!(gone.is_empty(), "there is no {gone:?}");
        let asked: Vec<&str> = excused().filter(|verb| asked(verb)).collect();
        assert!(asked.is_empty(), "these are asked and need no excuse: {asked:?}");
    }
}
