//! What somebody can be asked to do, with how it is told.

nevertwice_domain::words! {
    /// What somebody is asked to do, in the order in which it is told.
    Ask("what is asked for") {
        /// Complete an action.
        Complete = "complete",
        /// Look at a report.
        Triage = "triage",
        /// Lead a review.
        Lead = "lead",
        /// Think about the questions of a review, and come to it.
        Attend = "attend",
        /// Judge whether an action works.
        Judge = "judge",
        /// Read an awareness item and acknowledge it.
        Read = "read",
        /// Approve a review.
        ApproveReview = "approve_review",
        /// Approve a lesson.
        ApproveLesson = "approve_lesson",
        /// Approve what covers a lesson.
        ApproveCoverage = "approve_coverage",
        /// Agree that a link of a case's loop is not needed.
        ApproveDeclaration = "approve_declaration",
        /// Approve a version of the procedure.
        ApproveProcedure = "approve_procedure",
        /// Say whether a lesson is still true.
        ConfirmLesson = "confirm_lesson",
        /// Accept what remains of a risk, or have it looked at again.
        AcceptRisk = "accept_risk",
        /// Close a case of which nothing is missing.
        Close = "close",
        /// Decide again on what it was decided not to do.
        DecideAgain = "decide_again",
        /// Hand over what somebody owes who has left.
        HandOver = "hand_over",
        /// See to it that somebody else does what is overdue: told by the procedure.
        Escalated = "escalated",
    }
}

impl Ask {
    /// What is asked for as a heading.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Complete => "Actions I owe",
            Self::Triage => "Reports to triage",
            Self::Lead => "Reviews I lead",
            Self::Attend => "Reviews I take part in",
            Self::Judge => "Does it work? To be judged",
            Self::Read => "Read and acknowledge",
            Self::ApproveReview => "Reviews to approve",
            Self::ApproveLesson => "Lessons to approve",
            Self::ApproveCoverage => "What covers a lesson, to approve",
            Self::ApproveDeclaration => "Links declared not needed, to approve",
            Self::ApproveProcedure => "The procedure, to approve",
            Self::ConfirmLesson => "My lessons to look at again",
            Self::AcceptRisk => "Risks that wait for me",
            Self::Close => "Cases to close",
            Self::DecideAgain => "Actions to decide on again",
            Self::HandOver => "Owed by people who have left",
            Self::Escalated => "Overdue, told to me by the procedure",
        }
    }

    /// What is to be done, in words.
    pub(super) fn to_do(self) -> &'static str {
        match self {
            Self::Complete => "do it and say what shows that it is done",
            Self::Triage => "triage it",
            Self::Lead => "hold it",
            Self::Attend => "think about the questions, and come",
            Self::Judge => "judge whether it works",
            Self::Read => "read and acknowledge",
            Self::ApproveReview | Self::ApproveProcedure => "approve it, or give it back",
            Self::ApproveLesson => "approve it",
            Self::ApproveCoverage => "agree that this covers it",
            Self::ApproveDeclaration => "agree that it is not needed",
            Self::ConfirmLesson => "say whether it is still true",
            Self::AcceptRisk => "accept what remains, or have it looked at again",
            Self::Close => "nothing is missing: close it",
            Self::DecideAgain => "decide again whether it is done",
            Self::HandOver => "hand it over",
            Self::Escalated => "see to it that it is done",
        }
    }

    /// The page that lists all of it.
    pub(super) fn link(self) -> Option<&'static str> {
        Some(match self {
            Self::Complete => "/actions?q=owner%3Ame+state%3Aopen",
            Self::Triage => "/cases?q=state%3Areported",
            Self::Lead => "/reviews?q=owner%3Ame+state%3Aopen",
            Self::Read => "/awareness",
            Self::ApproveReview => "/reviews?q=state%3Adrafted",
            Self::ApproveLesson => "/lessons?q=state%3Adraft",
            Self::ApproveProcedure => "/procedure/versions",
            Self::ConfirmLesson => "/lessons/stale",
            Self::AcceptRisk => "/risks",
            Self::DecideAgain => "/actions/decide-again",
            Self::HandOver => "/people/owed",
            Self::Attend
            | Self::Judge
            | Self::ApproveCoverage
            | Self::ApproveDeclaration
            | Self::Close
            | Self::Escalated => return None,
        })
    }
}
