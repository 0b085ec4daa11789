//! From what the columns hold to a mapping: every decision is listed, what cannot be known is asked.

mod assign;
mod dates;
mod detail;
mod question;

use nevertwice_domain::case::Class;
use nevertwice_domain::money::Currency;
use thiserror::Error;

pub use question::{Note, Question, QuestionKind};

use super::mapping::{Column, Mapping, MappingError, Rule};
use super::survey::Survey;
use super::synonyms::key;
use super::value::date::DateOrder;
use super::value::words::Worst;

/// What is known beside the file. What the mapping file says of a column wins over a flag, a flag over what was
/// remembered, and that over a guess.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// The mapping file that was named. It may leave out columns: those are guessed.
    pub mapping: Option<Mapping>,
    /// The mapping that was remembered for files with these column names.
    pub remembered: Option<Mapping>,
    /// The order of dates in every column whose dates need one.
    pub date_order: Option<DateOrder>,
    /// Which end of a numeric severity scale is the worst.
    pub severity_worst: Option<Worst>,
    /// The currency of amounts that name none.
    pub currency: Option<Currency>,
    /// The class of rows without one.
    pub class: Option<Class>,
}

nevertwice_domain::words! {
    /// Where a column's mapping comes from.
    Basis("basis of a mapping") {
        /// The mapping file says so.
        Given = "given",
        /// An earlier import of files with these columns.
        Remembered = "remembered",
        /// The column's name is known, and its cells fit.
        Name = "name",
        /// Nothing is known about it.
        Unknown = "unknown",
    }
}

/// A mapping of every column, what it rests on, and what is open.
#[derive(Debug, Clone)]
pub struct Guess {
    /// The mapping, complete.
    pub mapping: Mapping,
    /// For each of its columns, where the mapping comes from.
    pub bases: Vec<Basis>,
    /// What could not be known.
    pub questions: Vec<Question>,
    /// What was decided and is worth knowing.
    pub notes: Vec<Note>,
}

/// Questions without whose answers no import can be planned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", list(.0))]
pub struct OpenQuestions(pub Vec<Question>);

/// Maps every column of a file.
///
/// # Errors
/// A mapping file that names a column which is not there, or the same fact twice.
pub fn guess(survey: &Survey, answers: &Answers) -> Result<Guess, MappingError> {
    if let Some(given) = &answers.mapping {
        refuse_unknown_columns(given, survey)?;
    }
    let assigned = assign::assign(survey, answers);
    let mut found = Guess {
        mapping: Mapping {
            class_when_missing: class_when_missing(answers),
            layout: survey.layout.clone(),
            columns: Vec::new(),
        },
        bases: assigned.iter().map(|(_, basis)| *basis).collect(),
        questions: Vec::new(),
        notes: question::file_notes(survey),
    };
    for ((rule, basis), column) in assigned.into_iter().zip(&survey.columns) {
        let rule = detail::complete(rule, basis, column, answers, &mut found);
        found.mapping.columns.push(Column { source: column.name.clone(), rule });
    }
    refuse_twice(&found.mapping)?;
    if !found.mapping.columns.iter().any(|c| matches!(c.rule, Rule::Title | Rule::Description)) {
        found.questions.push(Question::title_column(survey));
    }
    Ok(found)
}

impl Guess {
    /// The questions without whose answers no import can be planned.
    #[must_use]
    pub fn blocking(&self) -> Vec<Question> {
        self.questions.iter().filter(|question| question.blocking).cloned().collect()
    }

    /// The mapping, if no blocking question is open.
    ///
    /// # Errors
    /// [`OpenQuestions`] names each with the way to answer it.
    pub fn answered(&self) -> Result<&Mapping, OpenQuestions> {
        let open = self.blocking();
        if open.is_empty() { Ok(&self.mapping) } else { Err(OpenQuestions(open)) }
    }
}

fn list(questions: &[Question]) -> String {
    questions
        .iter()
        .map(|question| format!("{} {}", question.text, question.answer))
        .collect::<Vec<_>>()
        .join("\n")
}

fn class_when_missing(answers: &Answers) -> Option<Class> {
    let of = |mapping: &Option<Mapping>| mapping.as_ref().and_then(|mapping| mapping.class_when_missing);
    of(&answers.mapping).or(answers.class).or_else(|| of(&answers.remembered))
}

fn refuse_unknown_columns(given: &Mapping, survey: &Survey) -> Result<(), MappingError> {
    let known = |source: &str| survey.columns.iter().any(|column| key(&column.name) == key(source));
    match given.columns.iter().find(|column| !known(&column.source)) {
        Some(column) => Err(MappingError::NoSuchColumn {
            column: column.source.clone(),
            found: survey.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", "),
        }),
        None => Ok(()),
    }
}

fn refuse_twice(mapping: &Mapping) -> Result<(), MappingError> {
    for (index, second) in mapping.columns.iter().enumerate() {
        let target = second.rule.target();
        let first = mapping.columns[..index].iter().find(|column| column.rule.target() == target);
        if let Some(first) = first.filter(|_| !target.takes_several()) {
            let (first, second) = (first.source.clone(), second.source.clone());
            return Err(MappingError::Twice { first, second, target });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
