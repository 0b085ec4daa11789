//! People, suppliers, assets, fields.

use std::io::{self, Write};

use nevertwice_service::catalogue::{AssetView, FieldValuesView, FieldView, SupplierView};
use nevertwice_service::person::{PersonView, TokenRow};

use super::table::{fact, heading, indented, table, values};

/// People and teams.
pub(crate) fn people(people: &[PersonView], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = people
        .iter()
        .map(|person| {
            vec![
                person.name.clone(),
                person.kind.clone(),
                person.status.clone(),
                person.os_user.clone().unwrap_or_else(|| "–".to_owned()),
                person.roles.join(", "),
            ]
        })
        .collect();
    table(&["name", "kind", "status", "os user", "roles"], &rows, out)
}

/// Access tokens, without their secrets.
pub(crate) fn tokens(tokens: &[TokenRow], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = tokens
        .iter()
        .map(|token| {
            let state = match &token.revoked_at {
                Some(at) => format!("taken back {at}"),
                None if token.holds => format!("until {}", token.expires_at),
                None => format!("ended {}", token.expires_at),
            };
            vec![token.id.clone(), token.label.clone(), token.scopes.join(", "), state]
        })
        .collect();
    table(&["id", "label", "scopes", "state"], &rows, out)
}

/// A supplier.
pub(crate) fn supplier(supplier: &SupplierView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", supplier.reference, supplier.name)?;
    fact("provides", supplier.provides.as_deref(), out)?;
    fact("contact", supplier.contact.as_deref(), out)?;
    values(&supplier.fields, out)?;
    for (label, text) in
        [("Agreement", &supplier.agreement), ("Contingency plan", &supplier.contingency_plan)]
    {
        if let Some(text) = text {
            heading(label, out)?;
            indented(text, 2, out)?;
        }
    }
    Ok(())
}

/// Suppliers.
pub(crate) fn suppliers(list: &[SupplierView], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|s| vec![s.reference.clone(), s.name.clone(), s.provides.clone().unwrap_or_default()])
        .collect();
    table(&["reference", "name", "provides"], &rows, out)
}

/// An asset.
pub(crate) fn asset(asset: &AssetView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}  ({})", asset.reference, asset.name, asset.kind)?;
    fact("owner", asset.owner.as_deref(), out)?;
    fact("supplier", asset.supplier.as_deref(), out)?;
    values(&asset.fields, out)?;
    if let Some(description) = &asset.description {
        indented(description, 2, out)?;
    }
    for version in &asset.versions {
        writeln!(out, "  version {}  {}", version.label, version.sha256.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

/// Assets.
pub(crate) fn assets(list: &[AssetView], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|asset| {
            let versions: Vec<&str> = asset.versions.iter().map(|version| version.label.as_str()).collect();
            vec![asset.reference.clone(), asset.kind.clone(), asset.name.clone(), versions.join(", ")]
        })
        .collect();
    table(&["reference", "kind", "name", "versions"], &rows, out)
}

/// The values of a record.
pub(crate) fn field_values(of: &FieldValuesView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", of.reference)?;
    values(&of.fields, out)
}

/// Fields.
pub(crate) fn fields(list: &[FieldView], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|field| {
            vec![
                field.subject.clone(),
                field.key.clone(),
                field.kind.clone(),
                field.label.clone(),
                field.choices.join(", "),
            ]
        })
        .collect();
    table(&["of", "key", "type", "label", "choices"], &rows, out)
}
