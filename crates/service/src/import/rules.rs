//! By what rules a run reads and applies its file. One that was cut off goes on by the same rules only: half a file read in
//! one way and half in another is an import that nobody asked for.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::import::ImportRun;
use nevertwice_domain::text::Line;
use sha2::{Digest, Sha256};

use super::records::shortened;
use crate::error::{Kind, ServiceError};

/// Characters of the hash of rules: they keep a mistake apart, not a forger.
const SHORT: usize = 12;

/// The rules of a run.
pub(super) struct Rules {
    /// Options, as they were typed.
    options: Vec<String>,
    /// What else decides how the file is read, such as the mapping of its columns.
    reading: String,
    /// Apply rows that differ.
    pub(super) update: bool,
}

impl Rules {
    /// Those of a run without an option but perhaps `--update`.
    pub(super) fn new(update: bool, reading: String) -> Self {
        let mut rules = Self { options: Vec::new(), reading, update };
        rules.flag("--update", update);
        rules
    }

    /// Adds an option without a value, if it was given.
    pub(super) fn flag(&mut self, name: &str, is_given: bool) {
        self.options.extend(is_given.then(|| name.to_owned()));
    }

    /// Adds an option with a value, if it was given.
    pub(super) fn option(&mut self, name: &str, value: Option<&str>) {
        self.options.extend(value.map(|value| format!("{name} {value}")));
    }

    /// The profile of a run: the shape of its file, what its rules come down to, and the options.
    ///
    /// # Errors
    /// Never for the shapes there are.
    pub(super) fn profile(&self, shape: &Line) -> Result<Line, ServiceError> {
        let mut hash = Sha256::new();
        hash.update([u8::from(self.update)]);
        hash.update(&self.reading);
        let hash = Sha256Text::from_digest(&hash.finalize().into()).to_string();
        let hash = hash.get(..SHORT).unwrap_or_default();
        shortened(&format!("{shape} {hash} {}", self.options.join(" ")))
    }
}

/// Whether a run was cut off while it read a file of a shape.
pub(super) fn is_cut_off(run: &ImportRun, shape: &Line, sha256: &Sha256Text) -> bool {
    let is_open = run.finished_at.is_none() && run.undone_at.is_none();
    is_open && run.file_sha256 == *sha256 && parts(&run.profile).0 == shape.as_str()
}

/// Whether two profiles are of the same shape and come down to the same rules, whatever the options were.
pub(super) fn are_same(one: &Line, other: &Line) -> bool {
    let ((shape, hash, _), (other_shape, other_hash, _)) = (parts(one), parts(other));
    (shape, hash) == (other_shape, other_hash)
}

/// Refuses to go on with a run by other rules than it began with.
pub(super) fn refusal(run: &ImportRun, own: &Line) -> ServiceError {
    let (options, own) = (parts(&run.profile).2, parts(own).2);
    let before = match options {
        "" => "without options".to_owned(),
        options => format!("with {options}"),
    };
    let hint = if options == own { ", but its columns or amounts were read otherwise" } else { "" };
    let message = format!(
        "{} was cut off while it imported {} {before}{hint}: run it {before} again, and it goes on; or take it back first: \
         nevertwice import undo {} --reason \"other options\"",
        run.reference, run.file_name, run.reference,
    );
    ServiceError::new(Kind::Conflict, "import.cut_off", message)
}

/// Shape, hash of the rules, and options of a profile.
fn parts(profile: &Line) -> (&str, &str, &str) {
    let (shape, rest) = profile.as_str().split_once(' ').unwrap_or((profile.as_str(), ""));
    let (hash, options) = rest.split_once(' ').unwrap_or((rest, ""));
    (shape, hash, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(shape: &str, update: bool, reading: &str, option: Option<&str>) -> Line {
        let mut rules = Rules::new(update, reading.to_owned());
        rules.option("--sheet", option);
        rules.profile(&Line::parse(shape).unwrap()).unwrap()
    }

    #[test]
    fn rules_are_the_same_if_a_file_is_read_and_applied_alike() {
        let long = "x".repeat(400);
        for (one, other, expected) in [
            (profile("a", true, "m", None), profile("a", true, "m", None), true),
            (profile("a", true, "m", Some("S 1")), profile("a", true, "m", None), true),
            (profile("a", true, "m", Some(&long)), profile("a", true, "m", None), true),
            (profile("a", true, "m", None), profile("a", false, "m", None), false),
            (profile("a", true, "m", None), profile("a", true, "n", None), false),
            (profile("a", true, "m", None), profile("b", true, "m", None), false),
        ] {
            assert_eq!(are_same(&one, &other), expected, "{one} and {other}");
        }
        let told = profile("a", true, "m", Some("S 1"));
        assert_eq!(parts(&told).2, "--update --sheet S 1");
        assert_eq!(parts(&profile("a", false, "", None)).2, "");
    }
}
