//! The schemas of what use cases give back, for the reference documentation.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::{
    account, action, archive, backup, bundle, case, catalogue, checkpoint, doctor, hint, import, lesson,
    person, register, review, search, settings,
};

/// Every outcome by the name of its type.
#[must_use]
pub fn all() -> Vec<(String, RefOr<Schema>)> {
    fn one<T: ToSchema + PartialSchema>() -> (String, RefOr<Schema>) {
        (T::name().into_owned(), T::schema())
    }
    vec![
        one::<case::CaseView>(),
        one::<case::TimelineView>(),
        one::<case::CostView>(),
        one::<case::EvidenceView>(),
        one::<case::CommentView>(),
        one::<case::GapView>(),
        one::<case::ReviewOutline>(),
        one::<case::CauseLineView>(),
        one::<case::CauseLinkView>(),
        one::<case::LessonOutline>(),
        one::<case::ActionOutline>(),
        one::<case::MissingView>(),
        one::<search::CaseList>(),
        one::<search::CaseRow>(),
        one::<review::ReviewView>(),
        one::<review::ObjectionView>(),
        one::<review::DismissedView>(),
        one::<review::ToldView>(),
        one::<review::SimilarLookView>(),
        one::<review::SimilarHitView>(),
        one::<hint::HintView>(),
        one::<lesson::LessonView>(),
        one::<action::ActionView>(),
        one::<action::DueMoveView>(),
        one::<action::CheckView>(),
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
        one::<settings::SettingsView>(),
        one::<person::PersonView>(),
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
