//! Many endpoints at once.

use std::collections::BTreeSet;

use crate::plugin::Endpoint;
use crate::population::{Population, at_once, join_at_once};
use crate::report::Row;
use crate::samples::{Samples, timed};
use crate::stage::Stage;

/// How many endpoints.
const CROWD: usize = 100;
/// How often they come and go.
const ROUNDS: usize = 3;
/// The links that the switch alone is tried with.
const GROUP: u32 = 7;

/// What it takes when a hundred join and leave at once.
#[derive(Debug, Default)]
struct Taken {
    joins: Samples,
    leaves: Samples,
    links: Samples,
    /// What the switch alone takes for the ports of the joins.
    ports: Samples,
}

/// Measures a crowd that comes and goes with a population present.
pub(crate) fn measure(stage: &Stage, population: &mut Population<'_>) -> [Row; 3] {
    let mut taken = Taken::default();
    for _ in 0..ROUNDS {
        taken.joins_and_leaves(stage, population);
        taken.ports_alone(stage, population);
    }
    let rows = [
        Row::time("100 joins at once", &taken.joins).beside(&taken.ports).aim("150 ms"),
        Row::time("100 leaves at once", &taken.leaves),
        Row::time("the links of 100 gone, after the last Leave", &taken.links).aim("50 ms"),
    ];
    rows.map(|row| row.at(population.len()))
}

impl Taken {
    fn joins_and_leaves(&mut self, stage: &Stage, population: &mut Population<'_>) {
        let crowd: Vec<Endpoint> = (0..CROWD).map(|_| population.stranger()).collect();
        crowd.iter().for_each(|endpoint| stage.plugin.create_endpoint(endpoint));
        stage.switch.settle();
        let before = stage.links.names();
        let joined = join_at_once(stage, &crowd);
        self.joins.push(joined.taken);
        stage.move_into_containers(&joined.links);
        stage.switch.settle();
        let ours: BTreeSet<String> = &stage.links.names() - &before;
        assert_eq!(ours.len(), CROWD, "bench: as many links should have come as endpoints");
        let (leaves, _) = at_once(&crowd, |endpoint| stage.plugin.leave(endpoint));
        self.leaves.push(leaves);
        self.links.push(timed(|| stage.links.wait_gone(&ours)).0);
        crowd.iter().for_each(|endpoint| stage.plugin.delete_endpoint(endpoint));
        stage.switch.settle();
    }

    /// The same number of ports for links that are there, by a bare session.
    fn ports_alone(&mut self, stage: &Stage, population: &Population<'_>) {
        let links: Vec<String> = (0..CROWD).map(|number| format!("lab-crowd{number}")).collect();
        let additions: String =
            links.iter().map(|link| format!("link add {link} up group {GROUP} type veth\n")).collect();
        stage.host.sh(&format!("ip -batch - <<'END'\n{additions}END"));
        stage.switch.settle();
        self.ports.push(stage.switch.add_ports(population.bridge, &links));
        stage.switch.remove_ports(population.bridge, &links);
        stage.host.sh(&format!("ip link delete group {GROUP}"));
        stage.links.wait_gone(&links);
        stage.switch.settle();
    }
}
