//! Rules as the commands that would make them. Nothing has to run for that.

use super::element::elements;
use super::neighbours::{self, Wanted};
use super::{Effect, FirewallConfig, Rule};

/// The commands that would do what [`super::Firewall::apply`] does to add a rule.
#[must_use]
pub fn shell(config: &FirewallConfig, rule: &Rule) -> Vec<String> {
    let lines = elements(rule).into_iter().map(|element| format!("nft '{}'", element.add(&config.table)));
    let routed = matches!(&rule.effect, Effect::Publish { translate: false, .. });
    let wanted = Wanted { forward: matches!(&rule.effect, Effect::Forward { .. }), routed };
    lines.chain(neighbours::shell(&config.table, &config.prefix, wanted)).collect()
}
