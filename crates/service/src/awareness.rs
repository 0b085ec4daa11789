//! Awareness items: what a lesson tells people, to be read and acknowledged.

mod publish;
mod view;

pub use publish::{AcknowledgeAwareness, PublishAwareness, WithdrawAwareness};
pub use view::{AwarenessList, AwarenessReader, AwarenessRow, AwarenessView, ListAwareness, ShowAwareness};
