//! `make bench`: what the driver costs, as one table measured in one run.
//!
//! The bench is Docker's side of the plugin protocol on a host of the lab: it speaks to the driver's socket, so what it
//! measures is the driver and Open vSwitch and not Docker; `docker run` itself is measured beside it, on a network of
//! ours and on Docker's own. What Open vSwitch alone takes for a port is measured in the same run, in turns with the
//! driver, because it is most of a join and grows with the number of ports.
//!
//! It reports and judges nothing: the aims stand beside the numbers, and no number makes it fail.

mod arguments;
mod containers;
mod crowd;
mod disk;
mod endpoints;
mod links;
mod memory;
mod module_load;
mod networks;
mod plugin;
mod policy_call;
mod population;
mod report;
mod samples;
mod stage;
mod starts;
mod switch;
mod table;

use std::process::ExitCode;

use lab::{Docker, World};

use crate::arguments::Arguments;
use crate::population::Population;
use crate::report::Report;
use crate::stage::Stage;

/// How many endpoints there are when many join at once.
const CROWDED: usize = 500;

fn main() -> ExitCode {
    // Modes are compiled by this program, started again.
    if let Some(code) = policy::compile_child() {
        return code;
    }
    let arguments = match Arguments::read(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(complaint) => {
            eprintln!("lab-bench: {complaint}\n{}", arguments::USAGE);
            return ExitCode::from(64);
        }
    };
    let report = if arguments.starts { measure_starts() } else { measure(&arguments.endpoints) };
    println!("{}", if arguments.json { report.json() } else { report.to_string() });
    ExitCode::SUCCESS
}

fn measure(counts: &[usize]) -> Report {
    let (policy_calls, module_loads) = (policy_call::measure(), module_load::measure());
    let mut world = World::new();
    let starts = starts::measure(&mut world.docker_host(Docker::Newest));
    let stage = Stage::set(&mut world);
    let mut report = Report::new(stage.machine());
    report.extend(starts);
    report.extend(policy_calls);
    report.extend(module_loads);
    report.push(memory::measure(&stage, 0));
    let mut population = Population::new(&stage);
    containers::prepare(&stage);
    for &count in counts {
        if count > CROWDED && population.len() < CROWDED {
            population.grow(CROWDED);
            report.extend(crowd::measure(&stage, &mut population));
        }
        population.grow(count);
        report.push(memory::measure(&stage, count));
        report.extend(endpoints::measure(&stage, &mut population));
        report.extend(networks::measure(&stage, &population));
        report.extend(containers::measure(&stage, count));
    }
    report
}

fn measure_starts() -> Report {
    let mut world = World::new();
    let mut host = world.docker_host(Docker::Newest);
    let mut report = Report::new(stage::machine(&host));
    report.extend(starts::measure(&mut host));
    report
}
