//! The driver is killed at moments spread over each call of a container's life. Docker then does what it does after a
//! call without an answer: it forgets what it asked for, and goes on removing. Nothing may be left, and what another
//! container has goes on.

use crate::plugin::{Call, Plugin};
use lab::{Docker, Host, World};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The moments of each call, in tenths of the time it takes when nobody disturbs it.
const MOMENTS: [u32; 3] = [1, 5, 8];

/// A shell that waits to be told, so that the kill comes when it is meant.
const EXECUTIONER: &str = "\
rm -f /run/lab/now; mkfifo /run/lab/now; driver=$(cat /run/lab/docker-ovs.pid); touch /run/lab/armed; \
read word </run/lab/now; kill -9 $driver; while kill -0 $driver 2>/dev/null; do sleep 0.01; done";

#[test]
fn a_kill_at_any_moment_of_any_call_leaves_nothing() {
    let mut world = World::new();
    let mut host = world.bare_host(Docker::Newest);
    host.start_ovs();
    host.start_driver();
    let plugin = Plugin::of(&host);
    let before = host.snapshot();
    let usual = Call::LIFE.map(|call| took(&plugin, call));
    host.returns_to(&before);
    for (call, usual) in Call::LIFE.into_iter().zip(usual) {
        for tenths in MOMENTS {
            let answered = killed_in(&mut host, &plugin, call, usual * tenths / 10);
            host.start_driver();
            if !answered {
                make_up_for_what_was_not_heard(&host, call);
            }
            go_on(&plugin, call, answered);
            host.returns_to(&before);
        }
    }
}

fn took(plugin: &Plugin, call: Call) -> Duration {
    let started = Instant::now();
    assert!(plugin.is_answered(call));
    started.elapsed()
}

/// Makes all calls up to this one, and kills the driver at a moment of it; whether an answer came.
fn killed_in(host: &mut Host, plugin: &Plugin, call: Call, moment: Duration) -> bool {
    Call::LIFE.into_iter().filter(|earlier| *earlier < call).for_each(|earlier| assert!(plugin.is_answered(earlier)));
    let executioner = host.start_sh(EXECUTIONER);
    host.until(Duration::from_secs(5), "rm /run/lab/armed");
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

/// Two things cannot be told by anybody who does not ask Docker: that it did not hear how well a creation went, and that
/// a removal was on its way which the driver had not read yet. A person removes such a network; there is no Docker here
/// that could be asked whether it is one.
fn make_up_for_what_was_not_heard(host: &Host, call: Call) {
    let unheard = matches!(call, Call::CreateNetwork | Call::DeleteNetwork);
    if unheard && host.sh("docker-ovs network ls --json").contains("\"healthy\"") {
        host.sh("docker-ovs network rm --force $(docker-ovs network ls --json | jq -r '.[].id')");
    }
}

/// What Docker does next: it forgets what was not made, as far as it knows, and removes the rest.
fn go_on(plugin: &Plugin, killed: Call, answered: bool) {
    let never_made = match killed {
        Call::CreateNetwork => 3,
        Call::CreateEndpoint => 2,
        Call::Join => 1,
        _ => 0,
    };
    let removal = [Call::Leave, Call::DeleteEndpoint, Call::DeleteNetwork].into_iter();
    for call in removal.skip(if answered { 0 } else { never_made }).filter(|call| *call > killed) {
        assert!(plugin.is_answered(call));
    }
}
