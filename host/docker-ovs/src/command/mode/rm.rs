//! `docker-ovs mode rm NAME`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use admin::report::ModeUser;
use plan::Grants;
use policy::GrantFile;
use serde::Serialize;

use super::alone::Alone;
use super::grants::{Needed, Written};
use super::install;
use super::known::{self, Known};
use crate::cli::mode::Rm;
use crate::command::wait;
use crate::config::Config;
use crate::exit::{Failure, NOT_FOUND, REFUSED, UNAVAILABLE};
use crate::names::Names;
use crate::{modes, show};

/// What was removed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RemovedMode {
    pub(crate) name: String,
    /// The module's file; nothing: there was none.
    pub(crate) file: Option<PathBuf>,
    /// The networks that keep it, and what it is granted.
    pub(crate) users: Vec<ModeUser>,
    /// The digests of modules that had grants, and have none any more.
    pub(crate) revoked: Vec<String>,
    /// The digests of modules that keep theirs.
    pub(crate) kept: Vec<String>,
    /// Its file of grants, if that is still there.
    pub(crate) grants: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Rm, config: &Config) -> Result<ExitCode, Failure> {
    let removed = wait(remove(arguments, config))?;
    show::either(arguments.json, &removed, || show::removed_mode(&removed))?;
    Ok(ExitCode::SUCCESS)
}

async fn remove(arguments: &Rm, config: &Config) -> Result<RemovedMode, Failure> {
    let name = &arguments.name;
    let path = config.mode_dir.join(format!("{name}.wasm"));
    is_removable(name, &path, config)?;
    let _alone = Alone::wait(config)?;
    let written = Written::read(name, config)?;
    let names = Names::new();
    let known = Known::told(known::driver(config).modes().await, &names).await?;
    let users: Vec<_> = known.iter().flat_map(|known| known.named(name)).flat_map(|mode| mode.users.clone()).collect();
    if !arguments.force {
        unused(name, known.as_ref(), &users)?;
    }
    let was_there = install::remove(&path)?;
    // Only now no new network gets the module, and who uses it can be told.
    let after = Known::told(known::driver(config).reload_modes().await, &names).await?;
    let left = written.with(None, Grants::default(), &Needed::of(after.as_ref()));
    if written.file.is_some() {
        written.write(&left)?;
    }
    let grants = (!left.is_empty()).then(|| written.path().clone());
    let kept = granted(&left);
    let before = written.file.as_ref().map(granted).unwrap_or_default();
    let revoked = before.into_iter().filter(|digest| !kept.contains(digest)).collect();
    Ok(RemovedMode { name: name.clone(), file: was_there.then_some(path), users, revoked, kept, grants })
}

/// The modules that a file grants something.
fn granted(file: &GrantFile) -> Vec<String> {
    let last = file.digest.iter().filter(|_| !file.allow.0.is_empty());
    last.chain(file.earlier.iter().map(|earlier| &earlier.digest)).map(ToString::to_string).collect()
}

/// Checks that it is a site's mode, and nobody's default.
fn is_removable(name: &str, path: &Path, config: &Config) -> Result<(), Failure> {
    if modes::built_in().iter().any(|mode| mode.name == name) {
        let message = format!("{name} is a built-in mode: [grants.{name}] in the configuration narrows what it may do");
        return Err(Failure::say(REFUSED, message));
    }
    if !policy::is_mode_name(name) {
        return Err(Failure::say(NOT_FOUND, format_args!("no mode is called \"{}\"", name.escape_default())));
    }
    let written = Written::read(name, config)?;
    if path.symlink_metadata().is_err() && written.file.is_none() {
        let there = config.mode_dir.display();
        return Err(Failure::say(
            NOT_FOUND,
            format_args!("there is no {name}.wasm in {there}: see docker-ovs mode ls"),
        ));
    }
    if config.default_mode == name {
        let message = format!("{name} is default_mode in the configuration: the driver would not start without it");
        return Err(Failure::say(REFUSED, message));
    }
    Ok(())
}

/// Checks that no network uses it.
fn unused(name: &str, known: Option<&Known>, users: &[ModeUser]) -> Result<(), Failure> {
    if known.is_none() {
        let message = format!(
            "no driver runs that could say which networks use mode {name}: start it, or remove the file with --force \
             (networks keep their module and what it is granted)"
        );
        return Err(Failure::say(UNAVAILABLE, message));
    }
    if users.is_empty() {
        return Ok(());
    }
    let list = users.iter().map(show::user).collect::<Vec<_>>().join(", ");
    let message = format!(
        "mode {name} is used by {list}: remove or upgrade them first, or remove the file with --force (they keep their \
         module and what it is granted, and no new network gets it)"
    );
    Err(Failure::say(REFUSED, message))
}
