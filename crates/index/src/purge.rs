//! Dropping restricted records from the files of the open half.
//!
//! A deleted document is found no more, but its words stay in its segment's dictionary, stored texts and word statistics
//! until the segment is rewritten, and would weigh on the order of other people's hits. So when a record becomes
//! restricted, its segment is rewritten at once.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::schema::IndexRecordOption;
use tantivy::{FutureResult, IndexWriter, Searcher, TantivyError, Term};

use crate::error::IndexError;

/// Segments with more documents are rewritten in the background: searches need not wait for that, nor who restricts a
/// case, for more than about half a second.
const LARGE: u32 = if cfg!(test) { 20 } else { 10_000 };
/// How often the segments are looked through: a merge that was under way already may bring up another.
const ROUNDS: usize = 20;

/// A segment that is being rewritten in the background.
type Rewriting = FutureResult<Option<SegmentMeta>>;

/// What is left to drop.
#[derive(Default)]
pub(crate) struct Purge {
    /// The segments that restricted records were in.
    affected: HashSet<SegmentId>,
    /// The others that were there beside them, if nothing was left to drop before. One that appeared later may have been
    /// merged from an affected one.
    unaffected: HashSet<SegmentId>,
    /// Large segments that are being rewritten.
    under_way: HashMap<SegmentId, Rewriting>,
}

/// How far a look at the segments came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Whether something was rewritten since the last look.
    pub(crate) rewrote: bool,
    /// Whether nothing is left.
    pub(crate) finished: bool,
}

impl Purge {
    /// Notes that the document of an id leaves the open half. `unpurged` says whether an earlier one has left its words
    /// there: then it is known of no segment that nothing is in it, because what was noted of the earlier one may be lost.
    pub(crate) fn leaves(&mut self, open: &Searcher, id: &Term, unpurged: bool) -> Result<(), IndexError> {
        let is_first = self.affected.is_empty() && !unpurged;
        for segment in open.segment_readers() {
            let words = segment.inverted_index(id.field())?;
            let postings = words.read_postings(id, IndexRecordOption::Basic).map_err(TantivyError::from)?;
            if postings.is_some() {
                self.affected.insert(segment.segment_id());
            } else if is_first {
                self.unaffected.insert(segment.segment_id());
            }
        }
        Ok(())
    }

    /// Rewrites the segments. Knows of nothing after an opening: then every segment with deleted documents is rewritten.
    pub(crate) fn run(&mut self, open: &mut IndexWriter) -> Result<Progress, IndexError> {
        // Before the segments are listed: what has been rewritten by now is not among them any more.
        let mut rewrote = self.forget_ended();
        for _ in 0..ROUNDS {
            let segments = open.index().searchable_segment_metas()?;
            let stale: Vec<SegmentMeta> =
                segments.into_iter().filter(|segment| self.concerns(segment)).collect();
            let (large, small): (Vec<_>, Vec<_>) =
                stale.into_iter().partition(|segment| segment.max_doc() > LARGE);
            for segment in &small {
                match open.merge(&[segment.id()]).wait() {
                    Ok(_) => rewrote = true,
                    // A merge in the background took it away; the next round looks at what it became.
                    Err(error) => tracing::debug!(%error, "a segment could not be rewritten"),
                }
            }
            if small.is_empty() {
                return Ok(Progress { rewrote, finished: self.finished(open, &large) });
            }
        }
        Ok(Progress { rewrote, finished: false })
    }

    /// Forgets what is not under way any more; true if something was rewritten. What failed is begun anew.
    fn forget_ended(&mut self) -> bool {
        let mut rewrote = false;
        self.under_way.retain(|_, rewriting| match ended(rewriting) {
            None => true,
            Some(Ok(_)) => {
                rewrote = true;
                false
            }
            Some(Err(error)) => {
                tracing::warn!(%error, "a large segment could not be rewritten; it is tried again");
                false
            }
        });
        rewrote
    }

    fn finished(&mut self, open: &mut IndexWriter, large: &[SegmentMeta]) -> bool {
        if large.is_empty() {
            *self = Self::default();
            return true;
        }
        for segment in large {
            self.under_way.entry(segment.id()).or_insert_with(|| rewritten(open, segment.id()));
        }
        false
    }

    fn concerns(&self, segment: &SegmentMeta) -> bool {
        let id = segment.id();
        segment.has_deletes() && (self.affected.contains(&id) || !self.unaffected.contains(&id))
    }
}

/// Begins to rewrite a segment in the background.
fn rewritten(open: &mut IndexWriter, id: SegmentId) -> Rewriting {
    #[cfg(test)]
    if crate::tests::crash::rewriting_fails() {
        return TantivyError::InternalError("no room".to_owned()).into();
    }
    open.merge(&[id])
}

/// How the rewriting ended, if it has; not to be asked again then.
fn ended(rewriting: &mut Rewriting) -> Option<Result<Option<SegmentMeta>, TantivyError>> {
    // Nobody is to be woken: the next search looks again.
    match Pin::new(rewriting).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(ended) => Some(ended),
        Poll::Pending => None,
    }
}
