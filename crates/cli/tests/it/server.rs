//! With a running server every command gives the same as without one.

use std::process::{Child, Stdio};

use crate::scratch::Scratch;

/// A server that is stopped when the test ends, however it ends.
struct Server(Child);

impl Server {
    fn start(scratch: &Scratch) -> Self {
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

/// What does not depend on when it was asked.
const QUESTIONS: [&[&str]; 10] = [
    &["case", "list"],
    &["case", "show", "REF"],
    &["search", "bucket"],
    &["measure", "volume", "--by", "class,severity"],
    &["person", "list"],
    &["supplier", "list"],
    &["asset", "list"],
    &["field", "list"],
    &["import", "runs"],
    &["trail", "verify"],
];

#[test]
fn every_question_has_the_same_answer_with_and_without_a_server() {
    let scratch = Scratch::with_register();
    let reference = scratch.json(&["case", "new", "A dataset bucket was public"])["reference"].clone();
    let reference = reference.as_str().unwrap();
    scratch.ok(&["supplier", "new", "Bergwolke"]);
    scratch.ok(&["asset", "new", "dataset", "Corpus"]);
    let ask = || {
        QUESTIONS.map(|question| {
            let question: Vec<&str> =
                question.iter().map(|word| if *word == "REF" { reference } else { word }).collect();
            scratch.json(&question)
        })
    };
    let without = ask();
    let _server = Server::start(&scratch);
    assert_eq!(ask(), without);
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
