//! The driver is killed at moments spread over each call of a container's life. Docker then does what it does after a
//! call without an answer: it forgets what it asked for, and goes on removing. Nothing may be left, and what another
//! container has goes on.

use crate::plugin::{Call, ENDPOINT, NETWORK, Plugin};
use lab::{Docker, Host, LONG, Place as _, Snapshot, Watched, World};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, UNIX_EPOCH};

/// How often the driver is killed in each call.
const TIMES: u32 = 3;

/// A shell that waits to be told, so that the kill comes when it is meant.
const EXECUTIONER: &str = "\
rm -f /run/lab/now; mkfifo /run/lab/now; driver=$(cat /run/lab/docker-ovs.pid); touch /run/lab/armed; \
read word </run/lab/now; kill -9 $driver; while kill -0 $driver 2>/dev/null; do sleep 0.01; done";

#[test]
fn a_kill_at_any_moment_of_any_call_leaves_nothing() {
    let mut world = World::new();
    let mut host = world.host(Docker::Newest);
    host.sh("docker network create -d ovs --opt mode=nat other");
    host.start_container("left", "--network other");
    host.start_container("right", "--network other");
    let plugin = Plugin::of(&host);
    let before = host.snapshot();
    let watched = host.start_sh("docker exec left lab-peer watch right 5000 290");
    let usual = Call::LIFE.map(|call| took(&plugin, call));
    host.returns_to(&before);
    let mut moments = Moments::new();
    for (call, usual) in Call::LIFE.into_iter().zip(usual) {
        for _ in 0..TIMES {
            let empty = has_been_made_up_to(&host, &plugin, call);
            let answered = is_killed_in(&mut host, &plugin, call, usual.mul_f64(moments.next()));
            host.start_driver();
            if !answered {
                make_up_for_what_was_not_heard(&host, call);
            }
            go_on(&plugin, (call, answered), || {
                empty.iter().for_each(|empty| host.returns_to(empty));
            });
            host.returns_to(&before);
        }
    }
    host.container("left").does("touch /tmp/enough");
    Watched::of(watched).never_stopped();
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

/// Makes all calls before this one; how the host is with the network and nothing on it, where that is among them.
fn has_been_made_up_to(host: &Host, plugin: &Plugin, call: Call) -> Option<Snapshot> {
    let mut empty = None;
    for earlier in Call::LIFE.into_iter().filter(|earlier| *earlier < call) {
        assert!(plugin.is_answered(earlier));
        if earlier == Call::CreateNetwork {
            empty = Some(host.snapshot());
        }
    }
    empty
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
