//! What an administrator does to people.

use std::collections::BTreeSet;

use maud::html;
use nevertwice_domain::permission::Role;
use nevertwice_domain::person::PersonKind;
use nevertwice_domain::word::Word;
use nevertwice_service::person::{ConfirmPerson, DisablePerson, ListPeople, NewPerson};

use super::{crumb, find};
use crate::form::{Bad, Errors, Reader, form, shown};
use crate::help::Help;
use crate::paths::{self, NewPerson as NewPersonPath, PersonDisabling, PersonRoles};
use crate::ui::{Crumb, Field, FieldKind, choices, section};
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
    }
}

form! {
    /// Changes of a person. What is absent stays, what is empty is cleared. If any role is named, or `was_roles`, those
    /// that are `yes` are all from then on.
    partial PersonFactsForm {
        /// Another name.
        name,
        /// `person` or `team`.
        kind,
        /// E-mail address.
        email,
        /// The operating-system user that acts as this person.
        os_user,
        /// `yes`: reports, and follows what they reported.
        reporter,
        /// `yes`: works on cases.
        responder,
        /// `yes`: runs the register.
        manager,
        /// `yes`: reads everything, changes nothing.
        auditor,
        /// `yes`: approved copies only.
        sales,
        /// `yes`: figures, and cases in outline.
        board,
        /// `yes`: people, settings, backups.
        administrator,
        /// The roles that were seen: a page that has all of them as boxes says so, for a box that is not ticked is not sent.
        was_roles,
        /// The version that was seen.
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

/// What both forms ask: name, kind, e-mail address, user of the server, and each role.
fn of_person<'a>(
    [name, kind, email, os_user]: [&'a str; 4],
    role: impl Fn(Role) -> &'a str,
) -> Vec<Field<'a>> {
    let mut fields = vec![
        Field::new("name", "Name", name).required(),
        Field::new("kind", "What is it", kind)
            .kind(FieldKind::Radio { choices: choices::<PersonKind>() })
            .required(),
        Field::new("email", "E-mail address", email),
    ];
    fields.extend(
        Role::ALL.iter().map(|one| Field::new(one.as_str(), words(*one), role(*one)).kind(FieldKind::Check)),
    );
    fields.push(
        Field::new("os_user", "User of the server", os_user)
            .hint("Who acts as this person on the command line of the server"),
    );
    fields
}

/// The roles whose boxes are ticked.
fn held<'a>(reader: &mut Reader, role: impl Fn(Role) -> &'a str) -> Result<BTreeSet<Role>, Bad> {
    let held: Vec<_> =
        Role::ALL.iter().map(|one| Ok(reader.is_yes(one.as_str(), role(*one))?.then_some(*one))).collect();
    held.into_iter().filter_map(Result::transpose).collect()
}

impl Form for PersonForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        of_person([&self.name, &self.kind, &self.email, &self.os_user], |role| self.role(role))
    }
}

impl PersonFactsForm {
    fn role(&self, role: Role) -> &Option<String> {
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

    fn roles(&self, reader: &mut Reader) -> Result<Option<BTreeSet<Role>>, Bad> {
        let is_told = self.was_roles.is_some() || Role::ALL.iter().any(|role| self.role(*role).is_some());
        let held = held(reader, |role| shown(self.role(role)));
        Ok(is_told.then_some(held?))
    }
}

impl Form for PersonFactsForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let texts = [&self.name, &self.kind, &self.email, &self.os_user].map(shown);
        let mut fields = of_person(texts, |role| shown(self.role(role)));
        fields.push(Field::hidden("was_roles", shown(&self.was_roles)));
        fields.push(Field::hidden(VERSION, shown(&self.version)));
        fields
    }
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
        let kind = reader.required("kind", &form.kind, "choose one");
        let email = reader.optional("email", &form.email);
        let os_user = reader.optional("os_user", &form.os_user);
        let roles = held(&mut reader, |role| form.role(role));
        reader.done()?;
        Ok(NewPerson { name: name?, kind: kind?, roles: roles?, email: email?, os_user: os_user? })
    },
}

verb! {
    /// Confirms a person and says what they may do.
    ChangeRoles: PersonRoles, PersonFactsForm => ConfirmPerson, "Who they are and what they may do", "Save", "",
    back: |path| Crumb {
        href: paths::Person { person: path.person.clone() }.to_string(),
        words: "The person".to_owned(),
    },
    begin: |app, viewer, path| {
        let person = find(app, viewer, &path.person)?;
        let yes = |role: Role| {
            Some(if person.roles.iter().any(|held| held == role.as_str()) { "yes" } else { "" }.to_owned())
        };
        Ok(PersonFactsForm {
            reporter: yes(Role::Reporter),
            responder: yes(Role::Responder),
            manager: yes(Role::Manager),
            auditor: yes(Role::Auditor),
            sales: yes(Role::Sales),
            board: yes(Role::Board),
            administrator: yes(Role::Administrator),
            was_roles: Some(person.roles.join(", ")),
            name: Some(person.name),
            kind: Some(person.kind),
            email: Some(person.email.unwrap_or_default()),
            os_user: Some(person.os_user.unwrap_or_default()),
            version: Some(person.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut reader = Reader::default();
        let person = reader.required("person", &path.person, "name the person");
        let name = reader.given("name", &form.name, "say who it is");
        let kind = reader.given("kind", &form.kind, "choose one");
        let email = reader.set("email", &form.email);
        let os_user = reader.set("os_user", &form.os_user);
        let roles = form.roles(&mut reader);
        let version = reader.version(shown(&form.version));
        reader.done()?;
        Ok(ConfirmPerson {
            person: person?,
            version: version?,
            kind: kind?,
            name: name?,
            roles: roles?,
            email: email?,
            os_user: os_user?,
        })
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
    beside: |app, viewer, path, _| {
        let owed = super::owed::owed_of(app, viewer, &path.person)?;
        let doing = html! {
            a .button .small href=(paths::PersonHandOver { person: path.person.clone() }) { "Hand over" }
        };
        Ok(html! {
            @if owed.count > 0 {
                (section("owed", "What they still owe", usize::try_from(owed.count).ok(), doing, html! {
                    p .fine { "Disabling takes none of it away. Hand it over before or after." }
                    (super::owed::items(&owed))
                }))
            }
        })
    },
    begin: |app, viewer, path| find(app, viewer, &path.person).map(|_| NothingForm::default()),
    parse: |path, _| {
        let mut reader = Reader::default();
        let person = reader.required("person", &path.person, "name the person");
        reader.done()?;
        Ok::<_, Errors>(DisablePerson { person: person? })
    },
}
