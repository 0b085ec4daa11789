//! Out of connections, out of disk.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::super::two_servers::{DATABASE, PATIENCE, Two};
use super::RECOVERED_WITHIN;
use crate::machine::run;
use crate::postgres::node::Node;
use crate::program::Program;
use crate::readiness::{pause, until};

/// Room for the small server that runs out of it.
const ROOM: &str = "size=256m,mode=755";

/// Takes every connection that the server has, so that the register gets none for so long.
pub(super) fn connections(node: &Node, time: Duration) -> anyhow::Result<()> {
    let mut greedy = Greedy(Vec::new());
    until("every connection is taken", PATIENCE, || {
        for _ in 0..10 {
            greedy.0.push(node.idler()?);
        }
        // Refused at last; a connection of the register is ended each time, and its place taken.
        match node.cut_all() {
            Ok(()) => Ok(None),
            Err(error) if format!("{error:#}").contains("too many clients") => Ok(Some(())),
            Err(error) => Err(error),
        }
    })?;
    pause(time);
    Ok(())
}

struct Greedy(Vec<Child>);

impl Drop for Greedy {
    fn drop(&mut self) {
        for client in &mut self.0 {
            // Whoever was refused has ended already.
            client.kill().ok();
            client.wait().ok();
        }
    }
}

/// A disk of its own for a small server, which is filled up while everybody writes and stays full for so long.
///
/// # Errors
/// When what was promised does not hold, and for who may not mount a file system.
pub(super) fn full_disk(program: &Program, writers: u32, time: Duration) -> anyhow::Result<()> {
    let place = tempfile::Builder::new().prefix("nevertwice-full-").tempdir().context("no scratch folder")?;
    let disk = Disk::mount(place.path())
        .context("a full disk needs root, to mount one; leave it out with --without-full-disk")?;
    let mut node =
        Node::start_in(place.path(), "min_wal_size = '32MB'\nmax_wal_size = '32MB'\nwal_keep_size = 0")?;
    node.create_database(DATABASE)?;
    let two = Two::found(program, node.url(DATABASE))?;
    let servers = two.serve()?;
    let notes = std::thread::scope(|scope| -> anyhow::Result<_> {
        let [here, there] = two.load(scope, writers, 0);
        here.wait_for(2, PATIENCE)?;
        let ballast = place.path().join("ballast");
        fill(&ballast)?;
        pause(time);
        std::fs::remove_file(&ballast)?;
        if !node.is_running()? {
            node.wait()?;
            node.run()?;
        }
        for load in [&here, &there] {
            load.wait_for(2, RECOVERED_WITHIN).context("after the disk was full")?;
        }
        let mut notes = here.stop()?;
        notes.add(there.stop()?);
        Ok(notes)
    })?;
    println!("a full disk: {}", notes.summary());
    if notes.answers.is_empty() {
        bail!("the disk was full, but nobody noticed");
    }
    two.check(&node, &notes)?;
    drop((servers, node));
    drop(disk);
    Ok(())
}

/// Writes until nothing more goes in.
fn fill(ballast: &Path) -> anyhow::Result<()> {
    let mut file = std::fs::File::create(ballast)?;
    let block = vec![0; 1 << 16];
    while file.write_all(&block).is_ok() {}
    while file.write_all(&block[..512]).is_ok() {}
    Ok(())
}

/// A file system in memory, unmounted when this is dropped.
struct Disk<'p>(&'p Path);

impl Disk<'_> {
    fn mount(place: &Path) -> anyhow::Result<Disk<'_>> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", ROOM, "nevertwice"]).arg(place).stderr(Stdio::null());
        run(&mut mount)?;
        Ok(Disk(place))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        if run(Command::new("umount").arg(self.0)).is_err() {
            println!("{} is still mounted", self.0.display());
        }
    }
}
