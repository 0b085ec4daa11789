//! Editing the facts of a case.

use std::collections::BTreeSet;

use nevertwice_domain::case::{AiImpact, Case, CaseEdit, DetectionSource, Impact, Link, Severity, Tag};
use nevertwice_domain::field::FieldSubject;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use serde::{Deserialize, Serialize};

use super::show::view_of;
use super::{CaseView, editable, save};
use crate::catalogue::{FieldInput, asset_named, asset_version_labelled, checked_fields, supplier_named};
use crate::error::ServiceError;
use crate::person::named;
use crate::review::ask_for;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

/// Edits facts of a case. What is absent stays; an outer value without an inner one clears the fact.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditCase {
    /// The case.
    pub case: Option<CaseRef>,
    /// The version that the caller saw.
    pub version: Option<u64>,
    /// A new title.
    pub title: Option<Line>,
    /// A new summary.
    pub summary: Option<Set<Prose>>,
    /// Another severity; for whoever may classify the case.
    pub severity: Option<Set<Severity>>,
    /// Another category; for whoever may classify the case.
    pub category: Option<Set<Line>>,
    /// Tags to add.
    pub add_tags: BTreeSet<Tag>,
    /// Tags to take away.
    pub remove_tags: BTreeSet<Tag>,
    /// When it happened.
    pub occurred: Option<Set<When>>,
    /// When it was noticed.
    pub detected: Option<Set<When>>,
    /// When it was reported.
    pub reported: Option<Set<When>>,
    /// When somebody took it on.
    pub acknowledged: Option<Set<When>>,
    /// When it could do no more harm.
    pub contained: Option<Set<When>>,
    /// When service was as before.
    pub resolved: Option<Set<When>>,
    /// Who noticed.
    pub detection: Option<Set<DetectionSource>>,
    /// How it was noticed.
    pub detection_method: Option<Set<Line>>,
    /// Impact as feared.
    pub impact_initial: Option<Impact>,
    /// Impact as it turned out.
    pub impact_final: Option<Impact>,
    /// The AI impact block.
    pub ai_impact: Option<Set<AiImpact>>,
    /// People to put to work on it.
    pub add_responders: Vec<Line>,
    /// People to take off it.
    pub remove_responders: Vec<Line>,
    /// Suppliers to link.
    pub add_suppliers: Vec<Line>,
    /// Suppliers to unlink.
    pub remove_suppliers: Vec<Line>,
    /// Assets to link.
    pub add_assets: Vec<AssetLink>,
    /// Assets to unlink.
    pub remove_assets: Vec<Line>,
    /// Values of the company's own fields.
    pub fields: Vec<FieldInput>,
}

/// An asset to link, with its version where known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AssetLink {
    /// Reference or name of the asset.
    pub asset: Line,
    /// Label of its version.
    pub version: Option<Line>,
}

impl Change for EditCase {
    type Output = CaseView;
    const NAME: &'static str = "edit_case";

    fn change(&self, unit: &mut Unit<'_>) -> Result<CaseView, ServiceError> {
        let reference =
            self.case.ok_or_else(|| ServiceError::invalid("case", "case.missing", "name the case"))?;
        let before = editable(unit, reference, self.version)?;
        let edit = edit(unit, self.clone())?;
        // How a case is looked at follows its severity and its category; whoever works on it does not choose that.
        if edit.classifies(&before) {
            unit.caller.may_to_case(Verb::DecideCase, &before)?;
        }
        let after = save(unit, &before, &before.clone().edit(edit)?)?;
        // What it has in common with others may be seen only now, and how it is reviewed follows what is known of it.
        let known = |case: &Case| {
            (case.severity, case.category.clone(), case.resolved, case.suppliers.clone(), case.assets.clone())
        };
        if known(&before) != known(&after) {
            ask_for(unit, &after)?;
        }
        view_of(unit, &after)
    }
}

/// The edit with every name looked up.
fn edit(unit: &mut Unit<'_>, input: EditCase) -> Result<CaseEdit, ServiceError> {
    Ok(CaseEdit {
        links: links(unit, &input)?,
        add_responders: people(unit, &input.add_responders)?,
        remove_responders: people(unit, &input.remove_responders)?,
        fields: checked_fields(unit, FieldSubject::Case, &input.fields)?,
        title: input.title,
        summary: input.summary.map(Set::into_option),
        severity: input.severity.map(Set::into_option),
        category: input.category.map(Set::into_option),
        add_tags: input.add_tags,
        remove_tags: input.remove_tags,
        occurred: input.occurred.map(Set::into_option),
        detected: input.detected.map(Set::into_option),
        reported: input.reported.map(Set::into_option),
        acknowledged: input.acknowledged.map(Set::into_option),
        contained: input.contained.map(Set::into_option),
        resolved: input.resolved.map(Set::into_option),
        detection: input.detection.map(Set::into_option),
        detection_method: input.detection_method.map(Set::into_option),
        impact_initial: input.impact_initial,
        impact_final: input.impact_final,
        ai_impact: input.ai_impact.map(Set::into_option),
    })
}

fn people(unit: &mut Unit<'_>, names: &[Line]) -> Result<BTreeSet<PersonId>, ServiceError> {
    names.iter().map(|name| Ok(named(unit, name, "responders")?.id)).collect()
}

fn links(unit: &mut Unit<'_>, input: &EditCase) -> Result<Vec<Link>, ServiceError> {
    let mut links = Vec::new();
    for name in &input.add_suppliers {
        links.push(Link::AddSupplier(supplier_named(unit, name)?.id));
    }
    for name in &input.remove_suppliers {
        links.push(Link::RemoveSupplier(supplier_named(unit, name)?.id));
    }
    for link in &input.add_assets {
        let asset = asset_named(unit, &link.asset)?;
        let version = match &link.version {
            Some(label) => Some(asset_version_labelled(unit, &asset, label)?.id),
            None => None,
        };
        links.push(Link::AddAsset(asset.id, version));
    }
    for name in &input.remove_assets {
        links.push(Link::RemoveAsset(asset_named(unit, name)?.id));
    }
    Ok(links)
}
