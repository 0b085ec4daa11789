//! Editing the facts of a case.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{AiImpact, Case, CaseError, CaseState, DetectionSource, Impact, Severity, Tag};
use crate::field::{FieldChange, change_values};
use crate::id::{AssetId, AssetVersionId, PersonId, SupplierId};
use crate::text::{Line, Prose};
use crate::when::When;

/// What to change; what is `None` stays. `Some(None)` clears a fact.
#[derive(Debug, Clone, Default)]
pub struct CaseEdit {
    /// A new title.
    pub title: Option<Line>,
    /// A new summary.
    pub summary: Option<Option<Prose>>,
    /// Another severity.
    pub severity: Option<Option<Severity>>,
    /// Another category.
    pub category: Option<Option<Line>>,
    /// Tags to add.
    pub add_tags: BTreeSet<Tag>,
    /// Tags to take away.
    pub remove_tags: BTreeSet<Tag>,
    /// When it happened.
    pub occurred: Option<Option<When>>,
    /// When it was noticed.
    pub detected: Option<Option<When>>,
    /// When it was reported.
    pub reported: Option<Option<When>>,
    /// When somebody took it on.
    pub acknowledged: Option<Option<When>>,
    /// When it could do no more harm.
    pub contained: Option<Option<When>>,
    /// When service was as before.
    pub resolved: Option<Option<When>>,
    /// Who noticed.
    pub detection: Option<Option<DetectionSource>>,
    /// How it was noticed.
    pub detection_method: Option<Option<Line>>,
    /// Impact as feared.
    pub impact_initial: Option<Impact>,
    /// Impact as it turned out.
    pub impact_final: Option<Impact>,
    /// The AI impact block.
    pub ai_impact: Option<Option<AiImpact>>,
    /// People to put to work on it.
    pub add_responders: BTreeSet<PersonId>,
    /// People to take off it.
    pub remove_responders: BTreeSet<PersonId>,
    /// Things to link or unlink.
    pub links: Vec<Link>,
    /// Values of the company's own fields; `None` clears.
    pub fields: Vec<FieldChange>,
}

/// A link to a supplier or AI asset, made or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    /// Link a supplier.
    AddSupplier(SupplierId),
    /// Unlink a supplier.
    RemoveSupplier(SupplierId),
    /// Link an asset, with its version where known.
    AddAsset(AssetId, Option<AssetVersionId>),
    /// Unlink an asset.
    RemoveAsset(AssetId),
}

impl CaseEdit {
    /// Whether it changes what decides how a case is looked at: its severity or its category.
    #[must_use]
    pub fn classifies(&self, case: &Case) -> bool {
        self.severity.is_some_and(|severity| severity != case.severity)
            || self.category.as_ref().is_some_and(|category| *category != case.category)
    }
}

impl Case {
    /// Changes facts of a case.
    ///
    /// # Errors
    /// A void case keeps its facts, and a closed one what decides how it is looked at.
    pub fn edit(mut self, edit: CaseEdit) -> Result<Self, CaseError> {
        if self.0.state == CaseState::Void {
            return Err(CaseError::IsVoid);
        }
        if edit.classifies(&self) {
            self.not_in(&[CaseState::Closed], "classifying", "any open state")?;
        }
        let case = &mut self.0;
        set(&mut case.title, edit.title);
        set(&mut case.summary, edit.summary);
        set(&mut case.severity, edit.severity);
        set(&mut case.category, edit.category);
        set(&mut case.occurred, edit.occurred);
        set(&mut case.detected, edit.detected);
        set(&mut case.reported, edit.reported);
        set(&mut case.acknowledged, edit.acknowledged);
        set(&mut case.contained, edit.contained);
        set(&mut case.resolved, edit.resolved);
        set(&mut case.detection, edit.detection);
        set(&mut case.detection_method, edit.detection_method);
        set(&mut case.impact_initial, edit.impact_initial);
        set(&mut case.impact_final, edit.impact_final);
        set(&mut case.ai_impact, edit.ai_impact);
        case.tags.extend(edit.add_tags);
        case.tags.retain(|tag| !edit.remove_tags.contains(tag));
        case.responders.extend(edit.add_responders);
        case.responders.retain(|person| !edit.remove_responders.contains(person));
        for link in edit.links {
            self.link(link);
        }
        change_values(&mut self.0.fields, edit.fields);
        Ok(self)
    }

    fn link(&mut self, link: Link) {
        match link {
            Link::AddSupplier(id) => drop(self.0.suppliers.insert(id)),
            Link::RemoveSupplier(id) => drop(self.0.suppliers.remove(&id)),
            Link::AddAsset(id, version) => drop(self.0.assets.insert(id, version)),
            Link::RemoveAsset(id) => drop(self.0.assets.remove(&id)),
        }
    }
}

fn set<T>(fact: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *fact = new;
    }
}
