//! Every address as a type: a link that leads nowhere does not compile. What a person does to a record is a resource of
//! its own below it.

use axum_extra::routing::TypedPath;
use nevertwice_domain::case::LoopLink;
use nevertwice_domain::control::ControlRef;
use nevertwice_domain::reference::{
    ActionRef, AssetRef, AwarenessRef, CaseRef, LessonRef, ProcedureRef, ReviewRef, RiskRef, SupplierRef,
};
use serde::Deserialize;

use crate::problem::Problem;

macro_rules! paths {
    ($( $(#[$meta:meta])* $name:ident $path:literal $({ $($field:ident: $type:ty),+ })? ;)+) => {$(
        paths!(@one $(#[$meta])* $name $path $({ $($field: $type),+ })?);
    )+};
    (@one $(#[$meta:meta])* $name:ident $path:literal) => {
        $(#[$meta])*
        #[derive(TypedPath, Debug, Clone, Copy)]
        #[typed_path($path, rejection(Problem))]
        pub(crate) struct $name;
    };
    (@one $(#[$meta:meta])* $name:ident $path:literal { $($field:ident: $type:ty),+ }) => {
        $(#[$meta])*
        #[derive(TypedPath, Debug, Clone, Deserialize)]
        #[typed_path($path, rejection(Problem))]
        pub(crate) struct $name { $(pub(crate) $field: $type),+ }
    };
}

paths! {
    /// My work.
    Home "/";
    /// My work, for programs.
    Work "/work";
    /// What one began to write and has not sent.
    Drafts "/drafts";
    /// Throws a draft away.
    DraftDrop "/drafts/dropped";
    /// Signing in.
    SignIn "/sign-in";
    /// Signing out.
    SignOut "/sign-out";
    /// Setting a password by an invitation, or by the code of the console.
    Invitation "/invitation/{code}" { code: String };
    /// Asks for the code that the console shows.
    Setup "/setup";
    /// Entering by a link that works once.
    Enter "/enter/{code}" { code: String };
    /// One's own account.
    Account "/account";
    /// One's own password.
    Password "/account/password";
    /// One's own second factor.
    SecondFactor "/account/second-factor";
    /// Confirms a second factor by its first code.
    SecondFactorProof "/account/second-factor/confirmation";
    /// Takes the second factor away.
    SecondFactorRemoval "/account/second-factor/removal";
    /// Ends every other session.
    OtherSessions "/account/sessions/others";
    /// Ends a session.
    SessionEnd "/account/sessions/{id}/end" { id: String };
    /// Whether one wants mails.
    MailPreferences "/account/mails";
    /// One's own tokens.
    Tokens "/account/tokens";
    /// Takes a token back.
    TokenRevocation "/account/tokens/{id}/revocation" { id: String };

    /// Reporting a case.
    Report "/report";
    /// Reporting without an account.
    OpenReport "/open-report";
    /// The way back to a report that was made without an account.
    Receipt "/receipt";
    /// Answers by whoever holds a receipt.
    ReceiptAnswers "/receipt/answers";
    /// The register.
    Cases "/cases";
    /// How many cases there are of each kind, for the register's filters.
    CaseFacets "/cases/facets";
    /// How many cases there were, month by month.
    CasesOverTime "/cases/over-time";
    /// The register as a table to carry away.
    CasesExport "/cases/export/{ending}" { ending: String };
    /// A case.
    Case "/cases/{case}" { case: CaseRef };
    /// What the reporter is told.
    CaseReceipt "/cases/{case}/receipt" { case: CaseRef };
    /// The facts of a case.
    CaseFacts "/cases/{case}/facts" { case: CaseRef };
    /// Its class and severity.
    Classification "/cases/{case}/classification" { case: CaseRef };
    /// The event decision.
    Decision "/cases/{case}/decision" { case: CaseRef };
    /// Taking a case on.
    CaseResponse "/cases/{case}/response" { case: CaseRef };
    /// Service is as before.
    Resolution "/cases/{case}/resolution" { case: CaseRef };
    /// Closing a case.
    Closure "/cases/{case}/closure" { case: CaseRef };
    /// Opening a closed case again.
    Reopening "/cases/{case}/reopening" { case: CaseRef };
    /// Declaring a case void.
    Voiding "/cases/{case}/voiding" { case: CaseRef };
    /// The need-to-know list.
    Restriction "/cases/{case}/restriction" { case: CaseRef };
    /// The incident that a case is a part of.
    Parent "/cases/{case}/parent" { case: CaseRef };
    /// Its timeline.
    Timeline "/cases/{case}/timeline" { case: CaseRef };
    /// Its costs.
    Costs "/cases/{case}/costs" { case: CaseRef };
    /// Its comments.
    Comments "/cases/{case}/comments" { case: CaseRef };
    /// Its evidence.
    EvidenceOf "/cases/{case}/evidence" { case: CaseRef };
    /// A file among the evidence.
    EvidenceFile "/cases/{case}/evidence/{id}" { case: CaseRef, id: String };
    /// What was done to a case.
    Activity "/cases/{case}/activity" { case: CaseRef };
    /// A bundle that proves what was done to a case.
    Proof "/cases/{case}/proof" { case: CaseRef };
    /// Cases like another.
    SimilarCases "/cases/{case}/similar" { case: CaseRef };
    /// The AI impact block.
    AiImpactOf "/cases/{case}/ai-impact" { case: CaseRef };
    /// A gap that an import left.
    GapSettlement "/cases/{case}/gaps/{gap}/settlement" { case: CaseRef, gap: String };
    /// Reviews of a case.
    CaseReviews "/cases/{case}/reviews" { case: CaseRef };
    /// Lessons from a case.
    CaseLessons "/cases/{case}/lessons" { case: CaseRef };
    /// How controls did on a case.
    CaseControls "/cases/{case}/controls" { case: CaseRef };
    /// How one control did on a case.
    CaseControl "/cases/{case}/controls/{control}" { case: CaseRef, control: ControlRef };
    /// Takes back how a control did on a case.
    CaseControlRemoval "/cases/{case}/controls/{control}/removal" { case: CaseRef, control: ControlRef };
    /// What a case changed in controls.
    ControlChanges "/cases/{case}/control-changes" { case: CaseRef };
    /// Links of the loop of a case that are not needed.
    Declarations "/cases/{case}/declarations" { case: CaseRef };
    /// Agreeing that a link is not needed.
    DeclarationApproval "/cases/{case}/declarations/{link}/approval" { case: CaseRef, link: LoopLink };
    /// Taking back that a link is not needed.
    DeclarationRemoval "/cases/{case}/declarations/{link}/removal" { case: CaseRef, link: LoopLink };
    /// Actions of a case.
    CaseActions "/cases/{case}/actions" { case: CaseRef };

    /// Reviews.
    Reviews "/reviews";
    /// A review with its causes.
    Review "/reviews/{review}" { review: ReviewRef };
    /// Answers to why.
    Whys "/reviews/{review}/whys" { review: ReviewRef };
    /// One answer.
    Why "/reviews/{review}/whys/{number}" { review: ReviewRef, number: String };
    /// Takes an answer away.
    WhyRemoval "/reviews/{review}/whys/{number}/removal" { review: ReviewRef, number: String };
    /// What else an answer explains.
    CauseLinks "/reviews/{review}/whys/{number}/links" { review: ReviewRef, number: String };
    /// What an answer did to another, or to the problem: `0`.
    CauseLink "/reviews/{review}/whys/{number}/links/{effect}" { review: ReviewRef, number: String, effect: String };
    /// Takes a link away.
    CauseLinkRemoval "/reviews/{review}/whys/{number}/links/{effect}/removal" { review: ReviewRef, number: String, effect: String };
    /// Sets a finding about an answer aside.
    FindingDismissal "/reviews/{review}/whys/{number}/findings/{rule}/dismissal" { review: ReviewRef, number: String, rule: String };
    /// Whether something like it happened before.
    SimilarLook "/reviews/{review}/similar" { review: ReviewRef };
    /// The day of a review.
    ReviewDate "/reviews/{review}/date" { review: ReviewRef };
    /// The meeting.
    Meeting "/reviews/{review}/meeting" { review: ReviewRef };
    /// Submitting the causes for approval.
    Submission "/reviews/{review}/submission" { review: ReviewRef };
    /// Approving a review.
    ReviewApproval "/reviews/{review}/approval" { review: ReviewRef };
    /// Sending a review back.
    ReviewReturn "/reviews/{review}/return" { review: ReviewRef };
    /// Waiving a review.
    Waiver "/reviews/{review}/waiver" { review: ReviewRef };

    /// How the response went.
    ReviewEvaluation "/reviews/{review}/evaluation" { review: ReviewRef };
    /// A light review in one step.
    LightReview "/reviews/{review}/light" { review: ReviewRef };

    /// The incident management procedure that is in force.
    Procedure "/procedure";
    /// Whether what the procedure says is done.
    SayDo "/procedure/say-do";
    /// Its versions.
    ProcedureVersions "/procedure/versions";
    /// Beginning a version.
    NewProcedure "/procedure/versions/new";
    /// A version of the procedure.
    ProcedureVersion "/procedure/versions/{procedure}" { procedure: ProcedureRef };
    /// Writing on a draft.
    ProcedureText "/procedure/versions/{procedure}/text" { procedure: ProcedureRef };
    /// Submitting a draft for approval.
    ProcedureSubmission "/procedure/versions/{procedure}/submission" { procedure: ProcedureRef };
    /// Sending a submitted version back.
    ProcedureReturn "/procedure/versions/{procedure}/return" { procedure: ProcedureRef };
    /// Approving a version.
    ProcedureApproval "/procedure/versions/{procedure}/approval" { procedure: ProcedureRef };
    /// Giving a version up.
    ProcedureWithdrawal "/procedure/versions/{procedure}/withdrawal" { procedure: ProcedureRef };

    /// Lessons.
    Lessons "/lessons";
    /// A lesson.
    Lesson "/lessons/{lesson}" { lesson: LessonRef };
    /// Rewording a draft.
    LessonText "/lessons/{lesson}/text" { lesson: LessonRef };
    /// Approving a lesson.
    LessonApproval "/lessons/{lesson}/approval" { lesson: LessonRef };
    /// Retiring a lesson.
    Retirement "/lessons/{lesson}/retirement" { lesson: LessonRef };
    /// One more case that a lesson was learned from.
    LessonCases "/lessons/{lesson}/cases" { lesson: LessonRef };
    /// A lesson was not learned from a case after all.
    LessonUnlinking "/lessons/{lesson}/cases/removal" { lesson: LessonRef };
    /// What covers a lesson.
    LessonCoverage "/lessons/{lesson}/coverage" { lesson: LessonRef };
    /// Approving what covers a lesson.
    CoverageApproval "/lessons/{lesson}/coverage/approval" { lesson: LessonRef };
    /// A lesson is still true.
    LessonConfirmation "/lessons/{lesson}/confirmation" { lesson: LessonRef };
    /// Publishing what a lesson tells people.
    LessonAwareness "/lessons/{lesson}/awareness" { lesson: LessonRef };
    /// Lessons that nothing puts to work.
    OrphanLessons "/lessons/orphans";
    /// Lessons that nobody has looked at for too long.
    StaleLessons "/lessons/stale";
    /// Lessons that say something like what is learned from a case.
    SimilarLessons "/cases/{case}/lessons/similar" { case: CaseRef };

    /// Awareness items.
    AwarenessItems "/awareness";
    /// An awareness item.
    Awareness "/awareness/{item}" { item: AwarenessRef };
    /// Acknowledging an awareness item.
    Acknowledgement "/awareness/{item}/acknowledgement" { item: AwarenessRef };
    /// Taking an awareness item back.
    AwarenessWithdrawal "/awareness/{item}/withdrawal" { item: AwarenessRef };

    /// Controls: the Statement of Applicability.
    Controls "/controls";
    /// Adding a control of one's own.
    NewControl "/controls/new";
    /// A control.
    Control "/controls/{control}" { control: ControlRef };
    /// What is said of a control.
    ControlFacts "/controls/{control}/facts" { control: ControlRef };
    /// Retiring a control of one's own.
    ControlRetirement "/controls/{control}/retirement" { control: ControlRef };
    /// What changed because of what.
    Changes "/changes";
    /// Risks.
    Risks "/risks";
    /// Registering a risk.
    NewRisk "/risks/new";
    /// A risk.
    Risk "/risks/{risk}" { risk: RiskRef };
    /// The facts of a risk.
    RiskFacts "/risks/{risk}/facts" { risk: RiskRef };
    /// Looks at a risk.
    RiskAssessments "/risks/{risk}/assessments" { risk: RiskRef };
    /// Accepting what remains of a risk.
    RiskAcceptance "/risks/{risk}/acceptance" { risk: RiskRef };
    /// Controls and cases that a risk is linked to.
    RiskLinks "/risks/{risk}/links" { risk: RiskRef };
    /// Closing a risk.
    RiskClosure "/risks/{risk}/closure" { risk: RiskRef };
    /// Opening a closed risk again.
    RiskReopening "/risks/{risk}/reopening" { risk: RiskRef };

    /// Actions.
    Actions "/actions";
    /// An action.
    Action "/actions/{action}" { action: ActionRef };
    /// Beginning an action.
    ActionStart "/actions/{action}/start" { action: ActionRef };
    /// Completing an action.
    Completion "/actions/{action}/completion" { action: ActionRef };
    /// Taking a completion back.
    CompletionUndoing "/actions/{action}/completion/undoing" { action: ActionRef };
    /// Moving the date.
    DueDate "/actions/{action}/due-date" { action: ActionRef };
    /// Handing an action over.
    Owner "/actions/{action}/owner" { action: ActionRef };
    /// Deciding not to do it.
    NotDoing "/actions/{action}/not-doing" { action: ActionRef };
    /// Deciding once more not to do it.
    NotDoingRenewal "/actions/{action}/not-doing/renewal" { action: ActionRef };
    /// Taking it up after all.
    TakingUp "/actions/{action}/taking-up" { action: ActionRef };
    /// What it costs.
    ActionCost "/actions/{action}/cost" { action: ActionRef };
    /// What it was decided not to do until a day that has passed.
    DecideAgain "/actions/decide-again";
    /// Rating its strength.
    Strength "/actions/{action}/strength" { action: ActionRef };
    /// Planning a check of its effect.
    Checks "/actions/{action}/checks" { action: ActionRef };
    /// Judging its effect.
    Judgement "/actions/{action}/judgement" { action: ActionRef };

    /// Searching everything.
    SearchAll "/search";
    /// AI assets.
    Assets "/ai-assets";
    /// An AI asset.
    AssetPage "/ai-assets/{asset}" { asset: AssetRef };
    /// Versions of an AI asset.
    AssetVersions "/ai-assets/{asset}/versions" { asset: AssetRef };
    /// Suppliers.
    Suppliers "/suppliers";
    /// A supplier.
    SupplierPage "/suppliers/{supplier}" { supplier: SupplierRef };
    /// People and their roles.
    People "/people";
    /// Adding a person.
    NewPerson "/people/new";
    /// A person.
    Person "/people/{person}" { person: String };
    /// What a person may do.
    PersonRoles "/people/{person}/roles" { person: String };
    /// Letting a person in.
    PersonInvitation "/people/{person}/invitation" { person: String };
    /// What a person owes, and handing it over.
    PersonHandOver "/people/{person}/hand-over" { person: String };
    /// What those owe who have left.
    OwedByLeft "/people/owed";
    /// Disabling a person.
    PersonDisabling "/people/{person}/disabling" { person: String };
    /// The company's settings.
    CompanySettings "/settings";
    /// Changing the company's settings.
    SettingsForm "/settings/company";
    /// What is known of a supplier.
    SupplierFacts "/suppliers/{supplier}/facts" { supplier: SupplierRef };
    /// What is known of an AI asset.
    AssetFacts "/ai-assets/{asset}/facts" { asset: AssetRef };
    /// Entering a supplier.
    NewSupplier "/suppliers/new";
    /// Entering an AI asset.
    NewAsset "/ai-assets/new";

    /// Company-defined fields.
    Fields "/fields";
    /// Figures.
    Volume "/measures/volume";
    /// Whether the company learns.
    Loop "/loop";
    /// The description of the API, for programs.
    OpenApi "/api/openapi.json";
    /// The description of the API, for people.
    ApiDocs "/api/docs";

    /// Whether the process is there.
    Livez "/livez";
    /// Whether it can answer.
    Readyz "/readyz";
    /// What a monitor reads.
    MetricsText "/metrics";
}
