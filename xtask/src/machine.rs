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

/// Oldest Node that the browser tests run on.
const NODE: u32 = 20;

/// What the browser tests run on: Node and the browser, each where it was found.
pub(crate) struct BrowserTools {
    node: PathBuf,
    chromium: PathBuf,
}

impl BrowserTools {
    /// Node with a script, told where the browser is.
    pub(crate) fn script(&self, script: &Path) -> Command {
        let mut command = Command::new(&self.node);
        without_own_settings(&mut command)
            .arg(script)
            .env("NEVERTWICE_CHROMIUM", &self.chromium)
            .env("NO_COLOR", "1")
            .env_remove("FORCE_COLOR");
        command
    }
}

/// Installs what the browser tests need: Chromium, Node and fonts from the system's packages, and what
/// `e2e/package-lock.json` names from npm.
///
/// # Errors
/// When something is missing and cannot be installed; the text says what to install by hand.
pub(crate) fn prepare_browser(root: &Path, target: &Path) -> anyhow::Result<BrowserTools> {
    for (command, package) in [("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm")] {
        if find_tool(target, command).is_none() {
            install_package(package)
                .with_context(|| format!("the browser tests need {package} (`apt-get install {package}`)"))?;
        }
    }
    // So that pictures look alike everywhere.
    for (family, package) in [("Noto Sans", "fonts-noto-core"), ("Inter", "fonts-inter")] {
        if !answers(Command::new("fc-list").args(["-q", family])) {
            install_package(package)
                .with_context(|| format!("the browser tests need the font {family} (`{package}`)"))?;
        }
    }
    let needed = |name| find_tool(target, name).with_context(|| format!("{name} is not installed"));
    let tools = BrowserTools { node: needed("node")?, chromium: needed("chromium")? };
    let version = Command::new(&tools.node).arg("--version").output().context("cannot start node")?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    if node_major(&version).is_none_or(|major| major < NODE) {
        bail!(
            "the browser tests need Node {NODE} or newer, found {version:?}; install one from nodejs.org and run this again"
        );
    }
    let folder = root.join("e2e");
    if !is_installed(&folder) {
        run(Command::new(needed("npm")?).args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))
            .context("the packages of the browser tests cannot be installed")?;
    }
    Ok(tools)
}

/// The major number of `v20.20.2`.
fn node_major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Whether npm has installed what the lock file names: its own record is no older than that.
fn is_installed(folder: &Path) -> bool {
    let written = |path: PathBuf| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    let installed = written(folder.join("node_modules/.package-lock.json"));
    installed.is_some() && installed >= written(folder.join("package-lock.json"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_read() {
        for (version, major) in [("v20.20.2", Some(20)), ("v9.0.0", Some(9)), ("20.1.0", None), ("", None)] {
            assert_eq!(node_major(version), major, "{version}");
        }
    }

    #[test]
    fn packages_are_installed_once_and_again_when_the_lock_file_is_newer() {
        let folder = tempfile::tempdir().expect("room for a folder");
        let (lock, record) =
            (folder.path().join("package-lock.json"), folder.path().join("node_modules/.package-lock.json"));
        std::fs::write(&lock, "{}").expect("written");
        assert!(!is_installed(folder.path()), "nothing was installed");
        std::fs::create_dir(folder.path().join("node_modules")).expect("made");
        std::fs::write(&record, "{}").expect("written");
        assert!(is_installed(folder.path()));
        let earlier = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1);
        std::fs::File::options()
            .write(true)
            .open(&record)
            .and_then(|file| file.set_modified(earlier))
            .expect("set");
        assert!(!is_installed(folder.path()), "the lock file is newer");
    }
}
