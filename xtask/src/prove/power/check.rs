//! What the real program finds in a folder that a power cut left.

use std::path::Path;

use anyhow::Context as _;

use crate::program::{Program, output};
use crate::prove::client::Client;
use crate::prove::known::Known;
use crate::prove::look::{expect_ok, look};
use crate::prove::server::Serving;

/// Opens the register in `disk/data` and looks at everything in it; and at the backup, and at what was restored from it,
/// as soon as they were acknowledged.
///
/// # Errors
/// What is not so.
pub(crate) fn check(program: &Program, disk: &Path, known: &Known) -> anyhow::Result<()> {
    let data = &disk.join("data");
    if known.backed_up {
        let mut verify = program.on(data, &["backup", "verify"]);
        output(verify.arg(disk.join("backup"))).context("the backup was acknowledged")?;
    }
    if known.restored {
        let mut verify = program.on(&disk.join("restored"), &["trail", "verify"]);
        output(&mut verify).context("the restored register was acknowledged")?;
    }
    if !known.founded && begins_again(program, data)? {
        return Ok(());
    }
    let serving = Serving::of(&mut program.on(data, &["serve"]))?;
    let result = look(&Client::of(data), data, known);
    serving.kill()?;
    result
}

/// Before `init` has answered there is either a register or room for one: then it is made now.
fn begins_again(program: &Program, data: &Path) -> anyhow::Result<bool> {
    if output(&mut program.on(data, &["case", "list", "--json"])).is_ok() {
        return Ok(false);
    }
    output(&mut program.on(data, &["init", "--person", "proof"]))
        .context("a register whose setting up was cut off cannot be set up again")?;
    let report = output(&mut program.on(data, &["trail", "verify", "--json"]))?;
    expect_ok(&serde_json::from_str(&report)?)?;
    Ok(true)
}
