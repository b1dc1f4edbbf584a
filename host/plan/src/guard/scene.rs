//! What one step is judged in: the request, and the steps it may build on.

use super::denial::{Broken, Rule, escaped};
use super::{Asked, Request};
use crate::{Action, Admitted, AdmittedStep, Attribute, Capability, Label, Value};

/// Where a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// From a mode, just now: what it builds on has to be there.
    Fresh,
    /// From the store: what it made may exist, and what it builds on may be late at boot.
    Stored,
}

/// One step's surroundings.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) stage: Stage,
    /// The steps before it in its plan.
    pub(super) earlier: &'a [AdmittedStep],
    /// The names the host gave it, if it is a stored one.
    pub(super) step: &'a AdmittedStep,
}

impl<'a> Scene<'a> {
    /// The network's own plan, where the mode is asked for something on top of it.
    pub(super) fn network_plan(&self) -> Option<&'a Admitted> {
        match self.request.asked {
            Asked::Network => None,
            Asked::Endpoint { of, .. } | Asked::Publish { of, .. } => Some(of),
        }
    }

    /// The bridge that a port is put on.
    pub(super) fn bridge(&self, label: &Label) -> Result<&'a AdmittedStep, Broken> {
        self.made(label, "bridge", |action| matches!(action, Action::Bridge(_)))
    }

    /// The logical switch that something is added to.
    pub(super) fn logical_switch(&self, label: &Label) -> Result<&'a AdmittedStep, Broken> {
        self.made(label, "logical-switch", |action| matches!(action, Action::LogicalSwitch(_)))
    }

    /// The host port that a rule is about.
    pub(super) fn host_port(&self, label: &Label) -> Result<&'a AdmittedStep, Broken> {
        self.made(label, "host-port", |action| matches!(action, Action::HostPort(_)))
    }

    /// The logical router that something is added to.
    pub(super) fn logical_router(&self, label: &Label) -> Result<&'a AdmittedStep, Broken> {
        self.made(label, "logical-router", |action| matches!(action, Action::LogicalRouter(_)))
    }

    /// What routes: a logical router, or this host through a host port.
    pub(super) fn router(&self, label: &Label) -> Result<&'a AdmittedStep, Broken> {
        let routes = |action: &Action| matches!(action, Action::LogicalRouter(_) | Action::HostPort(_));
        self.made(label, "logical-router or host-port", routes)
    }

    /// The steps that it may build on: of its own plan, and of the network's.
    pub(super) fn steps(&self) -> impl Iterator<Item = &'a AdmittedStep> + Clone + use<'a> {
        let of_network = self.network_plan().map_or(&[][..], |plan| &plan.steps);
        of_network.iter().chain(self.earlier)
    }

    fn made(&self, label: &Label, kind: &str, is: fn(&Action) -> bool) -> Result<&'a AdmittedStep, Broken> {
        let mut of_kind = self.steps().filter(|step| is(&step.action));
        of_kind.clone().find(|step| step.label == *label).ok_or_else(|| {
            let right = match of_kind.next() {
                Some(step) => format!("take a {kind} of an earlier step, such as \"{}\"", step.label),
                None => format!("put a {kind} before it"),
            };
            Broken::new(Rule::Reference, format_args!("\"{label}\" is no {kind} here"), right)
        })
    }

    /// Checks that the mode has a capability at all: those without parameters.
    pub(super) fn granted(&self, capability: Capability) -> Result<(), Broken> {
        self.granted_for(capability, "", |_| false)
    }

    /// Checks that the mode has a capability for one thing.
    pub(super) fn granted_for(
        &self,
        capability: Capability,
        what: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Result<(), Broken> {
        if self.request.grants.allow(capability, fits) {
            return Ok(());
        }
        let grant = if what.is_empty() { capability.to_string() } else { format!("{capability}={what}") };
        let right = format!("an operator may add \"{grant}\" to `allow` in the mode's [grants] section");
        Err(Broken::new(Rule::Grant, format_args!("{grant} is not granted"), right))
    }

    /// Checks that a name comes from one of the network's options, or that a grant spells it out. A stored plan passed
    /// this when it was made, and has its links' own names since.
    pub(super) fn named(&self, capability: Capability, name: &str) -> Result<(), Broken> {
        let by_grant = self
            .request
            .grants
            .0
            .iter()
            .any(|grant| grant.capability == capability && grant.parameter.as_deref() == Some(name));
        let options = &self.request.network.options;
        if self.stage == Stage::Stored || by_grant || options.iter().any(|option| says(option, |said| said == name)) {
            return Ok(());
        }
        // What cannot be seen comes back from a mode written out: the user named it, and cannot have it.
        if options.iter().any(|option| says(option, |said| escaped(said) == name)) {
            let right = "it has characters that cannot be seen: name it without them";
            return Err(Broken::new(Rule::Name, name, right).blame_option(name, self.request));
        }
        let what = match capability {
            Capability::Ovn => "VRF or switch".to_owned(),
            capability => capability.to_string(),
        };
        let right = format!("take it from an option of the network; nobody asked for this {what}");
        Err(Broken::new(Rule::Name, name, right))
    }
}

fn says(option: &Attribute, is: impl Fn(&str) -> bool) -> bool {
    match &option.value {
        Value::Text(text) => is(text),
        Value::Texts(texts) => texts.iter().any(|text| is(text)),
        Value::Integer(_) | Value::Boolean(_) | Value::Address(_) | Value::Net(_) | Value::Mac(_) => false,
    }
}
