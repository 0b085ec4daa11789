//! What has to be in the register, by what the writers were told.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::write::{Write, sha256};

/// All cases by their references.
#[derive(Default)]
pub(crate) struct Book {
    /// What has to be said of each.
    pub(crate) cases: BTreeMap<String, Facts>,
    /// The number of the last case.
    pub(crate) last_case: u64,
    /// The number of the last action.
    pub(crate) last_action: u64,
}

/// What is said of a case: as far as the writers write it, and nothing else may be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) comments: BTreeSet<String>,
    /// Actions: title, then reference and what the check measures.
    pub(crate) plans: BTreeMap<String, (String, String)>,
    /// Files: name and hash.
    pub(crate) files: BTreeMap<String, String>,
}

impl Book {
    /// The references of the newest cases.
    pub(crate) fn newest(&self, count: u32) -> Vec<String> {
        self.cases.keys().rev().take(count as usize).cloned().collect()
    }

    /// Enters what was acknowledged, and gives the references of the cases that it is about.
    ///
    /// # Errors
    /// When an answer does not fit what was asked for, or a number was given twice.
    pub(crate) fn enter(&mut self, acknowledged: &[(Write, Value)]) -> anyhow::Result<BTreeSet<String>> {
        let mut touched = BTreeSet::new();
        // Cases first: what writers did to them is not in the order of time.
        let (reports, rest): (Vec<_>, Vec<_>) =
            acknowledged.iter().partition(|(write, _)| write.case().is_none());
        for (write, answer) in reports.into_iter().chain(rest) {
            let reference = match write.case() {
                Some(case) => case.to_owned(),
                None => {
                    let reference = text(answer, "reference")?;
                    if self.cases.insert(reference.clone(), Facts::default()).is_some() {
                        bail!("{reference} was given to two cases");
                    }
                    reference
                }
            };
            let facts =
                self.cases.get_mut(&reference).context("a write about a case that nobody reported")?;
            facts.apply(write, answer["reference"].as_str());
            touched.insert(reference);
        }
        Ok(touched)
    }

    /// Holds what is shown of a case against the book: it is what was acknowledged, or that and all of one write that
    /// was cut off; that write is given and entered.
    ///
    /// # Errors
    /// When something acknowledged is missing, or something is there that nobody asked for, or half of it.
    pub(crate) fn settle(
        &mut self,
        reference: &str,
        shown: &Facts,
        cut: &[Write],
    ) -> anyhow::Result<Option<Write>> {
        let known = self.cases.get(reference);
        if known == Some(shown) {
            return Ok(None);
        }
        let about = |write: &&Write| match known {
            Some(_) => write.case() == Some(reference),
            None => write.case().is_none(),
        };
        let about: Vec<&Write> = cut.iter().filter(about).collect();
        for write in &about {
            let mut after = known.cloned().unwrap_or_default();
            after.apply(write, shown.reference_of(write));
            if after == *shown {
                self.cases.insert(reference.to_owned(), after);
                return Ok(Some((*write).clone()));
            }
        }
        bail!(
            "{reference} is neither as it was acknowledged nor that with a whole write that was cut off\n\
             acknowledged: {known:?}\nfound: {shown:?}\ncut off: {about:?}"
        )
    }
}

impl Facts {
    /// What `show_case` and `show_action` say.
    ///
    /// # Errors
    /// When an answer has another shape.
    pub(crate) fn shown(case: &Value, actions: &[Value]) -> anyhow::Result<Facts> {
        let mut facts =
            Facts { title: text(case, "title")?, summary: text(case, "summary")?, ..Facts::default() };
        for comment in items(case, "comments")? {
            facts.comments.insert(text(comment, "text")?);
        }
        for file in items(case, "evidence")? {
            facts.files.insert(text(file, "name")?, text(file, "sha256")?);
        }
        for action in actions {
            // An action whose check is missing is there by half, and differs from every write.
            let measure = action["checks"][0]["measure"].as_str().unwrap_or_default().to_owned();
            facts.plans.insert(text(action, "title")?, (text(action, "reference")?, measure));
        }
        Ok(facts)
    }

    fn apply(&mut self, write: &Write, reference: Option<&str>) {
        match write {
            Write::Report { title, summary } | Write::Edit { title, summary, .. } => {
                self.title.clone_from(title);
                self.summary.clone_from(summary);
            }
            Write::Comment { text, .. } => self.comments.extend([text.clone()]),
            Write::Plan { title, measure, .. } => {
                let reference = reference.unwrap_or_default().to_owned();
                self.plans.insert(title.clone(), (reference, measure.clone()));
            }
            Write::Attach { name, content, .. } => {
                self.files.insert(name.clone(), sha256(content.0.as_bytes()));
            }
        }
    }

    /// The reference that an action got whose answer was cut off.
    fn reference_of(&self, write: &Write) -> Option<&str> {
        match write {
            Write::Plan { title, .. } => self.plans.get(title).map(|(reference, _)| reference.as_str()),
            _ => None,
        }
    }
}

/// A text of an answer.
///
/// # Errors
/// When there is none.
pub(crate) fn text(value: &Value, name: &str) -> anyhow::Result<String> {
    value[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {value}"))
}

/// A list of an answer.
///
/// # Errors
/// When there is none.
pub(crate) fn items<'a>(value: &'a Value, name: &str) -> anyhow::Result<&'a Vec<Value>> {
    value[name].as_array().with_context(|| format!("no list of {name} in {value}"))
}

#[cfg(test)]
mod tests;
