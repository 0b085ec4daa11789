//! A workbook is a ZIP archive. Everything that could exhaust the memory is checked before it is opened as a workbook:
//! first what the archive's directory claims, then what really comes out of each part.

use std::io::{BufReader, Read, Seek};

use super::Limits;
use super::error::ReadError;

/// Checks an archive against the limits and that it is an OOXML workbook.
///
/// # Errors
/// Another format, encrypted, damaged, too large, or a decompression bomb.
pub(super) fn check<R: Read + Seek>(input: &mut R, limits: &Limits) -> Result<(), ReadError> {
    let mut archive = zip::ZipArchive::new(input).map_err(ReadError::damaged)?;
    let names = part_names(&archive)?;
    refuse_other_formats(&names)?;
    check_directory(&mut archive, limits)?;
    let mut total = 0;
    for (index, name) in names.iter().enumerate() {
        total += unpack(&mut archive, index, name, total, limits)?;
    }
    Ok(())
}

fn part_names<R: Read + Seek>(archive: &zip::ZipArchive<R>) -> Result<Vec<String>, ReadError> {
    const MOST_PARTS: usize = 10_000;
    if archive.len() > MOST_PARTS {
        return Err(ReadError::damaged(format!(
            "it has {} parts, expected at most {MOST_PARTS}",
            archive.len()
        )));
    }
    if archive.has_duplicate_names() {
        return Err(ReadError::damaged("two of its parts have the same name"));
    }
    archive.file_names().map(|name| Ok(name.map_err(ReadError::damaged)?.into_owned())).collect()
}

fn refuse_other_formats(names: &[String]) -> Result<(), ReadError> {
    let has = |part: &str| names.iter().any(|name| name.eq_ignore_ascii_case(part));
    let save_as = "Open it in a spreadsheet program and save it as .xlsx or CSV";
    let found = if has("xl/workbook.bin") {
        "a binary Excel workbook (.xlsb)"
    } else if has("mimetype") && has("content.xml") {
        "an OpenDocument file (.ods)"
    } else if has("word/document.xml") {
        "a Word document"
    } else if !has("[Content_Types].xml") {
        "a ZIP archive that holds no workbook"
    } else {
        return Ok(());
    };
    Err(ReadError::OtherFormat { found, fix: save_as })
}

/// What the directory claims costs nothing to refuse.
fn check_directory<R: Read + Seek>(
    archive: &mut zip::ZipArchive<R>,
    limits: &Limits,
) -> Result<(), ReadError> {
    let mut total = 0u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(ReadError::damaged)?;
        if part.encrypted() {
            return Err(ReadError::Encrypted);
        }
        let name = part.name().map_err(ReadError::damaged)?.into_owned();
        check_part(&name, part.size(), part.compressed_size(), limits)?;
        total = total.saturating_add(part.size());
    }
    if total > limits.unpacked_bytes {
        let part = "all parts together".to_owned();
        return Err(ReadError::TooLargeInside { part, found: total, limit: limits.unpacked_bytes });
    }
    if archive.has_overlapping_files().map_err(ReadError::damaged)? {
        return Err(ReadError::damaged("its parts overlap"));
    }
    Ok(())
}

fn check_part(name: &str, size: u64, packed: u64, limits: &Limits) -> Result<(), ReadError> {
    let limit = part_limit(name, limits);
    if size > limit {
        return Err(ReadError::TooLargeInside { part: name.to_owned(), found: size, limit });
    }
    if size > limits.ratio_from_bytes && size / limits.ratio > packed {
        return Err(ReadError::Bomb { part: name.to_owned(), limit: limits.ratio });
    }
    Ok(())
}

/// Sheets are streamed; the string table and the parts that describe the workbook are held in memory.
fn part_limit(name: &str, limits: &Limits) -> u64 {
    let name = name.to_ascii_lowercase();
    if is_string_table(&name) {
        limits.strings_bytes
    } else if ["styles.xml", "workbook.xml", "theme1.xml", ".rels", "[content_types].xml"]
        .iter()
        .any(|end| name.ends_with(end))
    {
        limits.structure_bytes
    } else {
        limits.unpacked_bytes
    }
}

fn is_string_table(lower_case_name: &str) -> bool {
    lower_case_name.ends_with("sharedstrings.xml")
}

/// Unpacks one part into nothing, counting: a directory can lie.
fn unpack<R: Read + Seek>(
    archive: &mut zip::ZipArchive<R>,
    index: usize,
    name: &str,
    before: u64,
    limits: &Limits,
) -> Result<u64, ReadError> {
    let damaged = |detail: &dyn std::fmt::Display| ReadError::damaged(format!("{name}: {detail}"));
    let mut part = archive.by_index(index).map_err(|e| damaged(&e))?;
    let packed = part.compressed_size();
    let mut chunk = vec![0; 64 * 1024];
    let (mut size, mut run) = (0u64, 0usize);
    loop {
        let read = part.read(&mut chunk).map_err(|e| damaged(&e))?;
        if read == 0 {
            break;
        }
        size += read as u64;
        check_part(name, size, packed, limits)?;
        if before + size > limits.unpacked_bytes {
            let (part, limit) = ("all parts together".to_owned(), limits.unpacked_bytes);
            return Err(ReadError::TooLargeInside { part, found: before + size, limit });
        }
        run = longest_run(&chunk[..read], run, name, limits)?;
    }
    drop(part);
    if is_string_table(&name.to_ascii_lowercase()) {
        check_string_count(archive, index, size)?;
    }
    Ok(size)
}

/// A text between two tags is read into memory as a whole, so its length is bounded. Returns the length so far of the
/// run that is open at the end of `chunk`.
fn longest_run(chunk: &[u8], open: usize, name: &str, limits: &Limits) -> Result<usize, ReadError> {
    if !name.to_ascii_lowercase().ends_with(".xml") {
        return Ok(0);
    }
    let mut pieces = chunk.split(|b| *b == b'<').map(<[u8]>::len);
    let first = open + pieces.next().unwrap_or(0);
    let mut longest = first;
    let mut last = first;
    for length in pieces {
        longest = longest.max(length);
        last = length;
    }
    if longest > limits.row_bytes {
        let part = format!("one text of {name}");
        return Err(ReadError::TooLargeInside {
            part,
            found: longest as u64,
            limit: limits.row_bytes as u64,
        });
    }
    Ok(last)
}

/// The string table claims how many strings it has, and the workbook reader reserves memory for that many.
fn check_string_count<R: Read + Seek>(
    archive: &mut zip::ZipArchive<R>,
    index: usize,
    size: u64,
) -> Result<(), ReadError> {
    use quick_xml::events::Event;

    /// The shortest entry, `<si/>`.
    const SHORTEST: u64 = 5;
    let part = archive.by_index(index).map_err(ReadError::damaged)?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(ReadError::damaged)? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "sst" => {
                let claimed = largest_claim(tag.attributes_raw());
                if claimed > size / SHORTEST {
                    let detail = format!("its string table claims {claimed} strings in {size} bytes");
                    return Err(ReadError::damaged(detail));
                }
                return Ok(());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Read without an attribute parser, so that no two parsers can read it differently.
fn largest_claim(attributes: &str) -> u64 {
    let claims = attributes.split("uniqueCount").skip(1).map(|rest| {
        let digits = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse::<u64>().unwrap_or(u64::MAX)
    });
    claims.max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
