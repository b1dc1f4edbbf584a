//! Whether plans can be undone from what is written down of them, and nothing is left.
//!
//! The host undoes: a mode is never asked again. What it undoes by is the admitted plan with the names that it gave. This
//! performs admitted plans on an empty host, one object a step, and then undoes them in reverse, by what is written down
//! alone. It goes wrong where a step makes what an earlier one made already (undoing one would take the other's), where
//! something still stands on what is taken away (it would outlive its bridge), where nothing written down says what to
//! take away, and where something is left at the end.
//!
//! It says nothing of whether Open vSwitch and the kernel do as they are told: the driver's own tests do.

use std::fmt;

use plan::{Action, Admitted, AdmittedStep};

/// Something that a step makes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Object {
    /// What tells it from everything else on the host.
    what: String,
    /// The links that it brings, or what stands for its row.
    links: Vec<String>,
    /// The link that it stands on.
    on: Option<String>,
}

/// Why plans cannot be undone without a rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclean {
    /// The label of the step.
    pub step: String,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Unclean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step \"{}\": {}", self.step, self.why)
    }
}

/// Performs plans and undoes them in reverse. They come in the order in which they are performed, the network's own first,
/// and what they make has its names.
///
/// # Errors
///
/// The first step that leaves something, or takes away what is not its own.
pub fn check(plans: &[&Admitted]) -> Result<(), Unclean> {
    let steps: Vec<&AdmittedStep> = plans.iter().flat_map(|plan| &plan.steps).collect();
    let mut standing: Vec<Object> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        for object in objects(step, &steps[..index])? {
            if let Some(same) = standing.iter().find(|other| other.collides(&object)) {
                return Err(unclean(step, format_args!("{same} was made by an earlier step: undoing one takes both")));
            }
            standing.push(object);
        }
    }
    for (index, step) in steps.iter().enumerate().rev() {
        for object in objects(step, &steps[..index])? {
            let Some(at) = standing.iter().position(|other| *other == object) else {
                return Err(unclean(step, format_args!("{object} is gone before its step is undone")));
            };
            standing.remove(at);
            if let Some(orphan) = standing.iter().find(|other| other.stands_on(&object)) {
                return Err(unclean(step, format_args!("{orphan} would outlive {object}")));
            }
        }
    }
    Ok(())
}

fn unclean(step: &AdmittedStep, why: impl fmt::Display) -> Unclean {
    Unclean { step: step.label.to_string(), why: why.to_string() }
}

/// What a step makes, told by what is written down of it and of the steps before it.
fn objects(step: &AdmittedStep, earlier: &[&AdmittedStep]) -> Result<Vec<Object>, Unclean> {
    let on = match step.action.on() {
        Some(label) => Some(ground(label, earlier).ok_or_else(|| unclean(step, "what it stands on is not there"))?),
        None => None,
    };
    let rule = |what: String| Object { what, links: Vec::new(), on: on.clone() };
    let port = on.as_deref().unwrap_or_default();
    Ok(match &step.action {
        Action::Bridge(_) | Action::Uplink(_) | Action::HostPort(_) | Action::EndpointPort(_) | Action::Tunnel(_) => {
            let name = step.name.as_ref().ok_or_else(|| unclean(step, "it has no name to undo it by"))?;
            let links = [Some(name), step.peer.as_ref()].into_iter().flatten().map(ToString::to_string).collect();
            vec![Object { what: format!("{} {name}", step.action.kind()), links, on }]
        }
        Action::Masquerade(masquerade) => {
            masquerade.sources.iter().map(|source| rule(format!("masquerade of {source} through {port}"))).collect()
        }
        Action::Forward(_) => vec![rule(format!("forward through {port}"))],
        Action::Publish(publish) => {
            let family = if publish.target.is_ipv4() { "IPv4" } else { "IPv6" };
            let at = publish.host_address.map_or_else(|| "every address".to_owned(), |address| address.to_string());
            vec![rule(format!("publish of {at}, port {}/{} to {family}", publish.host_port, publish.protocol))]
        }
        // Rows of the northbound database, told by what they say.
        Action::LogicalSwitch(_)
        | Action::LogicalRouter(_)
        | Action::RouterPort(_)
        | Action::StaticRoute(_)
        | Action::Localnet(_)
        | Action::Acl(_)
        | Action::LoadBalancer(_)
        | Action::LogicalNat(_) => {
            let what = format!("{} \"{}\"", step.action.kind(), step.label);
            vec![Object { what, links: vec![row(step)], on }]
        }
        Action::Custom(custom) => {
            return Err(unclean(step, format_args!("the host knows no inverse of {}", custom.kind)));
        }
    })
}

/// The link or row that an earlier step made.
fn ground(label: &str, earlier: &[&AdmittedStep]) -> Option<String> {
    let step = earlier.iter().find(|step| &*step.label == label)?;
    Some(step.name.as_ref().map_or_else(|| row(step), ToString::to_string))
}

/// What stands for a row, which has no name: no link is called so.
fn row(step: &AdmittedStep) -> String {
    format!("row \"{}\"", step.label)
}

impl Object {
    /// Whether the host could not tell the two apart.
    fn collides(&self, other: &Self) -> bool {
        self.what == other.what || self.links.iter().any(|link| other.links.contains(link))
    }

    fn stands_on(&self, other: &Self) -> bool {
        self.on.as_ref().is_some_and(|on| other.links.contains(on))
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

#[cfg(test)]
mod tests {
    use plan::{
        Attachment, Bridge, Datapath, EndpointPort, Forward, HostPort, InterfaceName, Label, LogicalSwitch, Masquerade,
    };

    use super::*;

    fn label(text: &str) -> Label {
        Label::new(text).unwrap()
    }

    fn step(text: &str, action: Action, name: &str) -> AdmittedStep {
        let name = InterfaceName::new(name).ok();
        AdmittedStep { label: label(text), action, why: None, shared: None, name, peer: None }
    }

    fn on_bridge() -> Attachment {
        Attachment::Bridge(label("bridge"))
    }

    fn bridge() -> AdmittedStep {
        step("bridge", Action::Bridge(Bridge { name: None, datapath: Datapath::Auto }), "ovb1")
    }

    fn host(name: &str) -> AdmittedStep {
        let addresses = vec!["10.1.0.1/24".parse().unwrap()];
        step("host", Action::HostPort(HostPort::new(on_bridge(), addresses)), name)
    }

    fn port() -> AdmittedStep {
        let mac = "02:00:00:00:00:05".parse().unwrap();
        step("port", Action::EndpointPort(EndpointPort::new(on_bridge(), mac, Vec::new())), "ove3")
    }

    fn plan(steps: &[AdmittedStep]) -> Admitted {
        Admitted { steps: steps.to_vec(), ..Admitted::default() }
    }

    #[test]
    fn what_stands_on_each_other_is_undone_from_the_top() {
        let forward = step("forward", Action::Forward(Forward { port: label("host"), hairpin: true }), "");
        let network = plan(&[bridge(), host("ovh2"), forward]);
        assert_eq!(check(&[&network, &plan(&[port()])]), Ok(()));
        assert_eq!(check(&[]), Ok(()));
    }

    #[test]
    fn rows_are_told_by_what_they_are() {
        let switch = LogicalSwitch { vrf: "blue".to_owned(), subnets: Vec::new(), name: None };
        let switch = step("switch", Action::LogicalSwitch(switch), "");
        let on_switch = || Attachment::LogicalSwitch(label("switch"));
        let host = step("host", Action::HostPort(HostPort::new(on_switch(), Vec::new())), "ovh2");
        let mac = "02:00:00:00:00:05".parse().unwrap();
        let port = step("port", Action::EndpointPort(EndpointPort::new(on_switch(), mac, Vec::new())), "ove3");
        assert_eq!(check(&[&plan(&[switch.clone(), host]), &plan(std::slice::from_ref(&port))]), Ok(()));
        let twice = check(&[&plan(&[switch.clone(), switch])]).unwrap_err().to_string();
        assert!(twice.contains("logical-switch \"switch\" was made by an earlier step"), "{twice}");
        assert!(check(&[&plan(&[port])]).unwrap_err().to_string().contains("what it stands on is not there"));
    }

    #[test]
    fn what_leaves_something_is_named() {
        let why = |plans: &[&Admitted]| check(plans).unwrap_err().to_string();
        let source = "10.1.0.0/24".parse().unwrap();
        let masquerade = Masquerade { port: label("host"), sources: vec![source, source] };
        let masquerade = step("masquerade", Action::Masquerade(masquerade), "");
        let twice = plan(&[bridge(), host("ovh2"), masquerade]);
        assert!(why(&[&twice]).contains("step \"masquerade\": masquerade of 10.1.0.0/24 through ovh2 was made"));
        assert!(why(&[&plan(&[bridge(), host("ovb1")])]).contains("undoing one takes both"));
        assert!(why(&[&plan(&[bridge(), host("")])]).contains("no name to undo it by"));
        assert!(why(&[&plan(&[port()])]).contains("what it stands on is not there"));
        let custom = plan::Custom { kind: "qos@1".to_owned(), arguments: Vec::new() };
        assert!(why(&[&plan(&[step("qos", Action::Custom(custom), "")])]).contains("no inverse of qos@1"));
    }
}
