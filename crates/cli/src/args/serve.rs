//! How a server is reached.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use clap::Args;
use nevertwice_web::Origin as Address;

use crate::mail::{MailFrom, MailServer};

/// How people reach the register in a browser.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct WebArgs {
    /// Where to listen for browsers: an address with a port, or none; 127.0.0.1:8472 if unsaid.
    #[arg(long, env = "NEVERTWICE_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<Listen>,
    /// The address that people type, such as `https://register.example.org`, if it is another one.
    #[arg(long, env = "NEVERTWICE_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<Address>,
    /// A reverse proxy whose word on where a request came from is taken; may be given several times.
    #[arg(
        long = "trusted-proxy",
        env = "NEVERTWICE_TRUSTED_PROXIES",
        value_name = "IP",
        value_delimiter = ','
    )]
    pub(crate) trusted_proxies: Vec<IpAddr>,
}

/// What a server is started with.
#[derive(Debug, Clone, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) web: WebArgs,
    #[command(flatten)]
    pub(crate) mail: MailArgs,
}

/// How mails are sent.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct MailArgs {
    /// The server that mails are given to, such as smtps://USER@HOST:465 or smtp://localhost:25; no mail is sent without
    /// one. The password of its user is in NEVERTWICE_MAIL_PASSWORD, or in the file that NEVERTWICE_MAIL_PASSWORD_FILE names.
    #[arg(long, env = "NEVERTWICE_MAIL_SERVER", value_name = "URL")]
    pub(crate) mail_server: Option<MailServer>,
    /// Whom mails are from, such as "The register <register@example.org>".
    #[arg(long, env = "NEVERTWICE_MAIL_FROM", value_name = "ADDRESS")]
    pub(crate) mail_from: Option<MailFrom>,
}

/// What the sample is opened with.
#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    pub(crate) web: WebArgs,
    /// Only fill it and show around on the terminal; --json does so too.
    #[arg(long)]
    pub(crate) no_serve: bool,
}

/// Where to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listen {
    /// Nowhere: only commands of this machine are answered.
    Nowhere,
    /// At an address; port 0 is any that is free.
    At(SocketAddr),
}

impl Default for Listen {
    fn default() -> Self {
        Self::At(SocketAddr::from(([127, 0, 0, 1], 8472)))
    }
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::Nowhere);
        }
        let expected =
            || format!("{text:?} is no address with a port; expected one such as 127.0.0.1:8472, or none");
        text.parse().map(Self::At).map_err(|_| expected())
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nowhere => f.write_str("none"),
            Self::At(address) => address.fmt(f),
        }
    }
}
