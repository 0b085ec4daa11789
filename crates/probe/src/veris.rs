//! VERIS records: every record of a file is planned once, and what is rejected comes back from its file as it was.

use std::io::Cursor;
use std::sync::LazyLock;

use nevertwice_exchange::planned::{Original, Outcome, PlannedRow};
use nevertwice_exchange::veris::{Limits, Records, RejectedRecords, Standard, Strictness, plan, says};
use serde_json::{Value, json};

static STANDARD: LazyLock<Option<Standard>> = LazyLock::new(|| Standard::load().ok());

/// Small, so that the limit is met.
const LIMITS: Limits = Limits { record_bytes: 4 * 1024 };

pub(crate) fn run(bytes: &[u8]) {
    let lenient = planned(bytes, Strictness::Lenient);
    let strict = planned(bytes, Strictness::Strict);
    assert_eq!(lenient.len(), strict.len(), "the same records, whatever becomes of them");
    let of_folder = Records::new(Cursor::new(bytes), Some("a.json".into()), 5, LIMITS).count();
    assert_eq!(of_folder, lenient.len(), "a file of a folder has the same records");
    for (number, ((lenient, _), (strict, _))) in (1..).zip(lenient.iter().zip(&strict)) {
        assert_eq!(
            (lenient.row_number, strict.row_number),
            (number, number),
            "records come once and in order"
        );
        if let Outcome::Case(case) = &strict.outcome {
            assert!(matches!(lenient.outcome, Outcome::Case(_)), "{:?}", case.title);
        }
        let (Outcome::Case(case), Original::Record(record)) = (&lenient.outcome, &lenient.original) else {
            continue;
        };
        for gap in &case.gaps {
            let _ = says(record, &gap.column);
        }
    }
    comes_back(&strict);
}

/// Rejected records that are objects in a good place have the same content when they are read back from their file.
fn comes_back(rows: &[(PlannedRow, bool)]) {
    let mut file = RejectedRecords::new(Vec::new());
    let mut rejected = Vec::new();
    for (row, _) in rows.iter().filter(|(_, is_whole)| *is_whole) {
        let (Outcome::Rejected(rejection), Original::Record(record)) = (&row.outcome, &row.original) else {
            continue;
        };
        // The reason makes it longer than it was, which may make it too long.
        let is_object = serde_json::from_str::<Value>(record).is_ok_and(|record| record.is_object());
        let short = record.len() + rejection.to_string().len() < LIMITS.record_bytes / 2;
        if is_object && short && row.origin_reference.is_none() {
            assert!(file.write(record, &rejection.to_string()).is_ok());
            rejected.push(row.row_hash);
        }
    }
    // A run that rejects nothing has no such file.
    if rejected.is_empty() {
        return;
    }
    let file = file.finish().unwrap_or_default();
    let again: Vec<_> = planned(&file, Strictness::Strict).iter().map(|(row, _)| row.row_hash).collect();
    assert_eq!(again, rejected, "{}", String::from_utf8_lossy(&file));
}

/// What becomes of each record, and whether the record could be read.
fn planned(bytes: &[u8], strictness: Strictness) -> Vec<(PlannedRow, bool)> {
    let Some(standard) = STANDARD.as_ref() else {
        assert!(STANDARD.is_some(), "the standard cannot be read");
        return Vec::new();
    };
    let records = Records::new(Cursor::new(bytes), None, 1, LIMITS);
    let records = records.map_while(Result::ok);
    records
        .map(|record| {
            let is_whole = record.flaw.is_none();
            (plan(standard, strictness, record), is_whole)
        })
        .collect()
}

/// Records of each age and fault, as a list, on lines, and over several lines.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let whole = json!({
        "schema_version": "1.4.1", "incident_id": "A-1", "security_incident": "Confirmed",
        "summary": "A laptop was taken from a parked car.", "reference": "https://example.org/a-1",
        "action": { "physical": { "variety": ["Theft"], "vector": ["Personal vehicle"] } },
        "actor": { "external": { "variety": ["Unknown"], "motive": ["Financial"], "country": ["Unknown"] } },
        "asset": { "assets": [{ "variety": "U - Laptop", "amount": 1 }], "cloud": ["NA"] },
        "discovery_method": { "internal": { "variety": ["Reported by employee"] } },
        "timeline": { "incident": { "year": 2021, "month": 4 }, "discovery": { "unit": "Hours", "value": 3 } },
        "victim": { "country": ["US"], "employee_count": "11 to 100", "industry": "621111", "government": ["NA"] },
        "impact": { "overall_rating": "Painful", "iso_currency_code": "USD", "overall_amount": 1450,
            "loss": [{ "variety": "Response and recovery", "amount": 12.5, "rating": "Minor" }] },
        "attribute": { "confidentiality": { "data": [{ "variety": "Personal", "amount": 3 }], "data_disclosure": "Yes" } },
        "plus": { "master_id": "A-1", "row_number": 7, "created": "2021-04-05T10:00:00Z" },
    });
    let old = json!({
        "_id": { "$oid": "5" }, "discovery_method": "Int - reported by employee", "victim": [{ "country": "US" }],
        "security_incident": "Near miss", "timeline": { "incident": { "year": 2013, "day": 31, "month": 2 } },
        "action": { "hacking": { "variety": "Unknown", "cve": "x" }, "unknown": {} }, "asset": { "assets": "S - Web" },
    });
    let wrong = json!({
        "security_incident": "Perhaps", "timeline": { "incident": { "year": -1, "month": "May" } }, "colour": "red",
        "impact": { "overall_amount": 1e300, "iso_currency_code": "ZZZ" }, "actor": [], "summary": ["a", null, {}],
        "targeted": "NA", "incident_id": "", "victim": { "secondary": { "amount": 1.5 } }, "_import_reason": "before",
    });
    let suspected = json!({ "security_incident": "Suspected", "timeline": { "incident": { "year": 2020 } } });
    let records = [&whole, &old, &wrong, &suspected];
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    let indented: String = records.iter().map(|record| format!("{record:#}\n")).collect();
    let mut seeds = vec![
        json!(records).to_string(),
        format!("{:#}", json!(records)),
        lines.clone(),
        indented,
        format!("\u{feff}{lines}"),
        format!("[{whole},{{\"a\":}},{old}] more"),
        format!("[{whole},"),
        "{\"summary\":\"a\",\n\"action\":{\"error\":{}},\"action\":{},\"_id\":1,\"_id\":2}\n{}\n".to_owned(),
        String::new(),
        "[]".to_owned(),
        "null\n7\n\"text\"\n[1]\n".to_owned(),
    ];
    seeds.extend(records.iter().map(ToString::to_string));
    seeds.into_iter().map(String::into_bytes).collect()
}
