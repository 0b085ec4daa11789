//! Commands for the company's settings.

use nevertwice_domain::text::Line;
use nevertwice_service::Kind;
use nevertwice_service::settings::{EditSettings, SettingsView, ShowSettings};
use nevertwice_service::use_case::UseCase;

use crate::args::{SettingsArgs, SettingsCommand};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command for the settings.
pub(super) fn run(session: &Session, command: SettingsCommand) -> Result<(), Failure> {
    match command {
        SettingsCommand::Show => shown(session, ShowSettings {}),
        SettingsCommand::Edit(args) => shown(session, edit(args)?),
    }
}

fn shown<U: UseCase<Output = SettingsView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let settings = session.call(use_case)?;
    print(session.json, &settings, text::settings)
}

fn edit(args: SettingsArgs) -> Result<EditSettings, Failure> {
    Ok(EditSettings {
        version: None,
        company: args.company,
        time_zone: args.time_zone,
        currency: args.currency,
        severity_words: five_words("severity", args.severity_words)?,
        likelihood_words: five_words("likelihood", args.likelihood_words)?,
        impact_words: five_words("impact", args.impact_words)?,
        add_categories: args.add_categories,
        remove_categories: args.remove_categories,
        add_cause_categories: args.add_cause_categories,
        remove_cause_categories: args.remove_cause_categories,
        open_reporting: args.open_reporting,
    })
}

fn five_words(of: &str, words: Vec<Line>) -> Result<Option<[Line; 5]>, Failure> {
    if words.is_empty() {
        return Ok(None);
    }
    let found = words.len();
    words.try_into().map(Some).map_err(|_| {
        let message = format!("--{of}-words: expected five words for 1 to 5, found {found}");
        Failure::new(Kind::Invalid, &format!("settings.{of}_words"), message)
    })
}
