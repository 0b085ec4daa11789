//! Who finds what. Access is a part of every engine query, never of the documents that come back.

use nevertwice_domain::id::PersonId;
use nevertwice_domain::query::{Filter, IdField, TermField, TextScope};
use nevertwice_domain::read_model::DocumentKind;
use tantivy::Term;
use tantivy::query::{AllQuery, EmptyQuery, Query};
use tantivy::schema::Field;

use crate::compile::{Translator, all, any, without};
use crate::document::id_term;
use crate::folder::Half;
use crate::schema::Fields;

/// What somebody may find. Restricted records are found only by the people on their lists, and by those only as far as
/// they would find them otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Access {
    /// Who asks.
    pub viewer: Option<PersonId>,
    /// Cases with their reviews and actions.
    pub cases: Reach,
    /// Lessons that have been approved, whatever became of them since.
    pub lessons: bool,
    /// Suppliers and assets.
    pub catalogue: bool,
}

/// How far somebody sees into the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Nothing of it, not even what names the viewer.
    Nothing,
    /// Only what names the viewer.
    Named,
    /// What names the viewer, and class, state and title of every unfinished case. Tests of anything else do not
    /// match such a case, and lists come in the order of references, which tells nothing more.
    Outline,
    /// All of it, drafts of lessons included.
    All,
}

/// Whose figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// What the viewer may find.
    Viewer,
    /// The whole register. What the viewer may not find is counted, but see
    /// [`nevertwice_domain::measure::Row::hidden`].
    Register,
}

/// How much of a document a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Any part: only documents that the viewer may see completely.
    Full,
    /// Class, state and title are enough.
    Outline,
}

impl Access {
    /// Somebody who sees everything but restricted records of others.
    #[must_use]
    pub fn all(viewer: Option<PersonId>) -> Self {
        Self { viewer, cases: Reach::All, lessons: true, catalogue: true }
    }

    /// The query for what fulfils a filter and may be found.
    pub(crate) fn query(&self, fields: &Fields, half: Half, filter: &Filter, depth: Depth) -> Box<dyn Query> {
        let translator = Translator { fields, half };
        let complete = all(vec![translator.filter(filter), self.visible(fields, half)]);
        if self.cases != Reach::Outline || half == Half::Restricted || depth == Depth::Full {
            return complete;
        }
        let board = all(vec![
            translator.filter(&outline(filter, false)),
            translator.words(TermField::Kind, &[DocumentKind::Case.as_str()]),
            translator.words(TermField::Open, &["yes"]),
        ]);
        any(vec![complete, board])
    }

    /// The query for the documents that the viewer may see completely. It does not count for ranking.
    pub(crate) fn visible(&self, fields: &Fields, half: Half) -> Box<dyn Query> {
        let named = self.named(fields.reader);
        if half == Half::Restricted {
            return match named {
                Some(named) => all(vec![named, self.by_role(fields)]),
                None => Box::new(EmptyQuery),
            };
        }
        if self.cases == Reach::All && self.catalogue {
            return Box::new(AllQuery);
        }
        let translator = Translator { fields, half };
        let kinds = |kinds: &[DocumentKind]| {
            let words: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
            translator.words(TermField::Kind, &words)
        };
        let mut clauses: Vec<Box<dyn Query>> = named.into_iter().collect();
        if self.cases == Reach::All {
            clauses.push(kinds(&[
                DocumentKind::Case,
                DocumentKind::Action,
                DocumentKind::Review,
                DocumentKind::Lesson,
            ]));
        } else if self.lessons {
            let draft = translator.words(TermField::State, &["draft"]);
            clauses.push(without(kinds(&[DocumentKind::Lesson]), draft));
        }
        if self.catalogue {
            clauses.push(kinds(&[DocumentKind::Asset, DocumentKind::Supplier]));
        }
        any(clauses)
    }

    /// What the viewer's roles show of the records whose lists name them: a list takes from those who are not on it, but
    /// gives nobody a right that they do not have.
    fn by_role(&self, fields: &Fields) -> Box<dyn Query> {
        let Some(viewer) = self.viewer.filter(|_| self.cases != Reach::All) else {
            return Box::new(AllQuery);
        };
        let translator = Translator { fields, half: Half::Restricted };
        let kind = |kind: DocumentKind| translator.words(TermField::Kind, &[kind.as_str()]);
        let by = |field: IdField| translator.filter(&Filter::Ids { field, ids: vec![viewer.uuid()] });
        let mut clauses =
            vec![by(IdField::Reporter), all(vec![kind(DocumentKind::Action), by(IdField::Owner)])];
        if self.lessons {
            let draft = translator.words(TermField::State, &["draft"]);
            clauses.push(without(kind(DocumentKind::Lesson), draft));
        }
        any(clauses)
    }

    /// Whether the restricted half is worth a look.
    pub(crate) fn reaches(&self, half: Half) -> bool {
        half == Half::Open || (self.viewer.is_some() && self.cases != Reach::Nothing)
    }

    fn named(&self, reader: Field) -> Option<Box<dyn Query>> {
        let viewer = self.viewer.filter(|_| self.cases != Reach::Nothing)?;
        Some(crate::compile::terms(vec![Term::from_field_text(reader, &id_term(viewer.uuid()))]))
    }
}

/// The filter as far as class, state and title decide it. A test of anything else holds in neither direction, so
/// that neither a hit nor its absence tells something about it.
fn outline(filter: &Filter, negated: bool) -> Filter {
    let each = |parts: &[Filter]| parts.iter().map(|part| outline(part, negated)).collect();
    let leaf = |visible: Filter| if negated { Filter::Not(Box::new(visible)) } else { visible };
    match filter {
        Filter::Everything | Filter::Nothing | Filter::Restricted(_) => leaf(filter.clone()),
        Filter::All(parts) if negated => Filter::Any(each(parts)),
        Filter::Any(parts) if negated => Filter::All(each(parts)),
        Filter::All(parts) => Filter::All(each(parts)),
        Filter::Any(parts) => Filter::Any(each(parts)),
        Filter::Not(part) => outline(part, !negated),
        Filter::Text { scope: TextScope::Title, .. } => leaf(filter.clone()),
        // A word that is not in the title may be elsewhere: only its presence is known.
        Filter::Text { scope: TextScope::Anywhere, text, prefix } if !negated => {
            Filter::Text { scope: TextScope::Title, text: text.clone(), prefix: *prefix }
        }
        Filter::Terms {
            field: TermField::Kind | TermField::Class | TermField::State | TermField::Open,
            ..
        } => leaf(filter.clone()),
        Filter::Text { .. }
        | Filter::Terms { .. }
        | Filter::TermPrefix { .. }
        | Filter::Ids { .. }
        | Filter::Dates { .. }
        | Filter::Company { .. } => Filter::Nothing,
    }
}
