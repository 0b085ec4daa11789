//! What has to be known of a register to ask for its pages and to know what has to stand on them.

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::web::questions::FILTER;
use crate::web::{Ask, Connection, Credential, Request, Site, escaped};

/// Pages before the one that is asked for by where it goes on.
const PAGES_BEFORE: usize = 19;

/// What is known of a register of generated cases.
pub(super) struct Facts {
    /// How many cases were imported; their numbers are 1 to that.
    pub(super) cases: u64,
    /// How many cases there are.
    pub(super) total: u64,
    /// How many of them fit the filter.
    pub(super) filtered: u64,
    /// Where the 20th page of the register goes on.
    pub(super) page_20: String,
    /// The address of the style sheet.
    pub(super) style: String,
    /// What stands before the number of a reference.
    before_number: String,
}

impl Facts {
    /// Asks a server for them.
    ///
    /// # Errors
    /// When it does not answer, or has another register.
    pub(super) fn find(site: &Site, who: &Credential, cases: u64) -> anyhow::Result<Facts> {
        let mut connection = site.connection();
        let mut list = |query: &str| listed(&mut connection, who, query);
        let first = list("sort=reference&limit=1")?;
        let reference = first["items"][0]["reference"].as_str().context("there is no case")?;
        let before_number =
            reference.strip_suffix("0001").with_context(|| format!("the first case is {reference}"))?;
        let total = first["total"].as_u64().context("a list without a total")?;
        if total < cases {
            bail!("expected {cases} cases, found {total}");
        }
        let filtered = list(&format!("q={}&limit=1", escaped(FILTER)))?;
        let mut page_20 = String::new();
        for _ in 0..PAGES_BEFORE {
            let page = list(&format!("limit=50&after={}", escaped(&page_20)))?;
            page_20 =
                page["next"].as_str().context("there are not 20 pages: take 1,000 cases or more")?.to_owned();
        }
        Ok(Facts {
            cases,
            total,
            filtered: filtered["total"].as_u64().context("a list without a total")?,
            page_20,
            style: style_sheet(&mut connection)?,
            before_number: before_number.to_owned(),
        })
    }

    /// The reference of a case by its number.
    pub(super) fn case(&self, number: u64) -> String {
        format!("{}{number:04}", self.before_number)
    }

    /// How many bytes the page of a case has.
    ///
    /// # Errors
    /// When the server does not show it.
    pub(super) fn page_size(&self, site: &Site, who: &Credential) -> anyhow::Result<usize> {
        let case = self.case(self.cases / 2);
        let page = Ask::page(Request::get(format!("/cases/{case}")), case);
        Ok(site.connection().ask(&page, who)?.body.len())
    }
}

/// A list of cases as programs get it.
fn listed(connection: &mut Connection, who: &Credential, query: &str) -> anyhow::Result<Value> {
    let ask = Ask::json(Request::get(format!("/api/v1/cases?{query}")), "\"items\":");
    Ok(serde_json::from_slice(&connection.ask(&ask, who)?.body)?)
}

/// Where the page for signing in has its style sheet.
fn style_sheet(connection: &mut Connection) -> anyhow::Result<String> {
    let ask = Ask::page(Request::get("/sign-in"), "rel=\"stylesheet\"");
    let page = String::from_utf8(connection.ask(&ask, &Credential::Nobody)?.body)?;
    let link = page.split("rel=\"stylesheet\"").nth(1).and_then(|rest| rest.split("href=\"").nth(1));
    let address = link.and_then(|rest| rest.split('"').next()).context("a style sheet without an address")?;
    Ok(address.to_owned())
}
