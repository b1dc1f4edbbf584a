//! The northbound database: does it answer, and if not, is it for the certificates.

use ovsdb::{Client, Found, Link, MonitorSpec, NORTHBOUND, Options, TableSpec};

use super::{Finding, NAME_IT, PATIENCE, SUBJECT};

/// What an `ssl:` remote needs.
const CERTIFICATES: &str = "name a key, a certificate and a CA as [tls] in the configuration, or with ovs-vsctl set-ssl: each \
    side must have a certificate that the other side's CA has signed";

pub(super) async fn look(found: Option<Found>) -> Finding {
    let Some(Found { remotes, tls }) = found else {
        let what = "this host is a chassis, and where the northbound database is nobody said: mode ovn cannot be used";
        return Finding::doubtful(SUBJECT, what).advise(NAME_IT);
    };
    let names: Vec<String> = remotes.iter().map(ToString::to_string).collect();
    let names = names.join(",");
    let options = Options { tls, ..Options::new(remotes) };
    let spec = MonitorSpec::database(NORTHBOUND).table(TableSpec::new("NB_Global").columns(["name"]));
    let client = match Client::start(options, spec) {
        Ok(client) => client,
        Err(error) => {
            return Finding::bad(SUBJECT, format!("the northbound database at {names}: {error}")).advise(CERTIFICATES);
        }
    };
    let Err(error) = client.wait_connected(PATIENCE).await else {
        return Finding::good(SUBJECT, format!("the northbound database answers at {names}"));
    };
    let cause = match client.link() {
        Link::Down { cause } => cause,
        Link::Up { .. } => None,
    };
    let advice = match &cause {
        Some(cause) if cause.is_about_certificates() => CERTIFICATES.to_owned(),
        _ => format!("systemctl status ovn-central where it runs; {NAME_IT}"),
    };
    let cause = cause.map_or_else(|| error.to_string(), |cause| cause.to_string());
    Finding::bad(SUBJECT, format!("the northbound database does not answer at {names}: {cause}")).advise(advice)
}
