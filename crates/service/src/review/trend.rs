//! Trend reviews: several cases with something in common, in so few days that the procedure wants them looked at together.

use std::collections::BTreeSet;

use jiff::ToSpan;
use nevertwice_domain::case::Case;
use nevertwice_domain::cause::{CauseGraph, Statement};
use nevertwice_domain::id::{CaseId, PersonId};
use nevertwice_domain::procedure::{Leader, Trend, TrendOf};
use nevertwice_domain::review::{Review, ReviewKind, ReviewRecord, ReviewScope};
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::case::InCommon;
use nevertwice_store::{case as cases, catalogue, person as people, review as reviews};
use serde::{Deserialize, Serialize};

use super::asked::{leader, opened, tell_leader};
use crate::caller::Caller;
use crate::error::ServiceError;
use crate::job::{Job, Running};
use crate::procedure::{demand, on, today};
use crate::service::Unit;

/// Most cases of one trend review.
const CASES: u32 = 100;

/// Looks whether a case makes a trend with others. In the name of whoever triaged it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LookForTrend {
    /// The case.
    pub(crate) case: CaseId,
    /// Who triaged it.
    pub(crate) by: PersonId,
}

impl Job for LookForTrend {
    const KIND: &'static str = "look_for_trend";

    fn dedupe(&self) -> Option<String> {
        Some(self.case.to_string())
    }

    fn run(self, running: &Running<'_>) -> Result<(), ServiceError> {
        let Self { case, by } = self;
        let somebody = move |tx: &mut nevertwice_store::Tx, _: &crate::clock::Moment| {
            let person = people::get(tx, by)?;
            person.map(Caller::shown).ok_or_else(|| ServiceError::not_found("whoever triaged the case"))
        };
        running.service.write_as("open_review", somebody, move |unit| look(unit, case)).map(drop)
    }
}

/// A case that may be told of with others: what only a few may know of stays out of it.
fn look(unit: &mut Unit<'_>, case: CaseId) -> Result<(), ServiceError> {
    let Some(case) = cases::get(unit.tx, case)?.filter(|case| !case.restricted && case.part_of.is_none())
    else {
        return Ok(());
    };
    let today = today(unit)?;
    for trend in on(unit.tx, today)?.rules.trends {
        for (common, words) in in_common(unit, &case, trend)? {
            open_if_due(unit, trend, &common, &words)?;
        }
    }
    Ok(())
}

/// What a trend may be made of: the category, each supplier or each AI asset of the case, with its name.
fn in_common(
    unit: &mut Unit<'_>,
    case: &Case,
    trend: Trend,
) -> Result<Vec<(InCommon, String)>, ServiceError> {
    Ok(match trend.of {
        TrendOf::Category => {
            let category = case.category.iter();
            category.map(|category| (InCommon::Category(category.clone()), category.to_string())).collect()
        }
        TrendOf::Supplier => {
            let mut all = catalogue::suppliers(unit.tx)?;
            all.retain(|supplier| case.suppliers.contains(&supplier.id));
            all.iter().map(|one| (InCommon::Supplier(one.id), one.reference.to_string())).collect()
        }
        TrendOf::Asset => {
            let mut all = catalogue::assets(unit.tx)?;
            all.retain(|asset| case.assets.contains_key(&asset.id));
            all.iter().map(|one| (InCommon::Asset(one.id), one.reference.to_string())).collect()
        }
    })
}

/// Opens a trend review if so many cases have something in common that no trend review of it has looked at.
fn open_if_due(
    unit: &mut Unit<'_>,
    trend: Trend,
    common: &InCommon,
    words: &str,
) -> Result<(), ServiceError> {
    let trigger = Prose::parse(&format!("{trend}: {words}")).map_err(ServiceError::internal)?;
    let hours = i64::from(trend.within_days) * 24;
    let since = unit.moment.at.to_jiff().checked_sub(hours.hours()).map_or(Timestamp::MIN, Timestamp::from);
    let ids = cases::open_with_in_common(unit.tx, common, since, CASES)?;
    let looked_at: BTreeSet<CaseId> = reviews::of_cases(unit.tx, &ids)?
        .iter()
        .filter(|one| one.review.scope() == ReviewScope::Trend && one.review.trigger == trigger)
        .flat_map(|one| one.cases().collect::<Vec<_>>())
        .collect();
    let new: Vec<CaseId> = ids.into_iter().filter(|id| !looked_at.contains(id)).collect();
    let Some((newest, others)) = new.split_first().filter(|_| new.len() >= usize::from(trend.cases)) else {
        return Ok(());
    };
    let Some(case) = cases::get(unit.tx, *newest)? else { return Ok(()) };
    let demand = demand(unit, &case)?;
    let problem: Statement =
        format!("{} cases of one {} ({words}) within {} days", new.len(), trend.of, trend.within_days)
            .parse()
            .map_err(|error| ServiceError::invalid("problem", "review.problem", error))?;
    let leader = leader(unit, &case, Leader::Manager)?;
    let opened = opened(unit, &case, &demand, (leader, BTreeSet::new()), problem.clone())?;
    let review = Review::restore(ReviewRecord {
        trigger,
        scope: Some(ReviewScope::Trend),
        kind: opened.review.kind.min(ReviewKind::FiveWhys),
        taken_up_at: Some(unit.moment.at),
        ..(*opened.review).clone()
    });
    let mut opened = opened.with_review(review);
    opened.also = others.iter().copied().collect();
    opened.causes = CauseGraph::new(problem);
    reviews::insert(unit.tx, std::slice::from_ref(&opened))?;
    tell_leader(unit, &opened.review)
}
