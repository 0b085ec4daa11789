//! A primary and its synchronous standby, by PostgreSQL's own streaming replication.

use std::time::Duration;

use super::node::Node;
use crate::readiness;

/// How long a standby may take to confirm what the primary writes.
const IN_SYNC_WITHIN: Duration = Duration::from_secs(60);

/// Two nodes, one of which follows the other.
pub(crate) struct Pair {
    nodes: [Node; 2],
    primary: usize,
}

impl Pair {
    /// Makes both, with an empty database of that name; from now on the standby confirms every commit.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub(crate) fn start(database: &str) -> anyhow::Result<Pair> {
        let primary = Node::start("")?;
        primary.create_database(database)?;
        let standby = Node::standby_of(&primary)?;
        let pair = Pair { nodes: [primary, standby], primary: 0 };
        set_standbys(pair.primary(), "*")?;
        pair.wait_in_sync()?;
        Ok(pair)
    }

    /// The node that takes writes.
    pub(crate) fn primary(&self) -> &Node {
        &self.nodes[self.primary]
    }

    /// The node that takes writes, to be stopped or started.
    pub(crate) fn primary_mut(&mut self) -> &mut Node {
        &mut self.nodes[self.primary]
    }

    /// The other one.
    pub(crate) fn standby(&self) -> &Node {
        &self.nodes[1 - self.primary]
    }

    /// The other one, to be stopped or started.
    pub(crate) fn standby_mut(&mut self) -> &mut Node {
        &mut self.nodes[1 - self.primary]
    }

    /// A URL that names both nodes.
    pub(crate) fn url(&self, database: &str) -> String {
        let [one, two] = &self.nodes;
        let hosts = format!("{},{}", one.host(), two.host());
        format!("postgres://postgres@{hosts}/{database}?target_session_attrs=read-write")
    }

    /// What a commit waits for on both nodes: `on` (written at the standby) or `remote_apply` (visible there).
    ///
    /// # Errors
    /// When a node refuses.
    pub(crate) fn set_commit(&self, wait_for: &str) -> anyhow::Result<()> {
        for node in &self.nodes {
            node.set("synchronous_commit", wait_for)?;
        }
        Ok(())
    }

    /// Lets the primary acknowledge what no standby has.
    ///
    /// # Errors
    /// When it refuses.
    pub(crate) fn confirm_nothing(&self) -> anyhow::Result<()> {
        set_standbys(self.primary(), "")
    }

    /// Promotes the standby of a primary that is gone. A `strict` one takes no writes before it has a standby itself.
    ///
    /// # Errors
    /// When it is not promoted.
    pub(crate) fn promote(&mut self, strict: bool) -> anyhow::Result<()> {
        set_standbys(self.standby(), if strict { "*" } else { "" })?;
        self.standby().promote()?;
        self.primary = 1 - self.primary;
        Ok(())
    }

    /// Turns the former primary, which is not running, into the standby, and waits until it confirms commits.
    ///
    /// # Errors
    /// When it does not become one.
    pub(crate) fn rejoin(&mut self) -> anyhow::Result<()> {
        let [one, two] = &mut self.nodes;
        let (primary, former) = if self.primary == 0 { (one, two) } else { (two, one) };
        former.rejoin(primary)?;
        set_standbys(primary, "*")?;
        self.wait_in_sync()
    }

    /// Waits until the standby confirms commits.
    ///
    /// # Errors
    /// When it does not within a minute.
    pub(crate) fn wait_in_sync(&self) -> anyhow::Result<()> {
        readiness::until("the standby confirms commits", IN_SYNC_WITHIN, || {
            Ok(self.primary().is_confirmed()?.then_some(()))
        })
    }
}

fn set_standbys(node: &Node, names: &str) -> anyhow::Result<()> {
    node.set("synchronous_standby_names", names)
}
