//! What was answered so far, and what a report becomes of it.

use nevertwice_domain::case::Class;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use nevertwice_service::case::{Attachment, ReportCase};

use crate::form::{Bad, Errors, Reader, form};
use crate::upload::Incoming;

/// The pages in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    What,
    When,
    Kind,
    Check,
}

const STEPS: [Step; 4] = [Step::What, Step::When, Step::Kind, Step::Check];

form! {
    /// The answers of a report.
    Answers {
        /// The page that was filled in.
        step,
        /// The page to go back to.
        back,
        /// What happened, in one line.
        title,
        /// More about it.
        summary,
        /// The day on which it happened.
        day,
        /// The time of the day.
        time,
        /// What it looks like.
        class,
        /// What was done about it so far.
        done,
        /// Names of files: where a form is not sent in parts, this is all that comes of them.
        attachments,
        /// The receipt that a report without an account will have.
        receipt,
        /// `yes`: what is answered is kept as a draft.
        kept,
    }
}

/// The field of the files.
pub(super) const FILES: &str = "attachments";

/// What is reported, by whomever.
pub(crate) struct Told {
    pub(crate) title: Line,
    pub(crate) summary: Option<Prose>,
    pub(crate) occurred: Option<When>,
    pub(crate) class: Option<Class>,
}

impl Step {
    /// Its name in the form.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::What => "what",
            Self::When => "when",
            Self::Kind => "kind",
            Self::Check => "check",
        }
    }

    /// Its number, from 1.
    pub(crate) fn number(self) -> usize {
        STEPS.iter().position(|step| *step == self).map_or(1, |place| place + 1)
    }

    /// The question that it asks.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::What => "What happened?",
            Self::When => "When did it happen?",
            Self::Kind => "What does it look like?",
            Self::Check => "Is this right?",
        }
    }

    /// The page behind it.
    pub(crate) fn next(self) -> Option<Self> {
        STEPS.get(self.number()).copied()
    }

    fn named(name: &str) -> Option<Self> {
        STEPS.into_iter().find(|step| step.name() == name)
    }
}

impl Answers {
    /// The page that was filled in.
    pub(crate) fn step(&self) -> Step {
        Step::named(&self.step).unwrap_or(Step::What)
    }

    /// The page that was asked for instead of going on.
    pub(crate) fn goes_back(&self) -> Option<Step> {
        Step::named(&self.back)
    }

    /// Whether what is answered is kept as a draft.
    pub(crate) fn keeps(&self) -> bool {
        self.kept == "yes"
    }

    /// Checks the fields of one page.
    pub(crate) fn check(&self, step: Step) -> Result<(), Errors> {
        let mut read = Reader::default();
        match step {
            Step::What => {
                let _ = self.title(&mut read);
                let _ = self.summary(&mut read);
            }
            Step::When => {
                let _ = self.occurred(&mut read);
            }
            Step::Kind => {
                let _ = self.class(&mut read);
                let _ = self.summary(&mut read);
            }
            Step::Check => return Ok(()),
        }
        read.done()
    }

    /// What is reported.
    pub(crate) fn told(&self) -> Result<Told, Errors> {
        let mut read = Reader::default();
        let title = self.title(&mut read);
        let summary = self.summary(&mut read);
        let occurred = self.occurred(&mut read);
        let class = self.class(&mut read);
        read.done()?;
        Ok(Told { title: title?, summary: summary?, occurred: occurred?, class: class? })
    }

    /// The report of somebody who is signed in, with files that came with it.
    pub(super) fn parse(&self, files: &[Incoming]) -> Result<ReportCase, Errors> {
        let Told { title, summary, occurred, class } = self.told()?;
        let mut read = Reader::default();
        if !self.attachments.is_empty() {
            read.refuse(FILES, "came as a name only; send the form in parts (multipart/form-data)");
        }
        let attachments: Vec<_> = files.iter().map(|file| attachment(&mut read, file)).collect();
        read.done()?;
        Ok(ReportCase {
            title,
            summary,
            class,
            severity: None,
            occurred,
            detected: None,
            reported: None,
            reporter: None,
            attachments: attachments.into_iter().collect::<Result<_, Bad>>()?,
        })
    }

    fn title(&self, read: &mut Reader) -> Result<Line, Bad> {
        read.required("title", &self.title, "say in one line what happened")
    }

    /// What happened and what was done so far, in one text.
    fn summary(&self, read: &mut Reader) -> Result<Option<Prose>, Bad> {
        let done = self.done.trim();
        let parts = [
            self.summary.trim().to_owned(),
            if done.is_empty() { String::new() } else { format!("**Done so far:** {done}") },
        ];
        let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        read.optional("summary", &text)
    }

    /// The day, with the time if it is known.
    fn occurred(&self, read: &mut Reader) -> Result<Option<When>, Bad> {
        let (day, time) = (self.day.trim(), self.time.trim());
        if day.is_empty() && !time.is_empty() {
            read.refuse("day", "say on which day, or leave the time empty as well");
            return Err(Bad);
        }
        let text = if time.is_empty() { day.to_owned() } else { format!("{day}T{time}") };
        read.optional("day", &text)
    }

    fn class(&self, read: &mut Reader) -> Result<Option<Class>, Bad> {
        read.optional("class", &self.class)
    }
}

fn attachment(read: &mut Reader, file: &Incoming) -> Result<Attachment, Bad> {
    let name = read.required(FILES, &file.name, "have no name; give the file one and choose it again")?;
    Ok(Attachment { path: file.file.path().to_owned(), name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> Answers {
        Answers { title: "A broken lock".to_owned(), ..Answers::default() }
    }

    #[test]
    fn a_title_is_enough() {
        let report = answers().parse(&[]).unwrap();
        assert_eq!(report.title.as_str(), "A broken lock");
        assert!(report.attachments.is_empty());
        assert_eq!((report.summary, report.occurred, report.class), (None, None, None));
    }

    #[test]
    fn day_and_time_become_one_moment() {
        let with_time = Answers { day: "2026-03-17".into(), time: "10:22".into(), ..answers() };
        assert_eq!(with_time.parse(&[]).unwrap().occurred.unwrap().to_string(), "2026-03-17T10:22");
        let day = Answers { day: "2026-03-17".into(), ..answers() };
        assert_eq!(day.parse(&[]).unwrap().occurred.unwrap().to_string(), "2026-03-17");
    }

    #[test]
    fn what_cannot_be_read_names_its_field() {
        for (answers, field) in [
            (Answers::default(), "title"),
            (Answers { day: "yesterday".into(), ..answers() }, "day"),
            (Answers { time: "10:22".into(), ..answers() }, "day"),
            (Answers { class: "odd".into(), ..answers() }, "class"),
        ] {
            assert!(answers.parse(&[]).unwrap_err().of(field).is_some(), "{field}");
        }
    }

    #[test]
    fn what_was_done_stands_below_what_happened() {
        let answers = Answers { summary: "It was open.".into(), done: "Closed it.".into(), ..answers() };
        assert_eq!(
            answers.parse(&[]).unwrap().summary.unwrap().as_str(),
            "It was open.\n\n**Done so far:** Closed it."
        );
    }
}
