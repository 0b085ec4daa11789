//! The mapping file of an import: what is read writes to a text that reads to the same mapping.

use nevertwice_exchange::spreadsheet::Mapping;

use crate::{sheet, table, text};

pub(crate) fn run(bytes: &[u8]) {
    let Ok(mapping) = Mapping::from_toml(&text(bytes)) else { return };
    let written = mapping.to_toml();
    assert!(written.is_ok(), "{mapping:?} was read, but cannot be written: {written:?}");
    let written = written.unwrap_or_default();
    assert_eq!(Mapping::from_toml(&written).as_ref(), Ok(&mapping), "{written}");
    // Whatever a mapping says, the file that it is for is imported or an error.
    sheet::import(table::EXAMPLE.as_bytes(), Some(mapping));
}

/// The mappings that the guess makes for the seeds of [`table`], and a few lines of one.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let guessed = table::seeds().into_iter().filter_map(|file| {
        let guess = sheet::guessed(&file)?;
        Some(guess.mapping.to_toml().ok()?.into_bytes())
    });
    let small = [
        "class_when_missing = \"incident\"\n[layout]\nheader_row = 1\ndelimiter = \";\"\nencoding = \"utf-8\"\n",
        "[[column]]\nsource = \"Sev\"\nbecomes = \"severity\"\nworst = \"high\"\nscale = [1, 5]\n",
    ];
    guessed.chain(small.map(|text| text.as_bytes().to_vec())).collect()
}
