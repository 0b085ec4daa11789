//! Which column becomes which fact: by the mapping that was given or remembered, then by the column's name, if what it
//! holds agrees.

use std::collections::BTreeMap;

use nevertwice_domain::action::ActionPurpose;

use super::{Answers, Basis};
use crate::spreadsheet::mapping::{DEFAULT_SCALE, FieldRule, Rule, SeverityRule};
use crate::spreadsheet::survey::{ColumnSurvey, Survey};
use crate::spreadsheet::synonyms::{self, key};
use crate::spreadsheet::target::Target;
use crate::spreadsheet::value::money::AmountRule;
use crate::spreadsheet::value::words;

/// One rule per column, without the choices that belong to it where it is guessed.
pub(super) fn assign(survey: &Survey, answers: &Answers) -> Vec<(Rule, Basis)> {
    let mut rules: Vec<Option<(Rule, Basis)>> =
        survey.columns.iter().map(|column| known(column, answers)).collect();
    let mut names: Vec<(usize, Target, u32)> = Vec::new();
    for (index, column) in survey.columns.iter().enumerate().filter(|(index, _)| rules[*index].is_none()) {
        let named = synonyms::target_of(&column.name);
        names.extend(
            named.filter(|(target, _)| agrees(*target, column)).map(|(target, fit)| (index, target, fit)),
        );
    }
    // The best name first; among equals the first column.
    names.sort_by_key(|(index, _, fit)| (std::cmp::Reverse(*fit), *index));
    for (index, target, _) in names {
        if target.takes_several() || !taken(&rules, target) {
            rules[index] = Some((bare(target, &survey.columns[index]), Basis::Name));
        }
    }
    settle_owners(&mut rules);
    settle_title(&mut rules);
    rules
        .into_iter()
        .zip(&survey.columns)
        .map(|(rule, column)| rule.unwrap_or_else(|| rest(column)))
        .collect()
}

fn known(column: &ColumnSurvey, answers: &Answers) -> Option<(Rule, Basis)> {
    let given = answers.mapping.as_ref().and_then(|mapping| mapping.rule(&column.name));
    let remembered = answers.remembered.as_ref().and_then(|mapping| mapping.rule(&column.name));
    match (given, remembered) {
        (Some(rule), _) => Some((rule.clone(), Basis::Given)),
        (None, Some(rule)) => Some((rule.clone(), Basis::Remembered)),
        (None, None) => None,
    }
}

fn taken(rules: &[Option<(Rule, Basis)>], target: Target) -> bool {
    rules.iter().flatten().any(|(rule, _)| rule.target() == target)
}

/// Whether at least half of what a column holds is what its name promises.
fn agrees(target: Target, column: &ColumnSurvey) -> bool {
    let half = |count: u64| count * 2 >= column.filled;
    let words = |known: fn(&str) -> bool| match &column.values {
        Some(values) => half(values.iter().filter(|(value, _)| known(value)).map(|(_, count)| count).sum()),
        None => column.filled == 0,
    };
    match target {
        Target::Class => words(|value| words::class(value).is_some()),
        Target::Status => words(|value| words::standing(value).is_some()),
        Target::Severity => words(|v| words::severity(v).is_some() || words::severity_number(v).is_some()),
        Target::Cost => half(column.amounts.readable()),
        Target::ActionOwner => half(column.name_lists),
        target if target.moment().is_some() || target == Target::ActionDue => half(column.dates.readable()),
        _ => true,
    }
}

/// An owner or a date belongs to actions; without a column of actions it is a fact of its own.
fn settle_owners(rules: &mut [Option<(Rule, Basis)>]) {
    if taken(rules, Target::Actions) {
        return;
    }
    for slot in rules {
        if matches!(slot, Some((Rule::ActionOwner | Rule::ActionDue { .. }, Basis::Name))) {
            *slot = None;
        }
    }
}

/// A register whose only text is called "description" says there what happened.
fn settle_title(rules: &mut [Option<(Rule, Basis)>]) {
    if taken(rules, Target::Title) {
        return;
    }
    if let Some((rule, _)) = rules.iter_mut().flatten().find(|(rule, _)| matches!(rule, Rule::Description)) {
        *rule = Rule::Title;
    }
}

/// A column whose name is not known: an empty one is left out, one without a name goes to the notes, any other becomes
/// a field of the company; so does one whose cells are not what its name promises.
fn rest(column: &ColumnSurvey) -> (Rule, Basis) {
    let nameless = column.name.starts_with("(column ");
    let rule = match (column.filled, nameless) {
        (0, _) => Rule::Ignore,
        (_, true) => Rule::Notes,
        (_, false) => Rule::Field(FieldRule {
            key: nevertwice_domain::field::FieldKey::from_label(&column.name),
            kind: nevertwice_domain::field::FieldType::Text,
            order: None,
            choices: std::collections::BTreeSet::new(),
        }),
    };
    (rule, Basis::Unknown)
}

fn bare(target: Target, column: &ColumnSurvey) -> Rule {
    if let Some(moment) = target.moment() {
        return Rule::Moment { moment, order: None };
    }
    match target {
        Target::OriginReference => Rule::OriginReference,
        Target::Title => Rule::Title,
        Target::Description => Rule::Description,
        Target::Class => Rule::Class { values: BTreeMap::new() },
        Target::Severity => {
            Rule::Severity(SeverityRule { values: BTreeMap::new(), worst: None, scale: DEFAULT_SCALE })
        }
        Target::Status => Rule::Status { values: BTreeMap::new() },
        Target::Category => Rule::Category,
        Target::Cause => Rule::Cause,
        Target::Lesson => Rule::Lesson,
        Target::Actions => Rule::Actions { purpose: purpose(&column.name) },
        Target::ActionOwner => Rule::ActionOwner,
        Target::ActionDue => Rule::ActionDue { order: None },
        Target::Supplier => Rule::Supplier,
        Target::Asset => Rule::Asset,
        Target::Cost => Rule::Cost(AmountRule::default()),
        Target::Notes => Rule::Notes,
        Target::Reporter => Rule::Reporter,
        Target::Tags => Rule::Tags,
        // The column of reasons. The moments returned above, and no name stands for a field.
        _ => Rule::Ignore,
    }
}

/// "Preventive" is an older word for improvement (ISO 9001:2008, 8.5.3).
fn purpose(name: &str) -> Option<ActionPurpose> {
    let key = key(name);
    let says = |words: &[&str]| words.iter().any(|word| key.contains(word));
    let corrective = says(&["corrective", "correctiv", "korrektur"]);
    let preventive = says(&["prevent", "vorbeug", "improvement", "verbesserung"]);
    match (corrective, preventive) {
        (true, false) => Some(ActionPurpose::Corrective),
        (false, true) => Some(ActionPurpose::Improvement),
        (false, false) if says(&["immediate", "containment", "sofort"]) => Some(ActionPurpose::Correction),
        _ => None,
    }
}
