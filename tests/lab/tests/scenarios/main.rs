//! What the driver is for, on a real Docker and a real Open vSwitch: one module for each promise, one test for each
//! sentence of it. Each test has a world of its own (see the `lab` crate).

/// Makes two tests of each function: one on this release's Docker, one on the newest. Docker's side of the contract changed
/// between them.
macro_rules! on_both_dockers {
    ($($test:ident),+ $(,)?) => {
        mod stable {
            $(#[test]
            fn $test() {
                super::$test(lab::Docker::Stable);
            })+
        }
        mod newest {
            $(#[test]
            fn $test() {
                super::$test(lab::Docker::Newest);
            })+
        }
    };
}

mod addresses;
mod aliases;
mod compose;
mod connect;
mod crash;
mod families;
mod flat;
mod hostile;
mod isolation;
mod late;
mod many;
mod nat;
mod operators;
mod publish;
mod refusals;
