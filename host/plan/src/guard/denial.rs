//! A no of the guard: which step, which rule, which value, and what would be right.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A rule that plans are held to. In fixtures a rule is its name, in words with `-` between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Plans, lists and texts have a largest size.
    Size,
    /// A label is well formed and names one thing.
    Label,
    /// A step builds on the right kind of thing, made by an earlier step.
    Reference,
    /// Each call has its kinds of actions.
    Kind,
    /// A mode does what it was granted.
    Grant,
    /// A name is one that the user or a grant gave.
    Name,
    /// A bridge is the network's own, or one that may be shared.
    Bridge,
    /// An uplink does not carry the host's own traffic and belongs to nothing else.
    Uplink,
    /// The host's addresses in a network come from its pools.
    HostAddress,
    /// An endpoint's port has the endpoint's addresses, which come from the network's pools.
    EndpointAddress,
    /// VLANs are listed once.
    Vlan,
    /// An MTU is one that the network's protocols can live with.
    Mtu,
    /// Only the network's own traffic is translated or forwarded.
    Nat,
    /// Only what was asked for is published.
    Publish,
    /// What several networks have in common is the same in all of them.
    Shared,
    /// An internal network has no way out.
    Internal,
    /// Logical networks are the network's own, or its VRF's.
    Logical,
    /// Tunnels lead to the hosts that were named, and no uplink leads there beside them.
    Tunnel,
    /// A port passes itself off as whom its user allows, and as nobody else.
    Sender,
    /// A rate is one that can be kept.
    Rate,
    /// What Docker is told has closed keys.
    Reply,
}

impl Rule {
    /// The rule in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Size => "plans, lists and texts have a largest size",
            Self::Label => "a label is 1 to 32 letters, digits and '-', and names one thing",
            Self::Reference => "a step builds on what an earlier step makes",
            Self::Kind => "each call has its kinds of actions",
            Self::Grant => "a mode does only what it was granted",
            Self::Name => "a mode names only what a user or a grant named",
            Self::Bridge => "a bridge is the network's own or one that may be shared",
            Self::Uplink => "an uplink carries nothing of the host's and belongs to nothing else",
            Self::HostAddress => "the host's addresses in a network come from its pools",
            Self::EndpointAddress => {
                "an endpoint's port has that endpoint's addresses, which come from the network's pools"
            }
            Self::Vlan => "a list of VLANs has each once",
            Self::Mtu => "an MTU is 68 to 65535, and at least 1280 with IPv6",
            Self::Nat => "only the network's own traffic is translated and forwarded",
            Self::Publish => "the ports that were asked for are published, and no others",
            Self::Shared => "what networks share is the same in all of them, and theirs alone",
            Self::Internal => "an internal network has no way out",
            Self::Logical => "a logical network is its network's own, or its VRF's as options and configuration say",
            Self::Tunnel => "tunnels lead to the hosts that were named, and no uplink beside them",
            Self::Sender => "a secured port sends as itself, and as whom its user allows",
            Self::Rate => "a rate is one that can be kept",
            Self::Reply => "what Docker is told has closed keys",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// Which step of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeniedStep {
    /// Its place in the plan, counted from 1.
    pub number: usize,
    /// Its label, printable.
    pub label: String,
}

/// A plan that may not be performed: the mode is broken, or wants more than it was granted, or hands on what the user
/// asked for and cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Denial {
    /// The step; none: the plan as a whole or what it tells Docker.
    pub step: Option<DeniedStep>,
    /// The rule it breaks.
    pub rule: Rule,
    /// The value that breaks it, printable and cut.
    pub value: String,
    /// What would be right.
    pub right: String,
    /// What the user asked for, printable, where that is what breaks the rule: `option uplink=lo`. None: the mode's doing.
    pub asked: Option<String>,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(asked) = &self.asked {
            return write!(f, "{asked}: {}", self.right);
        }
        match &self.step {
            Some(DeniedStep { number, label }) => write!(f, "step {number} \"{label}\" of the plan: ")?,
            None => f.write_str("the plan: ")?,
        }
        write!(f, "{}: {}; {}", self.rule, self.value, self.right)
    }
}

/// A broken rule, before it is known in which step.
#[derive(Debug)]
pub(super) struct Broken {
    rule: Rule,
    value: String,
    right: String,
    asked: Option<String>,
}

impl Broken {
    /// What broke which rule, and what would be right.
    pub(super) fn new(rule: Rule, value: impl fmt::Display, right: impl Into<String>) -> Self {
        Self { rule, value: printable(&value.to_string()), right: right.into(), asked: None }
    }

    /// Says that it is what the user asked for.
    pub(super) fn blame(self, asked: impl Into<String>) -> Self {
        Self { asked: Some(asked.into()), ..self }
    }

    /// Which rule.
    pub(super) fn rule(&self) -> Rule {
        self.rule
    }

    /// In the plan as a whole, or in what it tells Docker.
    pub(super) fn in_plan(self) -> Denial {
        Denial { step: None, rule: self.rule, value: self.value, right: self.right, asked: self.asked }
    }

    /// In one step; `index` counts from 0.
    pub(super) fn in_step(self, index: usize, label: &str) -> Denial {
        let step = DeniedStep { number: index + 1, label: printable(label) };
        Denial { step: Some(step), rule: self.rule, value: self.value, right: self.right, asked: self.asked }
    }
}

/// What a mode said, fit for a terminal and a line: escaped, cut at 200 characters.
fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => escaped(&text[..end]) + "...",
        None => escaped(text),
    }
}

/// What somebody said, without characters that steer a terminal, cannot be seen or turn the direction of the text around
/// them. What a mode says has come through the same form already (`policy::printable`).
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) { shown.extend(character.escape_default()) } else { shown.push(character) }
    }
    shown
}

fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
