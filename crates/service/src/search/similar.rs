//! Cases like another, with the reasons why.

use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::reference::CaseRef;
use nevertwice_index::{Reason, SimilarTo};
use nevertwice_store::visibility;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::query::prepare;
use crate::case::{Names, readable};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Finds cases like another.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindSimilar {
    /// The case.
    pub case: CaseRef,
    /// How many at most.
    pub limit: usize,
}

/// A similar case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SimilarView {
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// What the two share, the strongest reason first.
    pub reasons: Vec<String>,
}

impl UseCase for FindSimilar {
    type Output = Vec<SimilarView>;
    const NAME: &'static str = "find_similar";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<SimilarView>, ServiceError> {
        let prepared = prepare(asked, "", "kind:case")?;
        let id = asked.service.read(asked.identity, |unit| Ok(readable(unit, self.case)?.id))?;
        let found = prepared.index.similar(&SimilarTo::Case(id), &prepared.access, self.limit)?;
        asked.service.read(asked.identity, |unit| {
            let mut views = Vec::new();
            let ids: Vec<_> = found.iter().map(|similar| similar.id.uuid()).collect();
            let shut_out = visibility::shut_out(unit.tx, ObjectKind::Case, &ids, unit.caller.id())?;
            for similar in found.into_iter().filter(|similar| !shut_out.contains(&similar.id.uuid())) {
                let mut reasons = Vec::new();
                for reason in &similar.reasons {
                    reasons.push(words(unit, reason)?);
                }
                views.push(SimilarView { reference: similar.reference, title: similar.title, reasons });
            }
            Ok(views)
        })
    }
}

fn words(unit: &mut Unit<'_>, reason: &Reason) -> Result<String, ServiceError> {
    let mut names = Names::default();
    Ok(match reason {
        Reason::Assets(ids) => {
            names.add_catalogue(unit.tx, [], ids.iter().copied())?;
            format!("assets: {}", ids.iter().map(|id| names.asset(*id)).collect::<Vec<_>>().join(", "))
        }
        Reason::Suppliers(ids) => {
            names.add_catalogue(unit.tx, ids.iter().copied(), [])?;
            format!("suppliers: {}", ids.iter().map(|id| names.supplier(*id)).collect::<Vec<_>>().join(", "))
        }
        Reason::Tags(tags) => format!("tags: {}", tags.join(", ")),
        Reason::Causes(words) => format!("words of causes: {}", words.join(", ")),
        Reason::Words(words) => format!("words: {}", words.join(", ")),
    })
}
