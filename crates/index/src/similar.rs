//! Cases like a given one: its rarest words fetch candidates, what they share with it puts them in order.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::id::{AssetId, CaseId, SupplierId};
use nevertwice_domain::query::{Filter, TermField};
use nevertwice_domain::read_model::DocumentKind;
use tantivy::collector::Count;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term};
use uuid::Uuid;

use crate::access::{Access, Depth};
use crate::column::{id_of, words_of};
use crate::compile::{self, without};
use crate::document::id_term;
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::ranked::{Ranked, best, in_order};
use crate::schema::name;
use crate::search::stored;
use crate::snapshot::Snapshot;
use crate::tokenizer;

/// How many of the rarest words fetch candidates.
const RAREST: usize = 25;
/// How many candidates are put in order.
const CANDIDATES: usize = 200;
/// What one shared thing adds, as a share of the best candidate's text score.
const SHARED: [(Link, f32); 4] =
    [(Link::Cause, 0.10), (Link::Supplier, 0.10), (Link::Asset, 0.15), (Link::Tag, 0.10)];
/// How many words of a reason are shown.
const SHOWN: usize = 5;
/// A shared cause is more than one shared word.
const CAUSE_WORDS: usize = 2;

/// What similar cases are wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimilarTo {
    /// A case.
    Case(CaseId),
    /// A text, such as a report being written.
    Text(String),
}

/// A similar case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// The case.
    pub id: CaseId,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Why it was found, the strongest reason first.
    pub reasons: Vec<Reason>,
}

/// What two cases share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Assets.
    Assets(Vec<AssetId>),
    /// Suppliers.
    Suppliers(Vec<SupplierId>),
    /// Tags.
    Tags(Vec<String>),
    /// Rare words of their causes.
    Causes(Vec<String>),
    /// Rare words, the rarest first.
    Words(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    Cause,
    Supplier,
    Asset,
    Tag,
}

/// What candidates are compared with.
struct Source {
    /// The rarest words, the rarest first, with what each counts for.
    words: Vec<(String, f32)>,
    /// The words among them that stand in its causes.
    causes: BTreeSet<String>,
    links: BTreeMap<Link, BTreeSet<String>>,
    id: Option<CaseId>,
}

impl Index {
    /// At most `k` cases like a case or a text, the most similar first. Only cases that the viewer may see
    /// completely take part; for a case that the viewer may not see there are none.
    ///
    /// # Errors
    /// [`IndexError::NeedsRebuild`], or the engine fails.
    pub fn similar(&self, to: &SimilarTo, access: &Access, k: usize) -> Result<Vec<Similar>, IndexError> {
        let snapshot = self.snapshot()?;
        let source = match to {
            SimilarTo::Case(id) => self.source(&snapshot, *id, access)?,
            SimilarTo::Text(text) => {
                let words = self.rarest(&snapshot, access, text, None)?;
                let causes = words.iter().map(|(word, _)| word.clone()).collect();
                Some(Source { words, causes, links: BTreeMap::new(), id: None })
            }
        };
        let Some(source) = source.filter(|source| !source.words.is_empty()) else { return Ok(Vec::new()) };
        let mut ranked = Vec::new();
        for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            let query = self.candidates(&source, half, access);
            ranked.extend(best(&snapshot, half, searcher, &query, CANDIDATES)?);
        }
        in_order(&mut ranked);
        ranked.truncate(CANDIDATES);
        let top = ranked.first().map_or(1.0, |(score, ..)| score.max(f32::MIN_POSITIVE));
        let mut found = Vec::with_capacity(ranked.len());
        for (score, half, at) in ranked {
            let shared = self.shared(&source, snapshot.searcher(half), at)?;
            let bonus: f32 =
                SHARED.iter().filter(|(link, _)| shared.contains_key(link)).map(|(_, bonus)| bonus).sum();
            found.push(((score / top + bonus, half, at), shared));
        }
        found.sort_by(|(a, _), (b, _)| b.0.total_cmp(&a.0));
        found.truncate(k);
        found.into_iter().map(|(place, shared)| self.reasoned(&snapshot, &source, place, shared)).collect()
    }

    /// A case as something to compare with; `None` when the viewer may not see it.
    fn source(&self, snapshot: &Snapshot, id: CaseId, access: &Access) -> Result<Option<Source>, IndexError> {
        for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
            let own = compile::terms(vec![Term::from_field_text(self.fields.id, &id_term(id.uuid()))]);
            let query = compile::all(vec![own, access.query(&self.fields, half, &cases(), Depth::Full)]);
            let Some((_, _, at)) = best(snapshot, half, searcher, &query, 1)?.pop() else { continue };
            let document: TantivyDocument = searcher.doc(at)?;
            let title = stored(&document, self.fields.title);
            let text = format!("{title}\n{title}\n{}", stored(&document, self.fields.body));
            let words = self.rarest(snapshot, access, &text, Some(half))?;
            let causes = self.present(searcher, at, self.fields.cause, words.iter().map(|(word, _)| word))?;
            let mut links = BTreeMap::new();
            for (link, column) in
                [(Link::Supplier, name::SUPPLIER), (Link::Asset, name::ASSET), (Link::Tag, name::TAG)]
            {
                links.insert(link, words_of(searcher, at, column)?.into_iter().collect());
            }
            return Ok(Some(Source { words, causes: causes.into_iter().collect(), links, id: Some(id) }));
        }
        Ok(None)
    }

    /// The rarest words of a text by the statistics of the open half, with what each counts for. `home` is the half
    /// that the text itself is a document of.
    fn rarest(
        &self,
        snapshot: &Snapshot,
        access: &Access,
        text: &str,
        home: Option<Half>,
    ) -> Result<Vec<(String, f32)>, IndexError> {
        let mut frequencies: BTreeMap<String, f32> = BTreeMap::new();
        for token in tokenizer::terms(text) {
            *frequencies.entry(token.text).or_default() += 1.0;
        }
        let documents = snapshot.open.num_docs().max(1) as f32;
        let mut weighed = Vec::new();
        for (word, frequency) in frequencies {
            let term = Term::from_field_text(self.fields.text, &word);
            let seen = snapshot.open.doc_freq(&term)?;
            // A word that no other document has fetches nothing.
            if seen <= u64::from(home == Some(Half::Open))
                && !self.in_another_restricted(snapshot, access, term, home)?
            {
                continue;
            }
            let rarity = (1.0 + documents / (seen as f32 + 1.0)).ln();
            weighed.push((word, frequency.min(4.0).sqrt() * rarity));
        }
        weighed.sort_by(|(a, a_weight), (b, b_weight)| b_weight.total_cmp(a_weight).then_with(|| a.cmp(b)));
        weighed.truncate(RAREST);
        Ok(weighed)
    }

    /// Whether a restricted document that the viewer may see, other than the text's own, has a word.
    fn in_another_restricted(
        &self,
        snapshot: &Snapshot,
        access: &Access,
        term: Term,
        home: Option<Half>,
    ) -> Result<bool, IndexError> {
        let restricted = snapshot.restricted.as_ref().filter(|_| access.reaches(Half::Restricted));
        let Some(searcher) = restricted else { return Ok(false) };
        let visible = access.visible(&self.fields, Half::Restricted);
        let query = compile::all(vec![Box::new(TermQuery::new(term, IndexRecordOption::Basic)), visible]);
        Ok(searcher.search(&query, &Count)? > usize::from(home == Some(Half::Restricted)))
    }

    fn candidates(&self, source: &Source, half: Half, access: &Access) -> Box<dyn Query> {
        let words = source.words.iter().map(|(word, weight)| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(self.fields.text, word);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(BoostQuery::new(Box::new(query), *weight)))
        });
        let alike: Box<dyn Query> = Box::new(BooleanQuery::new(words.collect()));
        let query = compile::all(vec![alike, access.query(&self.fields, half, &cases(), Depth::Full)]);
        match source.id {
            Some(id) => {
                let own = Term::from_field_text(self.fields.id, &id_term(id.uuid()));
                without(query, compile::terms(vec![own]))
            }
            None => query,
        }
    }

    /// What a candidate shares apart from words.
    fn shared(
        &self,
        source: &Source,
        searcher: &Searcher,
        at: DocAddress,
    ) -> Result<BTreeMap<Link, Vec<String>>, IndexError> {
        let mut shared = BTreeMap::new();
        for (link, column) in
            [(Link::Supplier, name::SUPPLIER), (Link::Asset, name::ASSET), (Link::Tag, name::TAG)]
        {
            let own = source.links.get(&link).filter(|own| !own.is_empty());
            let Some(own) = own else { continue };
            let both: Vec<String> =
                words_of(searcher, at, column)?.into_iter().filter(|word| own.contains(word)).collect();
            if !both.is_empty() {
                shared.insert(link, both);
            }
        }
        let words = source.words.iter().map(|(word, _)| word).filter(|word| source.causes.contains(*word));
        let causes = self.present(searcher, at, self.fields.cause, words)?;
        if causes.len() >= CAUSE_WORDS {
            shared.insert(Link::Cause, causes);
        }
        Ok(shared)
    }

    /// Those of the words that a document has in a field.
    fn present<'a>(
        &self,
        searcher: &Searcher,
        at: DocAddress,
        field: Field,
        words: impl Iterator<Item = &'a String>,
    ) -> Result<Vec<String>, IndexError> {
        let index = searcher.segment_reader(at.segment_ord).inverted_index(field)?;
        let mut found = Vec::new();
        for word in words {
            let term = Term::from_field_text(field, word);
            let postings = index.read_postings(&term, IndexRecordOption::Basic).map_err(engine)?;
            let Some(mut postings) = postings else { continue };
            let here = if postings.doc() < at.doc_id { postings.seek(at.doc_id) } else { postings.doc() };
            if here == at.doc_id && here != TERMINATED {
                found.push(word.clone());
            }
        }
        Ok(found)
    }

    fn reasoned(
        &self,
        snapshot: &Snapshot,
        source: &Source,
        (_, half, at): Ranked,
        mut shared: BTreeMap<Link, Vec<String>>,
    ) -> Result<Similar, IndexError> {
        let searcher = snapshot.searcher(half);
        let document: TantivyDocument = searcher.doc(at)?;
        let mut words =
            self.present(searcher, at, self.fields.text, source.words.iter().map(|(word, _)| word))?;
        words.truncate(SHOWN);
        let mut take = |link| shared.remove(&link).filter(|found| !found.is_empty());
        let reasons = [
            take(Link::Asset).map(|found| Reason::Assets(ids(&found).map(AssetId::new).collect())),
            take(Link::Supplier).map(|found| Reason::Suppliers(ids(&found).map(SupplierId::new).collect())),
            take(Link::Cause).map(|mut found| {
                found.truncate(SHOWN);
                Reason::Causes(found)
            }),
            take(Link::Tag).map(Reason::Tags),
            Some(words).filter(|words| !words.is_empty()).map(Reason::Words),
        ];
        Ok(Similar {
            id: CaseId::new(id_of(searcher, at)?),
            reference: stored(&document, self.fields.shown_reference),
            title: stored(&document, self.fields.title),
            reasons: reasons.into_iter().flatten().collect(),
        })
    }
}

fn cases() -> Filter {
    Filter::Terms { field: TermField::Kind, values: vec![DocumentKind::Case.as_str().to_owned()] }
}

fn ids(words: &[String]) -> impl Iterator<Item = Uuid> + '_ {
    words.iter().filter_map(|word| Uuid::try_parse(word).ok())
}

fn engine(error: std::io::Error) -> IndexError {
    IndexError::Engine(error.into())
}
