//! From a filter to a query of the engine. Only words count for ranking; everything else is a condition.

use std::ops::Bound;

use jiff::civil::DateTime;
use nevertwice_domain::query::{CompanyTest, DateField, Filter, TermField};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, FastFieldRangeQuery, InvertedIndexRangeQuery, Occur,
    PhrasePrefixQuery, PhraseQuery, Query, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::beginning::Beginning;
use crate::document::{company_first, company_last, company_number, company_term, id_term, wall_millis};
use crate::folder::Half;
use crate::schema::Fields;
use crate::tokenizer;

/// How many words a beginning at the end of a phrase may stand for.
const EXPANSIONS: u32 = 10_000;
/// What the beginning of a word counts for: less than any word that is spelled out.
const PREFIX_SCORE: f32 = 0.1;

/// Translates filters for one half of the index.
#[derive(Clone, Copy)]
pub(crate) struct Translator<'a> {
    /// The engine's fields.
    pub(crate) fields: &'a Fields,
    /// The half, which decides whether a document is restricted.
    pub(crate) half: Half,
}

impl Translator<'_> {
    /// The query of a filter.
    pub(crate) fn filter(&self, filter: &Filter) -> Box<dyn Query> {
        match filter {
            Filter::Everything => Box::new(AllQuery),
            Filter::Nothing => Box::new(EmptyQuery),
            Filter::All(parts) => self.all(parts),
            Filter::Any(parts) => any(parts.iter().map(|part| self.filter(part)).collect()),
            Filter::Not(part) => without(Box::new(AllQuery), self.filter(part)),
            Filter::Text { scope, text, prefix } => text_query(self.fields.scope(*scope), text, *prefix),
            Filter::Terms { field, values } => {
                self.words(*field, &values.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Filter::TermPrefix { field, prefix } => match self.fields.terms(*field) {
                Some(field) => Box::new(Beginning::new(field, prefix)),
                None => Box::new(EmptyQuery),
            },
            Filter::Ids { field, ids } => match self.fields.ids(*field) {
                Some(field) => {
                    terms(ids.iter().map(|id| Term::from_field_text(field, &id_term(*id))).collect())
                }
                None => Box::new(EmptyQuery),
            },
            Filter::Dates { field, first, before } => self.dates(*field, *first, *before),
            Filter::Restricted(wanted) => {
                if *wanted == (self.half == Half::Restricted) {
                    Box::new(AllQuery)
                } else {
                    Box::new(EmptyQuery)
                }
            }
            Filter::Company { name, test } => self.company(name, test),
        }
    }

    /// Documents whose field has one of these folded values.
    pub(crate) fn words(&self, field: TermField, values: &[&str]) -> Box<dyn Query> {
        let found: Vec<Term> = match self.fields.terms(field) {
            Some(field) => values.iter().map(|value| Term::from_field_text(field, value)).collect(),
            None if field == TermField::Severity => values
                .iter()
                .filter_map(|value| value.parse().ok())
                .map(|level| Term::from_field_u64(self.fields.severity, level))
                .collect(),
            None => Vec::new(),
        };
        terms(found)
    }

    fn all(&self, parts: &[Filter]) -> Box<dyn Query> {
        let (excluded, required): (Vec<&Filter>, Vec<&Filter>) =
            parts.iter().partition(|part| matches!(part, Filter::Not(_)));
        let found = all(required.into_iter().map(|part| self.filter(part)).collect());
        if excluded.is_empty() {
            return found;
        }
        let excluded = excluded.into_iter().map(|part| match part {
            Filter::Not(inner) => self.filter(inner),
            other => without(Box::new(AllQuery), self.filter(other)),
        });
        without(found, any(excluded.collect()))
    }

    fn dates(&self, field: DateField, first: Option<DateTime>, before: Option<DateTime>) -> Box<dyn Query> {
        let Some((first_field, last_field)) = self.fields.dates(field) else { return Box::new(EmptyQuery) };
        let from = first.map_or(i64::MIN, wall_millis);
        let mut parts: Vec<Box<dyn Query>> = vec![Box::new(FastFieldRangeQuery::new(
            Bound::Included(Term::from_field_i64(first_field, from)),
            Bound::Unbounded,
        ))];
        if let Some(before) = before {
            parts.push(Box::new(FastFieldRangeQuery::new(
                Bound::Unbounded,
                Bound::Excluded(Term::from_field_i64(last_field, wall_millis(before))),
            )));
        }
        condition(all(parts))
    }

    fn company(&self, name: &str, test: &CompanyTest) -> Box<dyn Query> {
        let value = |text: &str| Term::from_field_text(self.fields.company, &company_term(name, text));
        let order = self.fields.company_order;
        match test {
            CompanyTest::Equals { text, number, dates, people } => {
                let mut wanted = vec![value(text)];
                wanted.extend(people.iter().map(|person| value(&id_term(*person))));
                wanted.extend(number.map(|n| Term::from_field_text(order, &company_number(name, n))));
                let mut readings: Vec<Box<dyn Query>> =
                    wanted.into_iter().map(|term| terms(vec![term])).collect();
                readings.extend(dates.map(|(first, before)| self.company_dates(name, Some(first), before)));
                any(readings)
            }
            CompanyTest::Prefix(text) => {
                Box::new(Beginning::new(self.fields.company, &company_term(name, text)))
            }
            CompanyTest::Number { low, high } => {
                let bound = |limit: Option<(f64, bool)>, open: f64| {
                    let (number, included) = limit.unwrap_or((open, true));
                    let term = Term::from_field_text(order, &company_number(name, number));
                    if included { Bound::Included(term) } else { Bound::Excluded(term) }
                };
                let (low, high) = (bound(*low, f64::NEG_INFINITY), bound(*high, f64::INFINITY));
                condition(Box::new(InvertedIndexRangeQuery::new(low, high)))
            }
            CompanyTest::Dates { first, before } => self.company_dates(name, *first, *before),
        }
    }

    fn company_dates(&self, name: &str, first: Option<DateTime>, before: Option<DateTime>) -> Box<dyn Query> {
        let term = |text: &str| Term::from_field_text(self.fields.company_order, text);
        let from = first.map_or(i64::MIN, wall_millis);
        let begins = InvertedIndexRangeQuery::new(
            Bound::Included(term(&company_first(name, from))),
            Bound::Included(term(&company_first(name, i64::MAX))),
        );
        let low = Bound::Included(term(&company_last(name, i64::MIN)));
        let high = match before {
            Some(before) => Bound::Excluded(term(&company_last(name, wall_millis(before)))),
            None => Bound::Included(term(&company_last(name, i64::MAX))),
        };
        condition(all(vec![Box::new(begins), Box::new(InvertedIndexRangeQuery::new(low, high))]))
    }
}

/// Every part holds; everything when there is no part.
pub(crate) fn all(mut parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    parts.retain(|part| !part.is::<AllQuery>());
    match parts.len() {
        0 => Box::new(AllQuery),
        1 => parts.remove(0),
        _ => Box::new(BooleanQuery::intersection(parts)),
    }
}

/// At least one part holds; nothing when there is no part.
pub(crate) fn any(mut parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match parts.len() {
        0 => Box::new(EmptyQuery),
        1 => parts.remove(0),
        _ => Box::new(BooleanQuery::union(parts)),
    }
}

/// The first but not the second.
pub(crate) fn without(query: Box<dyn Query>, excluded: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(BooleanQuery::new(vec![(Occur::Must, query), (Occur::MustNot, excluded)]))
}

/// One of these terms, without counting for ranking.
pub(crate) fn terms(mut terms: Vec<Term>) -> Box<dyn Query> {
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => condition(Box::new(TermQuery::new(terms.remove(0), IndexRecordOption::Basic))),
        _ => condition(Box::new(TermSetQuery::new(terms))),
    }
}

/// A query that does not count for ranking.
fn condition(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// A word, phrase or beginning, as documents are split into words.
fn text_query(field: Field, text: &str, prefix: bool) -> Box<dyn Query> {
    let mut words = words(field, text);
    match (words.len(), prefix) {
        (0, _) => Box::new(EmptyQuery),
        (1, false) => word(words.remove(0).1),
        (1, true) => {
            let (_, term) = words.remove(0);
            let begun = Beginning::new(field, term.value().as_str().unwrap_or_default());
            any(vec![word(term), Box::new(begun.scored(PREFIX_SCORE))])
        }
        (_, false) => Box::new(PhraseQuery::new_with_offset(words)),
        (_, true) => {
            let mut query = PhrasePrefixQuery::new_with_offset(words);
            query.set_max_expansions(EXPANSIONS);
            // The engine ranks it by the statistics of the half it runs in, which would let those show.
            Box::new(ConstScoreQuery::new(Box::new(query), PREFIX_SCORE))
        }
    }
}

/// What of a text counts for ranking, and whether every document that fits the text has it. What a beginning may stand for
/// counts the same for every document.
pub(crate) fn spelled_out(field: Field, text: &str, prefix: bool) -> (Box<dyn Query>, bool) {
    let mut words = words(field, text);
    match (words.len(), prefix) {
        (0, _) => (Box::new(EmptyQuery), false),
        (1, _) => (word(words.remove(0).1), !prefix),
        (_, false) => (Box::new(PhraseQuery::new_with_offset(words)), true),
        (_, true) => (Box::new(EmptyQuery), false),
    }
}

fn words(field: Field, text: &str) -> Vec<(usize, Term)> {
    let terms = tokenizer::terms(text).into_iter();
    terms.map(|token| (token.position, Term::from_field_text(field, &token.text))).collect()
}

fn word(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}
