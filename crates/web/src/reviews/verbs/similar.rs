//! Looking for similar cases.

use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::review::SimilarVerdict;
use nevertwice_service::ServiceError;
use nevertwice_service::review::{RecordSimilar, SimilarCase};
use nevertwice_service::search::{FindSimilar, SimilarView};

use super::{back_to, review_of};
use crate::form::{Bad, Reader, form};
use crate::help::Help;
use crate::paths::SimilarLook;
use crate::ui::{Choice, Field, FieldKind, choices};
use crate::verb::{Form, VERSION, verb};

/// How many of the nearest cases are offered.
const NEAREST: usize = 5;
/// What stands before a case that was not looked at.
const NOT_LOOKED_AT: &str = "Not looked at";

form! {
    /// A look for similar cases.
    SimilarForm {
        /// The first of the nearest cases: its reference, and what it is about.
        near_1,
        /// Its reference, then `same_cause`, `similar` or `unrelated`; not looked at if empty.
        verdict_1,
        /// The second.
        near_2,
        /// Its reference, and what it is.
        verdict_2,
        /// The third.
        near_3,
        /// Its reference, and what it is.
        verdict_3,
        /// The fourth.
        near_4,
        /// Its reference, and what it is.
        verdict_4,
        /// The fifth.
        near_5,
        /// Its reference, and what it is.
        verdict_5,
        /// Further cases, one a line: the reference, then `same_cause`, `similar` or `unrelated`.
        hits,
        /// The words or filters that were searched with.
        searched,
        /// What follows; that there is none is an answer.
        finding,
        /// The version of the review that was seen.
        version,
    }
}

/// The names of the two fields of a near case, and the label.
struct Near {
    near: &'static str,
    verdict: &'static str,
    label: &'static str,
}

impl SimilarForm {
    fn nearest(&self) -> [(Near, &str, &str); NEAREST] {
        let near = |near, verdict, label| Near { near, verdict, label };
        [
            (near("near_1", "verdict_1", "The nearest case"), &self.near_1, &self.verdict_1),
            (near("near_2", "verdict_2", "The second nearest"), &self.near_2, &self.verdict_2),
            (near("near_3", "verdict_3", "The third nearest"), &self.near_3, &self.verdict_3),
            (near("near_4", "verdict_4", "The fourth nearest"), &self.near_4, &self.verdict_4),
            (near("near_5", "verdict_5", "The fifth nearest"), &self.near_5, &self.verdict_5),
        ]
    }

    fn nearest_mut(&mut self) -> [(&mut String, &mut String); NEAREST] {
        [
            (&mut self.near_1, &mut self.verdict_1),
            (&mut self.near_2, &mut self.verdict_2),
            (&mut self.near_3, &mut self.verdict_3),
            (&mut self.near_4, &mut self.verdict_4),
            (&mut self.near_5, &mut self.verdict_5),
        ]
    }
}

impl Form for SimilarForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let mut fields = Vec::new();
        for (Near { near, verdict, label }, case, value) in self.nearest() {
            if !case.is_empty() {
                let kind = FieldKind::Select { choices: verdicts(case), none: Some(NOT_LOOKED_AT) };
                fields.push(Field::hidden(near, case));
                fields.push(Field::new(verdict, label, value).hint(case).kind(kind));
            }
        }
        fields.extend([
            Field::new("searched", "What else was searched for", &self.searched)
                .hint("Words or filters, such as kind:case tag:filter"),
            Field::new("hits", "Further cases that were looked at", &self.hits)
                .hint("One a line: the reference, then same_cause, similar or unrelated")
                .kind(FieldKind::Prose { rows: 3 }),
            Field::new("finding", "What follows", &self.finding)
                .hint("Is it the first time? Could it happen elsewhere? None found is an answer")
                .kind(FieldKind::Prose { rows: 4 })
                .required(),
            Field::hidden(VERSION, &self.version),
        ]);
        fields
    }
}

verb! {
    /// Writes down a look for similar cases.
    Look: SimilarLook, SimilarForm => RecordSimilar, "Similar cases", "Save",
    "Did something like it happen before, or could it happen elsewhere? The nearest cases of the register stand below.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        let case: CaseRef = review.case.parse().map_err(ServiceError::internal)?;
        let nearest = app.run(&viewer.identity, FindSimilar { case, limit: NEAREST })?;
        let mut form = SimilarForm { version: review.version.to_string(), ..SimilarForm::default() };
        let mut looked_at = Vec::new();
        if let Some(look) = review.similar {
            form.searched = look.searched.unwrap_or_default();
            form.finding = look.finding;
            looked_at = look.hits;
        }
        for (SimilarView { reference, title, .. }, (near, verdict)) in nearest.into_iter().zip(form.nearest_mut()) {
            if let Some(place) = looked_at.iter().position(|hit| hit.case == reference) {
                *verdict = format!("{reference} {}", looked_at.remove(place).verdict);
            }
            *near = format!("{reference} {title}");
        }
        let lines = looked_at.iter().map(|hit| format!("{} {}", hit.case, hit.verdict));
        form.hits = lines.collect::<Vec<_>>().join("\n");
        Ok(form)
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let mut hits = Vec::new();
        let nearest = form.nearest().into_iter().map(|(names, _, verdict)| (names.verdict, verdict));
        let further = form.hits.lines().map(|line| ("hits", line));
        for (field, line) in nearest.chain(further).filter(|(_, line)| !line.trim().is_empty()) {
            hits.push(hit(&mut read, field, line));
        }
        let searched = read.optional("searched", &form.searched);
        let finding = read.required("finding", &form.finding, "say what follows; that there is none is an answer");
        let version = read.version(&form.version);
        read.done()?;
        Ok(RecordSimilar {
            review: path.review,
            version: version?,
            searched: searched?,
            hits: hits.into_iter().collect::<Result<_, _>>()?,
            finding: finding?,
        })
    },
}

/// What a case can be: each choice names the case too, so that no verdict is ever taken for that on another one.
fn verdicts(case: &str) -> Vec<Choice> {
    let reference = case.split_whitespace().next().unwrap_or_default();
    let named = |choice: Choice| Choice { value: format!("{reference} {}", choice.value), ..choice };
    choices::<SimilarVerdict>().into_iter().map(named).collect()
}

fn hit(read: &mut Reader, field: &str, line: &str) -> Result<SimilarCase, Bad> {
    let line = line.trim();
    let (case, verdict) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let case = read.required(field, case, "name the case by its reference");
    let verdict = read.required(field, verdict, "say what it is: same_cause, similar or unrelated");
    Ok(SimilarCase { case: case?, verdict: verdict? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verb::Act;

    fn parsed(form: &SimilarForm) -> Result<RecordSimilar, crate::form::Errors> {
        Look::parse(&SimilarLook { review: "PIR-2026-0001".parse().unwrap() }, form)
    }

    #[test]
    fn cases_are_taken_from_the_nearest_and_from_the_lines() {
        let form = SimilarForm {
            near_1: "CASE-2026-0003 Weights were copied".to_owned(),
            verdict_1: "CASE-2026-0003 same_cause".to_owned(),
            near_2: "CASE-2026-0004 Mail".to_owned(),
            hits: "CASE-2025-0007 unrelated\n\n".to_owned(),
            finding: "the second time".to_owned(),
            ..SimilarForm::default()
        };
        let hits: Vec<String> =
            parsed(&form).unwrap().hits.iter().map(|hit| format!("{} {}", hit.case, hit.verdict)).collect();
        assert_eq!(hits, ["CASE-2026-0003 same_cause", "CASE-2025-0007 unrelated"]);
    }

    #[test]
    fn a_line_without_a_verdict_and_an_empty_finding_are_named() {
        let form = SimilarForm { hits: "CASE-2025-0007".to_owned(), ..SimilarForm::default() };
        let errors = parsed(&form).unwrap_err();
        assert_eq!(errors.of("hits"), Some("say what it is: same_cause, similar or unrelated"));
        assert_eq!(errors.of("finding"), Some("say what follows; that there is none is an answer"));
    }
}
