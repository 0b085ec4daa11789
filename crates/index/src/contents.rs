//! Everything that the files of a half hold, deleted documents too: for the proof that nothing restricted is among it.

use std::path::Path;

use tantivy::schema::{Document as _, FieldType, Value as _};
use tantivy::{ReloadPolicy, SegmentReader, TantivyDocument, TantivyError};

use crate::column::Words;
use crate::error::{IndexError, RebuildReason};
use crate::folder::{Folder, Half};
use crate::schema::Fields;

/// Tells every word of the dictionaries, every stored text and every word of a column that lies in the index folder
/// `path`: in its restricted half, or in the open one.
///
/// # Errors
/// There is no index, or it cannot be read.
pub fn contents(path: &Path, restricted: bool, tell: &mut dyn FnMut(&str)) -> Result<(), IndexError> {
    let folder = Folder::open(path)?;
    let generation = folder.current()?.ok_or(IndexError::NeedsRebuild(RebuildReason::Empty))?;
    let half = if restricted { Half::Restricted } else { Half::Open };
    let engine = folder.engine(generation, half, &Fields::new(), false)?;
    let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    for segment in reader.searcher().segment_readers() {
        words(segment, tell)?;
        columns(segment, tell)?;
        stored(segment, tell)?;
    }
    Ok(())
}

fn words(segment: &SegmentReader, tell: &mut dyn FnMut(&str)) -> Result<(), IndexError> {
    for (field, entry) in segment.schema().fields() {
        if entry.is_indexed() {
            let index = segment.inverted_index(field)?;
            let mut words = index.terms().stream().map_err(TantivyError::from)?;
            while words.advance() {
                tell(&String::from_utf8_lossy(words.key()));
            }
        }
    }
    Ok(())
}

fn columns(segment: &SegmentReader, tell: &mut dyn FnMut(&str)) -> Result<(), IndexError> {
    for (_, entry) in segment.schema().fields() {
        if entry.is_fast() && matches!(entry.field_type(), FieldType::Str(_)) {
            let words = Words::open(segment, entry.name())?;
            for number in 0..words.len() as u64 {
                tell(&words.word(number)?);
            }
        }
    }
    Ok(())
}

fn stored(segment: &SegmentReader, tell: &mut dyn FnMut(&str)) -> Result<(), IndexError> {
    let store = segment.get_store_reader(1).map_err(TantivyError::from)?;
    for document in store.iter::<TantivyDocument>(None) {
        for (_, value) in document?.iter_fields_and_values() {
            value.as_str().into_iter().for_each(&mut *tell);
        }
    }
    Ok(())
}
