//! Writes the seeds of one probe, or of each, as files for a fuzzer: `seeds FOLDER [PROBE]`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use nevertwice_probe::{PROBES, probe};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().context("expected a folder to write into")?);
    let wanted = match arguments.next() {
        None => PROBES.to_vec(),
        Some(name) => match name.to_str().and_then(probe) {
            Some(probe) => vec![*probe],
            None => bail!("there is no probe {}", name.display()),
        },
    };
    for probe in wanted {
        let folder = folder.join(probe.name);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for (number, seed) in (probe.seeds)().iter().enumerate() {
            let path = folder.join(format!("seed-{number:03}"));
            std::fs::write(&path, seed).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(())
}
