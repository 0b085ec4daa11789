//! Commands for the trail.

use nevertwice_service::Kind;
use nevertwice_service::bundle::{ExportBundle, verify_offline};
use nevertwice_service::checkpoint::MakeCheckpoint;
use nevertwice_service::register::VerifyTrail;

use crate::args::{TrailCommand, VerifyArgs};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command for the trail.
pub(super) fn run(session: &Session, command: TrailCommand) -> Result<(), Failure> {
    match command {
        // Bundles are verified before anything looks for a register.
        TrailCommand::Verify(_) => verify_live(session),
        TrailCommand::Checkpoint => {
            let made = session.call(MakeCheckpoint {})?;
            print(session.json, &made, |made, out| write!(out, "{}", made.note))
        }
        TrailCommand::Export { cases, out } => {
            let export = session.call(ExportBundle { cases, out: std::path::absolute(out)? })?;
            print(session.json, &export, text::export)
        }
    }
}

/// Verifies the trail; a finding is a failure.
fn verify_live(session: &Session) -> Result<(), Failure> {
    let report = session.call(VerifyTrail {})?;
    print(session.json, &report, text::verification)?;
    if report.ok {
        return Ok(());
    }
    let message = format!("the register does not agree with its trail: {} finding(s)", report.findings.len());
    Err(Failure::new(Kind::Integrity, "trail.findings", message))
}

/// Verifies a bundle without a register; a refusal is a failure.
pub(super) fn verify_bundle(args: &VerifyArgs, json: bool) -> Result<(), Failure> {
    // Both are demanded together when the command line is read.
    let (Some(bundle), Some(key)) = (&args.bundle, &args.key) else {
        return Err(Failure::new(Kind::Invalid, "bundle.key", "a bundle is verified with --key"));
    };
    let report = verify_offline(bundle, key, args.previous.as_deref())?;
    print(json, &report, text::bundle)?;
    match report.refusal {
        None => Ok(()),
        Some(refusal) => Err(Failure::new(Kind::Integrity, "bundle.refused", refusal)),
    }
}
