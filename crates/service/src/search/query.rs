//! From a query as typed to what the index runs, within what the caller may see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nevertwice_domain::permission::{Grant, Role, Scope, Verb, grant};
use nevertwice_domain::query::{self, Compiled, Context, NameKind};
use nevertwice_domain::time::Date;
use nevertwice_index::{Access, Index, Reach};
use nevertwice_store::{Tx, catalogue, person as people, settings};
use uuid::Uuid;

use crate::caller::Caller;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::use_case::Asked;

/// A query ready to run: on an index that knows everything written until now.
pub(super) struct Prepared {
    pub(super) index: Arc<Index>,
    pub(super) compiled: Compiled,
    pub(super) access: Access,
    pub(super) today: Date,
}

/// Prepares a query for the caller; `only` narrows it, such as to `kind:case`.
///
/// # Errors
/// The query cannot be read, with the position; or what store and index report.
pub(super) fn prepare(asked: &Asked<'_>, text: &str, only: &str) -> Result<Prepared, ServiceError> {
    let (compiled, Ready { index, access, today }) = prepare_each(asked, &[text], only)?;
    let compiled = compiled.into_iter().next().ok_or_else(|| ServiceError::internal("no query is left"))?;
    Ok(Prepared { index, compiled, access, today })
}

/// What queries are run on, and within what the caller may see.
pub(super) struct Ready {
    pub(super) index: Arc<Index>,
    pub(super) access: Access,
    pub(super) today: Date,
}

/// As [`prepare`], for several queries that tell of one state of the register.
///
/// # Errors
/// As [`prepare`].
pub(super) fn prepare_each(
    asked: &Asked<'_>,
    texts: &[&str],
    only: &str,
) -> Result<(Vec<Compiled>, Ready), ServiceError> {
    let only = parse(only)?;
    let parsed = texts.iter().map(|text| Ok((*text, parse(text)?.and(only.clone()))));
    let queries = parsed.collect::<Result<Vec<_>, ServiceError>>()?;
    // The rights are read before the index is searched, and the index is caught up before that: what was narrowed
    // until now is narrowed in it.
    let index = asked.service.feed().caught_up()?;
    asked.service.read(asked.identity, |unit| {
        unit.caller.within(Scope::Read)?;
        let access = access(&unit.caller);
        let today = unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone());
        let mut compiled = Vec::new();
        for (text, query) in &queries {
            refuse_unknown_fields(unit, text, query, access)?;
            let names = names(unit, query, access)?;
            let context = Context { as_of: today, me: Some(unit.caller.id()), names: &names };
            compiled.push(query.compile(&context));
        }
        Ok((compiled, Ready { index, access, today }))
    })
}

/// Whoever may know which fields the company has is told of one that it does not have.
fn refuse_unknown_fields(
    unit: &mut Unit<'_>,
    text: &str,
    query: &query::Query,
    access: Access,
) -> Result<(), ServiceError> {
    let asked = query.company_fields();
    if asked.is_empty() || !access.catalogue {
        return Ok(());
    }
    let known: BTreeSet<String> =
        catalogue::fields(unit.tx)?.into_iter().map(|field| field.key.to_string()).collect();
    let Some(unknown) = asked.iter().find(|name| !known.contains(*name)) else { return Ok(()) };
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let lower = text.to_lowercase();
    let before = lower.split(&format!("field.{unknown}")).next().unwrap_or_default();
    let position = before.chars().count() + 1;
    let message =
        format!("at character {position}: there is no company field {unknown:?}; there are: {known}");
    Err(ServiceError::invalid("query", "query.unknown_field", message))
}

fn parse(text: &str) -> Result<query::Query, ServiceError> {
    query::parse(text).map_err(|error| ServiceError::invalid("query", "query.unreadable", error))
}

/// What the caller may find, by the table of permissions.
pub(super) fn access(caller: &Caller) -> Access {
    let grants = |verb: Verb| caller.person.roles.iter().map(move |role: &Role| grant(*role, verb));
    let cases = grants(Verb::ReadCase).map(reach).max_by_key(|reach| *reach as u8).unwrap_or(Reach::Nothing);
    Access {
        viewer: Some(caller.id()),
        cases,
        lessons: grants(Verb::ReadLesson).any(|grant| grant == Grant::Always),
        catalogue: grants(Verb::ReadCatalogue).any(|grant| grant == Grant::Always),
    }
}

fn reach(grant: Grant) -> Reach {
    match grant {
        Grant::Always => Reach::All,
        Grant::Outline => Reach::Outline,
        // Whoever owns an action or reported something finds it, whatever the role.
        _ => Reach::Named,
    }
}

type Named = BTreeMap<(NameKind, String), Vec<Uuid>>;

/// The ids of the names in a query; only of what the caller may know.
fn names(unit: &mut Unit<'_>, query: &query::Query, access: Access) -> Result<Named, ServiceError> {
    let mut found = Named::new();
    for (kind, name) in query.names() {
        let ids = if access.catalogue { lookup(unit.tx, kind, &name)? } else { Vec::new() };
        found.insert((kind, name), ids);
    }
    Ok(found)
}

fn lookup(tx: &mut Tx, kind: NameKind, name: &str) -> Result<Vec<Uuid>, ServiceError> {
    Ok(match kind {
        NameKind::Person => people::by_name(tx, name)?.iter().map(|person| person.id.uuid()).collect(),
        NameKind::Supplier => catalogue::suppliers_by_name(tx, name)?.iter().map(|s| s.id.uuid()).collect(),
        NameKind::Asset => catalogue::assets_by_name(tx, name)?.iter().map(|asset| asset.id.uuid()).collect(),
    })
}

/// Figures over the whole register need the right to read them.
///
/// # Errors
/// The caller may see neither the register nor its cases.
pub(super) fn refuse_without_cases(access: &Access) -> Result<(), ServiceError> {
    match access.cases {
        Reach::Nothing => {
            Err(ServiceError::new(Kind::Forbidden, "forbidden", "your roles show you no cases"))
        }
        _ => Ok(()),
    }
}
