//! Commands on suppliers, assets and fields.

use super::case::key_value;
use clap::Subcommand;
use nevertwice_domain::asset::{AssetKind, Sha256Text};
use nevertwice_domain::field::{FieldKey, FieldSubject, FieldType};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use nevertwice_service::catalogue::{FieldInput, FieldOwner};

/// Commands on suppliers.
#[derive(Debug, Subcommand)]
pub(crate) enum SupplierCommand {
    /// Add a supplier.
    New {
        /// Its name.
        name: Line,
        /// What it provides.
        #[arg(long)]
        provides: Option<Line>,
        /// Whom to reach there.
        #[arg(long)]
        contact: Option<Line>,
        /// What the agreement says about security and incidents.
        #[arg(long)]
        agreement: Option<Prose>,
        /// What we do when it fails.
        #[arg(long)]
        contingency_plan: Option<Prose>,
    },
    /// List suppliers.
    List,
    /// Show a supplier.
    Show {
        /// Reference or name.
        supplier: Line,
    },
    /// Change a supplier.
    Edit {
        /// Reference or name.
        supplier: Line,
        /// Another name.
        #[arg(long)]
        name: Option<Line>,
        /// What it provides.
        #[arg(long)]
        provides: Option<Line>,
        /// Whom to reach there.
        #[arg(long)]
        contact: Option<Line>,
        /// What the agreement says.
        #[arg(long)]
        agreement: Option<Prose>,
        /// What we do when it fails.
        #[arg(long)]
        contingency_plan: Option<Prose>,
    },
}

/// Commands on AI assets.
#[derive(Debug, Subcommand)]
pub(crate) enum AssetCommand {
    /// Add an asset.
    New {
        /// dataset, model, checkpoint, adapter, index, prompt, tool, agent, pipeline or service.
        kind: AssetKind,
        /// Its name.
        name: Line,
        /// More about it.
        #[arg(long)]
        description: Option<Prose>,
        /// Who answers for it.
        #[arg(long)]
        owner: Option<Line>,
        /// Who supplies it.
        #[arg(long)]
        supplier: Option<Line>,
    },
    /// Add a version.
    Version {
        /// Reference or name of the asset.
        asset: Line,
        /// The version's label.
        label: Line,
        /// SHA-256 of its content.
        #[arg(long)]
        sha256: Option<Sha256Text>,
        /// When it came into use.
        #[arg(long)]
        released: Option<When>,
        /// Anything worth knowing.
        #[arg(long)]
        note: Option<Prose>,
    },
    /// List assets.
    List,
    /// Show an asset.
    Show {
        /// Reference or name.
        asset: Line,
    },
    /// Change an asset.
    Edit {
        /// Reference or name.
        asset: Line,
        /// Another name.
        #[arg(long)]
        name: Option<Line>,
        /// More about it.
        #[arg(long)]
        description: Option<Prose>,
        /// Who answers for it.
        #[arg(long)]
        owner: Option<Line>,
        /// Who supplies it.
        #[arg(long)]
        supplier: Option<Line>,
    },
}

/// Commands on company fields.
#[derive(Debug, Subcommand)]
pub(crate) enum FieldCommand {
    /// Define a field.
    New {
        /// case, lesson, action, asset or supplier.
        subject: FieldSubject,
        /// Its label.
        label: Line,
        /// text, number, date, choice, person or link.
        #[arg(long, default_value = "text")]
        kind: FieldType,
        /// Its short name in queries; made of the label if unsaid.
        #[arg(long)]
        key: Option<FieldKey>,
        /// What may be chosen.
        #[arg(long = "choice")]
        choices: Vec<Line>,
    },
    /// List the fields.
    List,
    /// Set values of a case, lesson, action, asset or supplier.
    Set {
        /// Its reference.
        #[arg(value_parser = FieldOwner::parse)]
        owner: FieldOwner,
        /// A value, as KEY=VALUE; an empty value clears it.
        #[arg(required = true, value_parser = key_value)]
        values: Vec<FieldInput>,
    },
}
