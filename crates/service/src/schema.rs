//! The schemas of what use cases give back, for the reference documentation.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::{
    account, action, archive, awareness, backup, bundle, case, catalogue, checkpoint, control, doctor, hint,
    import, lesson, person, procedure, register, review, risk, search, settings, work,
};

/// Every outcome by the name of its type.
#[must_use]
pub fn all() -> Vec<(String, RefOr<Schema>)> {
    [of_records(), of_lists_and_the_register()].concat()
}

fn one<T: ToSchema + PartialSchema>() -> (String, RefOr<Schema>) {
    (T::name().into_owned(), T::schema())
}

fn of_records() -> Vec<(String, RefOr<Schema>)> {
    vec![
        one::<case::CaseView>(),
        one::<case::TimelineView>(),
        one::<case::CostView>(),
        one::<case::EvidenceView>(),
        one::<case::CommentView>(),
        one::<case::GapView>(),
        one::<case::ReviewOutline>(),
        one::<case::ChecklistView>(),
        one::<case::ChecklistLineView>(),
        one::<case::CauseLineView>(),
        one::<case::CauseLinkView>(),
        one::<case::LessonOutline>(),
        one::<case::ActionOutline>(),
        one::<case::MissingView>(),
        one::<case::DeclarationView>(),
        one::<control::ControlView>(),
        one::<control::ControlRow>(),
        one::<control::ControlOutline>(),
        one::<control::ControlOnCase>(),
        one::<control::PerformanceView>(),
        one::<control::ControlChangeView>(),
        one::<control::ChangeList>(),
        one::<control::ChangedView>(),
        one::<risk::RiskView>(),
        one::<risk::RiskOutline>(),
        one::<risk::RiskCaseView>(),
        one::<risk::AssessmentView>(),
        one::<risk::RiskList>(),
        one::<risk::HeatView>(),
        one::<search::CaseList>(),
        one::<search::CaseRow>(),
        one::<review::ReviewView>(),
        one::<review::EvaluationView>(),
        one::<review::ObjectionView>(),
        one::<review::DismissedView>(),
        one::<review::ToldView>(),
        one::<review::SimilarLookView>(),
        one::<review::SimilarHitView>(),
        one::<hint::HintView>(),
        one::<lesson::LessonView>(),
        one::<lesson::CoverageView>(),
        one::<lesson::ConfirmationView>(),
        one::<lesson::LessonGapList>(),
        one::<awareness::AwarenessView>(),
        one::<awareness::AwarenessReader>(),
        one::<awareness::AwarenessList>(),
        one::<awareness::AwarenessRow>(),
        one::<action::ActionView>(),
        one::<action::ActionEvidenceView>(),
        one::<action::ActionsToDecide>(),
        one::<action::DueMoveView>(),
        one::<action::CheckView>(),
    ]
}

fn of_lists_and_the_register() -> Vec<(String, RefOr<Schema>)> {
    vec![
        one::<work::WorkView>(),
        one::<work::WorkPart>(),
        one::<work::WorkRow>(),
        one::<procedure::ProcedureView>(),
        one::<procedure::ProcedureRow>(),
        one::<procedure::RulesView>(),
        one::<procedure::SentenceView>(),
        one::<procedure::ChangesView>(),
        one::<procedure::SayDoView>(),
        one::<procedure::PromiseView>(),
        one::<procedure::PromisedRecord>(),
        one::<search::ActionList>(),
        one::<search::ActionRow>(),
        one::<search::LessonList>(),
        one::<search::LessonRow>(),
        one::<search::ReviewList>(),
        one::<search::ReviewRow>(),
        one::<search::SearchList>(),
        one::<search::SearchHit>(),
        one::<search::SimilarView>(),
        one::<search::VolumeView>(),
        one::<search::GroupView>(),
        one::<search::LoopView>(),
        one::<search::LoopScore>(),
        one::<search::LoopGroupView>(),
        one::<search::FunnelStep>(),
        one::<settings::SettingsView>(),
        one::<person::PersonView>(),
        one::<person::OwedView>(),
        one::<person::OwedRow>(),
        one::<person::HandedOver>(),
        one::<person::NotHandedOver>(),
        one::<person::TokenView>(),
        one::<person::TokenRow>(),
        one::<account::InvitationView>(),
        one::<account::Invited>(),
        one::<catalogue::SupplierView>(),
        one::<catalogue::AssetView>(),
        one::<catalogue::AssetVersionView>(),
        one::<catalogue::FieldView>(),
        one::<catalogue::FieldValuesView>(),
        one::<register::VerificationView>(),
        one::<register::FindingView>(),
        one::<checkpoint::CheckpointView>(),
        one::<bundle::ExportView>(),
        one::<bundle::BundleView>(),
        one::<bundle::ErasedView>(),
        one::<archive::ArchiveView>(),
        one::<archive::ImportedView>(),
        one::<backup::BackupView>(),
        one::<backup::BackupVerification>(),
        one::<backup::RestoreView>(),
        one::<doctor::HealthView>(),
        one::<doctor::CheckupView>(),
        one::<search::Rebuilt>(),
        one::<import::ImportView>(),
        one::<import::GapPlaceView>(),
        one::<import::ImportRunView>(),
    ]
}
