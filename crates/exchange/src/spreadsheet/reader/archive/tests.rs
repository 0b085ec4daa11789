use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn checked(bytes: &[u8], limits: Limits) -> String {
    check(&mut Cursor::new(bytes), &limits).map_or_else(|error| error.to_string(), |()| "ok".to_owned())
}

/// Writes `size` over the unpacked size that local header and directory state for the named part.
fn claim(mut bytes: Vec<u8>, name: &str, size: u32) -> Vec<u8> {
    for (signature, size_at, name_at) in [(b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)] {
        let at = bytes
            .windows(4)
            .enumerate()
            .filter(|(_, window)| window == signature)
            .map(|(at, _)| at)
            .find(|at| bytes[at + name_at..].starts_with(name.as_bytes()))
            .unwrap();
        bytes[at + size_at..at + size_at + 4].copy_from_slice(&size.to_le_bytes());
    }
    bytes
}

#[test]
fn a_workbook_that_claims_two_gigabytes_is_refused_from_its_directory() {
    let bytes = claim(
        archive(&[TYPES, ("xl/worksheets/sheet1.xml", b"<worksheet/>")]),
        "xl/worksheets",
        2_000_000_000,
    );
    let message = checked(&bytes, Limits::default());
    assert!(message.contains("unpacks to 2000000000 bytes in xl/worksheets/sheet1.xml"), "{message}");
}

#[test]
fn a_decompression_bomb_is_refused_even_when_its_directory_lies() {
    let cells = b"<c/>".repeat(5 * 1024 * 1024);
    let honest = archive(&[TYPES, ("xl/worksheets/sheet1.xml", &cells)]);
    let limits = Limits { ratio: 100, ..Limits::default() };
    assert!(checked(&honest, limits).contains("decompression bomb"), "{}", checked(&honest, limits));
    let lying = claim(honest, "xl/worksheets", 1_000);
    let message = checked(&lying, limits);
    assert!(message.contains("bomb") || message.contains("damaged"), "{message}");
}

#[test]
fn a_string_table_that_claims_more_than_it_holds_is_refused() {
    for claim in ["99999999999", "18446744073709551616", "400"] {
        let table =
            format!("<sst xmlns=\"urn:x\" count=\"1\" uniqueCount=\"{claim}\"><si><t>a</t></si></sst>");
        let bytes = archive(&[TYPES, ("xl/SharedStrings.xml", table.as_bytes())]);
        let message = checked(&bytes, Limits::default());
        assert!(message.contains("string table claims"), "{message}");
    }
    let honest = b"<sst uniqueCount=\"1\"><si><t>a</t></si></sst>";
    assert_eq!(checked(&archive(&[TYPES, ("xl/sharedStrings.xml", honest)]), Limits::default()), "ok");
}

#[test]
fn the_sum_of_all_parts_and_a_single_text_are_bounded() {
    let noise: Vec<u8> = (0..60_000u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes())
        .filter(|b| *b != b'<')
        .collect();
    let bytes = archive(&[TYPES, ("a.bin", &noise), ("b.bin", &noise)]);
    let limits = Limits { unpacked_bytes: 300_000, ..Limits::default() };
    assert!(checked(&bytes, limits).contains("all parts together"), "{}", checked(&bytes, limits));
    let limits = Limits { row_bytes: 100_000, ..Limits::default() };
    let bytes = archive(&[TYPES, ("xl/worksheets/sheet1.xml", &noise)]);
    assert!(
        checked(&bytes, limits).contains("one text of xl/worksheets/sheet1.xml"),
        "{}",
        checked(&bytes, limits)
    );
}

#[test]
fn other_archives_are_named() {
    let cases = [
        ("xl/workbook.bin", "binary Excel"),
        ("word/document.xml", "Word document"),
        ("readme.txt", "holds no workbook"),
    ];
    for (part, expected) in cases {
        let message = checked(&archive(&[(part, b"x")]), Limits::default());
        assert!(message.contains(expected), "{message}");
    }
    let open_document = archive(&[("mimetype", b"x"), ("content.xml", b"x")]);
    assert!(checked(&open_document, Limits::default()).contains("OpenDocument"));
    assert!(checked(b"PK\x03\x04 and then nothing", Limits::default()).contains("damaged"));
}
