//! Mails to a real server on this machine: each is sent once, and one that was sent when the program was killed is the same
//! mail when it comes again.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use crate::scratch::Scratch;

/// How long a mail may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A mail as the server heard it, and the way to let the server answer it.
struct Heard {
    text: String,
    answer: Sender<&'static str>,
}

/// A server that takes every mail, and answers when it is told to.
fn post_office() -> (u16, Receiver<Heard>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (heard, mails) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let heard = heard.clone();
            std::thread::spawn(move || talk(&stream, &heard));
        }
    });
    (port, mails)
}

/// Talks to whoever brings mails until they go. What cannot be said to them any more is their business.
fn talk(mut stream: &TcpStream, heard: &Sender<Heard>) -> Option<()> {
    stream.write_all(b"220 here\r\n").ok()?;
    let mut data: Option<String> = None;
    for line in BufReader::new(stream).lines() {
        let line = line.ok()?;
        if let Some(text) = data.as_mut().filter(|_| line != ".") {
            text.push_str(&line);
            text.push('\n');
            continue;
        }
        let word = line.split([' ', ':']).next().unwrap_or_default();
        let answer = match word {
            "." => {
                let (answer, told) = channel();
                heard.send(Heard { text: data.take()?, answer }).ok()?;
                told.recv().ok()?
            }
            "DATA" => {
                data = Some(String::new());
                "354 go on\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 well\r\n",
        };
        stream.write_all(answer.as_bytes()).ok()?;
    }
    Some(())
}

/// A server of the register that gives its mails to the post office.
fn serve(scratch: &Scratch, port: u16) -> Child {
    let server = format!("smtp://127.0.0.1:{port}");
    let words = [
        "serve",
        "--mail-server",
        &server,
        "--mail-from",
        "The register <register@example.org>",
        "--public-url",
        "https://register.example.org",
    ];
    let mut child = scratch.command(&words).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    said.read_line(&mut line).unwrap();
    assert!(line.contains("Serving"), "{line}");
    // Nobody waits for what it says later, and it never waits for a reader.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    child
}

fn id_of(mail: &Heard) -> &str {
    mail.text.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id")).unwrap()
}

fn stop(mut server: Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn a_mail_that_was_sent_when_the_program_was_killed_comes_again_as_the_same_mail_and_then_no_more() {
    let scratch = Scratch::with_register();
    scratch.ok(&["person", "new", "Dora", "--role", "responder", "--email", "dora@example.org"]);
    let (port, mails) = post_office();
    let first = serve(&scratch, port);
    let case = scratch.json(&["case", "new", "A lost laptop"])["reference"].as_str().unwrap().to_owned();
    let action = ["action", "new", &case, "Encrypt every disk", "--owner", "Dora", "--kind", "technical"];
    scratch.ok(&action);
    let told = |mails: &Receiver<Heard>| loop {
        let mail = mails.recv_timeout(PATIENCE).unwrap();
        if mail.text.contains("ACT-") {
            return mail;
        }
        let _ = mail.answer.send("250 kept\r\n");
    };
    let sent = told(&mails);
    stop(first);
    let second = serve(&scratch, port);
    let again = told(&mails);
    assert_eq!(id_of(&again), id_of(&sent), "whoever keeps it once keeps it once");
    again.answer.send("250 kept\r\n").unwrap();
    // Marked as sent before anything else is: what is asked for next is another one.
    scratch.ok(&["action", "new", &case, "Lock the cupboard", "--owner", "Dora", "--kind", "physical"]);
    let other = told(&mails);
    assert_ne!(id_of(&other), id_of(&sent));
    other.answer.send("250 kept\r\n").unwrap();
    stop(second);
}
