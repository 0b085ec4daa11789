//! Commands through a running server.

use std::process::{Child, Stdio};

use crate::scratch::Scratch;

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
