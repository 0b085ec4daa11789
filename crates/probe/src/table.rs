//! CSV files, in any encoding: read, guessed, planned.

use crate::sheet;

/// A small old log.
pub(crate) const EXAMPLE: &str = "\
Ref;Date;Title;What happened;Type;Severity;Status;Root cause;Lessons;Actions;Owner;Due;Cost;Reported by;Region\n\
1;31.12.2024;T\u{fc}r offen;\"The door\nwas open\";incident;High;Closed;lock worn;check locks;\"1. new lock; 2. rounds\";A. Meier;1.2.2025;\u{20ac}1.200,50;Ops team;EMEA\n\
2;01/02/2025;Phishing mail;;near miss;2;open;;;;;;12k USD;;APAC\n\
;;;;;;;;;;;;;;\n\
3;March 2025;;no title;weakness;5;in progress;#REF!;n/a;=1+1;nobody;soon;approx. $5;'=x;\n";

pub(crate) fn run(bytes: &[u8]) {
    sheet::import(bytes, None);
}

/// The example in every encoding and with every delimiter, and files that are odd in one way each.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    const ODD: [&str; 8] = [
        "",
        "Title\nx\n",
        "Exported on 2025-01-01\n\nRef,Title,Date\n1,a,2025-03-01T10:22+02:00\n",
        "Ref,Title\n1,\"open\n2,b\n",
        "Ref,Title,Notes\n#REF!,a,x\nn/a,c,\n5,#NAME?,z\n",
        "Title,Title,(column 3),\na,b,c,d\n",
        "Ref\tTitle\tSeverity (1 = worst)\n1\ta\t1\n2\tb\t4\n",
        "Id|Summary|Occurred|Resolved|Impact EUR\n7|x|3.4.25|5.4.25 17:30|(250)\n",
    ];
    let wide = |swap: bool| {
        let units = std::iter::once(0xfeff).chain(EXAMPLE.encode_utf16());
        units.flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect::<Vec<u8>>()
    };
    let mut seeds = vec![
        EXAMPLE.as_bytes().to_vec(),
        format!("\u{feff}{EXAMPLE}").into_bytes(),
        EXAMPLE.replace(';', ",").into_bytes(),
        EXAMPLE.replace(';', "\t").into_bytes(),
        EXAMPLE.replace('\n', "\r\n").into_bytes(),
        // Windows-1252 has these characters below 256.
        EXAMPLE.chars().map(|c| u8::try_from(c).unwrap_or(0x80)).collect(),
        wide(false),
        wide(true),
    ];
    seeds.extend(ODD.iter().map(|text| text.as_bytes().to_vec()));
    seeds
}
