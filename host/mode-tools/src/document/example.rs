//! Commands that use a mode, as its users would write them.

use std::fmt::Write;

use plan::Value;
use policy::{Manifest, OptionKind, OptionSpec, Scope, printable};

/// What examples call the network.
const NETWORK: &str = "web";

/// `docker network create`, without options as far as possible and with one; and `docker network connect` where endpoints
/// have options.
pub(super) fn commands(mode: &str, manifest: &Manifest) -> String {
    let (required, optional) = given(manifest, Scope::Network);
    let mut text = create(mode, &required);
    if let Some(option) = optional {
        text.push_str(&create(mode, &[&required[..], &[option]].concat()));
    }
    let (required, optional) = given(manifest, Scope::Endpoint);
    let options: Vec<_> = required.into_iter().chain(optional).collect();
    if !options.is_empty() {
        let _ = writeln!(text, "docker network connect{} {NETWORK} CONTAINER", words("--driver-opt", &options));
    }
    text
}

/// A network in a Compose file.
pub(super) fn compose(mode: &str, manifest: &Manifest) -> String {
    let (required, optional) = given(manifest, Scope::Network);
    let mut text = format!("networks:\n  {NETWORK}:\n    driver: ovs\n    driver_opts:\n      mode: {mode}\n");
    for option in required.into_iter().chain(optional) {
        let value = value(option).replace('\\', "\\\\").replace('"', "\\\"");
        let _ = writeln!(text, "      {}: \"{value}\"", option.key);
    }
    text
}

fn create(mode: &str, options: &[&OptionSpec]) -> String {
    format!("docker network create -d ovs --opt mode={mode}{} {NETWORK}\n", words("--opt", options))
}

/// The options that have to be given, and one that can be and has a value that anybody may give.
fn given(manifest: &Manifest, scope: Scope) -> (Vec<&OptionSpec>, Option<&OptionSpec>) {
    let options = || manifest.options.iter().filter(move |option| option.is_for(scope));
    let fills = |option: &OptionSpec| option.scope == scope || scope == Scope::Network;
    let required = options().filter(|option| option.required && fills(option)).collect();
    let plain = |option: &&OptionSpec| match &option.kind {
        OptionKind::Text { choices } => choices.len() > 1,
        OptionKind::Integer { .. } | OptionKind::Boolean => true,
        _ => false,
    };
    (required, options().filter(|option| !option.required).find(plain))
}

fn words(flag: &str, options: &[&OptionSpec]) -> String {
    options.iter().map(|option| format!(" {flag} {}={}", option.key, word(&value(option)))).collect()
}

/// A value that the option takes, and another than its default where there is a choice.
fn value(option: &OptionSpec) -> String {
    let default = option.default.as_ref();
    match &option.kind {
        OptionKind::Text { choices } if choices.is_empty() => option.key.to_uppercase(),
        OptionKind::Text { choices } => {
            let other = choices.iter().find(|choice| default != Some(&Value::Text((*choice).clone())));
            printable(other.or(choices.first()).map_or("", String::as_str))
        }
        OptionKind::Integer { minimum, maximum } => 1400.clamp(*minimum, *maximum).to_string(),
        OptionKind::Boolean => (default != Some(&Value::Boolean(true))).to_string(),
        OptionKind::Address => "192.0.2.10".to_owned(),
        OptionKind::Net => "192.0.2.0/24".to_owned(),
        OptionKind::Mac => "02:00:00:00:00:01".to_owned(),
        OptionKind::Texts => "ONE,TWO".to_owned(),
        OptionKind::Secret => "A-LONG-SECRET".to_owned(),
    }
}

/// One word of a command, whatever stands in it.
fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,:/+@%=".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
