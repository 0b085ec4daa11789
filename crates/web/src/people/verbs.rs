//! What an administrator does to people.

use std::collections::BTreeSet;

use nevertwice_domain::permission::Role;
use nevertwice_domain::person::PersonKind;
use nevertwice_domain::text::Line;
use nevertwice_domain::word::Word;
use nevertwice_service::person::{ConfirmPerson, DisablePerson, ListPeople, NewPerson};

use super::{crumb, find};
use crate::form::{Bad, Errors, Reader, form};
use crate::help::Help;
use crate::paths::{self, NewPerson as NewPersonPath, PersonDisabling, PersonRoles};
use crate::ui::{Crumb, Field, FieldKind, choices};
use crate::verb::{Form, NothingForm, VERSION, verb};

form! {
    /// A person or team.
    PersonForm {
        /// The name.
        name,
        /// `person` or `team`.
        kind,
        /// E-mail address.
        email,
        /// The user of the server who acts as this person on the command line.
        os_user,
        /// `yes`: reports and follows what they reported.
        reporter,
        /// `yes`: responds.
        responder,
        /// `yes`: runs the register.
        manager,
        /// `yes`: reads everything and changes nothing.
        auditor,
        /// `yes`: answers customers.
        sales,
        /// `yes`: sees figures.
        board,
        /// `yes`: people, settings, backups.
        administrator,
        /// The version that was seen; of somebody new there is none.
        version,
    }
}

impl PersonForm {
    fn role(&self, role: Role) -> &str {
        match role {
            Role::Reporter => &self.reporter,
            Role::Responder => &self.responder,
            Role::Manager => &self.manager,
            Role::Auditor => &self.auditor,
            Role::Sales => &self.sales,
            Role::Board => &self.board,
            Role::Administrator => &self.administrator,
        }
    }

    fn roles(&self, reader: &mut Reader) -> Result<BTreeSet<Role>, Bad> {
        let held: Vec<_> = Role::ALL
            .iter()
            .map(|role| Ok(reader.is_yes(role.as_str(), self.role(*role))?.then_some(*role)))
            .collect();
        held.into_iter().filter_map(Result::transpose).collect()
    }
}

/// What a role is for.
fn words(role: Role) -> &'static str {
    match role {
        Role::Reporter => "Reporter: reports, and follows what they reported",
        Role::Responder => "Responder: works on cases",
        Role::Manager => "ISMS manager: runs the register",
        Role::Auditor => "Auditor: reads everything, changes nothing",
        Role::Sales => "Sales: approved copies only",
        Role::Board => "Board: figures, and cases in outline",
        Role::Administrator => "Administrator: people, settings, backups; reads no cases by this",
    }
}

impl Form for PersonForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let mut fields = vec![
            Field::new("name", "Name", &self.name).required(),
            Field::new("kind", "What is it", &self.kind)
                .kind(FieldKind::Radio { choices: choices::<PersonKind>() })
                .required(),
            Field::new("email", "E-mail address", &self.email),
        ];
        fields.extend(
            Role::ALL
                .iter()
                .map(|role| Field::new(role.as_str(), words(*role), self.role(*role)).kind(FieldKind::Check)),
        );
        fields.push(
            Field::new("os_user", "User of the server", &self.os_user)
                .hint("Who acts as this person on the command line of the server"),
        );
        fields.push(Field::hidden(VERSION, &self.version));
        fields
    }
}

/// What both forms read.
struct Read {
    kind: PersonKind,
    email: Option<Line>,
    os_user: Option<Line>,
    roles: BTreeSet<Role>,
}

fn read(reader: &mut Reader, form: &PersonForm) -> Result<Read, Bad> {
    let kind = reader.required("kind", &form.kind, "choose one");
    let email = reader.optional("email", &form.email);
    let os_user = reader.optional("os_user", &form.os_user);
    let roles = form.roles(reader);
    Ok(Read { kind: kind?, email: email?, os_user: os_user?, roles: roles? })
}

verb! {
    /// Adds a person.
    Add: NewPersonPath, PersonForm => NewPerson, "Add a person", "Add",
    "Then make an invitation, so that they can choose a password.",
    back: |_| crumb(),
    begin: |app, viewer, _| {
        // Who may not know the people is told so before filling anything in.
        app.run(&viewer.identity, ListPeople { status: None })?;
        let kind = PersonKind::Person.as_str().to_owned();
        Ok(PersonForm { kind, reporter: "yes".to_owned(), ..PersonForm::default() })
    },
    parse: |_, form| {
        let mut reader = Reader::default();
        let name = reader.required("name", &form.name, "say who it is");
        let read = read(&mut reader, form);
        reader.done()?;
        let Read { kind, email, os_user, roles } = read?;
        Ok(NewPerson { name: name?, kind, roles, email, os_user })
    },
}

verb! {
    /// Confirms a person and says what they may do.
    ChangeRoles: PersonRoles, PersonForm => ConfirmPerson, "Who they are and what they may do", "Save", "",
    back: |path| Crumb {
        href: paths::Person { person: path.person.clone() }.to_string(),
        words: "The person".to_owned(),
    },
    begin: |app, viewer, path| {
        let person = find(app, viewer, &path.person)?;
        let yes = |role: Role| {
            if person.roles.iter().any(|held| held == role.as_str()) { "yes" } else { "" }.to_owned()
        };
        Ok(PersonForm {
            reporter: yes(Role::Reporter),
            responder: yes(Role::Responder),
            manager: yes(Role::Manager),
            auditor: yes(Role::Auditor),
            sales: yes(Role::Sales),
            board: yes(Role::Board),
            administrator: yes(Role::Administrator),
            name: person.name,
            kind: person.kind,
            email: person.email.unwrap_or_default(),
            os_user: person.os_user.unwrap_or_default(),
            version: person.version.to_string(),
        })
    },
    parse: |path, form| {
        let mut reader = Reader::default();
        let person = reader.required("person", &path.person, "name the person");
        let name = reader.optional("name", &form.name);
        let version = reader.version(&form.version);
        let read = read(&mut reader, form);
        reader.done()?;
        let Read { kind, email, os_user, roles } = read?;
        let version = version?;
        Ok(ConfirmPerson { person: person?, version, kind: Some(kind), name: name?, roles: Some(roles), email, os_user })
    },
}

verb! {
    /// Disables a person: every session and token ends.
    Disable: PersonDisabling, NothingForm => DisablePerson, "Disable", "Disable",
    "Every session and token of theirs ends at once. What they did stays under their name. Confirming them again undoes it.",
    back: |path| Crumb {
        href: paths::Person { person: path.person.clone() }.to_string(),
        words: "The person".to_owned(),
    },
    begin: |app, viewer, path| find(app, viewer, &path.person).map(|_| NothingForm::default()),
    parse: |path, _| {
        let mut reader = Reader::default();
        let person = reader.required("person", &path.person, "name the person");
        reader.done()?;
        Ok::<_, Errors>(DisablePerson { person: person? })
    },
}
