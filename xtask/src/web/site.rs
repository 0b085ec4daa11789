//! A server of its own process: when it answers, and how much memory it holds.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use super::asked::{Ask, Request};
use super::connection::Connection;
use super::visitor::Credential;
use crate::prove::server::Serving;

/// What a server says on its console when it answers, with its address behind it.
const READY: &str = "Open http://";

/// A running web server of this machine.
pub(crate) struct Site {
    serving: Serving,
    address: SocketAddr,
    /// How long it took from the start of the process until it answered that it is ready.
    pub(crate) ready_after: Duration,
}

/// Memory that a process has resident, in units of 10⁶ bytes (proc_pid_status(5)).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    /// All of it, mapped files included.
    pub(crate) all: f64,
    /// Without pages of files, which the system may take back at any time.
    pub(crate) own: f64,
    /// The most that it ever had.
    pub(crate) most: f64,
}

impl Site {
    /// Starts a server as a command says and waits until it answers at `/readyz`.
    ///
    /// # Errors
    /// When it does not, or when it listens where others can reach it.
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Site> {
        let start = Instant::now();
        let (serving, line) = Serving::saying(command, READY)?;
        let address = address(&line)?;
        let ready = Ask::shown(Request::get("/readyz"), "text/", "");
        Connection::to(address).ask(&ready, &Credential::Nobody)?;
        Ok(Site { serving, address, ready_after: start.elapsed() })
    }

    /// Where it answers.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A new connection to it.
    pub(crate) fn connection(&self) -> Connection {
        Connection::to(self.address)
    }

    /// The memory that it holds now.
    ///
    /// # Errors
    /// When the system does not tell, for example because it ended.
    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        let path = format!("/proc/{}/status", self.serving.id());
        Memory::read(&std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?)
    }

    /// Asks it to end and waits for that.
    ///
    /// # Errors
    /// When it ends with an error.
    pub(crate) fn stop(self) -> anyhow::Result<()> {
        self.serving.stop().map(drop)
    }
}

impl Memory {
    fn read(status: &str) -> anyhow::Result<Memory> {
        let megabytes = |name: &str| -> anyhow::Result<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number =
                line.and_then(|line| line.split_whitespace().next()).and_then(|n| n.parse::<f64>().ok());
            Ok(number.with_context(|| format!("the status of a process has no number behind {name}"))?
                * 1_024.0
                / 1e6)
        };
        Ok(Memory { all: megabytes("VmRSS:")?, own: megabytes("RssAnon:")?, most: megabytes("VmHWM:")? })
    }
}

fn address(line: &str) -> anyhow::Result<SocketAddr> {
    let (_, address) = line.split_once(READY).context("the server does not say where it is")?;
    let address: SocketAddr = address.trim().parse().with_context(|| format!("no address: {line:?}"))?;
    if !address.ip().is_loopback() {
        bail!("{address} can be reached from elsewhere");
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_machine_is_read_from_what_the_server_says() {
        assert_eq!(address("Open http://127.0.0.1:8472").expect("one").port(), 8472);
        for line in ["Serving data", "Open http://127.0.0.1", "Open http://192.0.2.1:80"] {
            assert!(address(line).is_err(), "{line}");
        }
    }

    #[test]
    fn memory_is_read_in_units_of_a_million_bytes() {
        let status = "Name:\tx\nVmHWM:\t    2000 kB\nVmRSS:\t    1000 kB\nRssAnon:\t     500 kB\n";
        let memory = Memory::read(status).expect("it is there");
        let read = [memory.most, memory.all, memory.own];
        assert!(
            read.iter().zip([2.048, 1.024, 0.512]).all(|(is, should)| (is - should).abs() < 1e-9),
            "{read:?}"
        );
        assert!(Memory::read("VmRSS:\t1 kB\n").is_err());
    }
}
