//! What the driver is for, on a real Docker and a real Open vSwitch: one module for each promise, one test for each
//! sentence of it. Each test has a world of its own (see the `lab` crate).

/// Makes two tests of each function: one on this release's Docker, one on the newest. Docker's side of the contract changed
/// between them.
///
/// A function takes the Docker to start; after `on_a_host:` a host with everything started and the world around it, which
/// it leaves as it found them.
macro_rules! on_both_dockers {
    (on_a_host: $($test:ident),+ $(,)?) => { on_both_dockers!(crate::stage::on_a_host; $($test),+); };
    ($($test:ident),+ $(,)?) => { on_both_dockers!(crate::stage::on_its_own; $($test),+); };
    ($run:path; $($test:ident),+) => {
        mod stable {
            $(#[test]
            fn $test() {
                $run(lab::Docker::Stable, super::$test);
            })+
        }
        mod newest {
            $(#[test]
            fn $test() {
                $run(lab::Docker::Newest, super::$test);
            })+
        }
    };
}

mod addresses;
mod aliases;
mod compose;
mod connect;
mod crash;
mod desk;
mod families;
mod flat;
mod forms;
mod guide;
mod hostile;
mod ipam;
mod isolation;
mod late;
mod limits;
mod many;
mod mesh;
mod modes;
mod nat;
mod operators;
mod ovn;
mod publish;
mod refusals;
mod stage;
mod trunks;
mod upgrade;
mod vlan;
