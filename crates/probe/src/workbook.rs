//! Workbooks: the container and the XML within it.

use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::sheet;

/// The parts of a workbook that the reader looks into, in the order in which an input names them.
const PARTS: [(&str, &str); 6] = [
    ("xl/worksheets/sheet1.xml", SHEET),
    ("xl/sharedStrings.xml", STRINGS),
    ("xl/styles.xml", STYLES),
    ("xl/workbook.xml", BOOK),
    ("xl/_rels/workbook.xml.rels", BOOK_LINKS),
    ("[Content_Types].xml", TYPES),
];

/// An input that begins with `PK` is a workbook. Any other is one part of the example: its first byte says which, the
/// rest is its content. Flipping bytes of a container mostly breaks a checksum, which says nothing about the XML.
pub(crate) fn run(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        return sheet::import(bytes, None);
    }
    let Some((&which, content)) = bytes.split_first() else { return };
    let Some((name, _)) = PARTS.get(usize::from(which)) else { return };
    let book = zipped(Some((name, content)));
    assert!(book.is_ok(), "the example cannot be packed");
    sheet::import(&book.unwrap_or_default(), None);
}

/// The example whole, packed and unpacked, and each of its parts.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let parts = PARTS.iter().zip(0_u8..).map(|((_, content), which)| [&[which], content.as_bytes()].concat());
    let mut seeds: Vec<Vec<u8>> = parts.collect();
    seeds.extend(zipped(None).ok());
    seeds.extend(other_kinds().into_iter().map(|xml| [&[0], xml.as_bytes()].concat()));
    seeds
}

fn zipped(changed: Option<(&str, &[u8])>) -> anyhow::Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in PARTS.iter().chain(&[("_rels/.rels", LINKS)]) {
        let content = match changed {
            Some((other, content)) if other == *name => content,
            _ => content.as_bytes(),
        };
        writer.start_file(*name, SimpleFileOptions::default())?;
        writer.write_all(content)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Sheets that are odd in one way each.
fn other_kinds() -> Vec<String> {
    let rows = [
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c></row><row r="9"><c r="B9"><v>1e5</v></c></row>"#,
        r#"<row><c><v>1</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c t="d"><v>2025-03-01</v></c></row>"#,
        r#"<row r="1"><c r="A1" t="str"><f>A2</f><v>Title</v></c></row><row r="2"><c r="A2"><f>1+1</f></c></row>"#,
        r#"<row r="1048576"><c r="XFD1048576"><v>-0</v></c></row>"#,
    ];
    rows.map(|rows| {
        format!("<worksheet><dimension ref=\"A1:XFD9\"/><sheetData>{rows}</sheetData></worksheet>")
    })
    .into()
}

const SHEET: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:E4"/><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="inlineStr"><is><r><t>Act</t></r><r><t xml:space="preserve">ions </t></r></is></c><c r="E1" t="s"><v>3</v></c></row>
<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>4</v></c><c r="C2" s="1"><v>45717</v></c><c r="D2" t="str"><f>1+1</f><v>2</v></c><c r="E2"><v>1200.5</v></c></row>
<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="s"><v>5</v></c><c r="C3" s="1"><v>45718.75</v></c><c r="E3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>
<row r="4"><c r="B4"><f>NOW()</f></c><c r="C4" s="2"><v>0.5</v></c><c r="D4" t="b"><v>1</v></c></row>
</sheetData><mergeCells count="1"><mergeCell ref="A1:A1"/></mergeCells></worksheet>"#;

const STRINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="6" uniqueCount="6"><si><t>Ref</t></si><si><t>Title</t></si><si><t>Date</t></si><si><t>Cost EUR</t></si><si><t>T&#252;r &amp; Tor</t></si><si><r><rPr><b/></rPr><t>rich</t></r><r><t> text</t></r></si></sst>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="20"/></cellXfs></styleSheet>"#;

const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="0"/><sheets><sheet name="Log" sheetId="1" r:id="rId1"/></sheets><definedNames><definedName name="x">Log!$A$1</definedName></definedNames></workbook>"#;

const BOOK_LINKS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

const LINKS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
