//! Publishing: the ports that were asked for, to the endpoint that they were asked for.

use super::denial::{Broken, Denial, Rule};
use super::scene::Scene;
use super::{Asked, Request};
use crate::{Action, Admitted, Capability, Publish, PublishedPort};

pub(super) fn check(publish: &Publish, scene: &Scene<'_>) -> Result<(), Broken> {
    scene.host_port(&publish.port)?;
    scene.granted(Capability::Publish)?;
    let Asked::Publish { endpoint, ports, .. } = scene.request.asked else {
        return Ok(());
    };
    let said = publish.asked();
    if !ports.contains(&said) {
        return Err(broken(said, format!("the ports asked for are [{}]", list(ports))));
    }
    if !endpoint.addresses.iter().any(|net| net.addr() == publish.target) {
        let addresses: Vec<_> = endpoint.addresses.iter().map(|net| net.addr().to_string()).collect();
        return Err(broken(publish.target, format!("the endpoint's addresses are [{}]", addresses.join(", "))));
    }
    let twice = |action: &Action| matches!(action, Action::Publish(other) if other.asked() == said && other.target.is_ipv4() == publish.target.is_ipv4());
    if scene.earlier.iter().any(|step| twice(&step.action)) {
        return Err(broken(said, "an earlier step publishes it already"));
    }
    Ok(())
}

/// Checks that no port is left out, unless all are: a mode may be told to ignore them, but not to drop some.
pub(super) fn check_complete(plan: &Admitted, request: &Request<'_>) -> Result<(), Denial> {
    let Asked::Publish { ports, .. } = request.asked else {
        return Ok(());
    };
    let published = |port: &&PublishedPort| plan.steps.iter().any(|step| step.action.publishes(port));
    match ports.iter().find(|port| !published(port)) {
        Some(port) if !plan.steps.is_empty() => {
            Err(broken(format_args!("{port} is left out"), "publish all of the ports, or refuse").in_plan())
        }
        Some(_) | None => Ok(()),
    }
}

fn list(ports: &[PublishedPort]) -> String {
    ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn broken(value: impl std::fmt::Display, right: impl Into<String>) -> Broken {
    Broken::new(Rule::Publish, value, right)
}
