//! How the pages of a report look: one question each, big enough for a thumb.

use maud::{Markup, html};

use nevertwice_service::case::{ATTACHMENT_LIMIT, ATTACHMENTS};

use super::answers::{Answers, FILES, Step};
use crate::drafts;
use crate::form::Errors;
use crate::paths;
use crate::text;
use crate::ui::{Choice, Field, FieldKind, error_summary};

/// One page.
pub(super) fn step(step: Step, answers: &Answers, errors: &Errors) -> Markup {
    let files = files_hint(errors);
    let mut shown = all(answers);
    shown.push(files_field(&files));
    html! {
        div .report-page {
            p .progress-line { "Step " (step.number()) " of 4" }
            progress max="4" value=(step.number()) aria-hidden="true" {}
            h1 { (step.title()) }
            (error_summary(errors, &shown))
            @if step == Step::Check { (check(answers, errors, &files)) } @else { (question(step, answers, errors)) }
        }
    }
}

/// A page with a question.
fn question(step: Step, answers: &Answers, errors: &Errors) -> Markup {
    let (fields, keeps) = (fields(step, answers), answers.keeps());
    html! {
        form method="post" action=(paths::Report) novalidate data-draft=[keeps.then_some(paths::Report)] data-draft-title=[keeps.then_some("Report")] {
            input type="hidden" name="step" value=(step.name());
            input type="hidden" name="kept" value=(answers.kept);
            (carried(&fields, answers))
            @for field in &fields { (field.show(errors)) }
            @if step == Step::What { (promise("The title is enough.")) }
            div .buttons {
                button .button .primary .wide type="submit" { "Go on" }
                @if let Some(back) = previous(step) {
                    button .button type="submit" name="back" value=(back.name()) formnovalidate { "Back" }
                }
            }
            (drafts::line())
        }
    }
}

/// The page that shows the answers. What changes them is a form of its own, so that files go with the report alone.
fn check(answers: &Answers, errors: &Errors, files: &str) -> Markup {
    let answered = html! {
        input type="hidden" name="step" value=(Step::Check.name());
        input type="hidden" name="kept" value=(answers.kept);
        (carried(&[], answers))
    };
    html! {
        form #change method="post" action=(paths::Report) {
            (answered)
            (answers_table(answers, true))
        }
        form method="post" action=(paths::Report) enctype="multipart/form-data" novalidate {
            (answered)
            (files_field(files).show(errors))
            div .buttons {
                button .button .primary .wide type="submit" { "Send the report" }
                button .button type="submit" form="change" name="back" value=(Step::Kind.name()) { "Back" }
            }
        }
    }
}

fn files_field(hint: &str) -> Field<'_> {
    Field::new(FILES, "Files that show it", "").hint(hint).kind(FieldKind::Files)
}

fn files_hint(errors: &Errors) -> String {
    let megabytes = ATTACHMENT_LIMIT / 1_000_000;
    let again = if errors.is_empty() { "" } else { ". Choose them again: a browser forgets them" };
    format!("Such as a screenshot or the mail itself. At most {ATTACHMENTS}, of {megabytes} MB each{again}")
}

/// What whoever reports is told before they do.
pub(crate) fn promise(enough: &str) -> Markup {
    html! {
        p .promise {
            (enough) " You will not be blamed: not for reporting, and not for what you report about yourself."
        }
    }
}

fn previous(step: Step) -> Option<Step> {
    match step {
        Step::What => None,
        Step::When => Some(Step::What),
        Step::Kind => Some(Step::When),
        Step::Check => Some(Step::Kind),
    }
}

/// The fields of a page.
pub(crate) fn fields<'a>(step: Step, answers: &'a Answers) -> Vec<Field<'a>> {
    match step {
        Step::What => vec![
            Field::new("title", "In one line", &answers.title)
                .hint("Such as: a mail with a strange link, the door to the server room was open")
                .required(),
            Field::new("summary", "More about it", &answers.summary)
                .hint("What did you see? Where? Who or what is concerned?")
                .kind(FieldKind::Prose { rows: 5 }),
        ],
        Step::When => vec![
            Field::new("day", "Day", &answers.day)
                .hint("Leave it empty if you do not know")
                .kind(FieldKind::Day),
            Field::new("time", "Time", &answers.time).hint("If you know it").kind(FieldKind::Time),
        ],
        Step::Kind => vec![
            Field::new("class", "Which of these comes closest", &answers.class)
                .kind(FieldKind::Radio { choices: classes() }),
            Field::new("done", "What was done about it so far", &answers.done)
                .hint("Such as: changed the password, told the team lead, nothing yet")
                .kind(FieldKind::Prose { rows: 3 }),
        ],
        Step::Check => Vec::new(),
    }
}

/// The fields of all pages.
pub(crate) fn all(answers: &Answers) -> Vec<Field<'_>> {
    [Step::What, Step::When, Step::Kind].into_iter().flat_map(|step| fields(step, answers)).collect()
}

/// The four classes in plain words.
fn classes() -> Vec<Choice> {
    let choice = |value: &str, words: &str, hint| Choice { value: value.into(), words: words.into(), hint };
    vec![
        choice("event", "I am not sure", Some("something happened that could be a problem")),
        choice("weakness", "A weakness", Some("nothing happened yet, but it could")),
        choice("near_miss", "It was stopped in time", Some("a near miss: it almost did harm")),
        choice("incident", "Harm was done", Some("or somebody got in, or something got out")),
    ]
}

/// The answers that no field on the page shows.
pub(crate) fn carried(shown: &[Field<'_>], answers: &Answers) -> Markup {
    html! {
        @for field in all(answers) {
            @if !shown.iter().any(|other| other.name == field.name) {
                input type="hidden" name=(field.name) value=(field.value);
            }
        }
    }
}

/// The answers to be looked at once more, each with a way back to its question.
pub(crate) fn answers_table(answers: &Answers, asks_what_was_done: bool) -> Markup {
    let when = [answers.day.as_str(), answers.time.as_str()].join(" ");
    let class = if answers.class.is_empty() { "event" } else { &answers.class };
    let class = classes().into_iter().find(|choice| choice.value == class).map(|choice| choice.words);
    let mut rows = vec![
        (Step::What, "What happened", answers.title.clone()),
        (Step::What, "More about it", answers.summary.clone()),
        (Step::When, "When", when.trim().to_owned()),
        (Step::Kind, "It looks like", class.unwrap_or_else(|| text::title(&answers.class))),
    ];
    if asks_what_was_done {
        rows.push((Step::Kind, "Done so far", answers.done.clone()));
    }
    html! {
        dl .answers {
            @for (step, name, value) in rows {
                div {
                    dt { (name) }
                    dd { @if value.is_empty() { span .fine { "not said" } } @else { (value) } }
                    dd .change {
                        button .link type="submit" name="back" value=(step.name()) formnovalidate {
                            "Change" span .hidden { " " (name) }
                        }
                    }
                }
            }
        }
    }
}
