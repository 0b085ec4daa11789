use std::io::Cursor;

use super::*;

fn guess(bytes: &[u8]) -> Result<Encoding, ReadError> {
    guess_encoding(&mut Cursor::new(bytes))
}

fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, ReadError> {
    let mut input = Cursor::new(bytes);
    let mut decoded = Decoded::new(&mut input, encoding)?;
    let (mut all, mut piece) = (String::new(), String::new());
    loop {
        decoded.next_piece(&mut piece)?;
        if piece.is_empty() {
            return Ok(all);
        }
        all.push_str(&piece);
    }
}

fn utf16(text: &str, low_first: bool) -> Vec<u8> {
    let pair = |unit: u16| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() };
    text.encode_utf16().flat_map(pair).collect()
}

#[test]
fn each_encoding_is_recognised_and_decoded() {
    let text = "Ref;Titel\n1;Tür offen – 12 €\n";
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let cases = [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
        (utf16(text, true), Encoding::Utf16Le),
        (utf16(text, false), Encoding::Utf16Be),
        ([vec![0xff, 0xfe], utf16(text, true)].concat(), Encoding::Utf16Le),
        ([vec![0xfe, 0xff], utf16(text, false)].concat(), Encoding::Utf16Be),
        (windows.into_owned(), Encoding::Windows1252),
    ];
    for (bytes, expected) in cases {
        assert_eq!(guess(&bytes).unwrap(), expected);
        assert_eq!(decode(&bytes, expected).unwrap(), text, "{expected}");
    }
}

#[test]
fn a_broken_byte_in_a_utf8_file_is_named_with_line_and_offset() {
    let error = guess(b"Titel\nT\xc3\xbcr \xc3\xa4 \xc3\xb6\n\xe4x\n").unwrap_err();
    assert!(
        matches!(error, ReadError::Malformed { offset: 17, ref place, .. } if place == "line 3, "),
        "{error}"
    );
    assert!(error.to_string().contains("windows-1252"), "{error}");
}

#[test]
fn a_sequence_across_two_chunks_is_whole() {
    let mut bytes = vec![b'a'; CHUNK - 1];
    bytes.extend("ü€".as_bytes());
    assert_eq!(guess(&bytes).unwrap(), Encoding::Utf8);
    assert!(decode(&bytes, Encoding::Utf8).unwrap().ends_with("aü€"));
}

#[test]
fn a_sequence_cut_by_the_end_of_the_file_is_an_error_in_utf8() {
    assert!(matches!(
        guess("Tür äö €".as_bytes().split_last().unwrap().1),
        Err(ReadError::Malformed { offset: 10, .. })
    ));
}

#[test]
fn a_named_encoding_that_does_not_fit_names_the_offset() {
    assert!(matches!(decode(b"ab\xff", Encoding::Utf8), Err(ReadError::Malformed { offset: 2, .. })));
}

#[test]
fn bytes_that_no_encoding_has_are_refused() {
    assert!(matches!(guess(b"a;b\n\x81\x8d\n"), Err(ReadError::Malformed { offset: 4, .. })));
}

#[test]
fn nothing_at_all_is_an_empty_file() {
    assert!(matches!(guess(b""), Err(ReadError::Empty)));
}
