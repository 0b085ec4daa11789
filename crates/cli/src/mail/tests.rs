//! A mail server of a few lines, on this machine.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use super::*;

/// Takes one mail, or refuses its recipient; gives what was said to it.
fn server(refuses: bool) -> (MailServer, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port()).parse().unwrap();
    let thread = std::thread::spawn(move || talk(&listener.accept().unwrap().0, refuses));
    (address, thread)
}

fn talk(mut stream: &TcpStream, refuses: bool) -> String {
    let mut heard = String::new();
    let mut lines = BufReader::new(stream).lines();
    let mut is_data = false;
    stream.write_all(b"220 here\r\n").unwrap();
    while let Some(Ok(line)) = lines.next() {
        heard.push_str(&line);
        heard.push('\n');
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "." => {
                is_data = false;
                "250 kept\r\n"
            }
            _ if is_data => continue,
            "EHLO" => "250 here\r\n",
            "RCPT" if refuses => "550 nobody here\r\n",
            "DATA" => {
                is_data = true;
                "354 go on\r\n"
            }
            "QUIT" => "221 bye\r\n",
            _ => "250 well\r\n",
        };
        stream.write_all(answer.as_bytes()).unwrap();
        if line == "QUIT" {
            break;
        }
    }
    heard
}

fn mail() -> Mail {
    Mail {
        to: "sofia.brandl@example.org".to_owned(),
        name: "Sofia Brandl".to_owned(),
        subject: "[Example] CASE-2026-0042 was reported\r\nBcc: other@example.org".to_owned(),
        text: "Hello Sofia Brandl,\n\nhttps://register.example.org/cases/CASE-2026-0042\n".to_owned(),
        id: "0195-7".to_owned(),
    }
}

fn smtp(server: &MailServer) -> Smtp {
    Smtp::new(server, &"The register <register@example.org>".parse().unwrap()).unwrap()
}

#[test]
fn a_mail_reaches_a_server_and_nobody_else() {
    let (address, heard) = server(false);
    smtp(&address).send(&mail()).unwrap();
    let heard = heard.join().unwrap();
    assert!(heard.contains("MAIL FROM:<register@example.org>"), "{heard}");
    assert_eq!(heard.matches("RCPT TO:").count(), 1, "{heard}");
    assert!(heard.contains("RCPT TO:<sofia.brandl@example.org>"), "{heard}");
    assert!(heard.contains("Auto-Submitted: auto-generated"), "{heard}");
    assert!(heard.contains("\nhttps://register.example.org/cases/CASE-2026-0042\n"), "{heard}");
    assert!(!heard.lines().any(|line| line.starts_with("Bcc")), "{heard}");
}

#[test]
fn what_is_not_taken_is_an_error_with_a_code() {
    let (address, heard) = server(true);
    assert_eq!(smtp(&address).send(&mail()).unwrap_err().code, "mail.refused");
    heard.join().unwrap();
    let gone = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let address = format!("smtp://127.0.0.1:{gone}").parse().unwrap();
    assert_eq!(smtp(&address).send(&mail()).unwrap_err().code, "mail.unreachable");
    let nobody = Mail { to: "nobody".to_owned(), ..mail() };
    assert_eq!(smtp(&address).send(&nobody).unwrap_err().code, "mail.address");
}

#[test]
fn an_address_says_how_the_way_is_protected_and_holds_no_password() {
    let read = |text: &str| text.parse::<MailServer>();
    for (text, shown, security) in [
        ("smtps://register@mail.example.org", "smtps://register@mail.example.org:465", Security::Tls),
        ("smtp://mail.example.org", "smtp://mail.example.org:587", Security::StartTls),
        ("smtp://localhost", "smtp://localhost:25", Security::None),
        (
            "smtps://a@example.org@mail.example.org:2465",
            "smtps://a@example.org@mail.example.org:2465",
            Security::Tls,
        ),
    ] {
        let server = read(text).unwrap();
        assert_eq!((server.to_string().as_str(), server.security), (shown, security));
    }
    for text in ["", "mail.example.org", "http://a", "smtp://", "smtp://a:b", "smtp://a b", "smtp://@a"] {
        assert!(read(text).is_err(), "{text}");
    }
    let refused = read("smtps://register:geheim@mail.example.org").unwrap_err();
    assert!(!refused.contains("geheim"), "{refused}");
}
