//! The same content written differently, and bytes that are no text.

use crate::attempt::Case;
use crate::bundle::Bundle;
use crate::random::Random;

/// A line with JSON: the header, a leaf, disclosures.
fn json_line<'b>(random: &mut Random, bundle: &'b mut Bundle) -> Option<&'b mut Vec<u8>> {
    let places = [bundle.places("leaf "), bundle.places("open ")].concat();
    let place = *random.pick(&places)?;
    bundle.lines.get_mut(place)
}

/// The places of a line where `wanted` holds of the byte and the one before it.
fn places(line: &[u8], wanted: impl Fn(u8, u8) -> bool) -> Vec<usize> {
    let pairs = line.windows(2).zip(1..);
    pairs.filter(|(pair, _)| wanted(pair[0], pair[1])).map(|(_, place)| place).collect()
}

fn put(line: &mut Vec<u8>, range: std::ops::Range<usize>, text: &[u8]) {
    line.splice(range, text.iter().copied());
}

/// White space between two signs of JSON.
pub(crate) fn space(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let line = json_line(random, bundle)?;
    let place = *random.pick(&places(line, |_, byte| b"{}[]:,\"".contains(&byte)))?;
    let spaces: [&[u8]; 4] = [b" ", b"\t", b"\r", b"  "];
    put(line, place..place, random.pick(&spaces)?);
    Some(())
}

/// A character as an escape: `\u0061` for `a`, `\/` for `/`.
pub(crate) fn escape(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let line = json_line(random, bundle)?;
    let place =
        *random.pick(&places(line, |before, byte| byte.is_ascii_alphanumeric() && before != b'\\'))?;
    let byte = line[place];
    let forms =
        [format!("\\u{byte:04x}"), format!("\\u{byte:04X}"), format!("\\{}", char::from(byte)), "\\/".into()];
    put(line, place..place + 1, random.pick(&forms)?.as_bytes());
    Some(())
}

/// Half a surrogate pair, a NUL, a noncharacter: as escapes, or as bytes that are no UTF-8.
pub(crate) fn not_text(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    const ODD: [&[u8]; 9] = [
        b"\\ud800",
        b"\\udc00\\ud800",
        b"\\u0000",
        b"\0",
        b"\xed\xa0\x80",
        b"\xff",
        b"\xc3",
        b"\xf4\x90\x80\x80",
        b"\xef\xbf\xbf",
    ];
    let place = random.below(bundle.lines.len())?;
    let line = bundle.lines.get_mut(place)?;
    let at = random.below(line.len() + 1)?;
    put(line, at..at, random.pick(&ODD)?);
    Some(())
}

/// An ASCII character as two or three bytes, which UTF-8 forbids.
pub(crate) fn overlong(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = random.below(bundle.lines.len())?;
    let line = bundle.lines.get_mut(place)?;
    let at = *random.pick(&places(line, |_, byte| byte.is_ascii_graphic()))?;
    let byte = line[at];
    let two = [0xc0 | byte >> 6, 0x80 | byte & 0x3f];
    let three = [0xe0, 0x80 | byte >> 6, 0x80 | byte & 0x3f];
    put(line, at..at + 1, if random.next() & 1 == 0 { &two } else { &three });
    Some(())
}

/// Another normal form, or something that cannot be seen, beside a letter.
pub(crate) fn unicode(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    const COMPOSED: [(&str, &str); 8] = [
        ("\u{e4}", "a\u{308}"),
        ("\u{f6}", "o\u{308}"),
        ("\u{fc}", "u\u{308}"),
        ("\u{e9}", "e\u{301}"),
        ("\u{2014}", "-"),
        ("a", "\u{430}"),
        ("e", "e\u{200d}"),
        ("o", "o\u{301}"),
    ];
    let place = random.below(bundle.lines.len())?;
    let line = std::str::from_utf8(&bundle.lines[place]).ok()?;
    let there: Vec<_> = COMPOSED.iter().filter(|(from, _)| line.contains(from)).collect();
    let (from, to) = random.pick(&there)?;
    bundle.lines[place] = line.replacen(from, to, 1).into_bytes();
    Some(())
}

/// A number in another form: `1.0`, `01`, `1e0`, `+1`, `-0`, `"1"`.
pub(crate) fn number(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let line = json_line(random, bundle)?;
    let starts = places(line, |before, byte| b":,[".contains(&before) && byte.is_ascii_digit());
    let start = *random.pick(&starts)?;
    let digits = line[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = String::from_utf8_lossy(&line[start..start + digits]).into_owned();
    let forms = [
        format!("{text}.0"),
        format!("0{text}"),
        format!("{text}e0"),
        format!("{text}E+0"),
        format!("{text}0e-1"),
        format!("+{text}"),
        format!("-{text}"),
        format!("\"{text}\""),
        format!("{text}.00000000000000000000001"),
        "1e999".to_owned(),
        "9007199254740993".to_owned(),
        "18446744073709551616".to_owned(),
    ];
    put(line, start..start + digits, random.pick(&forms)?.as_bytes());
    Some(())
}

/// One of the JSON's own words or signs another one.
pub(crate) fn sign(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let line = json_line(random, bundle)?;
    let place = *random.pick(&places(line, |_, byte| b"{}[]:,\"".contains(&byte)))?;
    let signs: [&[u8]; 10] = [b"", b",,", b"'", b"{", b"}", b"[", b"]", b":", b"null", b"/**/"];
    put(line, place..place + 1, random.pick(&signs)?);
    Some(())
}

/// A member of an object, at any depth: gone, twice, under another name, or in another order.
pub(crate) fn member(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let line = json_line(random, bundle)?;
    let text = String::from_utf8(line.clone()).ok()?;
    // The members that are a name and a plain value: enough of them, and found without a parser.
    let starts: Vec<usize> = text.match_indices("\":").map(|(at, _)| at).collect();
    let colon = *random.pick(&starts)?;
    let start = text[..colon].rfind('"')?;
    let end = colon + 2 + text[colon + 2..].find([',', '}', ']'])?;
    let whole = text.get(start..end)?;
    let name = text.get(start..colon + 2)?;
    let value = text.get(colon + 2..end)?;
    let changed = match random.below(7)? {
        0 => text.replacen(&format!("{whole},"), "", 1),
        1 => text.replacen(whole, &format!("{whole},{whole}"), 1),
        2 => text.replacen(whole, &format!("{name}null,{whole}"), 1),
        3 => text.replacen(name, &name.replacen('"', "\"x", 1), 1),
        4 => text.replacen(name, &name.to_uppercase(), 1),
        5 => text.replacen(whole, &format!("{whole},\"zzz\":{value}"), 1),
        _ => {
            let next = text[end..].strip_prefix(",\"")?;
            let stop = end + 2 + next.find(",\"")?;
            format!("{}{},{whole}{}", &text[..start], text.get(end + 1..stop)?, &text[stop..])
        }
    };
    *line = changed.into_bytes();
    Some(())
}

/// Hexadecimal digits in capitals, one less, or one more.
pub(crate) fn hexadecimal(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = random.below(bundle.lines.len())?;
    let line = bundle.lines.get_mut(place)?;
    let is_hex = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let runs = places(line, |before, byte| !is_hex(&before) && is_hex(&byte));
    let long = |start: &usize| line[*start..].iter().take_while(|byte| is_hex(byte)).count() >= 8;
    let runs: Vec<usize> = runs.into_iter().filter(long).collect();
    let start = *random.pick(&runs)?;
    let length = line[start..].iter().take_while(|byte| is_hex(byte)).count();
    match random.below(4)? {
        0 => line[start..start + length].make_ascii_uppercase(),
        1 => drop(line.remove(start)),
        2 => line.insert(start, b'0'),
        _ => line[start..start + length].reverse(),
    }
    Some(())
}

/// Base64 in another spelling: padding, the other alphabet, unused bits, white space.
pub(crate) fn base64(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let ends: Vec<usize> = (0..bundle.lines.len()).filter(|at| bundle.lines[*at].ends_with(b"=")).collect();
    let place = *random.pick(&ends)?;
    let line = bundle.lines.get_mut(place)?;
    let stem = line.iter().rposition(|byte| *byte != b'=')?;
    match random.below(8)? {
        0 => drop(line.pop()),
        1 => line.push(b'='),
        2 => line[stem] = line[stem].wrapping_add(1),
        3 => line.iter_mut().filter(|byte| **byte == b'+').for_each(|byte| *byte = b'-'),
        4 => line.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'_'),
        5 => line.insert(stem, b' '),
        6 => line.truncate(stem + 1),
        _ => line.insert(stem, b'='),
    }
    Some(())
}
