//! People, fields, suppliers and assets of the sample company.

use nevertwice_domain::person::PersonKind;
use nevertwice_service::catalogue::{NewAsset, NewAssetVersion, NewField, NewSupplier};
use nevertwice_service::person::{ConfirmPerson, NewPerson};
use nevertwice_service::set::Set;

use super::files::{AssetEntry, CompanyFile, Sample};
use super::replay::Replay;
use super::{SECURITY_LEAD, line, parsed};
use crate::failure::Failure;

/// Enters them all on the day on which the register was started.
pub(super) fn people_and_things(replay: &mut Replay, sample: &Sample) -> Result<(), Failure> {
    people(replay, &sample.company)?;
    for field in &sample.company.field {
        replay.run(
            SECURITY_LEAD,
            NewField {
                subject: parsed("subject", &field.subject)?,
                label: line(&field.label)?,
                key: Some(parsed("key", &field.key)?),
                kind: parsed("kind", &field.kind)?,
                choices: field.choices.iter().map(|choice| line(choice)).collect::<Result<_, _>>()?,
            },
        )?;
    }
    for supplier in &sample.company.supplier {
        let name = line(&supplier.name)?;
        replay.suppliers.insert(supplier.id.clone(), name.clone());
        replay.run(
            SECURITY_LEAD,
            NewSupplier {
                name,
                provides: Some(line(&supplier.provides)?),
                contact: Some(line(&supplier.contact)?),
                agreement: Some(parsed("agreement", &supplier.agreement)?),
                contingency_plan: Some(parsed("contingency_plan", &supplier.contingency_plan)?),
            },
        )?;
    }
    for asset in &sample.assets {
        self::asset(replay, asset)?;
    }
    Ok(())
}

fn people(replay: &mut Replay, company: &CompanyFile) -> Result<(), Failure> {
    for person in &company.person {
        let name = line(&person.name)?;
        replay.people.insert(person.id.clone(), name.clone());
        let kind: PersonKind = parsed("kind", &person.kind)?;
        let roles = person.roles.iter().map(|role| parsed("role", role)).collect::<Result<_, _>>()?;
        let email = person.email.as_deref().map(line).transpose()?;
        let acts = kind == PersonKind::Person && person.status == "confirmed";
        let os_user = acts.then(|| line(&person.id)).transpose()?;
        if person.id == SECURITY_LEAD {
            // Whoever founds a register is there already, with the roles to begin with.
            replay.run(
                SECURITY_LEAD,
                ConfirmPerson {
                    person: name,
                    version: None,
                    kind: None,
                    name: None,
                    roles: None,
                    email: email.map(Set::To),
                    os_user: None,
                },
            )?;
        } else {
            replay.run(SECURITY_LEAD, NewPerson { name, kind, roles, email, os_user })?;
        }
    }
    Ok(())
}

fn asset(replay: &mut Replay, asset: &AssetEntry) -> Result<(), Failure> {
    let name = line(&asset.name)?;
    replay.assets.insert(asset.id.clone(), name.clone());
    let supplier = match &asset.supplier {
        Some(id) => Some(Replay::known("supplier", &replay.suppliers, id)?),
        None => None,
    };
    replay.run(
        SECURITY_LEAD,
        NewAsset {
            kind: parsed("kind", &asset.kind)?,
            name: name.clone(),
            description: Some(parsed("description", &asset.description)?),
            owner: Some(replay.person(&asset.owner)?),
            supplier,
        },
    )?;
    for version in &asset.version {
        replay.run(
            SECURITY_LEAD,
            NewAssetVersion {
                asset: name.clone(),
                label: line(&version.label)?,
                sha256: Some(parsed("sha256", &version.sha256)?),
                released: Some(replay.calendar.when(&version.released)?),
                note: None,
            },
        )?;
    }
    Ok(())
}
