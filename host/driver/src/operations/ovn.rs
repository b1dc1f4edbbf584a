//! OVN's northbound database, which many drivers have things in: who has what, and what those left who are gone.

use std::collections::BTreeSet;

use admin::report::Holding;
use admin::{Failure, FailureKind, Reclaiming};
use ipam::{Claim, Holder};
use plumbing::Dataplane;

use crate::Driver;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn describe_holdings(&self) -> Result<Vec<Holding>, Failure> {
        let found = self.dataplane.holdings(self.patience()).await.map_err(|error| unavailable(&error))?;
        Ok(self.described(found, &self.shared_claims().await?))
    }

    /// What drivers have: of the rows, and of the pools.
    fn described(&self, found: Vec<plumbing::Holding>, claims: &[Claim]) -> Vec<Holding> {
        let mut holdings: Vec<_> = found.into_iter().map(report).collect();
        claims.iter().for_each(|claim| self.add_claim(&mut holdings, claim));
        let own = holdings.iter().find(|holding| holding.own).map(|holding| holding.host.clone());
        let here = |host: &str| host == self.ipam.holder().host || own.as_deref() == Some(host);
        holdings.iter_mut().for_each(|holding| holding.here = holding.own || here(&holding.host));
        holdings
    }

    /// Lets go of what the drivers of a host have, or only says what that is. That the host is gone for good is for the
    /// operator to know.
    pub(super) async fn reclaim_host(&self, reclaiming: &Reclaiming) -> Result<Vec<Holding>, Failure> {
        let Reclaiming { host, only_look } = reclaiming;
        let meant = self.holdings_of(host).await?;
        if *only_look {
            return Ok(meant);
        }
        let mut failed = Vec::new();
        for Holding { host, instance, .. } in &meant {
            tracing::info!(host, instance, "an operator reclaims what a host had");
            let rows = self.dataplane.reclaim(instance, self.patience()).await;
            failed.extend(rows.err().map(|error| unavailable(&error)));
            // What keeps a row keeps no address.
            failed.extend(self.reclaim_pools(instance).await.err());
        }
        all(&failed).map(|()| meant)
    }

    /// What the other drivers of a host have. In its rows OVN's name of the host may stand, in its pools the kernel's: a
    /// driver is meant by either. Hosts of one name are told apart by their system-ids, or not at all.
    async fn holdings_of(&self, host: &str) -> Result<Vec<Holding>, Failure> {
        let found = self.dataplane.holdings(self.patience()).await.map_err(|error| unavailable(&error))?;
        let of_rows = found.iter().filter(|holding| holding.is_of(host)).map(|holding| holding.instance.to_string());
        let named = |claim: &Claim| claim.holder.host == host || claim.holder.instance == host;
        let claims = self.shared_claims().await?;
        let of_pools = claims.iter().filter(|claim| named(claim)).map(|claim| claim.holder.instance.clone());
        let instances: BTreeSet<_> = of_rows.chain(of_pools).collect();
        let mut holdings = self.described(found, &claims);
        holdings.retain(|holding| instances.contains(&holding.instance));
        let hosts: BTreeSet<_> = holdings.iter().map(|holding| &holding.host).collect();
        if hosts.len() > 1 {
            let hosts = hosts.into_iter().cloned().collect::<Vec<_>>().join(", ");
            let what =
                format!("{host} is the name of several hosts ({hosts}): say the system-id or the driver's instance");
            return Err(Failure::new(FailureKind::Ambiguous, what));
        }
        holdings.retain(|holding| !holding.own);
        if holdings.is_empty() {
            return Err(Failure::not_found(format!(
                "host {host} with another driver's things in OVN's northbound database: docker-ovs ovn ls shows who has any"
            )));
        }
        Ok(holdings)
    }

    fn add_claim(&self, holdings: &mut Vec<Holding>, claim: &Claim) {
        let Holder { instance, host } = &claim.holder;
        match holdings.iter_mut().find(|holding| holding.instance == *instance) {
            Some(holding) => holding.pools += 1,
            None => holdings.push(Holding {
                host: host.clone(),
                instance: instance.clone(),
                own: *instance == self.ipam.holder().instance,
                pools: 1,
                ..Holding::default()
            }),
        }
    }
}

fn unavailable(error: &plumbing::Error) -> Failure {
    Failure::new(FailureKind::Unavailable, error.to_string())
}

/// All that failed, as one failure; none: all went well.
fn all(failed: &[Failure]) -> Result<(), Failure> {
    let Some(Failure { kind, .. }) = failed.first() else { return Ok(()) };
    let messages: Vec<&str> = failed.iter().map(|failure| failure.message.as_str()).collect();
    Err(Failure::new(*kind, messages.join("; ")))
}

fn report(holding: plumbing::Holding) -> Holding {
    Holding {
        host: holding.host,
        instance: holding.instance.to_string(),
        own: holding.own,
        networks: holding.networks.iter().map(ToString::to_string).collect(),
        rows: holding.rows,
        ports: holding.ports,
        ..Holding::default()
    }
}
