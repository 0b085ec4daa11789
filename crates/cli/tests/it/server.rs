//! Commands through a running server.

use std::process::{Child, Stdio};

use crate::scratch::{Scratch, said};

/// A server that is stopped when the test ends, however it ends.
pub(crate) struct Server(Child);

impl Server {
    pub(crate) fn start(scratch: &Scratch) -> Self {
        use std::io::{BufRead, BufReader};
        let mut child = scratch.command(&["serve"]).stderr(Stdio::piped()).spawn().unwrap();
        // It says so when it listens.
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("Serving"), "{line}");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn changes_go_through_the_server_and_refusals_keep_their_exit_codes() {
    let scratch = Scratch::with_register();
    let server = Server::start(&scratch);
    let reference = scratch.json(&["case", "new", "A lost laptop"])["reference"].as_str().unwrap().to_owned();
    scratch.ok(&["case", "classify", &reference, "incident"]);
    scratch.fails(3, &["case", "show", "CASE-2020-0001"]);
    scratch.fails(5, &["case", "close", &reference]);
    let second = scratch.fails(7, &["serve"]);
    assert!(second.contains("another process"), "{second}");
    drop(server);
    assert_eq!(scratch.json(&["case", "show", &reference])["class"], "incident");
    scratch.ok(&["trail", "verify"]);
}

#[test]
fn a_command_that_names_another_database_than_the_server_serves_changes_nothing() {
    let scratch = Scratch::with_register();
    let server = Server::start(&scratch);
    let served = scratch.data().join("nevertwice.db");
    let other = format!("sqlite:{}", scratch.path("other.db").display());
    let refused = |said: &str, named: &str| {
        assert!(said.contains(named) && said.contains(served.to_str().unwrap()), "both are named: {said}");
    };
    refused(&scratch.fails(5, &["--database", &other, "case", "new", "A lost laptop"]), "other.db");
    let by_environment =
        scratch.command(&["case", "list"]).env("NEVERTWICE_DATABASE", &other).output().unwrap();
    assert_eq!(said(&by_environment).code, 5);
    let secret = ["--database", "postgres://ada:secret@db.example/register", "case", "list"];
    let said = scratch.fails(5, &secret);
    refused(&said, "postgres://ada@db.example/register");
    assert!(!said.contains("secret"), "{said}");
    let config = scratch.data().join("config.toml");
    std::fs::write(&config, "database = \"sqlite:other.db\"").unwrap();
    refused(&scratch.fails(5, &["case", "list"]), "other.db");
    std::fs::remove_file(config).unwrap();
    assert_eq!(scratch.json(&["case", "list"])["total"], 0);
    // Named in another spelling it is the same one.
    let spelt = ["--database", "sqlite:data/../data/nevertwice.db", "case", "new", "A lost laptop"];
    scratch.ok(&spelt);
    drop(server);
    assert!(!scratch.path("other.db").exists());
}

#[test]
fn commands_at_the_same_time_wait_for_each_other() {
    let scratch = Scratch::with_register();
    let case = scratch.json(&["case", "new", "A lost laptop"])["reference"].as_str().unwrap().to_owned();
    let at_once: Vec<Child> = (1..=12)
        .map(|number| {
            let text = format!("Comment {number}");
            let mut command = scratch.command(&["case", "comment", &case, &text]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in at_once {
        let said = said(&child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
    }
    assert_eq!(scratch.json(&["case", "show", &case])["comments"].as_array().unwrap().len(), 12);
}
