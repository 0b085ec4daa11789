//! What every list takes.

use clap::Args;

/// Which records, how many, from where on.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Which, in the query language, such as: state:open severity:>=high
    #[arg(long, default_value = "")]
    pub(crate) query: String,
    /// How many at most.
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: usize,
    /// Where the list goes on: `next` of the page before.
    #[arg(long)]
    pub(crate) after: Option<String>,
}
