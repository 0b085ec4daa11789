//! The list as it grows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::rc::Rc;

use nevertwice_domain::approver::Approver;
use nevertwice_domain::case::Case;
use nevertwice_domain::id::{CaseId, LessonId};
use nevertwice_domain::lesson::Lesson;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::time::Date;
use nevertwice_store::case as cases;

use super::{Ask, WorkPart, WorkRow, WorkView};
use crate::contributors;
use crate::error::ServiceError;
use crate::lesson;
use crate::service::Unit;

/// Most rows of one kind: who has more has no use for a longer list here.
const ROWS: usize = 50;
/// How many that may concern somebody are looked at, of each kind.
pub(super) const LOOKED_AT: u32 = 200;

/// What waits, by what is asked for.
pub(super) struct List {
    pub(super) today: Date,
    rows: BTreeMap<Ask, Vec<Row>>,
    /// Of what as much was looked at as is looked at at all, whether or not it is for the caller.
    cut: BTreeSet<Ask>,
    /// Those read so far: one case is asked for again and again.
    known: BTreeMap<CaseId, Rc<Case>>,
}

/// One thing that waits.
pub(super) struct Row {
    to_do: &'static str,
    reference: String,
    words: Option<String>,
    due_on: Option<Date>,
    link: String,
}

impl Row {
    /// What is asked for of a record, done on the page at `link`.
    pub(super) fn new(ask: Ask, reference: impl Display, link: String) -> Self {
        Self { to_do: ask.to_do(), reference: reference.to_string(), words: None, due_on: None, link }
    }

    /// What it is about, for whoever may know.
    pub(super) fn words(mut self, words: impl Display) -> Self {
        self.words = Some(words.to_string());
        self
    }

    /// Nothing but the reference, for whoever may know no more.
    pub(super) fn without_words(mut self) -> Self {
        self.words = None;
        self
    }

    /// By when.
    pub(super) fn due(mut self, day: Option<Date>) -> Self {
        self.due_on = day;
        self
    }

    /// Another page than that of the record.
    pub(super) fn at(mut self, link: String) -> Self {
        self.link = link;
        self
    }

    /// What exactly is to be done.
    pub(super) fn asking(mut self, to_do: &'static str) -> Self {
        self.to_do = to_do;
        self
    }
}

impl List {
    pub(super) fn new(today: Date) -> Self {
        Self { today, rows: BTreeMap::new(), cut: BTreeSet::new(), known: BTreeMap::new() }
    }

    /// So many were looked at for what is asked; there may be more where that is the limit.
    pub(super) fn looked_at(&mut self, ask: Ask, found: usize) {
        if found >= LOOKED_AT as usize {
            self.cut.insert(ask);
        }
    }

    pub(super) fn add(&mut self, ask: Ask, row: Row) {
        self.rows.entry(ask).or_default().push(row);
    }

    /// Cases in the order asked for, those that are gone left out.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn cases(
        &mut self,
        unit: &mut Unit<'_>,
        ids: &[CaseId],
    ) -> Result<Vec<Rc<Case>>, ServiceError> {
        let unknown: Vec<CaseId> = ids.iter().copied().filter(|id| !self.known.contains_key(id)).collect();
        let found = cases::several(unit.tx, &unknown)?;
        self.known.extend(found.into_iter().map(|case| (case.id, Rc::new(case))));
        Ok(ids.iter().filter_map(|id| self.known.get(id).cloned()).collect())
    }

    /// Records with the cases that they hang on; those of cases that the caller is shut out of are left out.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn with_cases<T>(
        &mut self,
        unit: &mut Unit<'_>,
        records: Vec<T>,
        case_of: impl Fn(&T) -> CaseId,
    ) -> Result<Vec<(T, Rc<Case>)>, ServiceError> {
        let ids: BTreeSet<CaseId> = records.iter().map(&case_of).collect();
        let ids: Vec<CaseId> = ids.into_iter().collect();
        let me = unit.caller.id();
        let found = self.cases(unit, &ids)?;
        let open: BTreeMap<CaseId, Rc<Case>> =
            found.into_iter().filter(|case| !case.shuts_out(me)).map(|case| (case.id, case)).collect();
        let known = |record: T| open.get(&case_of(&record)).cloned().map(|case| (record, case));
        Ok(records.into_iter().filter_map(known).collect())
    }

    /// Those of some lessons to which the caller's roles allow something through one of their cases.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn lessons_to_which(
        &mut self,
        unit: &mut Unit<'_>,
        mut some: Vec<Lesson>,
        verb: Verb,
    ) -> Result<Vec<Lesson>, ServiceError> {
        let ids: BTreeSet<CaseId> = some.iter().flat_map(|lesson| lesson.cases.iter().copied()).collect();
        let ids: Vec<CaseId> = ids.into_iter().collect();
        self.cases(unit, &ids)?;
        let me = unit.caller.id();
        let ids: Vec<LessonId> = some.iter().map(|lesson| lesson.id).collect();
        let wrote = match verb {
            Verb::Approve => contributors::lessons_of(unit.tx, me, &ids)?,
            _ => BTreeSet::new(),
        };
        some.retain(|lesson| {
            let by = Approver::with_part(me, wrote.contains(&lesson.id));
            let mut origins = lesson.cases.iter().filter_map(|id| self.known.get(id));
            origins.any(|case| lesson::is_allowed(&unit.caller, lesson, case, verb, by))
        });
        Ok(some)
    }

    /// Everything in order: what has a day first, the earliest first.
    pub(super) fn view(self) -> WorkView {
        let Self { today, rows, cut, .. } = self;
        let is_overdue = |row: &Row| row.due_on.is_some_and(|day| day < today);
        let mut view = WorkView { as_of: today.to_string(), parts: Vec::new(), items: Vec::new() };
        for (ask, mut rows) in rows {
            rows.sort_by_cached_key(|row| (row.due_on.is_none(), row.due_on, row.reference.clone()));
            view.parts.push(WorkPart {
                ask: ask.to_string(),
                heading: ask.heading().to_owned(),
                count: rows.len() as u64,
                overdue: rows.iter().filter(|row| is_overdue(row)).count() as u64,
                is_more: cut.contains(&ask) || rows.len() >= LOOKED_AT as usize,
                link: ask.link().map(str::to_owned),
            });
            view.items.extend(rows.into_iter().take(ROWS).map(|row| WorkRow {
                ask: ask.to_string(),
                to_do: row.to_do.to_owned(),
                is_overdue: is_overdue(&row),
                reference: row.reference,
                words: row.words,
                due_on: row.due_on.map(|day| day.to_string()),
                link: row.link,
            }));
        }
        view
    }
}

/// Whether the caller reads a case.
pub(super) fn reads(unit: &Unit<'_>, case: &Case) -> bool {
    unit.caller.may_to_case(Verb::ReadCase, case).is_ok()
}
