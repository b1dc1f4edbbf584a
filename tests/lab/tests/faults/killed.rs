//! The driver is killed at moments spread over each call of a container's life. Docker then does what it does after a
//! call without an answer: it forgets what it asked for, and goes on removing. Nothing may be left, and what another
//! container has goes on.

use crate::plugin::{Call, ENDPOINT, NETWORK, Plugin};
use lab::{Central, Docker, Host, LONG, Place as _, Snapshot, Watched, World};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

/// A shell that waits to be told, so that the kill comes when it is meant.
const EXECUTIONER: &str = "\
rm -f /run/lab/now; mkfifo /run/lab/now; driver=$(cat /run/lab/docker-ovs.pid); touch /run/lab/armed; \
read word </run/lab/now; kill -9 $driver; while kill -0 $driver 2>/dev/null; do sleep 0.01; done";

#[test]
fn a_kill_at_any_moment_of_any_call_leaves_nothing() {
    let mut world = World::new();
    let host = world.host(Docker::Newest);
    host.sh("docker network create -d ovs --opt mode=nat other");
    Walk { host, central: None }.goes(&[json!({ "mode": "nat" })], 3);
}

/// Once in a VRF of its own, whose router and way out come and go with it, and once in one that others are in.
#[test]
fn a_kill_at_any_moment_leaves_nothing_in_ovns_database_and_takes_nothing_of_others() {
    let mut world = World::new();
    let central = world.central();
    let host = world.ovn_host(Docker::Newest, &central);
    host.sh("docker network create -d ovs -o mode=ovn -o vrf=many -o egress=host --subnet 10.1.0.0/24 other");
    let networks = ["alone", "many"].map(|vrf| json!({ "mode": "ovn", "vrf": vrf, "egress": "host" }));
    Walk { host, central: Some(central) }.goes(&networks, 2);
}

/// The host that the driver is killed on, and OVN's northbound database where it has one.
struct Walk {
    host: Host,
    central: Option<Central>,
}

/// How they are at one moment.
struct Looked {
    host: Snapshot,
    northbound: Option<Snapshot>,
}

impl Walk {
    /// Kills the driver so often in each call of a life, of one network after the other, beside containers of `other`.
    fn goes(&mut self, networks: &[Value], times: usize) {
        self.host.start_container("left", "--network other");
        self.host.start_container("right", "--network other");
        let before = self.look();
        let watched = self.host.start_sh("docker exec left lab-peer watch right 5000 290");
        let lives: Vec<_> = networks.iter().map(|network| self.undisturbed(network, &before)).collect();
        let mut moments = Moments::new();
        for (index, call) in Call::LIFE.into_iter().enumerate() {
            for (plugin, usual) in lives.iter().cycle().take(times) {
                self.is_killed_once(plugin, call, usual[index].mul_f64(moments.next()));
                self.returns_to(&before);
            }
        }
        self.host.container("left").does("touch /tmp/enough");
        Watched::of(watched).never_stopped();
    }

    /// How long each call takes in the life of a network when nobody disturbs it.
    fn undisturbed(&self, network: &Value, before: &Looked) -> (Plugin, [Duration; Call::LIFE.len()]) {
        let plugin = Plugin::of(&self.host, network.clone());
        let usual = Call::LIFE.map(|call| took(&plugin, call));
        self.returns_to(before);
        (plugin, usual)
    }

    /// Kills the driver in a call, and does what Docker does then.
    fn is_killed_once(&mut self, plugin: &Plugin, call: Call, moment: Duration) {
        let empty = self.has_been_made_up_to(plugin, call);
        let answered = is_killed_in(&mut self.host, plugin, call, moment);
        self.host.start_driver();
        if !answered {
            make_up_for_what_was_not_heard(&self.host, call);
        }
        go_on(plugin, (call, answered), || {
            empty.iter().for_each(|empty| self.returns_to(empty));
        });
    }

    /// Makes all calls before this one; how all is with the network and nothing on it, where that is among them.
    fn has_been_made_up_to(&self, plugin: &Plugin, call: Call) -> Option<Looked> {
        let mut empty = None;
        for earlier in Call::LIFE.into_iter().filter(|earlier| *earlier < call) {
            assert!(plugin.is_answered(earlier));
            if earlier == Call::CreateNetwork {
                empty = Some(self.look());
            }
        }
        empty
    }

    fn look(&self) -> Looked {
        Looked { host: self.host.snapshot(), northbound: self.central.as_ref().map(Central::northbound) }
    }

    fn returns_to(&self, before: &Looked) {
        self.host.returns_to(&before.host);
        if let (Some(central), Some(northbound)) = (&self.central, &before.northbound) {
            central.northbound_returns_to(northbound);
        }
    }
}

/// Moments of a call, as parts of the time it takes when nobody disturbs it: the same again with the same `LAB_SEED`.
struct Moments(u64);

impl Moments {
    fn new() -> Self {
        let now = || UNIX_EPOCH.elapsed().map_or(1, |since| u64::from(since.subsec_nanos()));
        let seed = std::env::var("LAB_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(now);
        eprintln!("LAB_SEED={seed} kills at the same moments again");
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u16::try_from(self.0 >> 48).unwrap_or_default()) / 65536.0
    }
}

fn took(plugin: &Plugin, call: Call) -> Duration {
    let started = Instant::now();
    assert!(plugin.is_answered(call));
    started.elapsed()
}

/// Kills the driver at a moment of a call; whether an answer came.
fn is_killed_in(host: &mut Host, plugin: &Plugin, call: Call, moment: Duration) -> bool {
    let executioner = host.start_sh(EXECUTIONER);
    host.until(LONG, "rm /run/lab/armed");
    let now = host.file(Path::new("/run/lab/now"));
    let (answer, answered) = mpsc::channel();
    let calling = plugin.clone();
    thread::spawn(move || answer.send(calling.is_answered(call)));
    thread::sleep(moment);
    eprintln!("killed {moment:?} into {call:?}");
    std::fs::write(now, "now\n").expect("the executioner reads");
    executioner.finish();
    answered.recv().expect("a killed driver's connection ends")
}

/// Some things cannot be told by anybody who does not ask Docker: that it did not hear how well a creation went, and that a
/// removal was on its way which the driver had not read yet. A person removes what is forgotten then.
fn make_up_for_what_was_not_heard(host: &Host, call: Call) {
    let (left, forgotten) = match call {
        Call::CreateNetwork | Call::DeleteNetwork => {
            let left = format!(r#"network ls --json | jq -e 'any(.id == "{NETWORK}" and .state == "ready")'"#);
            (left, NETWORK.to_owned())
        }
        Call::CreateEndpoint | Call::DeleteEndpoint => {
            let left = format!("network inspect --json {NETWORK} | jq -e '.endpoint_list | any'");
            (left, format!("{NETWORK}/{ENDPOINT}"))
        }
        _ => return,
    };
    if host.try_sh(&format!("docker-ovs {left}")).is_ok() {
        host.sh(&format!("docker-ovs network rm {forgotten}"));
    }
}

/// What Docker does next: it forgets what was not made, as far as it knows, and removes the rest. `is_empty` is asked when
/// nothing but the network is left.
fn go_on(plugin: &Plugin, (killed, answered): (Call, bool), is_empty: impl Fn()) {
    let never_made = match killed {
        Call::CreateNetwork => 3,
        Call::CreateEndpoint => 2,
        Call::Join => 1,
        _ => 0,
    };
    let removal = [Call::Leave, Call::DeleteEndpoint, Call::DeleteNetwork].into_iter();
    for call in removal.skip(if answered { 0 } else { never_made }).filter(|call| *call > killed) {
        if call == Call::DeleteNetwork {
            is_empty();
        }
        assert!(plugin.is_answered(call));
    }
}
