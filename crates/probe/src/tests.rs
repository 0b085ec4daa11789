//! Each probe on its seeds, on what once broke it, and on some thousand changed seeds.

use proptest::prelude::*;

use super::*;

mod regressions;

/// How many changed seeds each probe is given; as many more as one likes with `PROPTEST_CASES`.
const CASES: u32 = 1_000;

fn a_change() -> impl Strategy<Value = Change> {
    // Mostly bytes that mean something to one of the readers, which are all readers of text.
    let byte = prop_oneof![
        3 => prop::sample::select(b"\n\r\t \"'\\,;:.|-+*=()[]{}<>#@/019azATZ\0\x7f".to_vec()),
        1 => any::<u8>(),
    ];
    (any::<u8>(), any::<u16>(), any::<u16>(), prop::collection::vec(byte, 0..6))
        .prop_map(|(kind, from, to, with)| Change { kind, from, to, with })
}

/// The probe on its seeds, what once broke it, and changed seeds.
fn holds(name: &str) {
    let probe = probe(name).unwrap();
    let mut inputs = (probe.seeds)();
    assert!(!inputs.is_empty(), "{name} has no seeds");
    inputs.extend(regressions::of(name));
    inputs.iter().for_each(|input| (probe.run)(input));
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    let strategy = (any::<prop::sample::Index>(), prop::collection::vec(a_change(), 1..5));
    proptest!(config, |((which, changes) in strategy)| {
        (probe.run)(&changed(&inputs[which.index(inputs.len())], &changes));
    });
}

macro_rules! each_probe_holds {
    ($($name:ident $probe:literal),+ $(,)?) => {
        $(#[test]
        fn $name() {
            holds($probe);
        })+

        #[test]
        fn every_probe_is_tried() {
            let tried = [$($probe),+];
            assert_eq!(tried.to_vec(), PROBES.map(|probe| probe.name).to_vec());
        }
    };
}

each_probe_holds! {
    archives_have_one_spelling "archive",
    no_bytes_but_the_signed_ones_are_a_bundle "bundle",
    entries_have_one_spelling_and_fold "entry",
    a_mapping_is_written_as_it_was_read "mapping",
    keys_and_checkpoints_have_one_spelling "note",
    a_query_prints_to_itself_and_compiles "query",
    rows_of_an_archive_have_one_spelling "row",
    any_rule_file_reads_any_text "rules",
    any_table_is_planned_or_an_error "table",
    values_print_to_themselves "value",
    veris_records_are_planned_once_and_come_back "veris",
    any_workbook_is_planned_or_an_error "workbook",
}

/// A seed that is refused outright leads a fuzzer nowhere.
#[test]
fn the_seeds_reach_what_they_are_for() {
    for (name, part, accepted) in [
        (
            "archive",
            2,
            (|bytes| nevertwice_exchange::archive::Manifest::from_bytes(bytes).is_ok()) as fn(&[u8]) -> bool,
        ),
        ("bundle", 6, |bytes| {
            nevertwice_trail::verify_bundle(bytes, &trail::verifier().unwrap(), None).is_ok()
        }),
        ("entry", 6, |bytes| {
            let end = bytes.iter().position(|byte| *byte == b'\n').unwrap();
            nevertwice_trail::Entry::parse(&bytes[..end]).is_ok()
        }),
        ("mapping", 10, |bytes| nevertwice_exchange::spreadsheet::Mapping::from_toml(&text(bytes)).is_ok()),
        ("query", 30, |bytes| nevertwice_domain::query::parse(&text(&bytes[1..])).is_ok()),
        ("row", 8, |bytes| row::of(bytes).is_some_and(|(columns, object)| columns.read(object).is_ok())),
        ("rules", 3, |bytes| {
            let all = text(bytes).into_owned();
            all.split_once('\0')
                .is_some_and(|(_, file)| nevertwice_domain::wording::WordingRules::parse(file).is_ok())
        }),
        ("table", 10, |bytes| sheet::guessed(bytes).is_some()),
        ("veris", 10, |bytes| {
            let limits = nevertwice_exchange::veris::Limits::default();
            let mut records = nevertwice_exchange::veris::Records::new(bytes, None, 1, limits);
            records.any(|record| record.is_ok_and(|record| record.flaw.is_none()))
        }),
        ("workbook", 1, |bytes| sheet::guessed(bytes).is_some()),
    ] {
        let seeds = (probe(name).unwrap().seeds)();
        let reached = seeds.iter().filter(|seed| accepted(seed)).count();
        assert!(reached >= part, "{name}: {reached} of {} seeds are accepted", seeds.len());
    }
}

#[test]
fn every_fuzz_target_is_a_probe() {
    let manifest = include_str!("../../../fuzz/Cargo.toml");
    for probe in PROBES {
        let target = format!("name = \"{0}\"\npath = \"targets/{0}.rs\"", probe.name);
        assert!(manifest.contains(&target), "fuzz/Cargo.toml has no target {}", probe.name);
    }
    assert_eq!(manifest.matches("[[bin]]").count(), PROBES.len());
}
