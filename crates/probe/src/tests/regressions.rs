//! Inputs that once made a reader panic, hang or contradict itself.

/// Those of one probe.
pub(super) fn of(name: &str) -> Vec<Vec<u8>> {
    let inputs: &[&[u8]] = match name {
        // A word that ends in a colon came to stand before a parenthesis; a value began with a sign.
        "query" => &[
            b"\x12a OR b r:",
            b"\x00(Note:)",
            b"\x00owner:==:*Z",
            b"\x00owner:=<a,b -field.a:=>1 field.a:=<1..2 field.a:>==1",
        ],
        // A column whose number overflows, in the dimension and in a cell.
        "workbook" => &[
            b"\x00<worksheet><dimension ref=\"A1:XFnlineStr1\"/><sheetData></sheetData></worksheet>",
            b"\x00<worksheet><sheetData><row r=\"99999999999\"><c r=\"ZZZZZZZZZ1\"><v>1</v></c></row></sheetData></worksheet>",
        ],
        _ => &[],
    };
    inputs.iter().map(|input| input.to_vec()).collect()
}
