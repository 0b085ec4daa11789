//! What somebody else did and the caller may approve.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::case::CaseState;
use nevertwice_domain::id::{CaseId, LessonId};
use nevertwice_domain::lesson::LessonState;
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::procedure::ProcedureState;
use nevertwice_store::{case as cases, lesson as lessons, procedure as procedures, review as reviews, work};

use super::Ask;
use super::list::{LOOKED_AT, List, Row};
use crate::case::may_approve_declaration;
use crate::contributors;
use crate::error::ServiceError;
use crate::lesson::{self, Said};
use crate::review::may_approve;
use crate::service::Unit;

impl List {
    /// Adds what the caller may approve.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn approvals(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        if unit.caller.could(Verb::Approve) {
            self.submitted_reviews(unit)?;
            self.drafted_lessons(unit)?;
            self.coverages(unit)?;
            self.declarations(unit)?;
        }
        if unit.caller.could(Verb::ApproveProcedure) {
            self.procedures(unit)?;
        }
        Ok(())
    }

    fn submitted_reviews(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let ids = work::reviews_submitted(unit.tx, LOOKED_AT)?;
        self.looked_at(Ask::ApproveReview, ids.len());
        let submitted = reviews::several(unit.tx, &ids)?;
        let contributors = contributors::to_reviews(unit.tx, &ids)?;
        for (one, case) in self.with_cases(unit, submitted, |one| one.review.case_id)? {
            let is_first = one.review.first_approved_by == Some(unit.caller.id());
            let nobody = BTreeSet::new();
            let contributors = contributors.get(&one.review.id).unwrap_or(&nobody);
            let may = may_approve(&unit.caller, &one, &case, contributors);
            if may && !is_first && case.state != CaseState::Void {
                let link = format!("/reviews/{}", one.review.reference);
                let row = Row::new(Ask::ApproveReview, one.review.reference, link);
                let row = row.words(&one.review.problem).due(Some(one.review.due_on));
                self.add(Ask::ApproveReview, row);
            }
        }
        Ok(())
    }

    fn drafted_lessons(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let mut ids = work::lessons_drafted(unit.tx, LOOKED_AT)?;
        ids.extend(work::lessons_failed(unit.tx, LOOKED_AT)?);
        self.looked_at(Ask::ApproveLesson, ids.len());
        let drafted = lessons::several(unit.tx, &ids)?;
        for lesson in self.lessons_to_which(unit, drafted, Verb::Approve)? {
            let link = format!("/lessons/{}", lesson.reference);
            let row = Row::new(Ask::ApproveLesson, lesson.reference, link).words(&lesson.statement);
            let failed = "it did not hold: approve it again once something else is done for it, or retire it";
            let row = if lesson.state.has_failed() { row.asking(failed) } else { row };
            self.add(Ask::ApproveLesson, row);
        }
        Ok(())
    }

    /// What was said last of what covers a lesson, if nobody has approved it.
    fn coverages(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let ids = work::coverages_waiting(unit.tx, LOOKED_AT)?;
        self.looked_at(Ask::ApproveCoverage, ids.len());
        let ids: Vec<LessonId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut waiting = lessons::several(unit.tx, &ids)?;
        waiting.retain(|lesson| lesson.state != LessonState::Retired);
        let approvable = self.lessons_to_which(unit, waiting, Verb::Approve)?;
        let ids: Vec<LessonId> = approvable.iter().map(|lesson| lesson.id).collect();
        let me = unit.caller.id();
        let mut last = BTreeMap::new();
        let mut said = lesson::known_coverages(unit, &ids)?;
        said.sort_by_key(|one| one.coverage.declared_at);
        for Said { coverage, covered_by, .. } in said {
            last.insert(coverage.lesson_id, (coverage, covered_by));
        }
        for lesson in approvable {
            let Some((coverage, covered_by)) = last.get(&lesson.id) else { continue };
            if !coverage.is_approved() && coverage.declared_by != me {
                let link = format!("/lessons/{}#coverage", lesson.reference);
                let row = Row::new(Ask::ApproveCoverage, lesson.reference, link);
                let words = format_args!("{} – covered by {covered_by}", lesson.statement);
                self.add(Ask::ApproveCoverage, row.words(words));
            }
        }
        Ok(())
    }

    fn declarations(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        let ids = work::declarations_waiting(unit.tx, LOOKED_AT)?;
        self.looked_at(Ask::ApproveDeclaration, ids.len());
        let ids: Vec<CaseId> = ids.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut declared = cases::declarations_of(unit.tx, &ids)?;
        declared.retain(|one| !one.is_approved());
        for (declaration, case) in self.with_cases(unit, declared, |one| one.case_id)? {
            if case.may_grow().is_ok() && may_approve_declaration(&unit.caller, &case, &declaration) {
                let link = format!("/cases/{}#not-needed", case.reference);
                let words = format_args!("{}: {} – {}", declaration.link, case.title, declaration.reason);
                let row = Row::new(Ask::ApproveDeclaration, case.reference, link);
                self.add(Ask::ApproveDeclaration, row.words(words));
            }
        }
        Ok(())
    }

    fn procedures(&mut self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        for procedure in procedures::all(unit.tx)? {
            let author = procedure.is_work_of(unit.caller.id());
            let relation = Relation { author, ..Relation::default() };
            let may = unit.caller.roles_allow(Verb::ApproveProcedure, relation, "the procedure").is_ok();
            if procedure.state == ProcedureState::InReview && may {
                let link = format!("/procedure/versions/{}", procedure.reference);
                let row = Row::new(Ask::ApproveProcedure, procedure.reference, link);
                self.add(Ask::ApproveProcedure, row.words(&procedure.summary));
            }
        }
        Ok(())
    }
}
