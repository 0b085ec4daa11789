//! Reporting a case.

use nevertwice_service::case::ReportCase;

use crate::form::{Errors, Reader, form};
use crate::paths;
use crate::verb::Act;

/// Reports a case.
pub(crate) struct Report;

form! {
    /// A report. A title is enough.
    ReportForm {
        /// What happened, in one line.
        title,
        /// What happened, in Markdown.
        summary,
        /// What it is taken for: `event`, `weakness`, `near_miss` or `incident`; an event if empty.
        class,
        /// 1 (least) to 5 (worst).
        severity,
        /// When it happened, as exactly as it is known: `2026`, `2026-03`, `2026-03-17`, `2026-03-17T10:22+02:00`.
        occurred,
        /// When it was noticed.
        detected,
        /// When it was reported; now if empty.
        reported,
        /// Who reported it; whoever asks if empty.
        reporter,
    }
}

impl Act for Report {
    type Path = paths::Cases;
    type Form = ReportForm;
    type UseCase = ReportCase;
    const TITLE: &'static str = "Report a case";

    fn parse(_: &paths::Cases, form: &ReportForm) -> Result<ReportCase, Errors> {
        let mut read = Reader::default();
        let title = read.required("title", &form.title, "say in one line what happened");
        let summary = read.optional("summary", &form.summary);
        let class = read.optional("class", &form.class);
        let severity = read.optional("severity", &form.severity);
        let occurred = read.optional("occurred", &form.occurred);
        let detected = read.optional("detected", &form.detected);
        let reported = read.optional("reported", &form.reported);
        let reporter = read.optional("reporter", &form.reporter);
        read.done()?;
        Ok(ReportCase {
            title: title?,
            summary: summary?,
            class: class?,
            severity: severity?,
            occurred: occurred?,
            detected: detected?,
            reported: reported?,
            reporter: reporter?,
            attachments: Vec::new(),
        })
    }
}
