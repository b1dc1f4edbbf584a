//! What the driver has and Docker has forgotten. Docker never mentions it again, so that somebody has to be told.

mod drivers;
mod networks;
mod pools;

use std::collections::BTreeSet;
use std::time::Duration;

use admin::{Client, ClientError};

use super::finding::Finding;
use crate::config::Config;
use crate::names::Names;

const SUBJECT: &str = "forgotten";
/// How long the driver may take to look at a network with all its endpoints.
const PATIENCE: Duration = Duration::from_secs(30);
/// Docker writes down what the driver has made only after it was told so, and forgets only after it was removed.
const MOMENT: Duration = Duration::from_secs(1);

/// Why there is nothing to compare.
enum Unknown {
    /// The driver is silent, or what it asks, which is said elsewhere.
    Driver,
    /// Docker is.
    Docker(String),
}

impl From<ClientError> for Unknown {
    fn from(_: ClientError) -> Self {
        Self::Driver
    }
}

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let (client, names, driver) = (Client::new(&config.admin_socket, PATIENCE), Names::new(), config.name());
    let (networks, pools, drivers) = tokio::join!(
        for_a_moment(async || networks::forgotten(&client, &names).await),
        for_a_moment(async || pools::forgotten(&client, &names, &driver).await),
        drivers::forgotten(&client),
    );
    let mut findings = told(networks, networks::judge);
    findings.extend(told(pools, pools::judge));
    // That Docker is silent is said once.
    findings.dedup();
    findings.extend(drivers);
    findings
}

/// What Docker does not have now, nor a moment later.
async fn for_a_moment<T: Ord + Clone>(
    look: impl AsyncFn() -> Result<BTreeSet<T>, Unknown>,
) -> Result<BTreeSet<T>, Unknown> {
    let first = look().await?;
    if first.is_empty() {
        return Ok(first);
    }
    tokio::time::sleep(MOMENT).await;
    let second = look().await?;
    Ok(&first & &second)
}

fn told<T>(found: Result<BTreeSet<T>, Unknown>, judge: fn(&BTreeSet<T>) -> Vec<Finding>) -> Vec<Finding> {
    match found {
        Ok(forgotten) => judge(&forgotten),
        Err(Unknown::Driver) => Vec::new(),
        Err(Unknown::Docker(error)) => {
            let what = format!("whether Docker still has all of the driver's networks is not known: {error}");
            vec![Finding::doubtful(SUBJECT, what)]
        }
    }
}
