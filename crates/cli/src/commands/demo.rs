//! The sample company: filled once, then looked at.

use std::fs::Permissions;
use std::io::{self, IsTerminal};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use nevertwice_domain::measure::{DateBasis, Dimension};
use nevertwice_service::account::NewSignInLink;
use nevertwice_service::search::{ListActions, ListCases, MeasureVolume};
use nevertwice_service::setup::{self, default_database};
use nevertwice_service::use_case::Asked;
use nevertwice_service::{Identity, Kind, Service, os_user};
use serde::Serialize;
use utoipa::ToSchema;

use super::serve;
use crate::args::{DemoArgs, Origin};
use crate::demo;
use crate::failure::Failure;
use crate::output::{print, say};
use crate::session::{self, Session};
use crate::text;
use crate::web::Web;

/// Where the sample lives when nobody names another place.
const FOLDER: &str = "nevertwice-demo";
/// The default of `--data`: the demo never touches it.
const REAL_FOLDER: &str = "nevertwice-data";

/// What the sample's cases are counted by.
const CLASSES: [Dimension; 1] = [Dimension::Class];

/// What the demo shows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SampleView {
    /// Its data folder.
    data: String,
    /// True: everything in it is invented.
    sample: bool,
    /// How many cases there are.
    cases: u64,
    /// How many actions there are.
    actions: u64,
    /// The latest cases.
    register: nevertwice_service::search::CaseList,
    /// How many cases of each class there are.
    classes: nevertwice_service::search::VolumeView,
    /// A case whose loop is complete.
    story: Option<String>,
}

/// Fills the sample if need be, and shows around.
pub(super) fn demo(session: &Session, args: &DemoArgs) -> Result<(), Failure> {
    let root = folder(session)?;
    refuse_database(session, &root)?;
    let service = open(&root)?;
    let shown = look(&service, &root)?;
    print(session.json, &shown, |shown, out| {
        writeln!(out, "SAMPLE: everything in this register is invented.\n")?;
        text::case_list(&shown.register, out)?;
        writeln!(out)?;
        text::volume(&shown.classes, &CLASSES, out)?;
        tour(shown, out)
    })?;
    if session.json || args.no_serve {
        return Ok(());
    }
    let web = Web::bind(&service, &session.config, &args.web)?;
    serve::hold(&service, web, |origin| {
        let identity = Identity::OsUser(os_user::current());
        let asked = Asked::new(&service, &identity);
        let link = asked.run(NewSignInLink { person: None })?;
        say(format_args!(
            "\nOpen {origin}/enter/{}\nIt lets you in as {}, once, within ten minutes.",
            link.secret.as_str(),
            link.person
        ));
        Ok(())
    })
}

/// The demo's own folder: `--data` if it is not the one for the real register.
fn folder(session: &Session) -> Result<PathBuf, Failure> {
    let given = &session.config.data;
    let is_real = given.file_name().is_some_and(|name| name == REAL_FOLDER);
    Ok(if is_real { std::path::absolute(FOLDER)? } else { given.clone() })
}

/// The sample lies in a file of its own folder: a database that was named is left alone, and said so.
fn refuse_database(session: &Session, root: &Path) -> Result<(), Failure> {
    let config = &session.config;
    let Some(named) = config.named_database() else { return Ok(()) };
    let origin = config.database_origin();
    // What the folder of the real register says is not said of the sample.
    if origin == Origin::File && config.data != root {
        return Ok(());
    }
    let message = format!(
        "the sample has a database of its own in {}, but {named} is named ({origin}); leave it out for demo, and \
         choose the folder with --data",
        root.display()
    );
    Err(Failure::new(Kind::Invalid, "demo.database", message))
}

fn open(root: &Path) -> Result<Service, Failure> {
    let database = default_database(root);
    if !database.file().is_some_and(Path::exists) {
        return fill(root);
    }
    let service = setup::open(session::hold(root)?, &database, &session::edge())?;
    if service.info().is_sample {
        return Ok(service);
    }
    let message = format!("{} holds a real register; the sample needs a folder of its own", root.display());
    Err(Failure::new(Kind::Conflict, "demo.real_register", message))
}

/// Fills a folder beside the wanted one and renames it, so that a demo that was cut off leaves nothing half.
fn fill(root: &Path) -> Result<Service, Failure> {
    let bar = if io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} facts of two years")
        .map_err(nevertwice_service::ServiceError::internal)?;
    bar.set_style(style);
    say(format_args!("Filling {} with the sample company …", root.display()));
    let parent = root.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent)?;
    let scratch = tempfile::Builder::new()
        .prefix(".nevertwice-demo-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent)?;
    let filled = demo::fill(scratch.path(), &default_database(scratch.path()), &|progress| {
        bar.set_length(progress.total.unwrap_or(0));
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    drop(filled?);
    if root.exists() {
        // Only an empty folder may stand in the way; anything else is somebody's.
        std::fs::remove_dir(root)?;
    }
    std::fs::rename(scratch.keep(), root)?;
    Ok(setup::open(session::hold(root)?, &default_database(root), &session::edge())?)
}

fn look(service: &Service, root: &Path) -> Result<SampleView, Failure> {
    let identity = Identity::OsUser(os_user::current());
    let asked = Asked::new(service, &identity);
    let register = asked.run(ListCases { query: String::new(), limit: 10, after: None, sort: None })?;
    let actions = asked.run(ListActions { query: String::new(), limit: 1, after: None })?;
    let query = "class:incident state:closed has:cause has:lesson has:action has:evidence".to_owned();
    let told = asked.run(ListCases { query, limit: 1, after: None, sort: Some("-severity".to_owned()) })?;
    let classes = asked.run(MeasureVolume {
        by: CLASSES.to_vec(),
        date: DateBasis::Earliest,
        query: String::new(),
        register: false,
    })?;
    Ok(SampleView {
        data: root.display().to_string(),
        sample: true,
        cases: register.total,
        actions: actions.total,
        register,
        classes,
        story: told.items.first().map(|case| case.reference.clone()),
    })
}

/// Commands worth trying, as they can be typed where the demo was started.
fn tour(shown: &SampleView, out: &mut dyn io::Write) -> io::Result<()> {
    let program = std::env::args().next().unwrap_or_else(|| "nevertwice".to_owned());
    writeln!(out, "\nLook around; first: export NEVERTWICE_DATA={}", shown.data)?;
    let story = shown.story.as_ref().map(|reference| format!("case show {reference}"));
    let story = story.as_deref().unwrap_or("case list");
    for (command, what) in [
        (story, "one case as one story: timeline, whys, lesson, actions, check"),
        ("search phishing", "find it in cases, causes, lessons, actions"),
        ("case list --query 'class:incident severity:>=4'", "the bad ones"),
        ("lesson list", "what was learned"),
        ("action list --query overdue:yes", "what is owed"),
        ("measure volume --by year,class", "the figures"),
        ("trail verify", "is everything as it was entered?"),
        ("case new 'A dataset bucket was public'", "report one yourself"),
    ] {
        writeln!(out, "  {program} {command}\n      {what}")?;
    }
    Ok(())
}
