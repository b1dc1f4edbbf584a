//! What other drivers have in the same Open vSwitch: another one of this host, or this one before it lost its store.
//! Ours never touches it, so that somebody has to be told.

use std::collections::BTreeMap;
use std::time::Duration;

use admin::Client;
use ovsdb::{MonitorSpec, Options, Row, TableSpec};
use plumbing::Mark;

use super::finding::Finding;
use crate::config::Config;

const SUBJECT: &str = "other drivers";
/// How long a question may take. That nobody answers is said elsewhere.
const PATIENCE: Duration = Duration::from_secs(3);

/// The names of bridges and ports by the instance that made them.
type Things = BTreeMap<String, Vec<String>>;

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let Ok(status) = Client::new(&config.admin_socket, PATIENCE).status().await else { return Vec::new() };
    let things = marked(config).await.unwrap_or_default();
    judge(&status.instance, &things)
}

async fn marked(config: &Config) -> Option<Things> {
    let mut options = Options::new(config.ovsdb.iter().cloned());
    options.tls = config.tls.clone();
    let table = |name: &str| TableSpec::new(name).columns(["name", "external_ids"]);
    let spec = MonitorSpec::database("Open_vSwitch").table(table("Bridge")).table(table("Port"));
    let client = ovsdb::Client::start(options, spec).ok()?;
    client.wait_connected(PATIENCE).await.ok()?;
    let snapshot = client.snapshot();
    let mut things = Things::new();
    for row in ["Bridge", "Port"].iter().filter_map(|name| snapshot.table(name)).flat_map(|table| table.rows()) {
        if let Some((instance, name)) = owner(row) {
            things.entry(instance).or_default().push(name);
        }
    }
    Some(things)
}

fn owner(row: &Row) -> Option<(String, String)> {
    let instance = row.entry("external_ids", Mark::INSTANCE)?.to_owned();
    Some((instance, row.get("name").ok()?))
}

fn judge(own: &str, things: &Things) -> Vec<Finding> {
    let others = things.iter().filter(|(instance, _)| *instance != own);
    let told = others.map(|(instance, names)| {
        let what = format!(
            "{} in Open vSwitch carry the mark of another instance, {instance}: it is never touched from here",
            names.join(", ")
        );
        Finding::doubtful(SUBJECT, what).advise(
            "if no other driver runs here, the state directory was lost: put it back, or stop the containers, \
             then ovs-vsctl del-br and del-port what is named, and nft delete what nft list tables shows of it",
        )
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn only_what_others_have_is_told() {
        let of = |instance: &str, name: &str| (instance.to_owned(), vec![name.to_owned()]);
        let things = Things::from([of("aaaa", "ovb1"), of("bbbb", "ovb2")]);
        let findings = judge("aaaa", &things);
        let [finding] = &findings[..] else { panic!("one other: {findings:?}") };
        assert_eq!(finding.state, State::Doubtful);
        assert!(finding.what.contains("ovb2") && finding.what.contains("bbbb") && !finding.what.contains("ovb1"));
        assert!(judge("aaaa", &Things::from([of("aaaa", "ovb1")])).is_empty());
    }
}
