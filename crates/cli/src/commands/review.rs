//! Commands on reviews and their whys.

use nevertwice_domain::review::SimilarVerdict;
use nevertwice_service::review::{
    AddWhy, ApproveReview, DismissFinding, EditCauseLink, EditWhy, EvaluateReview, HoldReview, LinkCauses,
    MoveWhy, NewReview, RecordSimilar, RemoveCauseLink, RemoveWhy, ReviewView, ScheduleReview,
    SendReviewBack, ShowReview, SimilarCase, SubmitReview, WaiveReview, WriteLightReview,
};
use nevertwice_service::search::ListReviews;
use nevertwice_service::set::Set;
use nevertwice_service::use_case::UseCase;

use crate::args::{CauseView, ListArgs, ReviewCommand, WhyCommand};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on reviews.
pub(super) fn run(session: &Session, command: ReviewCommand) -> Result<(), Failure> {
    use ReviewCommand as C;
    match command {
        C::New { case, kind, problem, facilitator, participants, due, also, trend } => shown(
            session,
            NewReview { case, kind, problem, facilitator, participants, due_on: due, also, is_trend: trend },
        ),
        C::List(ListArgs { query, limit, after }) => {
            let list = session.call(ListReviews { query, limit, after })?;
            print(session.json, &list, text::review_list)
        }
        C::Show { review, view } => {
            let found = session.call(ShowReview { review })?;
            print(session.json, &found, |review, out| text::review(review, view, out))
        }
        C::Similar { review, finding, searched, same_cause, similar, unrelated } => {
            use SimilarVerdict as V;
            let named = [(V::SameCause, same_cause), (V::Similar, similar), (V::Unrelated, unrelated)];
            let hits = named.into_iter().flat_map(|(verdict, cases)| {
                cases.into_iter().map(move |case| SimilarCase { case, verdict })
            });
            shown(session, RecordSimilar { review, version: None, searched, hits: hits.collect(), finding })
        }
        C::Schedule { review, on, questions } => {
            shown(session, ScheduleReview { review, version: None, on, questions })
        }
        C::Evaluate { review, went_well, was_lucky, surprised, followed, deviations } => shown(
            session,
            EvaluateReview { review, version: None, went_well, was_lucky, surprised, followed, deviations },
        ),
        C::Light {
            review,
            cause,
            evidence,
            lesson,
            known_lesson,
            action,
            action_kind,
            owner,
            due,
            due_reason,
        } => shown(
            session,
            WriteLightReview {
                review,
                version: None,
                cause,
                evidence,
                lesson,
                known_lesson,
                action,
                action_kind,
                owner,
                due_on: due,
                due_reason,
            },
        ),
        C::Hold { review, on, participants, minutes } => {
            let participants = (!participants.is_empty()).then_some(participants);
            let minutes = minutes.map(Set::To);
            shown(session, HoldReview { review, version: None, on, participants, minutes })
        }
        C::Submit { review } => shown(session, SubmitReview { review }),
        C::Approve { review } => shown(session, ApproveReview { review, version: None }),
        C::SendBack { review, reason } => shown(session, SendReviewBack { review, reason }),
        C::Waive { review, reason } => shown(session, WaiveReview { review, reason }),
    }
}

/// Runs a command on whys.
pub(super) fn run_why(session: &Session, command: WhyCommand) -> Result<(), Failure> {
    use WhyCommand as C;
    match command {
        C::Add {
            review,
            statement,
            under,
            of_problem,
            kind,
            confidence,
            evidence,
            link,
            also,
            category,
            end,
        } => {
            let end = end.end();
            let add = AddWhy {
                review,
                under,
                of_problem,
                statement,
                kind,
                confidence,
                evidence,
                link,
                also,
                category,
                end,
            };
            shown(session, add)
        }
        C::Edit { review, number, statement, kind, confidence, evidence, primary, category, end } => {
            let (evidence, primary) = (evidence.map(Set::To), primary.then_some(true));
            let (category, end) = (category.map(Set::To), end.end().map(Set::To));
            let version = None;
            let edit = EditWhy {
                review,
                number,
                version,
                statement,
                kind,
                confidence,
                evidence,
                primary,
                category,
                end,
            };
            shown(session, edit)
        }
        C::Link { review, cause, effect, kind, confidence, evidence } => {
            shown(session, LinkCauses { review, cause, effect, kind, confidence, evidence })
        }
        C::EditLink { review, cause, effect, kind, confidence, evidence } => {
            let (confidence, evidence) = (confidence.map(Set::To), evidence.map(Set::To));
            let version = None;
            shown(session, EditCauseLink { review, cause, effect, version, kind, confidence, evidence })
        }
        C::Unlink { review, cause, effect } => {
            shown(session, RemoveCauseLink { review, cause, effect, version: None })
        }
        C::Dismiss { review, number, rule, reason } => {
            shown(session, DismissFinding { review, cause: number, rule, reason })
        }
        C::Remove { review, number } => shown(session, RemoveWhy { review, number, version: None }),
        C::Move { review, number, under, position } => {
            shown(session, MoveWhy { review, number, under, position })
        }
    }
}

fn shown<U: UseCase<Output = ReviewView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, |review, out| text::review(review, CauseView::Ladder, out))
}
