//! People and programs use the web server all at once, for a while: every request is answered as it has to be, in a time
//! that counts from when it was due.

mod crowd;
mod mix;
mod schedule;
mod tally;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;

use super::client::Client;
use super::register::check_register;
use crate::corpus;
use crate::program::{Program, Register};
use crate::readiness::pause;
use crate::web::{Memory, Site};
use crowd::{Known, User};
use schedule::Schedule;
use tally::Tally;

/// How long, how many, how often.
#[derive(Debug, Args)]
pub(crate) struct WebLoad {
    /// For how many minutes, at most a day.
    #[arg(long, default_value_t = 10.0, value_parser = minutes)]
    pub(crate) minutes: f64,
    /// How many people and programs there are, each with one connection; four at least.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(4..=500))]
    pub(crate) users: u32,
    /// How many requests are due in a second, of all users together.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rate: u32,
    /// How many cases the register has before.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1_000..=1_000_000))]
    pub(crate) cases: u64,
    /// Where the mix of requests begins.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// How often memory is looked at.
const LOOKS: u32 = 20;

fn minutes(text: &str) -> Result<f64, String> {
    let expected = || format!("{text:?}: expected a number of minutes above 0, 1440 at most");
    text.parse().ok().filter(|minutes: &f64| *minutes > 0.0 && *minutes <= 1_440.0).ok_or_else(expected)
}

/// Fills a register, lets everybody in, and lets them use it.
///
/// # Errors
/// When any request is not answered as it has to be, a report that was acknowledged is lost, or the trail or the doctor
/// finds something.
pub(crate) fn prove(program: &Program, wanted: &WebLoad) -> anyhow::Result<()> {
    let register = Register::init(program, None)?;
    corpus::fill(&register, wanted.cases, program.is_release())?;
    let site = Site::start(&mut register.command(&["serve", "--listen", "127.0.0.1:0"]))?;
    println!("the server is ready after {:.0} ms", site.ready_after.as_secs_f64() * 1_000.0);
    let client = Client::of(&register.data());
    let start = Instant::now();
    let known = Known::find(&client, wanted.cases)?;
    let mut users = crowd::gather(&client, &site, wanted)?;
    println!(
        "{} users are in after {:.1} s: {}",
        users.len(),
        start.elapsed().as_secs_f64(),
        crowd::counted(&users)
    );

    let schedule = Schedule::of(wanted.minutes, wanted.users, wanted.rate);
    let (tally, memory) = run(&site, &known, &mut users, &schedule)?;
    println!("\n{tally}");
    println!("{:>8} {:>10} {:>14} {:>10}", "minute", "memory", "not of files", "most ever");
    for (at, memory) in &memory {
        let minute = at.as_secs_f64() / 60.0;
        println!("{minute:>8.2} {:>7.1} MB {:>11.1} MB {:>7.1} MB", memory.all, memory.own, memory.most);
    }
    let failed = tally.failures();
    if failed > 0 {
        bail!("{failed} of {} requests were not answered as they have to be", tally.count());
    }
    if tally.count() != schedule.requests() {
        bail!("{} requests were due, {} were sent", schedule.requests(), tally.count());
    }
    let acknowledged: BTreeSet<String> = users.iter().flat_map(User::reported).map(str::to_owned).collect();
    let start = Instant::now();
    check_register(&client, &acknowledged).context("after the load")?;
    println!(
        "0 of {} requests failed; {} reports acknowledged, all there; trail verify and doctor find nothing ({:.0} s)",
        tally.count(),
        acknowledged.len(),
        start.elapsed().as_secs_f64()
    );
    site.stop()
}

/// Lets the users ask until the time is over, each on a thread, and looks at the server's memory meanwhile.
fn run(
    site: &Site,
    known: &Known,
    users: &mut [User],
    schedule: &Schedule,
) -> anyhow::Result<(Tally, Vec<(Duration, Memory)>)> {
    // Threads take a moment to start; nothing is due before.
    let begin = Instant::now() + Duration::from_millis(200);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let looking = scope.spawn(|| look(site, begin, schedule.length(), &is_over));
        let asking: Vec<_> = (0..)
            .zip(users)
            .map(|(number, user)| scope.spawn(move || user.work(number, known, schedule, begin)))
            .collect();
        let mut all = Tally::default();
        let mut broken = None;
        for thread in asking {
            match thread.join() {
                Ok(tally) => all.add(tally),
                Err(_) => broken = Some(anyhow!("a user broke down")),
            }
        }
        is_over.store(true, Ordering::SeqCst);
        let memory = looking.join().map_err(|_| anyhow!("nobody looked at the memory"))??;
        broken.map_or(Ok((all, memory)), Err)
    })
}

fn look(
    site: &Site,
    begin: Instant,
    length: Duration,
    is_over: &AtomicBool,
) -> anyhow::Result<Vec<(Duration, Memory)>> {
    let mut looks = Vec::new();
    for number in 0..=LOOKS {
        let due = begin + length * number / LOOKS;
        while !is_over.load(Ordering::SeqCst) && Instant::now() < due {
            pause((due - Instant::now()).min(Duration::from_millis(200)));
        }
        looks.push((Instant::now().saturating_duration_since(begin), site.memory()?));
    }
    Ok(looks)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn the_load_has_an_end() {
        assert_eq!(minutes("0.1"), Ok(0.1));
        for text in ["0", "-1", "1441", "inf", "NaN", "ten"] {
            assert!(minutes(text).is_err(), "{text}");
        }
    }
}
