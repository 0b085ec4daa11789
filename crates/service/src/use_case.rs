//! Use cases as values: what the command line sends to a running server is what it would have run itself.

use nevertwice_store::request as requests;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::caller::Identity;
use crate::error::ServiceError;
use crate::nothing_there;
use crate::once::{self, Keyed, RequestKey};
use crate::service::{Service, Unit};

/// One thing that somebody can ask of the register: the input, typed and parsed.
pub trait UseCase: Serialize + DeserializeOwned + Send + 'static {
    /// What comes back.
    type Output: Serialize + DeserializeOwned + Send + 'static;
    /// Its name between a command and a server, snake_case.
    const NAME: &'static str;
    /// Whether it is done once however often it is asked under one [key](RequestKey). What is no single change is not.
    const TAKES_KEY: bool = false;

    /// Does it. Whoever asks from outside asks through [`Asked::run`].
    ///
    /// # Errors
    /// Says what stands in the way; then nothing was written.
    fn run(self, asked: &Asked<'_>) -> Result<Self::Output, ServiceError>;
}

/// A use case that changes the register in one unit of work.
pub trait Change: Serialize + DeserializeOwned + Send + 'static {
    /// What comes back.
    type Output: Serialize + DeserializeOwned + Send + 'static;
    /// As [`UseCase::NAME`].
    const NAME: &'static str;
    /// What the trail calls it.
    const ACTION: &'static str = Self::NAME;
    /// Whether somebody may know of less than before. Then it is acknowledged only after this process's index has it.
    const NARROWS: bool = false;
    /// Whether a secret goes in or comes out. Then nothing of it may be kept for somebody who asks again.
    const HOLDS_SECRET: bool = false;

    /// Does it, through the unit alone: it may be run more than once.
    ///
    /// # Errors
    /// As [`UseCase::run`].
    fn change(&self, unit: &mut Unit<'_>) -> Result<Self::Output, ServiceError>;
}

impl<C: Change> UseCase for C {
    type Output = C::Output;
    const NAME: &'static str = C::NAME;
    const TAKES_KEY: bool = !C::HOLDS_SECRET;

    fn run(self, asked: &Asked<'_>) -> Result<C::Output, ServiceError> {
        let keyed = asked.key.map(|key| Keyed::new(key, C::NAME, &self)).transpose()?;
        let change = move |unit: &mut Unit<'_>| {
            let output = self.change(unit)?;
            if C::NARROWS {
                requests::forget_answers(unit.tx)?;
            }
            Ok(output)
        };
        let done = asked.service.write(asked.identity, C::ACTION, move |unit| match &keyed {
            Some(keyed) => keyed.once(unit, &change),
            None => change(unit),
        })?;
        // It is written, whatever becomes of the index: a search is refused until the index has followed.
        if C::NARROWS
            && let Err(error) = asked.service.feed().narrow()
        {
            tracing::warn!(%error, action = C::ACTION, "the index follows with the next search");
        }
        Ok(done.value)
    }
}

/// In whose name a use case runs, on which register, and who watches.
pub struct Asked<'a> {
    /// The register.
    pub service: &'a Service,
    /// Who asks.
    pub identity: &'a Identity,
    /// Told about progress: how much is done, of how much where that is known.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// By what it is known again if it is asked twice.
    pub key: Option<&'a RequestKey>,
}

impl<'a> Asked<'a> {
    /// Asked in somebody's name; nobody watches, and asked twice it is done twice.
    #[must_use]
    pub fn new(service: &'a Service, identity: &'a Identity) -> Self {
        Self { service, identity, progress: &|_| (), key: None }
    }

    /// The same, watched.
    #[must_use]
    pub fn watched(self, progress: &'a (dyn Fn(Progress) + Sync)) -> Self {
        Self { progress, ..self }
    }

    /// The same under a key.
    #[must_use]
    pub fn keyed(self, key: Option<&'a RequestKey>) -> Self {
        Self { key, ..self }
    }

    /// Runs a use case: the one way from every surface, so that what holds for all of them is seen to here.
    ///
    /// # Errors
    /// What the use case reports, or that it takes no key; that something is not there, only at a time that does not tell whether it was looked at.
    pub fn run<U: UseCase>(&self, use_case: U) -> Result<U::Output, ServiceError> {
        if self.key.is_some() && !U::TAKES_KEY {
            return Err(once::unsupported(U::NAME));
        }
        let clock = self.service.clock();
        let asked_at = clock.steady();
        use_case.run(self).inspect_err(|error| nothing_there::wait(clock, asked_at, error))
    }
}

/// How far a long use case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// Of so many, where known.
    pub total: Option<u64>,
}

/// Runs a use case that came as JSON, and gives its outcome as JSON.
type Runner = fn(serde_json::Value, &Asked<'_>) -> Result<serde_json::Value, ServiceError>;

fn run_json<U: UseCase>(
    input: serde_json::Value,
    asked: &Asked<'_>,
) -> Result<serde_json::Value, ServiceError> {
    let input: U = serde_json::from_value(input).map_err(|error| {
        ServiceError::invalid(
            "input",
            "input.unreadable",
            format!("the input of {} cannot be read: {error}", U::NAME),
        )
    })?;
    serde_json::to_value(asked.run(input)?).map_err(ServiceError::internal)
}

macro_rules! register {
    ($($case:ty),+ $(,)?) => {
        /// Every use case that a running server answers.
        static RUNNERS: &[(&str, Runner)] = &[$((<$case as UseCase>::NAME, run_json::<$case>)),+];
    };
}

/// Runs the use case of a name.
///
/// # Errors
/// There is none of that name, its input cannot be read, or what it reports itself.
pub fn run_named(
    name: &str,
    input: serde_json::Value,
    asked: &Asked<'_>,
) -> Result<serde_json::Value, ServiceError> {
    let runner =
        RUNNERS.iter().find(|(known, _)| *known == name).map(|(_, runner)| runner).ok_or_else(|| {
            let message = format!(
                "the running server does not know {name}; it is of another version than this command"
            );
            ServiceError::new(crate::error::Kind::Unavailable, "socket.unknown_use_case", message)
        })?;
    runner(input, asked)
}

/// The names of every use case that a running server answers.
pub fn names() -> impl Iterator<Item = &'static str> {
    RUNNERS.iter().map(|(name, _)| *name)
}

register!(
    crate::settings::ShowSettings,
    crate::settings::EditSettings,
    crate::person::NewPerson,
    crate::person::ListPeople,
    crate::person::ConfirmPerson,
    crate::person::DisablePerson,
    crate::person::ListOwed,
    crate::person::HandOverEverything,
    crate::person::NewToken,
    crate::person::NewOwnToken,
    crate::person::ListTokens,
    crate::person::RevokeToken,
    crate::account::SignIn,
    crate::account::SignOut,
    crate::account::ShowSelf,
    crate::account::ListSessions,
    crate::account::EndSession,
    crate::account::EndOtherSessions,
    crate::account::Invite,
    crate::account::ShowInvitation,
    crate::account::AcceptInvitation,
    crate::account::NewSignInLink,
    crate::account::EnterByLink,
    crate::account::ChangePassword,
    crate::mail::ShowMailPreferences,
    crate::mail::SetMailPreferences,
    crate::draft::KeepDraft,
    crate::draft::ShowDraft,
    crate::draft::ListDrafts,
    crate::draft::DropDraft,
    crate::account::StartSecondFactor,
    crate::account::ConfirmSecondFactor,
    crate::account::RemoveSecondFactor,
    crate::catalogue::NewSupplier,
    crate::catalogue::ListSuppliers,
    crate::catalogue::ShowSupplier,
    crate::catalogue::EditSupplier,
    crate::catalogue::NewAsset,
    crate::catalogue::NewAssetVersion,
    crate::catalogue::ListAssets,
    crate::catalogue::ShowAsset,
    crate::catalogue::EditAsset,
    crate::catalogue::NewField,
    crate::catalogue::ListFields,
    crate::catalogue::SetFields,
    crate::open::MayReportOpenly,
    crate::open::ReportOpenly,
    crate::open::ShowReceipt,
    crate::open::AnswerByReceipt,
    crate::case::ReportCase,
    crate::case::ShowCase,
    crate::case::ShowActivity,
    crate::case::EditCase,
    crate::case::ClassifyCase,
    crate::case::DecideCase,
    crate::case::RespondToCase,
    crate::case::ResolveCase,
    crate::case::CloseCase,
    crate::case::ReopenCase,
    crate::case::VoidCase,
    crate::case::RestrictCase,
    crate::case::PartOfCase,
    crate::case::AddTimelineEntry,
    crate::case::AddCost,
    crate::case::AddComment,
    crate::case::AddEvidence,
    crate::case::FindEvidence,
    crate::case::SettleGap,
    crate::procedure::ShowProcedure,
    crate::procedure::ShowProcedureVersion,
    crate::procedure::ListProcedures,
    crate::procedure::DraftProcedure,
    crate::procedure::EditProcedure,
    crate::procedure::SubmitProcedure,
    crate::procedure::SendProcedureBack,
    crate::procedure::ApproveProcedure,
    crate::procedure::WithdrawProcedure,
    crate::procedure::SayDo,
    crate::review::NewReview,
    crate::review::ShowReview,
    crate::review::ScheduleReview,
    crate::review::HoldReview,
    crate::review::EvaluateReview,
    crate::review::WriteLightReview,
    crate::review::SubmitReview,
    crate::review::ApproveReview,
    crate::review::SendReviewBack,
    crate::review::WaiveReview,
    crate::review::AddWhy,
    crate::review::EditWhy,
    crate::review::RemoveWhy,
    crate::review::MoveWhy,
    crate::review::LinkCauses,
    crate::review::EditCauseLink,
    crate::review::RemoveCauseLink,
    crate::review::DismissFinding,
    crate::review::RecordSimilar,
    crate::lesson::NewLesson,
    crate::lesson::ShowLesson,
    crate::lesson::EditLesson,
    crate::lesson::LinkLesson,
    crate::lesson::ApproveLesson,
    crate::lesson::RetireLesson,
    crate::lesson::CoverLesson,
    crate::lesson::ApproveCoverage,
    crate::lesson::UnlinkLesson,
    crate::lesson::ConfirmLesson,
    crate::lesson::FindSimilarLessons,
    crate::lesson::ListLessonGaps,
    crate::awareness::PublishAwareness,
    crate::awareness::ShowAwareness,
    crate::awareness::ListAwareness,
    crate::awareness::AcknowledgeAwareness,
    crate::awareness::WithdrawAwareness,
    crate::action::NewAction,
    crate::action::ShowAction,
    crate::action::StartAction,
    crate::action::MoveAction,
    crate::action::HandOverAction,
    crate::action::CompleteAction,
    crate::action::ReopenAction,
    crate::action::NotDoingAction,
    crate::action::RateStrength,
    crate::action::PlanCheck,
    crate::action::CheckAction,
    crate::work::ShowWork,
    crate::action::RenewNotDoing,
    crate::action::TakeUpAction,
    crate::action::SetActionCost,
    crate::action::ListDecideAgain,
    crate::case::DeclareNotNeeded,
    crate::case::ApproveDeclaration,
    crate::case::RemoveDeclaration,
    crate::control::ListControls,
    crate::control::ShowControl,
    crate::control::NewControl,
    crate::control::EditControl,
    crate::control::RetireControl,
    crate::control::AddPerformance,
    crate::control::EditPerformance,
    crate::control::RemovePerformance,
    crate::control::NewControlChange,
    crate::control::ListChanges,
    crate::risk::ListRisks,
    crate::risk::ShowRisk,
    crate::risk::NewRisk,
    crate::risk::EditRisk,
    crate::risk::AssessRisk,
    crate::risk::AcceptRisk,
    crate::risk::LinkRisk,
    crate::risk::CloseRisk,
    crate::risk::ReopenRisk,
    crate::search::ListCases,
    crate::search::ListActions,
    crate::search::ListLessons,
    crate::search::ListReviews,
    crate::search::Search,
    crate::search::RebuildIndex,
    crate::search::MeasureVolume,
    crate::search::ShowLoop,
    crate::search::Facets,
    crate::search::FindSimilar,
    crate::register::VerifyTrail,
    crate::checkpoint::ShowTrailHead,
    crate::checkpoint::MakeCheckpoint,
    crate::bundle::ExportBundle,
    crate::archive::ExportArchive,
    crate::backup::CreateBackup,
    crate::doctor::Doctor,
    crate::import::ImportSpreadsheet,
    crate::import::ImportVeris,
    crate::import::ListImports,
    crate::import::UndoImport,
);
