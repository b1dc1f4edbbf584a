//! One dry run, from question to answer.

use std::collections::BTreeMap;
use std::fmt;

use driver::InterfacePrefix;
use mode_tools::question::{Names, settled, with_uplinks};
use plan::{Admitted, Asked, Endpoint, Grants, HostFacts, Network, PublishedPort, Request, admit};
use policy::{Loaded, Sandbox, Verdict};
use serde::Serialize;

use super::part::Part;
use super::question::{self, Owner};
use crate::cli::Plan;
use crate::exit::{Failure, REFUSED, USAGE};
use crate::show::{self, Style};

/// What would be done.
#[derive(Debug, Serialize)]
pub(super) struct DryRun {
    mode: String,
    mode_digest: String,
    network: Part,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    publish: Option<Part>,
}

/// What all questions of a run share.
struct Run<'a> {
    sandbox: &'a Sandbox,
    mode: &'a Loaded,
    network: Network,
    names: Names,
}

impl DryRun {
    pub(super) async fn run(
        sandbox: &Sandbox,
        mode: &Loaded,
        arguments: &Plan,
        raw: &BTreeMap<String, String>,
        owner: Owner<'_>,
    ) -> Result<Self, Failure> {
        let prefix = InterfacePrefix::of(raw).map_err(|error| Failure::new(USAGE, error))?;
        let network = question::network(arguments, raw, mode.manifest(), owner)?;
        let endpoint = question::endpoint(arguments, &network, mode.manifest(), owner)?;
        let asked = arguments.ports.iter().map(|port| port.0);
        let mut ports = settled(asked, &network).map_err(|collision| Failure::new(USAGE, collision))?;
        if network.internal && !ports.is_empty() {
            eprintln!("docker-ovs: no port is published: the network is internal");
            ports.clear();
        }
        let mut run = Run { sandbox, mode, network, names: Names::default() };
        let of = run.network().await?;
        let planned = match &endpoint {
            Some(endpoint) => Some(run.endpoint(endpoint, &of).await?),
            None => None,
        };
        let published = match &endpoint {
            Some(endpoint) if !ports.is_empty() => Some(run.publish(endpoint, &of, &ports).await?),
            Some(_) | None => None,
        };
        let network = run.network.id;
        Ok(Self {
            mode: mode.name().to_owned(),
            mode_digest: mode.digest().to_string(),
            network: Part::new(&network, &of, None, &of),
            endpoint: planned
                .map(|plan| named(plan, prefix.as_ref()))
                .map(|plan| Part::new(&network, &of, endpoint.as_ref(), &plan).with_reply(&plan)),
            publish: published.map(|plan| Part::new(&network, &of, endpoint.as_ref(), &plan)),
        })
    }
}

impl Run<'_> {
    async fn network(&mut self) -> Result<Admitted, Failure> {
        let plan = self.sandbox.plan_network(self.mode, &self.network).await.map_err(refused)?;
        self.admit(&plan, Asked::Network, &with_uplinks(&plan))
    }

    async fn endpoint(&mut self, endpoint: &Endpoint, of: &Admitted) -> Result<Admitted, Failure> {
        let plan = self.sandbox.plan_endpoint(self.mode, &self.network, endpoint).await.map_err(refused)?;
        self.admit(&plan, Asked::Endpoint { endpoint, of }, &HostFacts::default())
    }

    async fn publish(
        &mut self,
        endpoint: &Endpoint,
        of: &Admitted,
        ports: &[PublishedPort],
    ) -> Result<Admitted, Failure> {
        let plan = self.sandbox.plan_publish(self.mode, &self.network, endpoint, ports).await.map_err(refused)?;
        self.admit(&plan, Asked::Publish { endpoint, of, ports }, &HostFacts::default())
    }

    fn admit(&mut self, plan: &plan::Plan, asked: Asked<'_>, host: &HostFacts) -> Result<Admitted, Failure> {
        let grants: &Grants = self.mode.grants();
        let request = Request { network: &self.network, asked, grants, host };
        let mut admitted = admit(plan, &request).map_err(|denial| Failure::new(REFUSED, denial))?;
        self.names.give(&mut admitted);
        Ok(admitted)
    }
}

/// With what Docker's own key says that interfaces in containers are named with, unless the mode says another.
fn named(mut plan: Admitted, prefix: Option<&InterfacePrefix>) -> Admitted {
    plan.reply.interface_prefix = plan.reply.interface_prefix.or(prefix.map(ToString::to_string));
    plan
}

fn refused(verdict: Verdict) -> Failure {
    Failure::new(REFUSED, verdict)
}

impl fmt::Display for DryRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digest = format!("sha256:{}", show::short(&self.mode_digest));
        writeln!(f, "mode {} {}", self.mode, Style::Faint.paint(&digest))?;
        let parts = [
            ("network", Some(&self.network)),
            ("endpoint", self.endpoint.as_ref()),
            ("published ports", self.publish.as_ref()),
        ];
        for (title, part) in parts.into_iter().filter_map(|(title, part)| Some((title, part?))) {
            writeln!(f, "\n{}", Style::Strong.paint(title))?;
            write!(f, "{part}")?;
        }
        Ok(())
    }
}
