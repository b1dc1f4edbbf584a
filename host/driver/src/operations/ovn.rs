//! OVN's northbound database, which many drivers have things in: who has what, and what those left who are gone.

use admin::report::Holding;
use admin::{Failure, FailureKind};
use plumbing::Dataplane;

use crate::Driver;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn describe_holdings(&self) -> Result<Vec<Holding>, Failure> {
        let found = self.dataplane.holdings(self.patience()).await.map_err(|error| unavailable(&error))?;
        let mut holdings: Vec<_> = found.into_iter().map(report).collect();
        self.add_pools(&mut holdings).await?;
        Ok(holdings)
    }

    /// That the host is gone for good is for the operator to know.
    pub(super) async fn reclaim_host(&self, host: &str) -> Result<Vec<Holding>, Failure> {
        let reclaimed = self.dataplane.reclaim(host, self.patience()).await.map_err(|error| unavailable(&error))?;
        for holding in &reclaimed {
            tracing::info!(host = holding.host, instance = %holding.instance, "an operator reclaims what a host had");
        }
        let mut reclaimed: Vec<_> = reclaimed.into_iter().map(report).collect();
        self.reclaim_pools(host, &mut reclaimed).await?;
        if reclaimed.is_empty() {
            let what = format!("other driver on a host called {host} has anything in OVN's northbound database");
            return Err(Failure::not_found(what));
        }
        Ok(reclaimed)
    }
}

fn unavailable(error: &plumbing::Error) -> Failure {
    Failure::new(FailureKind::Unavailable, error.to_string())
}

fn report(holding: plumbing::Holding) -> Holding {
    Holding {
        host: holding.host,
        instance: holding.instance.to_string(),
        own: holding.own,
        networks: holding.networks.iter().map(ToString::to_string).collect(),
        rows: holding.rows,
        ports: holding.ports,
        pools: 0,
    }
}
