//! A process that does nothing but open a register: how long that takes and how much memory it holds.

use std::path::Path;
use std::process::{Command, Stdio};

use nevertwice_service::search::{Facets, ListCases, Search};
use nevertwice_store::DatabaseUrl;
use serde::{Deserialize, Serialize};

use crate::Outcome;
use crate::figure::timed;
use crate::scratch::Register;

/// What such a process reports. Times in milliseconds, memory in MB (10⁶ bytes).
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fresh {
    pub(crate) opened_ms: f64,
    pub(crate) first_list_ms: f64,
    pub(crate) idle: Resident,
    pub(crate) after_queries: Resident,
}

/// Memory that a process has resident.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Resident {
    /// All of it, mapped files included.
    pub(crate) all_mb: f64,
    /// Without pages of files, which the system may take back at any time.
    pub(crate) own_mb: f64,
}

/// Starts one.
pub(crate) fn fresh_process(root: &Path, database: &str) -> Outcome<Fresh> {
    let output = Command::new(std::env::current_exe()?)
        .arg("--open")
        .arg(root)
        .args(["--database", database])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("the process that opens the register failed: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Is one.
pub(crate) fn open(root: &Path, url: &DatabaseUrl) -> Outcome<Fresh> {
    let (opened, register) = timed(|| Register::open(root, url))?;
    let list = ListCases { query: String::new(), limit: 50, after: None, sort: None };
    let (listed, _) = timed(|| register.ask(list.clone()))?;
    let idle = Resident::now()?;
    for word in
        ["phishing", "laptop", "supplier alerts", "pro*", "\"one-time code\"", "class:incident backup"]
    {
        let query = word.to_owned();
        register.ask(ListCases { query: query.clone(), ..list.clone() })?;
        register.ask(Facets { query: query.clone(), limit: 20 })?;
        register.ask(Search { query, limit: 20, offset: 0 })?;
    }
    Ok(Fresh {
        opened_ms: opened * 1_000.0,
        first_list_ms: listed * 1_000.0,
        idle,
        after_queries: Resident::now()?,
    })
}

impl Resident {
    /// What this process has now (proc_pid_status(5), in kB of 1,024 bytes).
    fn now() -> Outcome<Self> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let megabytes = |name: &str| -> Outcome<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line")?;
            let number = line.split_whitespace().next().ok_or("no number")?;
            Ok(number.parse::<f64>()? * 1_024.0 / 1e6)
        };
        Ok(Self { all_mb: megabytes("VmRSS:")?, own_mb: megabytes("RssAnon:")? })
    }
}
