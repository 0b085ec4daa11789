//! Whatever is sent to the API, no answer is one that its description does not know, and none is a breakdown: shown by
//! schemathesis, which makes requests out of the description, as a reporter, a salesperson and whoever runs the register.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use clap::Args;

use super::server::Serving;
use crate::machine::{install_package, run};
use crate::program::{Program, Register};
use crate::workspace;

/// The version of schemathesis, from Python's package index.
const TOOL: &str = "schemathesis==4.32.5";

/// What is not complained about: a text that a rule refuses, such as a query that cannot be read, is answered 422, which
/// the description says; no schema tells which texts those are.
const LEFT_OUT: &str = "positive_data_acceptance";

/// Who asks, and with which roles.
const CALLERS: [(&str, &[&str]); 3] =
    [("reporter", &["reporter"]), ("sales", &["sales"]), ("administrator", &["administrator", "manager"])];

/// How much is tried.
#[derive(Debug, Args)]
pub(crate) struct Api {
    /// Requests made of each operation in each phase.
    #[arg(long, default_value_t = 200)]
    pub(crate) examples: u32,
    /// Where the requests begin.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// Asks everything of a sample company's server.
///
/// # Errors
/// When an answer is not described, or is a breakdown; or when Python or the tool cannot be had.
pub(super) fn prove(program: &Program, wanted: &Api) -> anyhow::Result<()> {
    let tool = tool()?;
    for (name, roles) in CALLERS {
        // A register of its own: what one of them changed the next would find changed.
        let register = Register::empty(program, None)?;
        register.json(&["demo"])?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let serving = Serving::of(&mut register.command(&["serve", "--listen", &address]))?;
        let token = token(&register, name, roles)?;
        println!("as {name}, {} requests for each operation and phase", wanted.examples);
        let asked = ask(&tool, &address, &token, wanted);
        let said = serving.stop()?;
        asked.with_context(|| format!("as {name}"))?;
        if let Some(line) = String::from_utf8_lossy(&said).lines().find(|line| line.contains("panicked")) {
            bail!("as {name}: {line}");
        }
        println!("{}", register.json(&["trail", "verify"])?);
    }
    Ok(())
}

/// A token of somebody new with these roles.
fn token(register: &Register<'_>, name: &str, roles: &[&str]) -> anyhow::Result<String> {
    let person = format!("The {name}");
    let mut words = vec!["person", "new", &person];
    for role in roles {
        words.extend(["--role", role]);
    }
    register.json(&words)?;
    let token = register.json(&["person", "token", &person])?;
    Ok(token["secret"].as_str().context("the token has no secret")?.to_owned())
}

fn ask(tool: &Path, address: &str, token: &str, wanted: &Api) -> anyhow::Result<()> {
    let mut ask = Command::new(tool);
    // It keeps what it found where it runs.
    ask.current_dir(workspace::target()?);
    ask.args(["run", &format!("http://{address}/api/openapi.json"), "--workers", "1"]);
    ask.args(["-H", &format!("Authorization: Bearer {token}")]);
    ask.args(["--exclude-checks", LEFT_OUT, "--max-examples", &wanted.examples.to_string()]);
    ask.args(["--seed", &wanted.seed.to_string(), "--no-color"]);
    run(&mut ask)
}

/// The tool, in an environment of its own below the target folder.
fn tool() -> anyhow::Result<PathBuf> {
    let folder = workspace::target()?.join("tools").join("schemathesis");
    let tool = folder.join("bin").join("schemathesis");
    if tool.exists() {
        return Ok(tool);
    }
    let environment =
        || run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).stdout(Stdio::null()));
    if environment().is_err() {
        install_package("python3-venv").context("schemathesis needs Python 3 with venv")?;
        environment()?;
    }
    run(Command::new(folder.join("bin").join("pip")).args(["install", "--quiet", TOOL]))?;
    Ok(tool)
}
