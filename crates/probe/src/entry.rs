//! Entries and their disclosures: one spelling for one content, and no pair of them upsets a fold.

use nevertwice_trail::{
    Disclosure, Disclosures, Entry, MAX_DISCLOSURES_BYTES, ObjectState, Standing, commit,
};

use crate::trail;

/// A leaf, a line feed, its disclosures.
pub(crate) fn run(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (leaf_json, rest) = bytes.split_at(end);
    let disclosures_json = rest.get(1..).unwrap_or_default();
    let disclosures = Disclosures::decode(disclosures_json);
    if let Ok(disclosures) = &disclosures {
        assert_eq!(disclosures.encode().ok().as_deref(), Some(disclosures_json));
        for (field, disclosure) in disclosures.iter() {
            let Disclosure::Open { salt, value } = disclosure else { continue };
            assert!(commit(field, salt, value).is_ok(), "{field} was read, but cannot be committed to");
        }
    }
    let Ok(entry) = Entry::parse(leaf_json) else { return };
    let Ok(disclosures) = disclosures else { return };
    assert!(disclosures_json.len() <= MAX_DISCLOSURES_BYTES);
    fold(&entry, &disclosures);
}

fn fold(entry: &Entry, disclosures: &Disclosures) {
    let standings = entry.check(disclosures);
    let of_entry = standings.iter().filter(|(_, standing)| *standing != Standing::Surplus).count();
    assert_eq!(of_entry, entry.values().len(), "every field of the entry has one standing");
    let mut state = ObjectState::new(entry.object().clone());
    let unfit = state.apply(entry, disclosures);
    assert_eq!(
        unfit.map(|unfit| unfit.is_empty()),
        Ok(standings.iter().all(|(_, standing)| fits(*standing)))
    );
    assert!(state.apply(entry, disclosures).is_err(), "an entry is not applied twice");
    let rows = disclosures.iter().filter_map(|(field, disclosure)| match disclosure {
        Disclosure::Open { value, .. } => Some((field.to_owned(), value.clone())),
        Disclosure::Erased => None,
    });
    let differing = state.compare(rows);
    let proved = standings.iter().all(|(_, standing)| *standing == Standing::Proved);
    let took_place = state.revision().is_some();
    assert!(!(proved && took_place) || differing.is_empty(), "the proved values differ from themselves");
}

fn fits(standing: Standing) -> bool {
    matches!(standing, Standing::Proved | Standing::Erased)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let entries = trail::entries().unwrap_or_default();
    entries.iter().map(|sealed| [&sealed.leaf_json[..], b"\n", &sealed.disclosures_json].concat()).collect()
}
