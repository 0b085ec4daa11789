//! Nothing of a restricted case is told to anybody who is not on its list: by no verb, in no format, by no error, by no
//! time, after access was narrowed, and in no file that holds what everybody may find.

mod asking;
mod counts;
mod crawl;
mod files;
mod inventory;
mod narrowing;
mod people;
mod telling;
mod timing;
mod verbs;

use std::time::Instant;

use anyhow::bail;
use clap::Args;

use crate::postgres;
use crate::program::{Program, Register};
use asking::Server;
use crawl::{Crawl, Found};
use people::People;
use telling::Secrets;
use timing::Compared;

/// How many cases, and how often access is narrowed and times are compared.
#[derive(Debug, Args)]
pub(crate) struct Restriction {
    /// How many cases there are; a tenth of them is restricted.
    #[arg(long, default_value_t = 2_000)]
    pub(crate) cases: u32,
    /// How many restricted cases everybody names on the command line, in every verb.
    #[arg(long, default_value_t = 5)]
    pub(crate) named: usize,
    /// How often access is narrowed while others write; every third time the server is killed in between, mostly before its
    /// index has followed.
    #[arg(long, default_value_t = 60)]
    pub(crate) narrowings: u32,
    /// How many pairs of times are compared for each question.
    #[arg(long, default_value_t = 3_000)]
    pub(crate) pairs: usize,
    /// Use PostgreSQL in place of SQLite.
    #[arg(long)]
    pub(crate) postgres: bool,
}

/// Tells the cases, asks everything as everybody, and looks for the restricted words in every byte that comes out.
///
/// # Errors
/// When a word is seen, or when it can be told from an answer or its time that something is there.
pub(crate) fn prove(program: &Program, wanted: &Restriction) -> anyhow::Result<()> {
    let database = if wanted.postgres { Some(postgres::Server::start()?) } else { None };
    let url = database.as_ref().map(|server| server.create_database("restriction")).transpose()?;
    let register = Register::init(program, url)?;
    let server = Server::start(&register)?;
    let people = People::add(&register)?;
    let secrets = told(&register, &server, &people, wanted)?;
    let mut found = Found::default();
    let (server, secrets, mut log) = narrowed(&register, server, &people, secrets, wanted, &mut found)?;
    crawled(&Crawl::of(&register, &server, &people, &secrets, wanted.named), &people, &mut found)?;
    let start = Instant::now();
    let compared = timing::compare(&server, &people, &secrets, wanted.pairs)?;
    println!("times compared in {:.0} s", start.elapsed().as_secs_f64());
    log.extend(server.stop()?);
    found.seen.extend(secrets.seen_in(&log, "the server's log"));
    println!("the log of the server: {} bytes", log.len());
    looked(&register, &secrets, &mut found)?;
    report(&found, &compared, wanted)
}

fn told(
    register: &Register<'_>,
    server: &Server,
    people: &People,
    wanted: &Restriction,
) -> anyhow::Result<Secrets> {
    let start = Instant::now();
    let secrets = telling::tell(server, people, &register.data(), wanted.cases)?;
    let fields = inventory::every_field_has_its_word(server, people, &register.data())?;
    println!(
        "{} cases told in {:.0} s; {} of them restricted, with {} words of their own and {} references of records; each of \
         the {fields} fields that people fill with words has one in some of them",
        wanted.cases,
        start.elapsed().as_secs_f64(),
        secrets.stories.len(),
        secrets.words().count(),
        secrets.references().len(),
    );
    Ok(secrets)
}

fn narrowed(
    register: &Register<'_>,
    server: Server,
    people: &People,
    mut secrets: Secrets,
    wanted: &Restriction,
    found: &mut Found,
) -> anyhow::Result<(Server, Secrets, Vec<u8>)> {
    let start = Instant::now();
    let (server, narrowed) = narrowing::narrow(register, server, people, &mut secrets, wanted.narrowings)?;
    println!(
        "access narrowed {} times while others wrote, {} times with a server killed before its index had followed and {} \
         times with one killed right after: {} answers of {} bytes, {} seen ({:.0} s)",
        wanted.narrowings,
        narrowed.lagging,
        narrowed.followed,
        narrowed.found.answers,
        narrowed.found.bytes,
        narrowed.found.seen.len(),
        start.elapsed().as_secs_f64(),
    );
    found.add(narrowed.found);
    Ok((server, secrets, narrowed.log))
}

fn crawled(crawl: &Crawl<'_>, people: &People, all: &mut Found) -> anyhow::Result<()> {
    let start = Instant::now();
    let found = crawl.everything()?;
    println!(
        "{} answers of {} bytes to {} people and a stranger searched for {} words and references: {} seen ({:.0} s)",
        found.answers,
        found.bytes,
        people.shut_out.len(),
        found.words,
        found.seen.len(),
        start.elapsed().as_secs_f64(),
    );
    println!(
        "{} pairs of commands that name a restricted record and one that never was: {} differ in text or exit code",
        found.pairs,
        found.differing.len(),
    );
    all.add(found);
    Ok(())
}

fn looked(register: &Register<'_>, secrets: &Secrets, found: &mut Found) -> anyhow::Result<()> {
    let looked = files::look(register, secrets)?;
    println!(
        "files of the index: {} texts in the open half, {} of them restricted; of {} restricted words {} in the other half, \
         all but those of fields that no index holds: {}",
        looked.open_texts,
        looked.seen.len(),
        secrets.words().count(),
        looked.restricted_words,
        files::not_searched(),
    );
    found.seen.extend(looked.seen);
    Ok(())
}

fn report(found: &Found, compared: &[Compared], wanted: &Restriction) -> anyhow::Result<()> {
    println!(
        "\n{:<34} {:>14} {:>14} {:>11} {:>8}",
        "asked for", "restricted", "never there", "seen from", "AUC"
    );
    for row in compared {
        println!("{row}");
    }
    for seen in found.seen.iter().take(20) {
        println!("SEEN: {seen}");
    }
    for counted in found.counted.iter().take(20) {
        println!("COUNTED: {counted}");
    }
    for differing in found.differing.iter().take(20) {
        println!("DIFFERS: {differing}");
    }
    let told = compared.iter().filter(|row| row.tells()).count();
    let (seen, counted, differing) = (found.seen.len(), found.counted.len(), found.differing.len());
    if seen + counted + differing + told > 0 {
        bail!(
            "{seen} restricted words seen; {counted} counts are not of what is open alone; {differing} answers differ from \
             those about what never was; {told} questions tell by their time that something is there, or show nothing"
        );
    }
    println!(
        "0 restricted words seen and 0 counted in {} answers in {} bytes; {} pairs of commands alike; {} pairs of times \
         for each of {} questions tell nothing",
        found.answers,
        found.bytes,
        found.pairs,
        wanted.pairs,
        compared.iter().filter(|row| row.is_question()).count(),
    );
    Ok(())
}
