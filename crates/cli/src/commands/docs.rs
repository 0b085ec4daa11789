//! Completions, manual page and generated reference documentation.

use std::fmt::Write as _;
use std::path::Path;

use clap::CommandFactory;
use nevertwice_domain::permission::{self, Role};
use nevertwice_domain::word::Word;
use nevertwice_service::Kind;

use crate::answers;
use crate::args::{Cli, ReferenceWhat};
use crate::failure::Failure;
use crate::output::print_text;

/// Prints completions for a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "nevertwice", &mut script);
    print_text(&script)
}

/// Prints the manual pages of all commands one after another, or writes each to a file of a folder.
pub(super) fn man(folder: Option<&Path>) -> Result<(), Failure> {
    // A page for `help` would say nothing that the others do not.
    let mut root = Cli::command().disable_help_subcommand(true);
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder)?;
        return Ok(clap_mangen::generate_to(root, folder)?);
    }
    root.build();
    let mut pages = Vec::new();
    manual(root, &mut pages)?;
    print_text(&pages)
}

fn manual(command: clap::Command, out: &mut Vec<u8>) -> Result<(), Failure> {
    let parts: Vec<_> = command.get_subcommands().filter(|part| !part.is_hide_set()).cloned().collect();
    clap_mangen::Man::new(command).render(out)?;
    parts.into_iter().try_for_each(|part| manual(part, out))
}

/// What these commands print is no JSON.
pub(super) fn no_json() -> Failure {
    let message =
        "completions, man and reference print text for other programs, never JSON; leave --json out";
    Failure::new(Kind::Invalid, "usage", message)
}

/// Prints a page of the reference documentation.
pub(super) fn reference(what: ReferenceWhat) -> Result<(), Failure> {
    let page = match what {
        ReferenceWhat::Cli => cli_page(),
        ReferenceWhat::Json => json_page()?,
        ReferenceWhat::Permissions => permissions_page(),
        ReferenceWhat::AccessMatrix => nevertwice_web::access::page(),
        ReferenceWhat::Openapi => openapi()?,
    };
    print_text(page.as_bytes())
}

fn openapi() -> Result<String, Failure> {
    let document = nevertwice_web::api_document();
    let text = serde_json::to_string_pretty(&document).map_err(nevertwice_service::ServiceError::internal)?;
    Ok(format!("{text}\n"))
}

fn cli_page() -> String {
    let mut page =
        "# Commands\n\nGenerated from the program; run any command with `--help` for the same text.\n"
            .to_owned();
    let mut root = Cli::command().term_width(100);
    root.build();
    describe(&root, &mut Vec::new(), &mut page);
    page
}

fn describe(command: &clap::Command, path: &mut Vec<String>, page: &mut String) {
    path.push(command.get_name().to_owned());
    let help = command.clone().render_help().to_string();
    // Writing to a String cannot fail.
    let _ = write!(page, "\n## {}\n\n```text\n{}\n```\n", path.join(" "), help.trim_end());
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        describe(sub, path, page);
    }
    path.pop();
}

fn permissions_page() -> String {
    let mut page =
        "# Who may do what\n\nGenerated from the table that the program enforces.\n\n| verb |".to_owned();
    for role in Role::ALL {
        let _ = write!(page, " {role} |");
    }
    page.push_str(" scope of a token |\n|---|");
    page.push_str(&"---|".repeat(Role::ALL.len() + 1));
    page.push('\n');
    for (verb, grants) in permission::table() {
        let _ = write!(page, "| {verb} |");
        for grant in grants {
            let _ = write!(page, " {grant} |");
        }
        let _ = writeln!(page, " {} |", verb.scope());
    }
    page.push_str(
        "\nAn access token may be used for what its person may do, as far as its scopes go: `person token NAME --scope \
         read`. Without a scope it has all of them. The answer to a change shows the record that was changed. Taking a \
         case on, saying what it is a part of, and `doctor` need `read` beside their own. Passwords, second factors, \
         sessions and tokens of one's own need `administer`.\n",
    );
    page
}

fn json_page() -> Result<String, Failure> {
    let mut page =
        "# What `--json` prints\n\nGenerated from the program. Amounts are minor units with an ISO 4217 \
                    currency, times RFC 3339, dates keep their precision. Fields are added, never renamed.\n\n\
                    | command | answer |\n|---|---|\n"
            .to_owned();
    for (commands, answer) in answers::ANSWERS {
        let name = answer.trim_matches(['[', ']']);
        let link = format!("[{name}](#{})", name.to_lowercase());
        let answer = if name == *answer { link } else { format!("list of {link}") };
        let _ = writeln!(page, "| {commands} | {answer} |");
    }
    page.push_str(
        "\n`serve`, `completions` and `man` print no JSON.\n\nA command that fails writes `{\"error\": {…}}` to standard error, with a `kind`, a stable `code`, a `message` \
         and, where input is to blame, `fields`.\n",
    );
    for (name, schema) in answers::schemas() {
        let json =
            serde_json::to_string_pretty(&schema).map_err(nevertwice_service::ServiceError::internal)?;
        let _ = write!(page, "\n## {name}\n\n```json\n{json}\n```\n");
    }
    Ok(page)
}
