//! From the text of a `mode.toml` to a manifest. Closed: an unknown key is an error, so that a typo is found by the
//! mode's author and not by its users.

use std::collections::{BTreeMap, BTreeSet};

use plan::Grant;
use serde::Deserialize;

use super::{GatewayNeed, MODE_NAME, Manifest, OptionKind, OptionSpec, Scope, is_mode_name};
use crate::contract::Contract;
use crate::escape::printable_within;
use crate::options::{MODE_KEYS, read};

/// Bytes of a manifest.
const SIZE: usize = 64 << 10;
/// Options of a mode: as many as attributes in a question.
const OPTIONS: usize = 64;
/// Codes of refusals.
const REFUSALS: usize = 64;
/// The facts a manifest can ask for: what the driver gathers about the host for a question.
pub const FACTS: [&str; 13] = [
    "host.mtu",
    "ovn.external.addresses",
    "ovn.external.chassis",
    "ovn.external.next_hop",
    "ovn.external.physnet",
    "ovn.external.vlan",
    "ovn.mtu",
    "ovn.vrf-subnets",
    "ovs.datapath",
    "swarm.address",
    "swarm.peers",
    "tunnel.mtu",
    "uplink.mtu",
];

/// What is wrong with a manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Too long, or not text.
    #[error("it is {0} bytes long: UTF-8 text of at most {SIZE} bytes is wanted")]
    Unreadable(usize),
    /// Not TOML, or not a manifest's keys.
    #[error("{0}")]
    Syntax(String),
    /// For another host.
    #[error("it is for contract {0}, this driver speaks 0.1 and 1.0: build it with the guest-modes of this driver")]
    Contract(String),
    /// A capability this host has not.
    #[error("capability {0}: this driver has bridge, uplink, vlan, host-address, nat, publish, tunnel and ovn")]
    Capability(String),
    /// A fact this host does not gather: the mode would wait for it in vain.
    #[error("fact {fact}: this driver knows {}", FACTS.join(", "))]
    Fact {
        /// What it asks for, printable.
        fact: String,
    },
    /// It has a name that no mode can have.
    #[error("name \"{0}\": {MODE_NAME} are wanted")]
    Name(String),
    /// A key that is none.
    #[error("option \"{0}\": lower case letters, digits, '-', '_' and '.' are wanted, at most 64")]
    Key(String),
    /// An option that cannot be.
    #[error("option {key}: {reason}")]
    Option {
        /// Which, printable.
        key: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// Too many options.
    #[error("it has {0} options: at most {OPTIONS} are wanted")]
    TooMany(usize),
    /// A refusal's code that is none, or is there twice.
    #[error(
        "refusals \"{0}\": each is there once, 1 to 64 lower case letters, digits and '-', at most {REFUSALS} of them"
    )]
    Refusal(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManifest {
    name: String,
    version: String,
    summary: String,
    contract: String,
    #[serde(default)]
    capabilities: Vec<String>,
    #[serde(default)]
    facts: Vec<String>,
    #[serde(default)]
    gateway: GatewayNeed,
    #[serde(default)]
    options: Vec<RawOption>,
    #[serde(default)]
    refusals: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOption {
    key: String,
    #[serde(rename = "type")]
    kind: RawKind,
    choices: Option<Vec<String>>,
    minimum: Option<i64>,
    maximum: Option<i64>,
    default: Option<toml::Value>,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    secret: bool,
    help: String,
    #[serde(default)]
    aliases: Vec<RawAlias>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawKind {
    Text,
    Integer,
    Boolean,
    Address,
    Net,
    Mac,
    Texts,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an alias is a key, or { key = \"...\", values = { theirs = \"ours\" } }")]
enum RawAlias {
    Key(String),
    Translated {
        key: String,
        #[serde(default)]
        values: BTreeMap<String, String>,
    },
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() <= SIZE);
        let text = text.ok_or(ManifestError::Unreadable(bytes.len()))?;
        let raw: RawManifest = toml::from_str(text)
            .map_err(|error| ManifestError::Syntax(printable_within(&placed(&error, text), 512)))?;
        if !Contract::ALL.iter().any(|contract| contract.in_manifest() == raw.contract) {
            return Err(ManifestError::Contract(printable_within(&raw.contract, 64)));
        }
        if raw.options.len() > OPTIONS {
            return Err(ManifestError::TooMany(raw.options.len()));
        }
        let mut capabilities = Vec::new();
        for text in &raw.capabilities {
            let grant: Option<Grant> = text.parse().ok();
            let whole = grant.filter(|grant| grant.parameter.is_none());
            let whole = whole.ok_or_else(|| ManifestError::Capability(printable_within(text, 64)))?;
            capabilities.push(whole.capability);
        }
        if let Some(unknown) = raw.facts.iter().find(|fact| !FACTS.contains(&fact.as_str())) {
            return Err(ManifestError::Fact { fact: printable_within(unknown, 64) });
        }
        let options = raw.options.into_iter().map(option).collect::<Result<Vec<_>, _>>()?;
        distinct(&options)?;
        codes(&raw.refusals)?;
        Ok(Self {
            name: Some(&raw.name).filter(|name| is_mode_name(name)).cloned().ok_or_else(|| unnamed(&raw.name))?,
            version: printable_within(&raw.version, 64),
            summary: printable_within(&raw.summary, 256),
            contract: raw.contract,
            capabilities,
            facts: raw.facts,
            gateway: raw.gateway,
            options,
            refusals: raw.refusals,
        })
    }
}

/// What TOML says, with the line and the key that it says it of: of a wrong word it knows only the right ones.
fn placed(error: &toml::de::Error, text: &str) -> String {
    let message = error.message();
    // What is missing is nowhere.
    let Some(at) = error.span().map(|span| span.start).filter(|_| !message.starts_with("missing field")) else {
        return message.to_owned();
    };
    let before = text.get(..at).unwrap_or_default();
    let (number, line) = (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default());
    match line.split_once('=') {
        Some((key, _)) => format!("line {number}: {}: {message}", key.trim()),
        None => format!("line {number}: {message}"),
    }
}

fn codes(codes: &[String]) -> Result<(), ManifestError> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_code = |code: &str| (1..=64).contains(&code.len()) && code.bytes().all(good);
    let wrong = codes
        .iter()
        .enumerate()
        .find(|(index, code)| !is_code(code) || codes[..*index].contains(code) || *index >= REFUSALS);
    wrong.map_or(Ok(()), |(_, code)| Err(ManifestError::Refusal(printable_within(code, 64))))
}

fn unnamed(name: &str) -> ManifestError {
    ManifestError::Name(printable_within(name, 64))
}

fn key(text: String) -> Result<String, ManifestError> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    if (1..=64).contains(&text.len()) && text.bytes().all(good) {
        Ok(text)
    } else {
        Err(ManifestError::Key(printable_within(&text, 64)))
    }
}

/// An alias may be what somebody else once chose: more characters are theirs, never ones that steer a terminal.
fn alias(key: &str, alias: RawAlias) -> Result<(String, BTreeMap<String, String>), ManifestError> {
    let (name, values) = match alias {
        RawAlias::Key(name) => (name, BTreeMap::new()),
        RawAlias::Translated { key, values } => (key, values),
    };
    if (1..=128).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'=') {
        Ok((name, values))
    } else {
        Err(wrong(key, format!("alias \"{}\" is no key", printable_within(&name, 64))))
    }
}

fn wrong(key: &str, reason: impl Into<String>) -> ManifestError {
    ManifestError::Option { key: printable_within(key, 64), reason: reason.into() }
}

fn option(raw: RawOption) -> Result<OptionSpec, ManifestError> {
    let key = key(raw.key.clone())?;
    let kind = kind(&raw)?;
    let default = match &raw.default {
        Some(default) => {
            let text = default_text(default).ok_or_else(|| wrong(&key, "its default is no text, number or list"))?;
            Some(read(&kind, &text).map_err(|wanted| wrong(&key, format!("its default: {wanted}")))?)
        }
        None => None,
    };
    if raw.required && default.is_some() {
        return Err(wrong(&key, "required, and with a default: one of the two is wanted"));
    }
    let aliases = raw.aliases.into_iter().map(|raw| alias(&key, raw)).collect::<Result<BTreeMap<_, _>, _>>()?;
    if kind == OptionKind::Secret && (default.is_some() || aliases.values().any(|values| !values.is_empty())) {
        let reason =
            "secret, and with a default or an alias's values, which everybody can read in the module: leave them out";
        return Err(wrong(&key, reason));
    }
    for ours in aliases.values().flat_map(BTreeMap::values) {
        read(&kind, ours).map_err(|wanted| wrong(&key, format!("a value of an alias: {wanted}")))?;
    }
    Ok(OptionSpec {
        key,
        kind,
        scope: raw.scope,
        default,
        required: raw.required,
        help: printable_within(&raw.help, 256),
        aliases,
    })
}

fn kind(raw: &RawOption) -> Result<OptionKind, ManifestError> {
    if raw.choices.is_some() && raw.kind != RawKind::Text {
        return Err(wrong(&raw.key, "choices are for texts"));
    }
    if (raw.minimum.is_some() || raw.maximum.is_some()) && raw.kind != RawKind::Integer {
        return Err(wrong(&raw.key, "minimum and maximum are for integers"));
    }
    if raw.secret && (raw.kind != RawKind::Text || raw.choices.is_some()) {
        return Err(wrong(&raw.key, "secret is for texts without choices: what can be guessed is none"));
    }
    Ok(match raw.kind {
        RawKind::Text if raw.secret => OptionKind::Secret,
        RawKind::Text => {
            OptionKind::Text { choices: raw.choices.iter().flatten().map(|text| printable_within(text, 64)).collect() }
        }
        RawKind::Integer => {
            let (minimum, maximum) = (raw.minimum.unwrap_or(i64::MIN), raw.maximum.unwrap_or(i64::MAX));
            if minimum > maximum {
                return Err(wrong(&raw.key, format!("its minimum {minimum} is above its maximum {maximum}")));
            }
            OptionKind::Integer { minimum, maximum }
        }
        RawKind::Boolean => OptionKind::Boolean,
        RawKind::Address => OptionKind::Address,
        RawKind::Net => OptionKind::Net,
        RawKind::Mac => OptionKind::Mac,
        RawKind::Texts => OptionKind::Texts,
    })
}

/// A default as a user would write it.
fn default_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(yes) => Some(yes.to_string()),
        toml::Value::Array(items) => {
            let texts = items.iter().map(toml::Value::as_str).collect::<Option<Vec<_>>>();
            texts.map(|texts| texts.join(","))
        }
        _ => None,
    }
}

/// Keys and aliases name one option each, and none of the host's own.
fn distinct(options: &[OptionSpec]) -> Result<(), ManifestError> {
    let mut seen: BTreeSet<&str> = MODE_KEYS.into_iter().collect();
    for option in options {
        for name in option.aliases.keys().chain([&option.key]) {
            if !seen.insert(name) {
                return Err(wrong(&option.key, format!("{name} is another option's name, or the driver's own")));
            }
        }
    }
    Ok(())
}
