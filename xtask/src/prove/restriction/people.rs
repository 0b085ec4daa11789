//! Those who ask: one for each role, those who had a part in the restricted cases and are not on their lists, and one
//! who is.

use std::path::PathBuf;

use anyhow::Context as _;
use tempfile::TempDir;

use crate::program::Register;

/// Somebody with a token.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) token: String,
    /// The token in a file, for the command line.
    pub(super) file: PathBuf,
}

impl Person {
    /// Whether this is somebody who reads every case that is not restricted: such people have to be answered.
    pub(super) fn reads_every_case(&self) -> bool {
        ["the auditor", "the other manager"].contains(&self.name)
    }
}

/// Everybody.
pub(super) struct People {
    /// Not on the list of any restricted case.
    pub(super) shut_out: Vec<Person>,
    /// Nobody whom the register knows.
    pub(super) stranger: Person,
    /// On the list of every restricted case.
    pub(super) listed: Person,
    /// Works on restricted cases.
    pub(super) worker: String,
    /// Owes actions of restricted cases.
    pub(super) owner: String,
    /// Reported restricted cases.
    pub(super) reporter: String,
    _files: TempDir,
}

/// The name of who is on the list of every restricted case.
pub(super) const LISTED: &str = "who is on the lists";

const SHUT_OUT: [(&str, &str); 10] = [
    ("some reporter", "reporter"),
    ("some responder", "responder"),
    ("the other manager", "manager"),
    ("the auditor", "auditor"),
    ("the seller", "sales"),
    ("the board", "board"),
    ("the administrator", "administrator"),
    ("who works on them", "responder"),
    ("who owes their actions", "reporter"),
    ("who reported them", "reporter"),
];

impl People {
    /// Adds everybody, each with a token.
    pub(super) fn add(register: &Register<'_>) -> anyhow::Result<People> {
        let files = tempfile::Builder::new().prefix("nevertwice-tokens-").tempdir()?;
        let person = |name: &'static str, role: &str| -> anyhow::Result<Person> {
            register.json(&["person", "new", name, "--role", role])?;
            let token = register.json(&["person", "token", name, "--label", "proof"])?;
            let token = token["secret"].as_str().context("a token without a secret")?.to_owned();
            let file = files.path().join(name.replace(' ', "-"));
            std::fs::write(&file, &token)?;
            Ok(Person { name, token, file })
        };
        let shut_out: Vec<Person> =
            SHUT_OUT.iter().map(|(name, role)| person(name, role)).collect::<anyhow::Result<_>>()?;
        let listed = person(LISTED, "manager")?;
        let stranger = Person {
            name: "a stranger",
            token: "nobody-has-this-token".to_owned(),
            file: files.path().join("stranger"),
        };
        std::fs::write(&stranger.file, &stranger.token)?;
        let token = |name: &str| -> anyhow::Result<String> {
            let found = shut_out.iter().find(|person| person.name == name).context("nobody of that name")?;
            Ok(found.token.clone())
        };
        let (worker, owner, reporter) =
            (token("who works on them")?, token("who owes their actions")?, token("who reported them")?);
        Ok(People { worker, owner, reporter, shut_out, stranger, listed, _files: files })
    }

    /// The token of somebody.
    pub(super) fn token(&self, name: &str) -> anyhow::Result<&str> {
        Ok(&self.person(name)?.token)
    }

    /// Somebody who is shut out.
    pub(super) fn person(&self, name: &str) -> anyhow::Result<&Person> {
        self.shut_out.iter().find(|person| person.name == name).with_context(|| format!("nobody is {name}"))
    }
}
