//! Where a setting comes from: flag, environment, `config.toml` in the data folder, or what is shipped.

use std::fmt::Display;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use nevertwice_service::Kind;
use nevertwice_service::setup::default_database;
use nevertwice_store::DatabaseUrl;
use nevertwice_web::Origin as Address;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::args::{Global, Listen, Origin};
use crate::failure::Failure;
use crate::mail::{MailFrom, MailServer};

/// The file in the data folder.
pub(crate) const FILE: &str = "config.toml";

/// What the file can say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    database: Option<String>,
    signing_key: Option<PathBuf>,
    listen: Option<String>,
    public_url: Option<String>,
    #[serde(default)]
    trusted_proxies: Vec<IpAddr>,
    mail: Option<MailFile>,
}

/// What it says of mails.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MailFile {
    server: String,
    from: String,
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
    /// Where the file says to listen.
    pub(crate) listen: Option<Listen>,
    /// The address that people type, as the file says.
    pub(crate) public_url: Option<Address>,
    /// The proxies that the file names.
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// The mail server of the file, and whom mails are from.
    pub(crate) mail: Option<(MailServer, MailFrom)>,
    signing_key_origin: Origin,
    database_origin: Origin,
    data_origin: Origin,
}

/// A setting as `config show` prints it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Setting {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value; secrets are not shown.
    pub(crate) value: String,
    /// `flag`, `environment`, `config.toml` or `default`.
    #[schema(value_type = String)]
    pub(crate) origin: Origin,
}

impl Config {
    /// Works out the settings.
    ///
    /// # Errors
    /// The file cannot be read, has an unknown key, or names a database that is refused.
    pub(crate) fn load(global: &Global) -> Result<Self, Failure> {
        let data = std::path::absolute(&global.data)?;
        let file = read_file(&data.join(FILE))?;
        let (database, database_origin) = match (&global.database, file.database) {
            (Some(text), _) => (parse(text, &std::env::current_dir()?)?, global.origins.database),
            // A path in the file is meant from where the file lies.
            (None, Some(text)) => (parse(&text, &data)?, Origin::File),
            (None, None) => (default_database(&data), Origin::Default),
        };
        let (signing_key, signing_key_origin) = match (&global.signing_key, file.signing_key) {
            (Some(path), _) => (Some(path.clone()), global.origins.signing_key),
            (None, Some(path)) => (Some(data.join(path)), Origin::File),
            (None, None) => (None, Origin::Default),
        };
        let signing_key = signing_key.map(std::path::absolute).transpose()?;
        let data_origin = global.origins.data;
        let listen = file.listen.map(|text| in_file("listen", &text)).transpose()?;
        let public_url = file.public_url.map(|text| in_file("public_url", &text)).transpose()?;
        let mail = match file.mail {
            Some(mail) => Some((in_file("mail.server", &mail.server)?, in_file("mail.from", &mail.from)?)),
            None => None,
        };
        Ok(Self {
            data,
            database,
            signing_key,
            listen,
            public_url,
            trusted_proxies: file.trusted_proxies,
            mail,
            signing_key_origin,
            database_origin,
            data_origin,
        })
    }

    /// The database, if somebody named one: then it is that one or none.
    pub(crate) fn named_database(&self) -> Option<&DatabaseUrl> {
        (self.database_origin != Origin::Default).then_some(&self.database)
    }

    /// Where the name of the database comes from.
    pub(crate) fn database_origin(&self) -> Origin {
        self.database_origin
    }

    /// Every setting with its origin.
    pub(crate) fn settings(&self) -> Vec<Setting> {
        let signing_key = match &self.signing_key {
            Some(path) => path.display().to_string(),
            None => self.data.join("keys").join("signing.key").display().to_string(),
        };
        let mut settings = vec![
            Setting { name: "data", value: self.data.display().to_string(), origin: self.data_origin },
            Setting { name: "database", value: self.database.to_string(), origin: self.database_origin },
            Setting { name: "signing_key", value: signing_key, origin: self.signing_key_origin },
        ];
        if let Some((server, from)) = &self.mail {
            let of_file = |name, value| Setting { name, value, origin: Origin::File };
            settings.push(of_file("mail.server", server.to_string()));
            settings.push(of_file("mail.from", from.to_string()));
        }
        settings
    }
}

/// A value of the file.
fn in_file<T: FromStr<Err: Display>>(key: &str, text: &str) -> Result<T, Failure> {
    text.parse()
        .map_err(|error| Failure::new(Kind::Invalid, "config.unreadable", format!("{FILE}: {key}: {error}")))
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

/// Reads an address; a relative path of a file is meant from `base`.
fn parse(text: &str, base: &Path) -> Result<DatabaseUrl, Failure> {
    let url: DatabaseUrl = text
        .parse()
        .map_err(|error| Failure::new(Kind::Invalid, "config.database", format!("database: {error}")))?;
    Ok(match url.file() {
        Some(file) => DatabaseUrl::in_file(base.join(file)),
        None => url,
    })
}
