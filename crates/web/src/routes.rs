//! Every address that the server answers, on one page.

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Router, middleware};
use axum_extra::routing::{SecondElementIs, TypedPath};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use nevertwice_service::case::{self, AddEvidence, FindEvidence};
use nevertwice_service::use_case::UseCase;
use utoipa::ToSchema;

use crate::api::{Described, Read};
use crate::app::App;
use crate::cases::evidence::EvidenceForm;
use crate::problem::Problem;
use crate::verb::{self, Act, Verb};
use crate::{
    account, actions, api, assets, awareness, cases, catalogue, company, controls, drafts, entry, health,
    learning, lessons, open, people, procedure, report, request, reviews, risks, search, upload, work,
};

/// Most bytes of a form but one with a file.
const FORM_LIMIT: usize = upload::TEXTS_LIMIT;
/// Most bytes of the form of evidence: the file, and what stands beside it.
const EVIDENCE_LIMIT: usize = 101_000_000;
/// Most bytes of a report: its files, and what stands beside them.
#[expect(clippy::cast_possible_truncation, reason = "25 MB are a number of bytes on every machine")]
const REPORT_LIMIT: usize = case::ATTACHMENTS * case::ATTACHMENT_LIMIT as usize + 1_000_000;
/// Longest that a request may take.
const LONGEST: Duration = Duration::from_secs(120);
/// Longest that one with files may take: what a slow line needs for all of them.
const LONGEST_UPLOAD: Duration = Duration::from_secs(60 * 60);
/// Longest that nothing of it may arrive.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// An address and the method that it answers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address, with names in braces for its parts; below `/api/v1` if it is of the API.
    pub path: &'static str,
    /// Whether it is for programs.
    pub is_api: bool,
}

impl Route {
    /// The whole address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}{}", if self.is_api { api::PREFIX } else { "" }, self.path)
    }
}

/// Collects routes, and remembers them for the matrix of who may do what.
struct Routes {
    router: Router<App>,
    api: Router<App>,
    known: Vec<Route>,
    described: Vec<Described>,
}

fn all() -> Routes {
    let parts = [
        health_and_assets,
        entry_and_account,
        report_and_cases,
        causes,
        the_procedure,
        lessons_of_cases,
        controls_and_risks,
        actions_of_cases,
        what_they_are_about,
        programs,
    ];
    parts.into_iter().fold(Routes::new(), |routes, part| part(routes))
}

/// Whether the server is there.
#[rustfmt::skip]
fn health_and_assets(routes: Routes) -> Routes {
    routes
        .get(health::livez)
        .get(health::readyz)
        .get(health::metrics)
        .get(assets::show)
}

/// Coming in and going out.
#[rustfmt::skip]
fn entry_and_account(routes: Routes) -> Routes {
    routes
        .get(entry::new).post(entry::create)
        .post(entry::leave)
        .get(entry::show_setup).post(entry::setup)
        .get(entry::invitation).post(entry::accept)
        .get(entry::show_enter).post(entry::enter)
        .get(open::new).post(open::create)
        .get(open::ask).post(open::show)
        .post(open::answer)
        .get(account::show)
        .get(account::new_password).post(account::change_password)
        .get(account::show_second_factor).post(account::start_second_factor)
        .post(account::confirm_second_factor)
        .post(account::remove_second_factor)
        .post(account::end_session)
        .post(account::end_other_sessions)
        .post(drafts::keep)
        .post(drafts::throw_away)
        .post(account::set_mails)
        .get(account::new_token).post(account::create_token)
        .post(account::revoke_token)
}

/// The loop: report, triage, respond.
#[rustfmt::skip]
fn report_and_cases(routes: Routes) -> Routes {
    routes
        .get(work::show)
        .get(report::new).upload(report::create, REPORT_LIMIT)
        .get(report::receipt)
        .get(cases::list)
        .get(cases::facets)
        .get(cases::over_time)
        .get(cases::export)
        .get(cases::show)
        .get(cases::similar)
        .get(cases::activity::show)
        .post(cases::activity::prove)
        .verb::<cases::verbs::ChangeFacts>()
        .verb::<cases::verbs::DescribeAiImpact>()
        .verb::<cases::verbs::Classify>()
        .verb::<cases::verbs::Decide>()
        .verb::<cases::verbs::TakeOn>()
        .verb::<cases::verbs::Resolve>()
        .verb::<cases::verbs::Close>()
        .verb::<cases::verbs::Reopen>()
        .verb::<cases::verbs::Void>()
        .verb::<cases::verbs::Restrict>()
        .verb::<cases::verbs::MakePart>()
        .verb::<cases::verbs::NoteMoment>()
        .verb::<cases::verbs::NoteCost>()
        .verb::<cases::verbs::Comment>()
        .verb::<cases::verbs::Settle>()
        .get(cases::evidence::new).upload(cases::evidence::create, EVIDENCE_LIMIT)
        .get(cases::evidence::show)
}

/// Review, causes.
#[rustfmt::skip]
fn causes(routes: Routes) -> Routes {
    routes
        .get(reviews::list)
        .get(reviews::show)
        .verb::<reviews::verbs::Open>()
        .verb::<reviews::verbs::Schedule>()
        .verb::<reviews::verbs::Hold>()
        .verb::<reviews::verbs::Ask>()
        .verb::<reviews::verbs::Reword>()
        .verb::<reviews::verbs::Remove>()
        .verb::<reviews::verbs::Link>()
        .verb::<reviews::verbs::Relink>()
        .verb::<reviews::verbs::Unlink>()
        .verb::<reviews::verbs::Dismiss>()
        .verb::<reviews::verbs::Look>()
        .verb::<reviews::verbs::Submit>()
        .verb::<reviews::verbs::Approve>()
        .verb::<reviews::verbs::SendBack>()
        .verb::<reviews::verbs::Waive>()
        .verb::<reviews::verbs::Evaluate>()
        .verb::<reviews::verbs::WriteLight>()
}

/// The incident management procedure.
#[rustfmt::skip]
fn the_procedure(routes: Routes) -> Routes {
    routes
        .get(procedure::in_force)
        .get(procedure::say_do)
        .get(learning::show)
        .get(procedure::list)
        .verb::<procedure::Begin>()
        .get(procedure::version)
        .verb::<procedure::Write>()
        .verb::<procedure::Submit>()
        .verb::<procedure::SendBack>()
        .verb::<procedure::Approve>()
        .verb::<procedure::Withdraw>()
}

/// Lessons, and what they tell people.
#[rustfmt::skip]
fn lessons_of_cases(routes: Routes) -> Routes {
    routes
        .get(lessons::list)
        .get(lessons::show)
        .verb::<lessons::verbs::Draft>()
        .verb::<lessons::verbs::Reword>()
        .verb::<lessons::verbs::Approve>()
        .verb::<lessons::verbs::Retire>()
        .verb::<lessons::verbs::Link>()
        .verb::<lessons::verbs::Unlink>()
        .verb::<lessons::verbs::Cover>()
        .verb::<lessons::verbs::ApproveCover>()
        .verb::<lessons::verbs::Confirm>()
        .get(lessons::orphans)
        .get(lessons::stale)
        .verb::<lessons::verbs::Publish>()
        .get(awareness::list)
        .get(awareness::show)
        .verb::<awareness::verbs::Acknowledge>()
        .verb::<awareness::verbs::Withdraw>()
}

/// Controls and risks, and what cases change in them.
#[rustfmt::skip]
fn controls_and_risks(routes: Routes) -> Routes {
    routes
        .get(controls::list)
        .verb::<controls::Add>()
        .get(controls::show)
        .verb::<controls::Say>()
        .verb::<controls::Retire>()
        .get(controls::changes)
        .verb::<cases::verbs::NotePerformance>()
        .verb::<cases::verbs::ChangePerformance>()
        .verb::<cases::verbs::TakePerformanceBack>()
        .verb::<cases::verbs::RecordControlChange>()
        .verb::<cases::verbs::DeclareNotNeeded>()
        .verb::<cases::verbs::ApproveDeclaration>()
        .verb::<cases::verbs::TakeDeclarationBack>()
        .get(risks::list)
        .verb::<risks::Register>()
        .get(risks::show)
        .verb::<risks::ChangeFacts>()
        .verb::<risks::Assess>()
        .verb::<risks::Accept>()
        .verb::<risks::Link>()
        .verb::<risks::Close>()
        .verb::<risks::Reopen>()
}

/// Actions, and whether they worked.
#[rustfmt::skip]
fn actions_of_cases(routes: Routes) -> Routes {
    routes
        .get(actions::list)
        .get(actions::show)
        .verb::<actions::verbs::Plan>()
        .verb::<actions::verbs::Start>()
        .verb::<actions::verbs::Complete>()
        .verb::<actions::verbs::UndoCompletion>()
        .verb::<actions::verbs::MoveDate>()
        .verb::<actions::verbs::HandOver>()
        .verb::<actions::verbs::DecideAgainst>()
        .verb::<actions::verbs::Rate>()
        .verb::<actions::verbs::PlanTheCheck>()
        .verb::<actions::verbs::Judge>()
        .verb::<actions::verbs::Renew>()
        .verb::<actions::verbs::TakeUp>()
        .verb::<actions::verbs::Cost>()
        .get(actions::decide_again)
}

/// What they are about, and who the company is.
#[rustfmt::skip]
fn what_they_are_about(routes: Routes) -> Routes {
    routes
        .get(search::show)
        .get(catalogue::assets)
        .verb::<catalogue::EnterAsset>()
        .get(catalogue::asset)
        .verb::<catalogue::ChangeAsset>()
        .verb::<catalogue::EnterAssetVersion>()
        .get(catalogue::suppliers)
        .verb::<catalogue::EnterSupplier>()
        .get(catalogue::supplier)
        .verb::<catalogue::ChangeSupplier>()
        .get(people::list)
        .verb::<people::Add>()
        .get(people::show)
        .verb::<people::ChangeRoles>()
        .get(people::invited).post(people::invite)
        .verb::<people::Disable>()
        .get(people::owed).post(people::hand_over)
        .get(people::owed_by_left)
        .get(company::show)
        .verb::<company::Change>()
}

/// The same for programs.
#[rustfmt::skip]
fn programs(routes: Routes) -> Routes {
    routes
        .get(api::openapi)
        .get(api::page)
        .read::<api::Myself>()
        .act::<api::Report>()
        .act::<people::MakeInvitation>()
        .act::<people::HandOverAll>()
        .file_in::<EvidenceForm, AddEvidence, _, _, _>(api::add_evidence, EVIDENCE_LIMIT, "Add evidence")
        .file_out::<FindEvidence, _, _, _>(api::evidence_file, "A file of the evidence")
        .read::<api::Cases>()
        .read::<api::CaseCounts>()
        .read::<api::Case>()
        .read::<api::Similar>()
        .read::<api::Activity>()
        .read::<api::Work>()
        .read::<api::Procedure>()
        .read::<api::Procedures>()
        .read::<api::ProcedureVersion>()
        .read::<api::SayDo>()
        .read::<api::Reviews>()
        .read::<api::Review>()
        .read::<api::Lessons>()
        .read::<api::Lesson>()
        .read::<api::SimilarLessons>()
        .read::<api::OrphanLessons>()
        .read::<api::StaleLessons>()
        .read::<api::AwarenessItems>()
        .read::<api::Awareness>()
        .read::<api::Owed>()
        .read::<api::OwedByLeft>()
        .read::<api::DecideAgain>()
        .read::<api::Controls>()
        .read::<api::Control>()
        .read::<api::Changes>()
        .read::<api::Risks>()
        .read::<api::Risk>()
        .read::<api::Actions>()
        .read::<api::Action>()
        .read::<api::Everything>()
        .read::<api::Volume>()
        .read::<api::Loop>()
        .read::<api::Assets>()
        .read::<api::Asset>()
        .read::<api::Suppliers>()
        .read::<api::Supplier>()
        .read::<api::People>()
        .read::<api::Fields>()
        .read::<api::Settings>()
}

/// Every operation of the API, for its description.
pub(crate) fn described() -> Vec<Described> {
    all().described
}

/// Every address that the server answers.
#[must_use]
pub fn routes() -> Vec<Route> {
    all().known
}

/// The server, ready to answer.
pub fn router(app: App) -> Router {
    let Routes { router, api, .. } = all();
    router
        .nest(api::PREFIX, api)
        .fallback(|| async { Problem::no_such_page() })
        .layer(CompressionLayer::new())
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::custom(broke_down))
        .layer(middleware::from_fn_with_state(app.clone(), request::around))
        .with_state(app)
}

impl Routes {
    fn new() -> Self {
        Self { router: Router::new(), api: Router::new(), known: Vec::new(), described: Vec::new() }
    }

    /// A page, or a part of one.
    fn get<H, T, P>(self, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add("GET", P::PATH, get(handler), LONGEST)
    }

    /// What the form of a page is sent to.
    fn post<H, T, P>(self, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add("POST", P::PATH, post(handler).layer(DefaultBodyLimit::max(FORM_LIMIT)), LONGEST)
    }

    /// As [`Self::post`], with files: so many bytes in all.
    fn upload<H, T, P>(self, handler: H, limit: usize) -> Self
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add("POST", P::PATH, post(handler).layer(of_upload(limit)), LONGEST_UPLOAD)
    }

    /// What a person does to a record: the page with the form, what the form is sent to, and the same for programs.
    fn verb<V: Verb>(self) -> Self {
        self.get(verb::new::<V>).post(verb::create::<V>).change::<V>(Described::verb::<V>())
    }

    /// A change that programs make.
    fn act<V: Act>(self) -> Self {
        self.change::<V>(Described::write::<V>())
    }

    /// A file that programs send.
    fn file_in<F, U, H, T, P>(mut self, handler: H, limit: usize, summary: &str) -> Self
    where
        F: ToSchema,
        U: UseCase<Output: ToSchema>,
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.described.push(Described::upload::<F, U>(P::PATH, summary));
        self.add_api("POST", P::PATH, post(handler).layer(of_upload(limit)), LONGEST_UPLOAD)
    }

    /// A file that programs are given.
    fn file_out<U, H, T, P>(mut self, handler: H, summary: &str) -> Self
    where
        U: UseCase<Output: ToSchema>,
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.described.push(Described::download::<U>(P::PATH, summary));
        self.add_api("GET", P::PATH, get(handler), LONGEST)
    }

    fn change<V: Act>(mut self, described: Described) -> Self {
        self.described.push(described);
        let handler = post(api::write::<V>).layer(DefaultBodyLimit::max(FORM_LIMIT));
        self.add_api("POST", <V::Path as TypedPath>::PATH, handler, LONGEST)
    }

    /// A question that programs ask.
    fn read<R: Read>(mut self) -> Self {
        self.described.push(Described::read::<R>());
        self.add_api("GET", <R::Path as TypedPath>::PATH, get(api::read::<R>), LONGEST)
    }

    fn add_api(
        mut self,
        method: &'static str,
        path: &'static str,
        handler: MethodRouter<App>,
        longest: Duration,
    ) -> Self {
        self.known.push(Route { method, path, is_api: true });
        self.api = self.api.route(path, handler.layer(at_most(longest)));
        self
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        handler: MethodRouter<App>,
        longest: Duration,
    ) -> Self {
        self.known.push(Route { method, path, is_api: false });
        self.router = self.router.route(path, handler.layer(at_most(longest)));
        self
    }
}

/// A body of so many bytes, of which something keeps arriving.
fn of_upload(limit: usize) -> (RequestBodyTimeoutLayer, DefaultBodyLimit) {
    (RequestBodyTimeoutLayer::new(LONGEST_PAUSE), DefaultBodyLimit::max(limit))
}

fn at_most(time: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, time)
}

/// A mistake in this program is told as one; the log has what it was.
fn broke_down(panic: Box<dyn std::any::Any + Send>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words");
    Problem::from(nevertwice_service::ServiceError::internal(words)).into_response()
}
