//! Where a setting comes from: flag, environment, `config.toml` in the data folder, or what is shipped.

use std::path::{Path, PathBuf};

use nevertwice_service::Kind;
use nevertwice_service::setup::default_database;
use nevertwice_store::DatabaseUrl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Failure;

/// The file in the data folder.
pub(crate) const FILE: &str = "config.toml";

/// What the file can say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    database: Option<String>,
    signing_key: Option<PathBuf>,
}

/// The settings of this call, each with its origin.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// The data folder.
    pub(crate) data: PathBuf,
    /// The database.
    pub(crate) database: DatabaseUrl,
    /// The signing key, if it is kept outside the data folder.
    pub(crate) signing_key: Option<PathBuf>,
    signing_key_origin: &'static str,
    database_origin: &'static str,
    data_origin: &'static str,
}

/// A setting as `config show` prints it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Setting {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value; secrets are not shown.
    pub(crate) value: String,
    /// `flag`, `environment`, `config.toml` or `default`.
    pub(crate) origin: &'static str,
}

impl Config {
    /// Works out the settings.
    ///
    /// # Errors
    /// The file cannot be read, has an unknown key, or names a database that is refused.
    pub(crate) fn load(
        data: &Path,
        database: Option<&str>,
        signing_key: Option<&Path>,
    ) -> Result<Self, Failure> {
        let data = std::path::absolute(data)?;
        let file = read_file(&data.join(FILE))?;
        let (database, database_origin) = match (database, file.database) {
            (Some(text), _) => (parse(text)?, origin_of("NEVERTWICE_DATABASE", text)),
            (None, Some(text)) => (parse(&text)?, "config.toml"),
            (None, None) => (default_database(&data), "default"),
        };
        let (signing_key, signing_key_origin) = match (signing_key, file.signing_key) {
            (Some(path), _) => {
                (Some(path.to_owned()), origin_of("NEVERTWICE_SIGNING_KEY", &path.to_string_lossy()))
            }
            // A path in the file is meant from where the file lies.
            (None, Some(path)) => (Some(data.join(path)), "config.toml"),
            (None, None) => (None, "default"),
        };
        let signing_key = signing_key.map(std::path::absolute).transpose()?;
        let data_origin = origin_of("NEVERTWICE_DATA", &data.to_string_lossy());
        Ok(Self { data, database, signing_key, signing_key_origin, database_origin, data_origin })
    }

    /// Every setting with its origin.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let signing_key = match &self.signing_key {
            Some(path) => path.display().to_string(),
            None => self.data.join("keys").join("signing.key").display().to_string(),
        };
        vec![
            Setting { name: "data", value: self.data.display().to_string(), origin: self.data_origin },
            Setting { name: "database", value: self.database.to_string(), origin: self.database_origin },
            Setting { name: "signing_key", value: signing_key, origin: self.signing_key_origin },
        ]
    }
}

fn origin_of(variable: &str, value: &str) -> &'static str {
    match std::env::var(variable) {
        Ok(set) if set == value => "environment",
        _ => "flag or default",
    }
}

fn read_file(path: &Path) -> Result<ConfigFile, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(ConfigFile::default()),
        Err(error) => {
            let message = format!("cannot read {}: {error}", path.display());
            return Err(Failure::new(Kind::Unavailable, "config.io", message));
        }
    };
    toml::from_str(&text).map_err(|error| {
        Failure::new(Kind::Invalid, "config.unreadable", format!("{}: {error}", path.display()))
    })
}

fn parse(text: &str) -> Result<DatabaseUrl, Failure> {
    text.parse().map_err(|error| Failure::new(Kind::Invalid, "config.database", format!("database: {error}")))
}
