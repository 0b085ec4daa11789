//! Searching: one page of hits, how many there are, and what was probably meant.

use nevertwice_domain::query::{Compiled, Filter, Note};
use nevertwice_domain::read_model::DocumentKind;
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, DocSet, Searcher, TantivyDocument};
use uuid::Uuid;

use crate::access::{Access, Reach};
use crate::column::{id_of, words_of};
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::memo::question;
use crate::ranked::OFFSET_LIMIT;
use crate::schema::name;
use crate::snapshot::Snapshot;
use crate::snippet::Marker;
use crate::sorted::{Cursor, Placed, Sort, SortBy};

/// Where a hit is.
type Found = (Half, DocAddress);

/// Largest page.
const PAGE_LIMIT: usize = 1_000;

/// What a search returns, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchOptions {
    /// How many hits at most, up to 1,000.
    pub limit: usize,
    /// Which page.
    pub page: Page,
    /// In which order.
    pub sort: Sort,
    /// Whether to cut snippets from the texts.
    pub snippets: bool,
    /// Whether to count all hits.
    pub total: bool,
    /// Whether to look for typing errors when nothing is found.
    pub correct: bool,
}

/// A page of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// After so many hits; offset and limit together go up to 1,000.
    Offset(usize),
    /// The first page of a field-sorted list, or the one that continues it.
    After(Option<Cursor>),
}

/// A page of hits.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// How many there are in all, if asked for.
    pub total: Option<u64>,
    /// This page.
    pub items: Vec<Hit>,
    /// Where a field-sorted list goes on; `None` at its end.
    pub next: Option<Cursor>,
    /// The query that these hits are for, if the one asked for found nothing and looked mistyped.
    pub corrected: Option<String>,
    /// Remarks on the query.
    pub notes: Vec<Note>,
}

/// A page of a list: which records, not what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// How many there are in all, if asked for.
    pub total: Option<u64>,
    /// The ids of this page.
    pub ids: Vec<Uuid>,
    /// Where the list goes on; `None` at its end.
    pub next: Option<Cursor>,
    /// Remarks on the query.
    pub notes: Vec<Note>,
}

/// A record found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its id.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// A stretch of its text in pieces, each with whether it is one of the words searched for. Empty unless asked
    /// for and the viewer may read the text.
    pub snippet: Vec<(String, bool)>,
}

impl Index {
    /// A page of what fulfils the query and may be found.
    ///
    /// # Errors
    /// [`IndexError::Offset`] beyond the first 1,000 hits, [`IndexError::Cursor`] for a continuation of another
    /// order, [`IndexError::NeedsRebuild`], or the engine fails.
    pub fn search(
        &self,
        compiled: &Compiled,
        access: &Access,
        options: &SearchOptions,
    ) -> Result<Hits, IndexError> {
        let snapshot = self.snapshot()?;
        let mut hits = self.page(&snapshot, &compiled.filter, access, options)?;
        hits.notes.clone_from(&compiled.notes);
        let first = matches!(options.page, Page::Offset(0) | Page::After(None));
        if options.correct
            && hits.items.is_empty()
            && first
            && options.limit > 0
            && let Some((filter, text)) = self.correction(&snapshot, compiled, access)?
        {
            let corrected = self.page(&snapshot, &filter, access, options)?;
            return Ok(Hits { corrected: Some(text), notes: hits.notes, ..corrected });
        }
        Ok(hits)
    }

    /// The ids of a page, for those who read the records elsewhere; snippets and corrections are not looked for.
    ///
    /// # Errors
    /// As [`Index::search`].
    pub fn list(
        &self,
        compiled: &Compiled,
        access: &Access,
        options: &SearchOptions,
    ) -> Result<Listed, IndexError> {
        let notes = compiled.notes.clone();
        let sort = permitted(options.sort, access, &compiled.filter);
        if sort.by == SortBy::Relevance {
            let bare = SearchOptions { snippets: false, correct: false, ..*options };
            let hits = self.search(compiled, access, &bare)?;
            let ids = hits.items.iter().map(|hit| hit.id).collect();
            return Ok(Listed { total: hits.total, ids, next: None, notes });
        }
        let snapshot = self.snapshot()?;
        let filter = &compiled.filter;
        let total = options.total.then(|| self.total(&snapshot, filter, access)).transpose()?;
        let limit = options.limit.min(PAGE_LIMIT);
        let (found, next) = self.sorted_page(&snapshot, filter, access, sort, &options.page, limit)?;
        Ok(Listed {
            total,
            ids: found.iter().map(|(place, ..)| place.id(sort.descending)).collect(),
            next,
            notes,
        })
    }

    /// How many records fulfil the query and may be found.
    ///
    /// # Errors
    /// [`IndexError::NeedsRebuild`], or the engine fails.
    pub fn count(&self, compiled: &Compiled, access: &Access) -> Result<u64, IndexError> {
        self.total(&*self.snapshot()?, &compiled.filter, access)
    }

    pub(crate) fn total(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        access: &Access,
    ) -> Result<u64, IndexError> {
        snapshot.totals.get_or(question(filter, access, &[], 0), || {
            let mut total = 0;
            for (half, searcher) in snapshot.halves().filter(|(half, _)| access.reaches(*half)) {
                for (segment, fitting) in self.fitting(half, searcher, filter, access)? {
                    total += self.kept.sets.alive(segment, &fitting);
                }
            }
            Ok(total)
        })
    }

    fn page(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        access: &Access,
        options: &SearchOptions,
    ) -> Result<Hits, IndexError> {
        let limit = options.limit.min(PAGE_LIMIT);
        let total = options.total.then(|| self.total(snapshot, filter, access)).transpose()?;
        let sort = permitted(options.sort, access, filter);
        let (places, next) = if sort.by == SortBy::Relevance {
            let offset = offset_of(&options.page, limit)?;
            let ranked = self.ranked(snapshot, filter, access, offset, limit)?;
            (ranked.into_iter().map(|(_, half, at)| (half, at)).collect::<Vec<Found>>(), None)
        } else {
            let (found, next) = self.sorted_page(snapshot, filter, access, sort, &options.page, limit)?;
            (found.into_iter().map(|(_, half, at)| (half, at)).collect(), next)
        };
        let marker = options.snippets.then(|| Marker::of(filter));
        let items: Result<Vec<Hit>, IndexError> =
            places.iter().map(|(half, at)| self.hit(snapshot, access, *half, *at, marker.as_ref())).collect();
        Ok(Hits { total, items: items?, next, corrected: None, notes: Vec::new() })
    }

    fn sorted_page(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        access: &Access,
        sort: Sort,
        page: &Page,
        limit: usize,
    ) -> Result<(Vec<Placed>, Option<Cursor>), IndexError> {
        let (after, skipped) = match page {
            Page::After(cursor) => (cursor.as_ref(), 0),
            Page::Offset(_) => (None, offset_of(page, limit)?),
        };
        // One more than asked for says whether the list goes on.
        let mut found = self.sorted(snapshot, filter, access, sort, after, skipped + limit + 1)?;
        let more = found.len() > skipped + limit;
        found.truncate(skipped + limit);
        let next = found.last().filter(|_| more).map(|(place, ..)| Cursor::after(sort, *place));
        found.drain(..skipped.min(found.len()));
        Ok((found, next))
    }

    fn hit(
        &self,
        snapshot: &Snapshot,
        access: &Access,
        half: Half,
        at: DocAddress,
        marker: Option<&Marker>,
    ) -> Result<Hit, IndexError> {
        let searcher = snapshot.searcher(half);
        let document: TantivyDocument = searcher.doc(at)?;
        let title = stored(&document, self.fields.title);
        let snippet = match marker {
            Some(marker) if self.sees(access, half, searcher, at)? => {
                marker.snippet(&stored(&document, self.fields.body))
            }
            _ => Vec::new(),
        };
        let kind = words_of(searcher, at, name::KIND)?.pop().unwrap_or_default();
        Ok(Hit {
            kind: kind.parse().map_err(|_| {
                IndexError::NeedsRebuild(crate::RebuildReason::Corrupt(format!(
                    "a document of kind {kind:?}"
                )))
            })?,
            id: id_of(searcher, at)?,
            reference: stored(&document, self.fields.shown_reference),
            title,
            snippet,
        })
    }

    /// Whether the viewer may see a document that was found completely.
    fn sees(
        &self,
        access: &Access,
        half: Half,
        searcher: &Searcher,
        at: DocAddress,
    ) -> Result<bool, IndexError> {
        if access.cases != Reach::Outline {
            return Ok(true);
        }
        let visible = access.visible(&self.fields, half);
        let weight = visible.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let mut documents = weight.scorer(searcher.segment_reader(at.segment_ord), 1.0)?;
        Ok(documents.doc() == at.doc_id
            || (documents.doc() < at.doc_id && documents.seek(at.doc_id) == at.doc_id))
    }
}

/// The order that a list comes in. Without words everything fits alike, and the newest comes first. Somebody who
/// sees only the outline of cases must not learn the rest of them from their order.
fn permitted(sort: Sort, access: &Access, filter: &Filter) -> Sort {
    if access.cases == Reach::Outline && sort.by != SortBy::Relevance {
        return Sort { by: SortBy::Reference, ..sort };
    }
    if sort.by == SortBy::Relevance && !has_words(filter) {
        let by = if access.cases == Reach::Outline { SortBy::Reference } else { SortBy::Registered };
        return Sort { by, descending: true };
    }
    sort
}

/// Whether words decide what fulfils a filter, so that some of it fits better than the rest.
pub(crate) fn has_words(filter: &Filter) -> bool {
    match filter {
        Filter::Text { .. } => true,
        Filter::All(parts) | Filter::Any(parts) => parts.iter().any(has_words),
        _ => false,
    }
}

fn offset_of(page: &Page, limit: usize) -> Result<usize, IndexError> {
    match page {
        Page::Offset(offset) if offset.saturating_add(limit) > OFFSET_LIMIT && *offset > 0 => {
            Err(IndexError::Offset { offset: *offset, limit: OFFSET_LIMIT })
        }
        Page::Offset(offset) => Ok(*offset),
        Page::After(None) => Ok(0),
        Page::After(Some(_)) => Err(IndexError::Cursor),
    }
}

/// A stored text of a document.
pub(crate) fn stored(document: &TantivyDocument, field: Field) -> String {
    document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}
