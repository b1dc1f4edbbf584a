//! `docker-ovs mode upgrade NETWORK`: shown, confirmed, and then done, or not at all.

use std::io::{IsTerminal, Write, stderr, stdin};
use std::process::ExitCode;

use admin::report::{Upgrade as Report, UpgradeStage};
use admin::{Client, Upgrading};

use crate::cli::mode::Upgrade;
use crate::command::{client, wait};
use crate::config::Config;
use crate::exit::{Failure, USAGE};
use crate::names::{Names, Target, explained};
use crate::show;

pub(crate) fn run(arguments: &Upgrade, config: &Config) -> Result<ExitCode, Failure> {
    let (client, names) = (client(config), Names::new());
    let (target, planned) = wait(async {
        let target = names.network(&arguments.network).await?;
        let planned = ask(&client, &names, &target, arguments, None).await?;
        Ok((target, planned))
    })?;
    if arguments.dry_run || planned.stage == UpgradeStage::Current {
        return told(arguments, &planned);
    }
    if !arguments.json || !arguments.yes {
        // Who wants JSON wants nothing else on the standard output.
        let text = show::upgrade(&planned);
        if arguments.json { stderr().write_all(text.as_bytes())? } else { show::bytes(text.as_bytes())? }
    }
    if !arguments.yes {
        confirmed(&arguments.network)?;
    }
    let confirmation = Some(planned.confirmation);
    let done = wait(ask(&client, &names, &target, arguments, confirmation))?;
    if arguments.json {
        return told(arguments, &done);
    }
    show::bytes(b"upgraded\n")?;
    Ok(ExitCode::SUCCESS)
}

fn told(arguments: &Upgrade, report: &Report) -> Result<ExitCode, Failure> {
    show::either(arguments.json, report, || show::upgrade(report))?;
    Ok(ExitCode::SUCCESS)
}

/// The driver's answer, with Docker's names in it.
async fn ask(
    client: &Client,
    names: &Names,
    target: &Target,
    arguments: &Upgrade,
    confirmation: Option<String>,
) -> Result<Report, Failure> {
    let upgrading = Upgrading { to: arguments.to.clone(), confirmation };
    let asked = client.upgrade(target.selector.clone(), upgrading).await;
    let mut report = asked.map_err(|error| explained(error, target))?;
    if let Ok(Some(held)) = names.held(&report.network).await {
        for endpoint in &mut report.endpoints {
            endpoint.container = held.endpoints.get(&endpoint.id).cloned();
        }
        report.name = Some(held.name);
    }
    Ok(report)
}

/// An error unless the person at the terminal says yes.
fn confirmed(network: &str) -> Result<(), Failure> {
    if !stdin().is_terminal() {
        let message =
            format!("network {network} is not upgraded: --yes does it, --dry-run only shows what would change");
        return Err(Failure::say(USAGE, message));
    }
    eprint!("Upgrade network {network}? [y/N] ");
    stderr().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    said_yes(&answer)
}

fn said_yes(answer: &str) -> Result<(), Failure> {
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::say(USAGE, "not confirmed: nothing was changed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_not_yes_ends_as_what_is_not_confirmed() {
        for yes in ["y\n", "YES\n"] {
            assert!(said_yes(yes).is_ok(), "{yes}");
        }
        for no in ["n\n", "no\n", "\n", ""] {
            assert_eq!(said_yes(no).unwrap_err().report(), ExitCode::from(64), "{no}");
        }
    }
}
