//! `docker-ovs mode add FILE`: what the driver would not take does not get in, and nothing is granted by mistake.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use admin::report::ModeUser;
use plan::{Grant, Grants};
use policy::{Checked, Origin, read_module};
use serde::Serialize;
use tokio::time::{Instant, sleep};

use super::alone::Alone;
use super::grants::{Needed, Written};
use super::install;
use super::known::{self, Known};
use super::module::NotAMode;
use crate::cli::mode::Add;
use crate::command::wait;
use crate::config::Config;
use crate::exit::{Failure, REFUSED, USAGE};
use crate::names::Names;
use crate::{modes, show};

/// When a driver has seen a file for sure: it takes one for whole that nobody wrote to for two seconds, and may have other
/// things to do then.
const SETTLED: Duration = Duration::from_secs(15);
/// How long to wait before it is asked again.
const PAUSE: Duration = Duration::from_millis(100);

/// What was added.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Added {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) digest: String,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// The capabilities that it asks for.
    pub(crate) asked: Vec<String>,
    /// What of that it is granted.
    pub(crate) granted: Vec<String>,
    /// Where that is written; nothing: nowhere, or in the configuration.
    pub(crate) grants: Option<PathBuf>,
    /// The digest of the module that had the name before, if there was another.
    pub(crate) replaced: Option<String>,
    /// The networks that keep a module that had the name before.
    pub(crate) users: Vec<ModeUser>,
    /// A driver runs, and has it now.
    pub(crate) driver: bool,
}

pub(crate) fn run(arguments: &Add, config: &Config) -> Result<ExitCode, Failure> {
    let added = wait(add(arguments, config))?;
    show::either(arguments.json, &added, || show::added(&added))?;
    Ok(ExitCode::SUCCESS)
}

async fn add(arguments: &Add, config: &Config) -> Result<Added, Failure> {
    let checked = check(arguments, config)?;
    let name = checked.name().to_owned();
    let configured = config.grants.contains_key(&name);
    grantable(&arguments.grants, &checked, configured)?;
    tried(&checked, arguments, config).await?;

    let _alone = Alone::wait(config)?;
    let written = Written::read(&name, config)?;
    let path = config.mode_dir.join(format!("{name}.wasm"));
    let replaced = read_module(&path, &config.limits.modes).ok().map(|bytes| policy::digest(&bytes));
    let allow = match &arguments.grants[..] {
        [] => written.of(checked.digest()).cloned().unwrap_or_default(),
        given => Grants(given.to_vec()),
    };
    // The grants come first, those of the module that is replaced among them: whenever this ends, whichever of the two lies
    // there has its own.
    let both = written.with(Some(checked.digest()), allow.clone(), &Needed::Unknown);
    if !configured {
        written.write(&both)?;
    }
    if let Err(error) = install::replace(&path, checked.bytes()) {
        if !configured {
            written.put_back()?;
        }
        return Err(error);
    }
    let names = Names::new();
    let after = seen(&checked, config, &names).await?;
    // Only now no new network gets the module that was replaced, and who uses it can be told.
    let grants = written.with(Some(checked.digest()), allow, &Needed::of(after.as_ref()));
    if !configured && grants != both {
        written.write(&grants)?;
    }
    taken(&checked, after.as_ref())?;
    let (catalog, _) = modes::open(&modes::sandbox(config).map_err(anyhow::Error::from)?, config);
    let checked = checked.clone().granted(&catalog.allowed(&name, Origin::Site, checked.digest()));
    let of_others = |mode: &&admin::report::Mode| mode.digest != checked.digest().as_str();
    let users = after.iter().flat_map(|known| known.named(&name)).filter(of_others);
    Ok(Added {
        version: checked.manifest().version.clone(),
        digest: checked.digest().to_string(),
        path,
        asked: checked.manifest().capabilities.iter().map(ToString::to_string).collect(),
        granted: checked.grants().0.iter().map(ToString::to_string).collect(),
        grants: (!configured && !grants.is_empty()).then(|| written.path().clone()),
        replaced: replaced.filter(|digest| digest != checked.digest()).map(|digest| digest.to_string()),
        users: users.flat_map(|mode| mode.users.clone()).collect(),
        driver: after.is_some(),
        name,
    })
}

/// The module, under the name that it is to have.
fn check(arguments: &Add, config: &Config) -> Result<Checked, Failure> {
    let (file, limits) = (&arguments.file, &config.limits.modes);
    let refused = |cause| NotAMode::failure(file, cause);
    let bytes: Arc<[u8]> = read_module(file, limits).map_err(refused)?.into();
    let checked = Checked::by_manifest(Origin::Site, Arc::clone(&bytes), limits).map_err(refused)?;
    let name = arguments.name.as_ref().unwrap_or(&checked.manifest().name);
    if !policy::is_mode_name(name) {
        let name = name.escape_default();
        return Err(Failure::say(USAGE, format_args!("a mode cannot be called \"{name}\": {}", policy::MODE_NAME)));
    }
    if modes::built_in().iter().any(|mode| mode.name == name) {
        let message = format!("{name} is a built-in mode: give this one another name with --name");
        return Err(Failure::say(USAGE, message));
    }
    Checked::new(name, Origin::Site, bytes, limits).map_err(refused)
}

/// Checks that what is given is asked for, and that it holds: what is given in vain would be believed to be given.
fn grantable(grants: &[Grant], checked: &Checked, configured: bool) -> Result<(), Failure> {
    let (name, asked) = (checked.name(), &checked.manifest().capabilities);
    if configured && !grants.is_empty() {
        let digest = checked.digest();
        return Err(Failure::say(
            USAGE,
            format_args!(
                "[grants.{name}] stands in the configuration, and wins over what is granted here: say it there (digest \
                 = \"{digest}\"), or remove that section"
            ),
        ));
    }
    let Some(vain) = grants.iter().find(|grant| !asked.contains(&grant.capability)) else { return Ok(()) };
    let asked = asked.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let asked = if asked.is_empty() { "nothing".to_owned() } else { asked };
    let message = format!("{vain} is not what the module asks for, so it would not get it: it asks for {asked}");
    Err(Failure::say(USAGE, message))
}

/// Compiles it and starts it once, as the driver would.
async fn tried(checked: &Checked, arguments: &Add, config: &Config) -> Result<(), Failure> {
    let sandbox = modes::sandbox(config).map_err(anyhow::Error::from)?;
    let refused = |cause| NotAMode::failure(&arguments.file, cause);
    sandbox.load(checked.clone()).await.map(drop).map_err(refused)
}

/// What a driver that runs has now. A file of that name that came a moment ago may count as being written still: then it
/// is asked again.
async fn seen(checked: &Checked, config: &Config, names: &Names) -> Result<Option<Known>, Failure> {
    let deadline = Instant::now() + SETTLED;
    loop {
        let asked = Instant::now();
        let known = Known::told(known::driver(config).reload_modes().await, names).await?;
        let digest = checked.digest().as_str();
        let sees = known.as_ref().is_none_or(|known| known.named(checked.name()).any(|mode| mode.digest == digest));
        if sees || asked > deadline {
            return Ok(known);
        }
        sleep(PAUSE).await;
    }
}

/// Checks that a driver that runs has it now.
fn taken(checked: &Checked, known: Option<&Known>) -> Result<(), Failure> {
    let Some(known) = known else { return Ok(()) };
    let (name, digest) = (checked.name(), checked.digest().as_str());
    match known.named(name).find(|mode| mode.digest == digest) {
        Some(mode) => match &mode.error {
            Some(error) => Err(Failure::say(REFUSED, format_args!("the driver does not take mode {name}: {error}"))),
            None => Ok(()),
        },
        None => Err(Failure::say(
            REFUSED,
            format_args!("{name}.wasm is in place, and the driver that runs does not see it: has it another mode_dir?"),
        )),
    }
}
