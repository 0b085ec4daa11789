//! What a person does to a record through one form. Each verb is declared once, as what its form is and which use case
//! it becomes; the page, the answer to its form and the route of the API are made of that.

use std::fmt::Display;

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use axum_extra::routing::TypedPath;
use maud::{Markup, html};
use nevertwice_service::use_case::UseCase;
use nevertwice_service::{Kind, ServiceError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::app::App;
use crate::done::Done;
use crate::drafts::{self, Standing};
use crate::form::{Errors, Fields};
use crate::help::Help;
use crate::merge::{Begun, Filled};
use crate::page;
use crate::problem::Problem;
use crate::ui::{Crumb, Field, FieldKind, error_summary, head};
use crate::viewer::Viewer;

/// The raw texts of a form, as typed.
pub(crate) trait Form:
    Fields + Default + Clone + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Its fields in order.
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>>;
}

/// Something that is done to a record: by a person through a page, by a program through the API.
pub(crate) trait Act: Send + Sync + 'static {
    /// Its address.
    type Path: TypedPath + FromRequestParts<App> + Send + Sync + 'static;
    /// What is filled in.
    type Form: DeserializeOwned + ToSchema + Send + Sync + 'static;
    /// What is done.
    type UseCase: UseCase<Output: ToSchema>;

    /// What is done, as the title of the page.
    const TITLE: &'static str;
    /// What it means, in a sentence.
    const LEAD: &'static str = "";
    /// What the description of the API calls it: the name of the use case, unless another act has that one too.
    const OPERATION: &'static str = <Self::UseCase as UseCase>::NAME;

    /// Reads the form.
    ///
    /// # Errors
    /// What is to be mended.
    fn parse(path: &Self::Path, form: &Self::Form) -> Result<Self::UseCase, Errors>;
}

/// An act that has a page.
pub(crate) trait Verb: Act<Path: Display + Clone, Form: Form> {
    /// The words of the button.
    const BUTTON: &'static str;
    /// Whether it makes something new, so that what stands in its form to begin with is a proposal and no record.
    const ADDS: bool = false;

    /// The record: where to go afterwards, and back.
    fn back(path: &Self::Path) -> Crumb;

    /// The address at which it can be taken back, if it can be.
    fn undo(_: &Self::Path) -> Option<String> {
        None
    }

    /// What stands beside the form, by what is typed so far.
    ///
    /// # Errors
    /// What reading it reports.
    fn beside(_: &App, _: &Viewer, _: &Self::Path, _: &Self::Form) -> Result<Markup, ServiceError> {
        Ok(html! {})
    }

    /// The form as it begins: with the record as it stands. Whoever may not know of the record learns here that there
    /// is none.
    ///
    /// # Errors
    /// What reading the record reports.
    fn begin(app: &App, viewer: &Viewer, path: &Self::Path) -> Result<Self::Form, ServiceError>;
}

/// Shows the form.
pub(crate) async fn new<V: Verb>(
    path: V::Path,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<drafts::Asked>,
) -> Result<Markup, Problem> {
    let (viewer, path, form, help) = start::<V>(&app, viewer, path).await?;
    let begun = Begun::of(&form.fields(&help));
    let (viewer, path, form, beside) = beside::<V>(&app, viewer, path, named(form, &asked)?).await?;
    let keeps = keeps_draft(&form.fields(&help), V::ADDS);
    let draft = match keeps {
        true => drafts::standing(&app, &viewer, &path.to_string(), &asked).await?,
        false => Standing::None,
    };
    if let Standing::Taken(kept) = &draft {
        let Filled { form, begun, .. } = Filled::<V::Form>::of_draft(kept)?;
        let fields = form.fields(&help);
        let sheet = Sheet { fields, begun, errors: &Errors::default(), keeps, draft: &draft, beside };
        return Ok(sheet.show::<V>(&viewer, &path));
    }
    let fields = form.fields(&help);
    let sheet = Sheet { begun, fields, errors: &Errors::default(), keeps, draft: &draft, beside };
    Ok(sheet.show::<V>(&viewer, &path))
}

/// The form with the records that a link to it names, where it asks for them: whoever comes from a case need not type it.
fn named<F: Form>(form: F, asked: &drafts::Asked) -> Result<F, ServiceError> {
    let mut value = serde_json::to_value(form).map_err(ServiceError::internal)?;
    for (field, named) in [("case", &asked.case), ("lesson", &asked.lesson)] {
        if let Some(text) = value.get_mut(field).filter(|text| text.is_string() && !named.is_empty()) {
            *text = named.as_str().into();
        }
    }
    serde_json::from_value(value).map_err(ServiceError::internal)
}

/// Does what the form says, or shows it again with what is to be mended.
pub(crate) async fn create<V: Verb>(
    path: V::Path,
    State(app): State<App>,
    viewer: Viewer,
    Filled { form, begun, has_draft }: Filled<V::Form>,
) -> Result<Response, Problem> {
    let use_case = match V::parse(&path, &form) {
        Ok(use_case) => use_case,
        Err(errors) => {
            let sent = Filled { form, begun, has_draft };
            return again::<V>(&app, viewer, path, sent, &errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let mut outcome = app.call(&viewer.identity, use_case).await;
    if matches!(&outcome, Err(error) if error.kind == Kind::Stale)
        && let Some(renewed) = renewed::<V>(&app, &viewer, &path, &form, &begun).await?
    {
        outcome = app.call(&viewer.identity, renewed).await;
    }
    match outcome {
        Ok(_) => {
            if has_draft {
                drafts::sent(&app, &viewer, path.to_string()).await;
            }
            Ok(Done::new(V::TITLE, V::undo(&path)).leads_to(&app, &V::back(&path).href))
        }
        Err(error) if error.kind == Kind::Stale => {
            stale::<V>(&app, viewer, path, Filled { form, begun, has_draft }).await
        }
        Err(error) => {
            let status = crate::problem::status(&error);
            let errors = Errors::of_service(error)?;
            again::<V>(&app, viewer, path, Filled { form, begun, has_draft }, &errors, status).await
        }
    }
}

/// The same with the version of now, if somebody else changed the record but nothing of what the form shows, such as the
/// causes of a review while its minutes are written: then there is nothing to put together.
async fn renewed<V: Verb>(
    app: &App,
    viewer: &Viewer,
    path: &V::Path,
    form: &V::Form,
    begun: &Begun,
) -> Result<Option<V::UseCase>, Problem> {
    let (_, _, now, help) = start::<V>(app, viewer.clone(), path.clone()).await?;
    let theirs = now.fields(&help);
    let version = theirs.iter().find(|field| field.name == VERSION).map(|field| field.value.to_owned());
    match version.filter(|_| begun.is_as(&theirs)) {
        Some(version) => Ok(V::parse(path, &with_version(form, version)?).ok()),
        None => Ok(None),
    }
}

/// The same form with another version.
fn with_version<F: Form>(form: &F, version: String) -> Result<F, ServiceError> {
    let mut value = serde_json::to_value(form).map_err(ServiceError::internal)?;
    value[VERSION] = version.into();
    serde_json::from_value(value).map_err(ServiceError::internal)
}

type Started<V> = (Viewer, <V as Act>::Path, <V as Act>::Form, Help);

async fn start<V: Verb>(app: &App, viewer: Viewer, path: V::Path) -> Result<Started<V>, ServiceError> {
    app.blocking(move |app| {
        let form = V::begin(app, &viewer, &path)?;
        let help = Help::load(app, &viewer)?;
        Ok((viewer, path, form, help))
    })
    .await
}

/// What stands beside the form.
async fn beside<V: Verb>(
    app: &App,
    viewer: Viewer,
    path: V::Path,
    form: V::Form,
) -> Result<(Viewer, V::Path, V::Form, Markup), ServiceError> {
    app.blocking(move |app| {
        let beside = V::beside(app, &viewer, &path, &form)?;
        Ok((viewer, path, form, beside))
    })
    .await
}

/// The form as it was filled in, never cleared. A draft that was offered and not taken up is still there, so that nothing
/// is kept over it here either.
async fn again<V: Verb>(
    app: &App,
    viewer: Viewer,
    path: V::Path,
    Filled { form, begun, has_draft }: Filled<V::Form>,
    errors: &Errors,
    status: StatusCode,
) -> Result<Response, Problem> {
    let (viewer, path, now, help) = start::<V>(app, viewer, path).await?;
    let keeps = has_draft && keeps_draft(&now.fields(&help), V::ADDS);
    let (viewer, path, form, beside) = beside::<V>(app, viewer, path, form).await?;
    let fields = form.fields(&help);
    let sheet = Sheet { fields, begun, errors, keeps, draft: &Standing::None, beside };
    Ok((status, sheet.show::<V>(&viewer, &path)).into_response())
}

/// Somebody else saved in the meantime: what both wrote is put together, and everything that the other one changed is
/// shown before it is saved.
async fn stale<V: Verb>(
    app: &App,
    viewer: Viewer,
    path: V::Path,
    Filled { form, begun, has_draft }: Filled<V::Form>,
) -> Result<Response, Problem> {
    let (viewer, path, now, help) = start::<V>(app, viewer, path).await?;
    let theirs = now.fields(&help);
    let mut fields = form.fields(&help);
    begun.merge(&mut fields, &theirs);
    let errors = Errors::about_all(
        "somebody else saved this in the meantime. What you wrote is kept, and what only they changed is taken over; \
         where both of you changed the same, theirs stands below yours. Look it through and save again",
    );
    let (begun, keeps) = (Begun::of(&theirs), has_draft && keeps_draft(&theirs, V::ADDS));
    let draft = &Standing::None;
    let sheet = Sheet { fields, begun, errors: &errors, keeps, draft, beside: html! {} };
    Ok((StatusCode::CONFLICT, sheet.show::<V>(&viewer, &path)).into_response())
}

crate::form::form! {
    /// Nothing to fill in.
    NothingForm {}
}

impl Form for NothingForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        Vec::new()
    }
}

/// The field that carries the version that a person saw.
pub(crate) const VERSION: &str = "version";

/// Whether what is written in a form that begins like this is kept while it is written: if there is much to write, and a
/// draft that is gone on with weeks later cannot take back what others saved since. A version tells that; a form that makes
/// something new, or whose texts all begin empty, has nothing to take back.
fn keeps_draft(begun: &[Field<'_>], adds: bool) -> bool {
    let is_long = |field: &Field<'_>| matches!(field.kind, FieldKind::Prose { .. });
    let is_text = |field: &&Field<'_>| {
        is_long(field) || matches!(field.kind, FieldKind::Line | FieldKind::Suggested { .. })
    };
    let has_version = begun.iter().any(|field| field.name == VERSION);
    begun.iter().any(is_long)
        && (has_version || adds || begun.iter().filter(is_text).all(|field| field.value.is_empty()))
}

/// A form on its page.
struct Sheet<'a> {
    fields: Vec<Field<'a>>,
    begun: Begun,
    errors: &'a Errors,
    /// Whether what is written is kept while it is written.
    keeps: bool,
    draft: &'a Standing,
    /// What stands below it.
    beside: Markup,
}

impl Sheet<'_> {
    fn show<V: Verb>(&self, viewer: &Viewer, path: &V::Path) -> Markup {
        let back = V::back(path);
        let (cancel, address) = (back.href.clone(), path.to_string());
        // While a draft is offered nothing is kept over it.
        let keeps = self.keeps && !matches!(self.draft, Standing::Offered(_));
        let subject = keeps.then(|| drafts::Subject::new(V::TITLE, &back.words, address.clone()));
        let content = html! {
            (head(Some(back), V::TITLE, html! {}, html! {}))
            (drafts::offer(self.draft, &address, &viewer.me.time_zone))
            form .sheet method="post" action=(address) novalidate
                data-draft=[subject.as_ref().map(|subject| &subject.address)]
                data-draft-title=[subject.as_ref().map(|subject| &subject.title)]
                data-draft-record=[subject.as_ref().and_then(|subject| subject.record.as_ref())] {
                @if !V::LEAD.is_empty() { p .lead { (V::LEAD) } }
                (error_summary(self.errors, &self.fields))
                @for field in &self.fields { (field.show(self.errors)) }
                @if !self.begun.is_empty() { (self.begun.field().show(self.errors)) }
                div .buttons {
                    button .button .primary type="submit" { (V::BUTTON) }
                    a .button href=(cancel) { "Cancel" }
                }
                @if subject.is_some() {
                    input type="hidden" name=(drafts::IS_KEPT) value="yes";
                    (drafts::line())
                }
            }
            (self.beside)
        };
        page::show(viewer, V::TITLE, content)
    }
}

/// Declares a verb: its words, how its form begins, how it is read, and where its record is.
macro_rules! verb {
    (
        $(#[$meta:meta])*
        $verb:ident: $path:ident, $form:ty => $use_case:ty, $title:literal, $button:literal, $lead:literal,
        back: $back:expr, $(adds: $adds:literal,)? $(undo: $undo:expr,)? $(beside: $beside:expr,)? begin: $begin:expr, parse: $parse:expr $(,)?
    ) => {
        $(#[$meta])*
        pub(crate) struct $verb;

        impl $crate::verb::Act for $verb {
            type Path = $path;
            type Form = $form;
            type UseCase = $use_case;
            const TITLE: &'static str = $title;
            const LEAD: &'static str = $lead;

            fn parse(path: &$path, form: &$form) -> Result<$use_case, $crate::form::Errors> {
                let parse: fn(&$path, &$form) -> Result<$use_case, $crate::form::Errors> = $parse;
                parse(path, form)
            }
        }

        impl $crate::verb::Verb for $verb {
            const BUTTON: &'static str = $button;
            $(const ADDS: bool = $adds;)?

            fn back(path: &$path) -> $crate::ui::Crumb {
                let back: fn(&$path) -> $crate::ui::Crumb = $back;
                back(path)
            }

            $(fn undo(path: &$path) -> Option<String> {
                let undo: fn(&$path) -> String = $undo;
                Some(undo(path))
            })?

            $(fn beside(
                app: &$crate::app::App,
                viewer: &$crate::viewer::Viewer,
                path: &$path,
                form: &$form,
            ) -> Result<maud::Markup, nevertwice_service::ServiceError> {
                let beside: fn(
                    &$crate::app::App,
                    &$crate::viewer::Viewer,
                    &$path,
                    &$form,
                ) -> Result<maud::Markup, nevertwice_service::ServiceError> = $beside;
                beside(app, viewer, path, form)
            })?

            fn begin(
                app: &$crate::app::App,
                viewer: &$crate::viewer::Viewer,
                path: &$path,
            ) -> Result<$form, nevertwice_service::ServiceError> {
                let begin: fn(
                    &$crate::app::App,
                    &$crate::viewer::Viewer,
                    &$path,
                ) -> Result<$form, nevertwice_service::ServiceError> = $begin;
                begin(app, viewer, path)
            }
        }
    };
}

pub(crate) use verb;

#[cfg(test)]
mod tests {
    use super::*;

    fn keeps(fields: Vec<Field<'_>>) -> bool {
        keeps_draft(&fields, false)
    }

    fn long(value: &str) -> Field<'_> {
        Field::new("text", "Text", value).kind(FieldKind::Prose { rows: 3 })
    }

    #[test]
    fn a_draft_is_kept_only_of_what_cannot_take_back_what_others_saved() {
        assert!(keeps(vec![long("")]), "something new");
        assert!(keeps(vec![Field::new("name", "Name", "a"), long("b"), Field::hidden(VERSION, "3")]));
        assert!(!keeps(vec![Field::new("name", "Name", "a"), long("")]), "a name that stands there");
        assert!(!keeps(vec![long("readers")]), "a list that stands there");
        assert!(!keeps(vec![Field::new("name", "Name", "")]), "nothing long to write");
    }
}
