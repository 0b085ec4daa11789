//! Fields of forms: label, hint, what is wrong, and the control, tied together for screen readers.

use maud::{Markup, html};

use crate::form::Errors;
use crate::merge::Meanwhile;

/// What a field is filled in with.
pub(crate) enum FieldKind<'a> {
    /// One line.
    Line,
    /// A password; never shown again.
    Password {
        /// What a password manager is told: `current-password` or `new-password`.
        purpose: &'static str,
    },
    /// An e-mail address.
    Email,
    /// A code of digits.
    Code,
    /// A day.
    Day,
    /// A time of the day.
    Time,
    /// A moment at whatever precision is known.
    When,
    /// Running text.
    Prose {
        /// Lines shown.
        rows: u8,
    },
    /// One of a few.
    Select {
        /// What there is.
        choices: Vec<Choice>,
        /// What stands for none, if none is allowed.
        none: Option<&'static str>,
    },
    /// One of very few, each with its words.
    Radio {
        /// What there is.
        choices: Vec<Choice>,
    },
    /// A line with suggestions.
    Suggested {
        /// What is suggested.
        suggestions: &'a [String],
    },
    /// Carried along, not shown.
    Hidden,
    /// A file.
    File,
    /// Any number of files.
    Files,
    /// Yes or no.
    Check,
}

/// One of several.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) words: String,
    pub(crate) hint: Option<&'static str>,
}

/// A field of a form.
pub(crate) struct Field<'a> {
    /// Its name, also its id.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: Option<&'a str>,
    /// What somebody else did to it in the meantime.
    pub(crate) meanwhile: Option<Meanwhile>,
    pub(crate) value: &'a str,
    pub(crate) kind: FieldKind<'a>,
    pub(crate) is_required: bool,
}

/// Choices of a closed vocabulary.
pub(crate) fn choices<W: nevertwice_domain::word::Word>() -> Vec<Choice> {
    let choice = |word: &W| Choice {
        value: word.as_str().to_owned(),
        words: crate::text::title(word.as_str()),
        hint: None,
    };
    W::ALL.iter().map(choice).collect()
}

impl<'a> Field<'a> {
    /// A line.
    pub(crate) fn new(name: &'static str, label: &'static str, value: &'a str) -> Self {
        Self { name, label, hint: None, meanwhile: None, value, kind: FieldKind::Line, is_required: false }
    }

    /// A value that is carried along.
    pub(crate) fn hidden(name: &'static str, value: &'a str) -> Self {
        Self::new(name, "", value).kind(FieldKind::Hidden)
    }

    /// With a hint below the label.
    pub(crate) fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Of another kind.
    pub(crate) fn kind(mut self, kind: FieldKind<'a>) -> Self {
        self.kind = kind;
        self
    }

    /// It has to be filled in.
    pub(crate) fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Shows the field with what is wrong with it.
    pub(crate) fn show(&self, errors: &Errors) -> Markup {
        let wrong = errors.of(self.name);
        let described = self.described_by(wrong.is_some());
        match &self.kind {
            FieldKind::Hidden => return html! { input type="hidden" name=(self.name) value=(self.value); },
            FieldKind::Radio { choices } => return self.radios(choices, wrong, described.as_deref()),
            FieldKind::Check => return self.check(wrong, described.as_deref()),
            _ => {}
        }
        html! {
            div .field .wrong[wrong.is_some()] {
                label for=(self.name) { (self.label) (self.optional()) }
                (self.hint_line())
                (self.wrong_line(wrong))
                (self.control(wrong.is_some(), described.as_deref()))
                (self.meanwhile_line())
            }
        }
    }

    /// Its value in the words that a person sees.
    pub(crate) fn told(&self) -> String {
        let word = match &self.kind {
            FieldKind::Select { choices, .. } | FieldKind::Radio { choices } => {
                choices.iter().find(|choice| choice.value == self.value).map(|choice| choice.words.clone())
            }
            FieldKind::Check => Some(if self.value == "yes" { "Yes" } else { "No" }.to_owned()),
            _ => None,
        };
        word.unwrap_or_else(|| self.value.to_owned())
    }

    /// Two people had the form open: whoever saves last has seen what the other one did.
    fn meanwhile_line(&self) -> Markup {
        let line = |words: &str, text: &str| {
            html! {
                p .theirs { span .fine { (words) " " }
                    @if text.is_empty() { em { "nothing" } } @else { q { (text) } } }
            }
        };
        match &self.meanwhile {
            None => html! {},
            Some(Meanwhile::Both(theirs)) => line("Saved by somebody else in the meantime:", theirs),
            Some(Meanwhile::Other(before)) => {
                line("Changed by somebody else in the meantime, and taken over here. It was:", before)
            }
        }
    }

    fn control(&self, is_wrong: bool, described: Option<&str>) -> Markup {
        let invalid = is_wrong.then_some("true");
        match &self.kind {
            FieldKind::Prose { rows } => html! {
                textarea id=(self.name) name=(self.name) rows=(rows) required[self.is_required]
                    aria-invalid=[invalid] aria-describedby=[described] { (self.value) }
            },
            FieldKind::Select { choices, none } => html! {
                select id=(self.name) name=(self.name) aria-invalid=[invalid] aria-describedby=[described] {
                    @if let Some(none) = none { option value="" { (none) } }
                    @for choice in choices {
                        option value=(choice.value) selected[choice.value == self.value] { (choice.words) }
                    }
                }
            },
            FieldKind::Suggested { suggestions } => html! {
                input .full id=(self.name) name=(self.name) type="text" value=(self.value) autocomplete="off"
                    required[self.is_required] list={ (self.name) "-list" } aria-invalid=[invalid]
                    aria-describedby=[described];
                datalist id={ (self.name) "-list" } { @for one in *suggestions { option value=(one) {} } }
            },
            FieldKind::File | FieldKind::Files => html! {
                input id=(self.name) name=(self.name) type="file"
                    multiple[matches!(self.kind, FieldKind::Files)] aria-invalid=[invalid] aria-describedby=[described];
            },
            kind => html! {
                input id=(self.name) name=(self.name) type=(input_type(kind)) value=(self.shown_value())
                    class=(width(kind)) autocomplete=(autocomplete(kind)) required[self.is_required]
                    inputmode=[matches!(kind, FieldKind::Code).then_some("numeric")]
                    aria-invalid=[invalid] aria-describedby=[described];
            },
        }
    }

    fn radios(&self, choices: &[Choice], wrong: Option<&str>, described: Option<&str>) -> Markup {
        html! {
            fieldset .field .wrong[wrong.is_some()] aria-describedby=[described] {
                legend { (self.label) (self.optional()) }
                (self.hint_line())
                (self.wrong_line(wrong))
                @for (place, choice) in choices.iter().enumerate() {
                    // The first one has the field's own name as its id, so that an error can lead there.
                    @let id = if place == 0 { self.name.to_owned() } else { format!("{}-{}", self.name, choice.value) };
                    div .option {
                        input type="radio" id=(id) name=(self.name) value=(choice.value)
                            checked[choice.value == self.value];
                        label for=(id) {
                            (choice.words)
                            @if let Some(hint) = choice.hint { span .hint { (hint) } }
                        }
                    }
                }
                (self.meanwhile_line())
            }
        }
    }

    fn check(&self, wrong: Option<&str>, described: Option<&str>) -> Markup {
        html! {
            div .field .option .wrong[wrong.is_some()] {
                input type="checkbox" id=(self.name) name=(self.name) value="yes" checked[self.value == "yes"]
                    aria-describedby=[described];
                label for=(self.name) { (self.label) (self.hint_line()) }
                (self.wrong_line(wrong))
                (self.meanwhile_line())
            }
        }
    }

    /// A password that was typed is never sent back.
    fn shown_value(&self) -> &str {
        if matches!(self.kind, FieldKind::Password { .. }) { "" } else { self.value }
    }

    fn described_by(&self, is_wrong: bool) -> Option<String> {
        let hint = self.hint.is_some().then(|| format!("{}-hint", self.name));
        let wrong = is_wrong.then(|| format!("{}-error", self.name));
        let ids: Vec<_> = hint.into_iter().chain(wrong).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn optional(&self) -> Markup {
        html! { @if !self.is_required && !matches!(self.kind, FieldKind::Check) { " " span .fine { "optional" } } }
    }

    fn hint_line(&self) -> Markup {
        html! { @if let Some(hint) = self.hint { span .hint id={ (self.name) "-hint" } { (hint) } } }
    }

    fn wrong_line(&self, wrong: Option<&str>) -> Markup {
        html! {
            @if let Some(wrong) = wrong {
                p .error id={ (self.name) "-error" } { span .hidden { "Error: " } (told(self.label, wrong)) }
            }
        }
    }
}

/// Everything to mend, at the top, each leading to its field.
pub(crate) fn error_summary(errors: &Errors, fields: &[Field<'_>]) -> Markup {
    let label = |name: &str| fields.iter().find(|field| field.name == name).map(|field| field.label);
    html! {
        @if !errors.is_empty() {
            div .summary role="alert" tabindex="-1" data-focus {
                h2 { "Not saved yet" }
                ul {
                    @if let Some(whole) = errors.whole() { li { (crate::error_page::sentence(whole)) } }
                    @for (field, message) in errors.fields() {
                        @match label(field) {
                            Some(label) => { li { a href={ "#" (field) } { (told(label, message)) } } }
                            None => { li { (crate::error_page::sentence(&format!("{field}: {message}"))) } }
                        }
                    }
                }
            }
        }
    }
}

/// A reason that begins with a verb is told of the field.
fn told(label: &str, message: &str) -> String {
    let is_of_field = ["is ", "has ", "contains "].iter().any(|verb| message.starts_with(verb));
    crate::error_page::sentence(&if is_of_field { format!("{label} {message}") } else { message.to_owned() })
}

fn input_type(kind: &FieldKind<'_>) -> &'static str {
    match kind {
        FieldKind::Password { .. } => "password",
        FieldKind::Email => "email",
        FieldKind::Day => "date",
        FieldKind::Time => "time",
        _ => "text",
    }
}

fn width(kind: &FieldKind<'_>) -> &'static str {
    match kind {
        FieldKind::Code | FieldKind::Day | FieldKind::Time => "short",
        FieldKind::When => "medium",
        _ => "full",
    }
}

fn autocomplete(kind: &FieldKind<'_>) -> &'static str {
    match kind {
        FieldKind::Password { purpose } => purpose,
        FieldKind::Email => "username",
        FieldKind::Code => "one-time-code",
        _ => "off",
    }
}
