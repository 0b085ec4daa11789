//! What the machine must have, installed when it is missing and nobody is asked.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::postgres;

/// Cargo, the same one that runs this program.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // What `cargo run` says of this package is not for a cargo below: build scripts that look at it, such as ring's,
    // would run again, and with them everything that is built on them.
    for (name, _) in std::env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Installs what the tests need: PostgreSQL from the system's packages, rustfmt and clippy from the toolchain,
/// nextest and deny from the package registry into `<target>/tools`.
///
/// # Errors
/// When something is missing and cannot be installed; the text says what to install by hand.
pub(crate) fn prepare(target: &Path) -> anyhow::Result<()> {
    if postgres::programs().is_none() {
        install_package("postgresql").context(
            "the tests need PostgreSQL 15 or newer (Debian and Ubuntu: `apt-get install postgresql`)",
        )?;
        if postgres::programs().is_none() {
            bail!("the system's package is older than PostgreSQL 15; install a newer one and run this again");
        }
    }
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !answers(cargo().args([command, "--version"])) {
            run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    for tool in ["cargo-nextest", "cargo-deny"] {
        if find_tool(target, tool).is_none() {
            run(cargo().args(["install", tool, "--locked", "--debug", "--root"]).arg(tools(target)))?;
        }
    }
    Ok(())
}

/// Installs the fuzzer's command from the package registry into `<target>/tools`. Its runtime is built with a C++
/// compiler, which Debian has as `g++`.
///
/// # Errors
/// When it is missing and cannot be installed.
pub(crate) fn prepare_fuzzer(target: &Path) -> anyhow::Result<()> {
    if !answers(Command::new("c++").arg("--version")) {
        install_package("g++").context("the fuzzer's runtime needs a C++ compiler")?;
    }
    if find_tool(target, "cargo-fuzz").is_none() {
        run(cargo().args(["install", "cargo-fuzz", "--locked", "--debug", "--root"]).arg(tools(target)))?;
    }
    Ok(())
}

/// One of the tools that [`prepare`] installs.
///
/// # Errors
/// When it is not there.
pub(crate) fn tool(target: &Path, name: &str) -> anyhow::Result<Command> {
    let found = find_tool(target, name).with_context(|| format!("{name} is not installed"))?;
    Ok(Command::new(found))
}

/// Runs a command to its end, its output going where ours goes.
///
/// # Errors
/// When it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status =
        command.stdin(Stdio::null()).status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed: {status}", shown(command));
    }
    Ok(())
}

/// Hides from a command what the developer has set for their own register.
pub(crate) fn without_own_settings(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("NEVERTWICE_"))
    {
        command.env_remove(name);
    }
    command
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_else(|| command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn tools(target: &Path) -> PathBuf {
    target.join("tools")
}

fn find_tool(target: &Path, name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(tools(target).join("bin")).chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join(name)).find(|program| answers(Command::new(program).arg("--version")))
}

fn answers(command: &mut Command) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    silent.status().is_ok_and(|status| status.success())
}

pub(crate) fn install_package(package: &str) -> anyhow::Result<()> {
    let is_root =
        std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.args(["-n", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]).args(arguments);
        command
    };
    run(&mut apt(&["update"]))?;
    run(&mut apt(&["install", "-y", "--no-install-recommends", package]))
}
