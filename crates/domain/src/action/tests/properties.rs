//! Whatever is done in whatever order: what a lesson and its actions always keep.

use proptest::prelude::*;

use super::*;
use crate::lesson::{CoveredBy, Lesson, LessonCoverage, LessonState, Support};
use crate::reference::LessonRef;

/// People in use: few, so that owner, judge, author and approver meet.
const PEOPLE: u128 = 4;

#[derive(Debug, Clone)]
enum Operation {
    Plan(u128),
    Start(usize),
    Move(usize, i8),
    Complete(usize, u128),
    Undo(usize),
    NotDoing(usize, u128),
    Renew(usize, u128),
    TakeUp(usize, i8),
    HandOver(usize, u128),
    Judge(usize, u128, CheckOutcome, bool),
    Cover(u128),
    ApproveCoverage(u128),
    ApproveLesson(u128),
    Retire,
}

fn operation() -> impl Strategy<Value = Operation> {
    let who = || 1..=PEOPLE;
    let which = || 0..4_usize;
    let outcome = prop::sample::select(vec![
        CheckOutcome::Effective,
        CheckOutcome::NotEffective,
        CheckOutcome::TooEarly,
    ]);
    prop_oneof![
        2 => who().prop_map(Operation::Plan),
        1 => which().prop_map(Operation::Start),
        2 => (which(), 1..28_i8).prop_map(|(at, day)| Operation::Move(at, day)),
        4 => (which(), who()).prop_map(|(at, by)| Operation::Complete(at, by)),
        1 => which().prop_map(Operation::Undo),
        2 => (which(), who()).prop_map(|(at, by)| Operation::NotDoing(at, by)),
        1 => (which(), who()).prop_map(|(at, by)| Operation::Renew(at, by)),
        1 => (which(), 1..28_i8).prop_map(|(at, day)| Operation::TakeUp(at, day)),
        2 => (which(), who()).prop_map(|(at, to)| Operation::HandOver(at, to)),
        4 => (which(), who(), outcome, any::<bool>())
            .prop_map(|(at, by, outcome, follow)| Operation::Judge(at, by, outcome, follow)),
        1 => who().prop_map(Operation::Cover),
        1 => who().prop_map(Operation::ApproveCoverage),
        4 => who().prop_map(Operation::ApproveLesson),
        1 => Just(Operation::Retire),
    ]
}

/// A lesson with all that hangs on it, as the service keeps them together.
struct World {
    lesson: Lesson,
    actions: Vec<Action>,
    coverages: Vec<LessonCoverage>,
    judged: Vec<(Action, EffectivenessCheck)>,
}

const TODAY: Date = jiff::civil::date(2026, 3, 30);

impl World {
    fn new() -> Self {
        let lesson = Lesson::draft(
            crate::id::LessonId::new(uuid::Uuid::from_u128(1)),
            LessonRef::from_parts(2026, 1),
            Line::parse("Filters are only as good as their updates").unwrap(),
            None,
            CaseId::new(uuid::Uuid::from_u128(2)),
            person(1),
            NOW,
        );
        Self { lesson, actions: Vec::new(), coverages: Vec::new(), judged: Vec::new() }
    }

    fn states(&self) -> Vec<ActionState> {
        self.actions.iter().map(|action| action.state).collect()
    }

    fn is_covered(&self) -> bool {
        self.coverages.iter().any(LessonCoverage::is_approved)
    }

    fn change(&mut self, at: usize, step: impl FnOnce(Action) -> Result<Action, ActionError>) {
        let Some(action) = self.actions.get_mut(at) else { return };
        if let Ok(changed) = step(action.clone()) {
            *action = changed;
        }
    }

    fn judge(&mut self, at: usize, by: u128, outcome: CheckOutcome, follow: bool) {
        let Some(action) = self.actions.get(at).cloned() else { return };
        let planned = EffectivenessCheck { planned_on: TODAY, ..check() };
        let Ok((judged, check)) =
            action.clone().judge(planned, found(outcome, "3 of 4"), apart(by), (NOW, TODAY))
        else {
            return;
        };
        self.judged.push((action, check));
        self.actions[at] = judged.clone();
        let number = self.actions.len();
        let next = Successor {
            id: ActionId::new(uuid::Uuid::from_u128(100 + number as u128)),
            reference: ActionRef::from_parts(2026, 9),
            title: judged.title.clone(),
            owner_id: judged.owner_id,
            due: Due::as_said(day("2026-05-01")),
            at: NOW,
            by: person(by),
        };
        if follow && let Ok(next) = judged.succeeded_by(next) {
            self.actions.push(next);
        }
    }

    fn cover(&mut self, by: u128) {
        let id = crate::id::CoverageId::new(uuid::Uuid::from_u128(self.coverages.len() as u128));
        let what = CoveredBy::AcceptedRisk(crate::id::RiskId::new(uuid::Uuid::from_u128(7)));
        let coverage = LessonCoverage::declare(id, self.lesson.id, what, prose("x"), person(by), NOW);
        self.coverages.push(coverage);
    }

    fn apply(&mut self, operation: &Operation) {
        let date = |day: i8| jiff::civil::date(2026, 7, day);
        match *operation {
            Operation::Plan(owner) => {
                let next = Action::restore(ActionRecord { owner_id: person(owner), ..(*planned()).clone() });
                self.actions.push(next);
            }
            Operation::Start(at) => self.change(at, Action::start),
            Operation::Move(at, day) => {
                self.change(at, |a| a.move_due(date(day), prose("x"), person(1), NOW).map(|(a, _)| a));
            }
            Operation::Complete(at, by) => {
                self.change(at, |a| a.complete(prose("x"), none(), TODAY, person(by), TODAY));
            }
            Operation::Undo(at) => self.change(at, Action::undo_completion),
            Operation::NotDoing(at, by) => {
                self.change(at, |a| a.not_doing(prose("x"), apart(by), day("2027-01-01"), TODAY));
            }
            Operation::Renew(at, by) => {
                self.change(at, |a| a.renew_not_doing(prose("y"), apart(by), day("2028-01-01"), TODAY));
            }
            Operation::TakeUp(at, day) => {
                self.change(at, |a| {
                    a.take_up(Due::as_said(date(day)), prose("x"), person(1), NOW).map(|(a, _)| a)
                });
            }
            Operation::HandOver(at, to) => self.change(at, |a| a.hand_over(person(to))),
            Operation::Judge(at, by, outcome, follow) => self.judge(at, by, outcome, follow),
            Operation::Cover(by) => self.cover(by),
            Operation::ApproveCoverage(by) => {
                if let Some(last) = self.coverages.last_mut()
                    && let Ok(approved) = last.clone().approve(person(by), NOW)
                {
                    *last = approved;
                }
            }
            Operation::ApproveLesson(by) => {
                let states = self.states();
                let support = Support { actions: &states, is_covered: self.is_covered() };
                if let Ok(approved) = self.lesson.clone().approve(apart(by), NOW, support, TODAY) {
                    self.lesson = approved;
                }
            }
            Operation::Retire => {
                if let Ok(retired) = self.lesson.clone().retire(prose("x")) {
                    self.lesson = retired;
                }
            }
        }
        self.lesson = self.lesson.clone().follow(&self.states());
    }
}

proptest! {
    #[test]
    fn nothing_done_in_any_order_breaks_a_promise(operations in prop::collection::vec(operation(), 1..60)) {
        let mut world = World::new();
        for operation in &operations {
            let before = world.lesson.state;
            world.apply(operation);
            let lesson = &world.lesson;
            if !matches!(lesson.state, LessonState::Draft | LessonState::Retired) {
                prop_assert!(!world.actions.is_empty() || world.is_covered(), "{operation:?}");
                prop_assert!(lesson.approved_by.is_some_and(|by| by != lesson.author_id));
            }
            if before.has_failed() && lesson.state.is_in_force() {
                prop_assert!(matches!(operation, Operation::ApproveLesson(_)), "{operation:?}");
            }
            for coverage in &world.coverages {
                prop_assert_ne!(coverage.approved_by, Some(coverage.declared_by));
            }
            for action in &world.actions {
                prop_assert!(action.not_doing_by != Some(action.owner_id));
                prop_assert_eq!(action.state == ActionState::NotDoing, action.not_doing_reason.is_some());
                let due = action.original_due_on;
                prop_assert!(due == day("2026-04-01") || (action.successor_of.is_some() && due == day("2026-05-01")));
                prop_assert!(action.move_count > 0 || action.due_on == due);
            }
            for (action, check) in &world.judged {
                prop_assert!(check.judged_by.is_some_and(|by| by != action.owner_id));
                prop_assert!(check.judged_by != action.completed_by);
            }
        }
    }
}
