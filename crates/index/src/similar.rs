//! Cases like a given one: its rarest words fetch candidates, what they share with it puts them in order.

mod candidates;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use nevertwice_domain::id::{AssetId, CaseId, SupplierId};
use nevertwice_domain::query::{Filter, TermField};
use nevertwice_domain::read_model::DocumentKind;
use tantivy::collector::Count;
use tantivy::query::{Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, TantivyError, Term};
use uuid::Uuid;

use crate::access::{Access, Depth};
use crate::column::{Words, id_of, words_of};
use crate::compile;
use crate::document::id_term;
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::ranked::Ranked;
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
/// The columns that hold what cases are linked to.
const LINKS: [(Link, &str); 3] =
    [(Link::Supplier, name::SUPPLIER), (Link::Asset, name::ASSET), (Link::Tag, name::TAG)];
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
    /// The words that count for most, the first first.
    words: Vec<Word>,
    /// The words among them that stand in its causes.
    causes: BTreeSet<String>,
    links: BTreeMap<Link, BTreeSet<String>>,
    /// Where the case itself is.
    own: Option<(Half, DocAddress)>,
}

/// A word of a source.
struct Word {
    text: String,
    /// What it counts for: more the rarer it is, and the more often it stands in the source.
    weight: f32,
    /// How many documents of the open half have it.
    seen: u64,
}

/// What a candidate shares apart from words.
type Shared = BTreeMap<Link, Vec<String>>;

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
                let causes = words.iter().map(|word| word.text.clone()).collect();
                Some(Source { words, causes, links: BTreeMap::new(), own: None })
            }
        };
        let Some(source) = source.filter(|source| !source.words.is_empty()) else { return Ok(Vec::new()) };
        let ranked = self.candidates(&snapshot, access, &source)?;
        let top = ranked.first().map_or(1.0, |(score, ..)| score.max(f32::MIN_POSITIVE));
        let shared = self.shared(&snapshot, &source, &ranked)?;
        let mut found = Vec::with_capacity(ranked.len());
        for ((score, half, at), shared) in ranked.into_iter().zip(shared) {
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
            let visible = access.query(&self.fields, half, &cases(), Depth::Full);
            let Some(at) = self.find(searcher, id, &*visible)? else { continue };
            let document: TantivyDocument = searcher.doc(at)?;
            let title = stored(&document, self.fields.title);
            let text = format!("{title}\n{title}\n{}", stored(&document, self.fields.body));
            let words = self.rarest(snapshot, access, &text, Some(half))?;
            let stands = words.iter().map(|word| &word.text);
            let causes =
                self.present(searcher, &[at], self.fields.cause, stands)?.remove(&at).unwrap_or_default();
            let mut links = BTreeMap::new();
            for (link, column) in LINKS {
                links.insert(link, words_of(searcher, at, column)?.into_iter().collect());
            }
            return Ok(Some(Source {
                words,
                causes: causes.into_iter().collect(),
                links,
                own: Some((half, at)),
            }));
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
    ) -> Result<Vec<Word>, IndexError> {
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
            weighed.push(Word { text: word, weight: frequency.min(4.0).sqrt() * rarity, seen });
        }
        weighed.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
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

    /// The document of a case, if it fulfils a query.
    fn find(
        &self,
        searcher: &Searcher,
        id: CaseId,
        visible: &dyn Query,
    ) -> Result<Option<DocAddress>, IndexError> {
        let term = Term::from_field_text(self.fields.id, &id_term(id.uuid()));
        for (ordinal, (segment, living)) in (0..).zip(self.living(searcher, visible)?) {
            let index = segment.inverted_index(self.fields.id)?;
            let postings =
                index.read_postings(&term, IndexRecordOption::Basic).map_err(IndexError::engine)?;
            let Some(mut postings) = postings else { continue };
            while postings.doc() != TERMINATED {
                if living.contains(postings.doc()) {
                    return Ok(Some(DocAddress::new(ordinal, postings.doc())));
                }
                postings.advance();
            }
        }
        Ok(None)
    }

    /// What each candidate shares apart from words.
    fn shared(
        &self,
        snapshot: &Snapshot,
        source: &Source,
        candidates: &[Ranked],
    ) -> Result<Vec<Shared>, IndexError> {
        let mut shared: HashMap<(Half, DocAddress), Shared> = HashMap::new();
        for (half, searcher) in snapshot.halves() {
            let here = candidates.iter().filter(|(_, home, _)| *home == half);
            let mut places: Vec<DocAddress> = here.map(|(.., at)| *at).collect();
            places.sort_unstable();
            let of_segments = places.chunk_by(|a, b| a.segment_ord == b.segment_ord);
            for places in of_segments {
                for (at, link, both) in linked(source, searcher, places)? {
                    shared.entry((half, at)).or_default().insert(link, both);
                }
                let words = source.words.iter().map(|word| &word.text);
                let words = words.filter(|word| source.causes.contains(*word));
                for (at, causes) in self.present(searcher, places, self.fields.cause, words)? {
                    if causes.len() >= CAUSE_WORDS {
                        shared.entry((half, at)).or_default().insert(Link::Cause, causes);
                    }
                }
            }
        }
        let of = |(_, half, at): &Ranked| shared.remove(&(*half, *at)).unwrap_or_default();
        Ok(candidates.iter().map(of).collect())
    }

    /// Those of the words that documents of one segment, given in their order, have in a field.
    fn present<'a>(
        &self,
        searcher: &Searcher,
        places: &[DocAddress],
        field: Field,
        words: impl Iterator<Item = &'a String>,
    ) -> Result<HashMap<DocAddress, Vec<String>>, IndexError> {
        let mut found: HashMap<DocAddress, Vec<String>> = HashMap::new();
        let Some(first) = places.first() else { return Ok(found) };
        let index = searcher.segment_reader(first.segment_ord).inverted_index(field)?;
        for word in words {
            let term = Term::from_field_text(field, word);
            let postings =
                index.read_postings(&term, IndexRecordOption::Basic).map_err(IndexError::engine)?;
            let Some(mut postings) = postings else { continue };
            for at in places {
                let here = if postings.doc() < at.doc_id { postings.seek(at.doc_id) } else { postings.doc() };
                if here == TERMINATED {
                    break;
                }
                if here == at.doc_id {
                    found.entry(*at).or_default().push(word.clone());
                }
            }
        }
        Ok(found)
    }

    fn reasoned(
        &self,
        snapshot: &Snapshot,
        source: &Source,
        (_, half, at): Ranked,
        mut shared: Shared,
    ) -> Result<Similar, IndexError> {
        let searcher = snapshot.searcher(half);
        let document: TantivyDocument = searcher.doc(at)?;
        let words = source.words.iter().map(|word| &word.text);
        let mut words =
            self.present(searcher, &[at], self.fields.text, words)?.remove(&at).unwrap_or_default();
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

/// What documents of one segment share with a source by being linked to the same.
fn linked(
    source: &Source,
    searcher: &Searcher,
    places: &[DocAddress],
) -> Result<Vec<(DocAddress, Link, Vec<String>)>, IndexError> {
    let mut found = Vec::new();
    let Some(first) = places.first() else { return Ok(found) };
    let segment = searcher.segment_reader(first.segment_ord);
    for (link, column) in LINKS {
        let own = source.links.get(&link).filter(|own| !own.is_empty());
        let Some(own) = own else { continue };
        let words = Words::open(segment, column)?;
        for at in places {
            let linked: Result<Vec<String>, TantivyError> =
                words.numbers(at.doc_id).map(|number| words.word(number)).collect();
            let both: Vec<String> = linked?.into_iter().filter(|word| own.contains(word)).collect();
            if !both.is_empty() {
                found.push((*at, link, both));
            }
        }
    }
    Ok(found)
}

fn cases() -> Filter {
    Filter::Terms { field: TermField::Kind, values: vec![DocumentKind::Case.as_str().to_owned()] }
}

fn ids(words: &[String]) -> impl Iterator<Item = Uuid> + '_ {
    words.iter().filter_map(|word| Uuid::try_parse(word).ok())
}
