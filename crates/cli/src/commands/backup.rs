//! Commands for backups.

use nevertwice_service::Kind;
use nevertwice_service::backup::{self, CreateBackup};

use crate::args::BackupCommand;
use crate::failure::Failure;
use crate::output::print;
use crate::session::{self, Session, edge};
use crate::text;

/// Runs a command for backups. Verifying and restoring need no register that works.
pub(super) fn run(session: &Session, command: BackupCommand) -> Result<(), Failure> {
    match command {
        BackupCommand::Create { out, with_keys } => {
            let out = out.map(std::path::absolute).transpose()?;
            let made = session.call(CreateBackup { out, with_keys })?;
            print(session.json, &made, text::backup)
        }
        BackupCommand::Verify { backup } => {
            let report = backup::verify(&std::path::absolute(backup)?)?;
            print(session.json, &report, text::backup_verification)?;
            if report.ok {
                return Ok(());
            }
            let message = format!("the backup does not verify: {} finding(s)", report.findings.len());
            Err(Failure::new(Kind::Integrity, "backup.findings", message))
        }
        BackupCommand::Restore { backup, confirm_shorter } => {
            let config = &session.config;
            let folder = session::hold(&config.data)?.with_signing_key(config.signing_key.clone());
            let at = edge().clock.now();
            let backup = std::path::absolute(backup)?;
            let restored = backup::restore(&backup, &folder, &config.database, confirm_shorter, at)?;
            print(session.json, &restored, text::restored)
        }
    }
}
