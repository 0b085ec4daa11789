//! The fields of the query language: one table that the parser, its error messages and the documentation share.

use std::borrow::Cow;

/// A field that a query can test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Kind of record.
    Kind,
    /// Class of a case.
    Class,
    /// State of any record.
    State,
    /// Severity, 5 is worst.
    Severity,
    /// Category, the company's own list.
    Category,
    /// Tag.
    Tag,
    /// Event decision.
    Decision,
    /// Where the record came from.
    Origin,
    /// Whether it is restricted.
    Restricted,
    /// What the record has.
    Has,
    /// A gap that an import left.
    Gap,
    /// A link of its loop that is in place.
    Loop,
    /// Whether something of it is overdue.
    Overdue,
    /// Who owns it.
    Owner,
    /// Who reported it.
    Reporter,
    /// A supplier involved.
    Supplier,
    /// An asset involved.
    Asset,
    /// When it is due.
    Due,
    /// When effectiveness will be checked.
    Check,
    /// When the last link of its loop is due.
    LoopDue,
    /// When it was reported.
    Reported,
    /// When it occurred.
    Occurred,
    /// When it was detected.
    Detected,
    /// When it was closed.
    Closed,
    /// When it was entered here.
    Registered,
    /// Its reference, or the one it had elsewhere.
    Reference,
    /// Words of the title.
    Title,
    /// Words of the causes.
    Cause,
    /// Words of the lessons.
    Lesson,
    /// A company-defined field, by its folded name.
    Company(String),
}

/// What kind of record a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// A person or team.
    Person,
    /// A supplier.
    Supplier,
    /// An asset.
    Asset,
}

impl NameKind {
    /// The word for it in messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Supplier => "supplier",
            Self::Asset => "asset",
        }
    }
}

/// How a field's values are read.
#[derive(Debug, Clone, Copy)]
pub(super) enum ValueKind {
    /// A closed vocabulary: words, each with the words that mean the same.
    Words(&'static [(&'static str, &'static [&'static str])]),
    /// A severity.
    Level,
    /// A word of an open vocabulary.
    Open,
    /// A name of a record.
    Name(NameKind),
    /// A date; `ahead`: an age counts into the future.
    Date {
        /// Whether `<7d` means the seven days to come.
        ahead: bool,
    },
    /// Words of a text.
    Text,
    /// A company field: its type is known only to the company.
    Company,
}

/// A field as the documentation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldInfo {
    /// Its name.
    pub name: &'static str,
    /// Other names that mean the same.
    pub aliases: Vec<&'static str>,
    /// What can stand after the colon.
    pub values: String,
    /// What it tests.
    pub what: &'static str,
}

/// Every field, in the order of the documentation.
#[must_use]
pub fn fields() -> Vec<FieldInfo> {
    TABLE
        .iter()
        .map(|row| FieldInfo {
            name: row.name,
            aliases: row.aliases.to_vec(),
            values: row.values.describe(),
            what: row.what,
        })
        .collect()
}

impl Field {
    /// The name a query uses.
    #[must_use]
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Company(name) => Cow::Owned(format!("field.{name}")),
            other => Cow::Borrowed(row(other).map_or("field", |row| row.name)),
        }
    }

    /// What kind of record its values name, if they are names.
    #[must_use]
    pub fn name_kind(&self) -> Option<NameKind> {
        match self.values() {
            ValueKind::Name(kind) => Some(kind),
            ValueKind::Company => Some(NameKind::Person),
            _ => None,
        }
    }

    /// The field of a name as typed; the second part says whether `no:` was used.
    pub(super) fn named(typed: &str) -> Option<(Self, bool)> {
        let folded = typed.to_lowercase();
        if let Some(name) = folded.strip_prefix("field.") {
            return (!name.is_empty()).then(|| (Self::Company(name.to_owned()), false));
        }
        if folded == "no" {
            return Some((Self::Has, true));
        }
        let row = TABLE.iter().find(|row| row.name == folded || row.aliases.contains(&folded.as_str()))?;
        Some((row.field.clone(), false))
    }

    /// Every name and alias, for suggestions.
    pub(super) fn all_names() -> impl Iterator<Item = &'static str> {
        TABLE
            .iter()
            .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()))
            .chain(["no"])
    }

    pub(super) fn values(&self) -> ValueKind {
        row(self).map_or(ValueKind::Company, |row| row.values)
    }
}

impl ValueKind {
    fn describe(self) -> String {
        match self {
            Self::Words(words) => {
                words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            }
            Self::Level => {
                "`1` to `5` or `info`, `low`, `medium`, `high`, `critical`; comparisons and ranges".into()
            }
            Self::Open => "a word, \"several words\" or `begin*`".into(),
            Self::Name(NameKind::Person) => "a person's name, or `me`".into(),
            Self::Name(kind) => format!("the name or reference of {} {}", kind.article(), kind.as_str()),
            Self::Date { ahead: false } => {
                "a date; comparisons, ranges, and ages such as `<30d` (less than 30 days ago)".into()
            }
            Self::Date { ahead: true } => {
                "a date; comparisons, ranges, and times to come such as `<7d` (in less than 7 days)".into()
            }
            Self::Text => "a word, \"a phrase\" or `begin*`".into(),
            Self::Company => "as the field: text, number, date or a person's name".into(),
        }
    }
}

impl NameKind {
    fn article(self) -> &'static str {
        if matches!(self, Self::Asset) { "an" } else { "a" }
    }
}

struct Row {
    field: Field,
    name: &'static str,
    aliases: &'static [&'static str],
    values: ValueKind,
    what: &'static str,
}

fn row(field: &Field) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.field == *field)
}

const YES_NO: ValueKind = ValueKind::Words(&[("yes", &["true"]), ("no", &["false"])]);
const PAST: ValueKind = ValueKind::Date { ahead: false };
const AHEAD: ValueKind = ValueKind::Date { ahead: true };

const KINDS: ValueKind = ValueKind::Words(&[
    ("case", &["cases", "ticket", "tickets"]),
    ("lesson", &["lessons"]),
    ("action", &["actions"]),
    ("review", &["reviews", "post_mortem", "postmortem", "post_mortems", "postmortems"]),
    ("asset", &["assets"]),
    ("supplier", &["suppliers"]),
]);

const CLASSES: ValueKind = ValueKind::Words(&[
    ("event", &["events"]),
    ("weakness", &["weaknesses"]),
    ("near_miss", &["near_misses", "nearmiss"]),
    ("incident", &["incidents"]),
]);

const STATES: ValueKind = ValueKind::Words(&[
    ("open", &["unfinished"]),
    ("reported", &["new"]),
    ("triaged", &[]),
    ("responding", &[]),
    ("resolved", &[]),
    ("in_review", &[]),
    ("acting", &[]),
    ("closed", &[]),
    ("void", &["voided"]),
    ("due", &[]),
    ("scheduled", &[]),
    ("held", &[]),
    ("drafted", &[]),
    ("waived", &[]),
    ("draft", &[]),
    ("approved", &[]),
    ("applied", &[]),
    ("proved", &["proven"]),
    ("overtaken", &[]),
    ("did_not_hold", &[]),
    ("regressed", &[]),
    ("retired", &[]),
    ("not_started", &[]),
    ("in_progress", &[]),
    ("done", &["completed"]),
    ("effective", &[]),
    ("not_effective", &["ineffective"]),
    ("not_doing", &[]),
    ("active", &[]),
]);

const DECISIONS: ValueKind = ValueKind::Words(&[
    ("undecided", &[]),
    ("incident", &[]),
    ("not_an_incident", &["not_incident", "no_incident"]),
]);

const ORIGINS: ValueKind = ValueKind::Words(&[("native", &[]), ("import", &["imported"])]);

const FACTS: ValueKind = ValueKind::Words(&[
    ("lesson", &["lessons"]),
    ("cause", &["causes"]),
    ("action", &["actions"]),
    ("evidence", &[]),
    ("supplier", &["suppliers"]),
    ("asset", &["assets"]),
    ("cost", &["costs"]),
    ("gap", &["gaps"]),
    ("review", &["reviews", "post_mortem", "postmortem"]),
    ("check", &["checks"]),
    ("comment", &["comments"]),
    ("timeline", &[]),
    ("tag", &["tags"]),
    ("owner", &[]),
    ("reporter", &[]),
    ("due", &[]),
    ("severity", &[]),
    ("category", &[]),
    ("reported", &[]),
    ("occurred", &[]),
    ("detected", &[]),
    ("closed", &[]),
]);

const LINKS: ValueKind = ValueKind::Words(&[
    ("learned", &["complete"]),
    ("before", &["before_the_loop"]),
    ("part", &["parts"]),
    ("exception", &["exceptions"]),
    ("response", &[]),
    ("review", &["reviews"]),
    ("causes", &["cause"]),
    ("similar", &[]),
    ("lessons", &["lesson"]),
    ("actions", &["action"]),
    ("effectiveness", &["effect", "effects"]),
    ("controls", &["control"]),
    ("risks", &["risk"]),
]);

macro_rules! rows {
    ($( $field:ident $name:literal [$($alias:literal),*] $values:expr, $what:literal; )+) => {
        &[ $( Row { field: Field::$field, name: $name, aliases: &[$($alias),*], values: $values, what: $what } ),+ ]
    };
}

static TABLE: &[Row] = rows! {
    Kind "kind" ["type"] KINDS, "what the record is; without it, every kind is searched";
    Class "class" [] CLASSES, "class of a case";
    State "state" ["status"] STATES, "state of the record; `open` is everything unfinished, `not_started` an action nobody began";
    Severity "severity" ["sev"] ValueKind::Level, "severity of a case, 5 is worst";
    Category "category" ["cat"] ValueKind::Open, "category of a case, or kind of an asset";
    Tag "tag" ["tags"] ValueKind::Open, "a tag of the record";
    Decision "decision" ["decided"] DECISIONS, "event decision of a case";
    Origin "origin" [] ORIGINS, "registered here or brought in by an import";
    Restricted "restricted" [] YES_NO, "need-to-know records, as far as you are on their lists";
    Has "has" [] FACTS, "what the record has; `no:lesson` is the opposite, `-has:lesson`";
    Gap "gap" ["gaps"] ValueKind::Open, "a gap that an import left, such as `action_without_owner`";
    Loop "loop" [] LINKS, "a link of the case's loop that is in place or not needed; `learned` is all of them, `before` a case that was closed before the loop, `part` one that an incident stands for, `exception` one of which a link is not needed";
    Overdue "overdue" [] YES_NO, "an unfinished action, review or lesson review is past its date (a case: one of its actions)";
    Owner "owner" ["assignee"] ValueKind::Name(NameKind::Person), "who owns the case, action, lesson, asset or supplier; who facilitates the review";
    Reporter "reporter" ["by"] ValueKind::Name(NameKind::Person), "who reported the case";
    Supplier "supplier" ["suppliers", "vendor"] ValueKind::Name(NameKind::Supplier), "a supplier involved";
    Asset "asset" ["assets"] ValueKind::Name(NameKind::Asset), "an asset involved";
    Due "due" [] AHEAD, "due date; of a case the earliest one of its unfinished actions";
    Check "check" [] AHEAD, "planned effectiveness check of an action";
    LoopDue "loop_due" [] AHEAD, "when the last link of the case's loop is due; from the day after it counts for the loop score";
    Reported "reported" [] PAST, "when the case was reported";
    Occurred "occurred" [] PAST, "when it happened";
    Detected "detected" [] PAST, "when it was noticed";
    Closed "closed" [] PAST, "when it was closed";
    Registered "registered" ["created"] PAST, "when it was entered into this register, in the company's time zone";
    Reference "reference" ["ref", "origin_reference"] ValueKind::Open, "the reference here or in the old log; a bare `CASE-2026-0042` is found too";
    Title "title" [] ValueKind::Text, "words of the title";
    Cause "cause" ["causes", "why"] ValueKind::Text, "words of the causes";
    Lesson "lesson" ["lessons"] ValueKind::Text, "words of the lessons";
};
