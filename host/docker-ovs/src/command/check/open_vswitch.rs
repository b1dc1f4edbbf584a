//! Open vSwitch: is it there, which release, and did it start well.

use std::path::Path;
use std::time::Duration;

use ovsdb::{Client, Link, MonitorSpec, Options, Remote, TableSpec};

use super::finding::Finding;
use crate::config::Config;

const SUBJECT: &str = "open vswitch";
/// How long its database may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// Where ovs-vswitchd says which process it is.
const PID_FILE: &str = "/run/openvswitch/ovs-vswitchd.pid";
/// A daemon that starts this soon after the machine is hit by the bug below.
const TOO_EARLY: f64 = 10.0;

/// `kernel`: frames are switched in the kernel.
pub(super) async fn look(config: &Config, kernel: bool) -> Vec<Finding> {
    let remotes: Vec<_> = config.ovsdb.iter().map(ToString::to_string).collect();
    let remotes = remotes.join(",");
    match look_into(config).await {
        Ok(_) if is_dead(&config.ovsdb) => vec![
            Finding::bad(SUBJECT, format!("its database answers at {remotes}, but ovs-vswitchd has died"))
                .advise("systemctl restart openvswitch-switch"),
        ],
        Ok(seen) => vec![judge(&remotes, seen, started().filter(|_| kernel))],
        Err(cause) => vec![Finding::bad(SUBJECT, format!("its database does not answer: {cause}")).advise(
            "apt-get install openvswitch-switch; systemctl start openvswitch-switch; or set ovsdb in the configuration",
        )],
    }
}

/// What the database says of the daemon beside it.
struct Seen {
    /// The release, where whoever started it wrote it down, as ovs-ctl does.
    version: Option<String>,
    /// ovs-vswitchd wrote down what it can do.
    ran: bool,
}

async fn look_into(config: &Config) -> Result<Seen, String> {
    let mut options = Options::new(config.ovsdb.iter().cloned());
    options.tls = config.tls.clone();
    let spec = MonitorSpec::database("Open_vSwitch")
        .table(TableSpec::new("Open_vSwitch").columns(["ovs_version", "datapath_types"]));
    let client = Client::start(options, spec).map_err(|error| error.to_string())?;
    if let Err(error) = client.wait_connected(PATIENCE).await {
        let cause = match client.link() {
            Link::Down { cause: Some(cause), .. } => cause.to_string(),
            Link::Down { .. } | Link::Up { .. } => error.to_string(),
        };
        return Err(cause);
    }
    let snapshot = client.snapshot();
    let row = snapshot.table("Open_vSwitch").and_then(|table| table.rows().next().cloned());
    let version = row.as_ref().and_then(|row| row.get::<Option<String>>("ovs_version").ok().flatten());
    let datapaths = row.and_then(|row| row.get::<Vec<String>>("datapath_types").ok()).unwrap_or_default();
    Ok(Seen { ran: version.is_some() || !datapaths.is_empty(), version })
}

/// Whether the local ovs-vswitchd left its process id behind. Where there is none, nothing is known.
fn is_dead(remotes: &[Remote]) -> bool {
    let local = remotes.iter().any(|remote| matches!(remote, Remote::Unix(_)));
    let pid = std::fs::read_to_string(PID_FILE).ok().filter(|_| local);
    pid.is_some_and(|pid| !Path::new("/proc").join(pid.trim()).exists())
}

/// How many seconds after the machine ovs-vswitchd started; none: it does not run here.
fn started() -> Option<f64> {
    let pid = std::fs::read_to_string(PID_FILE).ok()?;
    started_of(&std::fs::read_to_string(Path::new("/proc").join(pid.trim()).join("stat")).ok()?)
}

/// The 22nd field of `/proc/PID/stat` (proc_pid_stat(5)), in hundredths of a second; the second one may hold spaces.
fn started_of(stat: &str) -> Option<f64> {
    let after_name = stat.rsplit_once(')')?.1;
    let ticks: u32 = after_name.split_whitespace().nth(19)?.parse().ok()?;
    Some(f64::from(ticks) / 100.0)
}

/// `started`: how long after the machine, where that matters.
fn judge(remotes: &str, seen: Seen, started: Option<f64>) -> Finding {
    let version = match seen {
        Seen { version: Some(version), .. } => version,
        Seen { ran: true, .. } => {
            return Finding::good(SUBJECT, format!("at {remotes}, of a release that nobody wrote down"));
        }
        Seen { ran: false, .. } => {
            let what = format!("its database answers at {remotes}, but ovs-vswitchd has never run");
            return Finding::bad(SUBJECT, what).advise("systemctl start openvswitch-switch");
        }
    };
    let numbers: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    if numbers < vec![2, 17] {
        return Finding::doubtful(SUBJECT, format!("{version} at {remotes}, older than what is tested (2.17)"));
    }
    match started {
        Some(seconds) if seconds < TOO_EARLY && numbers >= vec![3, 1] && numbers < vec![3, 1, 1] => {
            let what = format!(
                "{version} was started {seconds:.0} s after the machine: this release then counts no processors, and \
                 the kernel's datapath loses every packet that has no flow yet"
            );
            Finding::bad(SUBJECT, what)
                .advise("systemctl restart openvswitch-switch, and after each boot, or Open vSwitch 3.1.1")
        }
        Some(_) | None => Finding::good(SUBJECT, format!("{version} at {remotes}")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[test]
    fn the_bug_of_early_starts_is_known() {
        let state = |version: Option<&str>, started| {
            let seen = Seen { version: version.map(str::to_owned), ran: version.is_some() };
            judge("unix:x", seen, started).state
        };
        assert_eq!(state(Some("3.1.0"), Some(6.2)), State::Bad);
        assert_eq!(state(Some("3.1.0"), Some(11.0)), State::Good);
        assert_eq!(state(Some("3.1.0"), None), State::Good);
        assert_eq!(state(Some("3.1.1"), Some(6.2)), State::Good);
        assert_eq!(state(Some("3.3.0"), Some(6.2)), State::Good);
        assert_eq!(state(Some("2.13.8"), None), State::Doubtful);
        assert_eq!(state(None, None), State::Bad);
        assert_eq!(judge("unix:x", Seen { version: None, ran: true }, None).state, State::Good);
    }

    #[test]
    fn the_start_is_read_past_a_name_with_spaces() {
        let stat = "812 (ovs vswitchd) 1) S 1 812 812 0 -1 4194560 1 0 0 0 5 6 0 0 10 -10 9 0 623 1 2 3";
        assert_eq!(started_of(stat), Some(6.23));
        assert_eq!(started_of("812 (x"), None);
    }
}
