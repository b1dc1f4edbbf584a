//! One endpoint after the other: created, joined, left, deleted.

use crate::disk::Disk;
use crate::population::Population;
use crate::report::Row;
use crate::samples::{Samples, timed};
use crate::stage::Stage;

/// How many endpoints come and go.
const ROUNDS: usize = 30;
/// A link for the switch alone, kept all the time: a link that goes and comes back under its name is not the same.
const LINK: &str = "lab-bench0";

/// What the calls about one endpoint take.
#[derive(Debug, Default)]
struct Taken {
    create: Samples,
    join: Samples,
    leave: Samples,
    delete: Samples,
    up: Samples,
    down: Samples,
    alone: Alone,
}

/// What the same takes without the driver.
#[derive(Debug, Default)]
struct Alone {
    /// The port of a join.
    port: Samples,
    /// Its row's removal.
    removal: Samples,
    /// A durable write.
    write: Samples,
    /// The last two.
    down: Samples,
}

/// Measures an endpoint's life with a population present.
pub(crate) fn measure(stage: &Stage, population: &mut Population<'_>) -> [Row; 6] {
    let here = format!("[ -e /sys/class/net/{LINK} ]");
    stage.host.sh(&format!("{here} || ip link add {LINK} up type veth peer name lab-bench1"));
    stage.switch.settle();
    let (mut taken, mut disk) = (Taken::default(), Disk::beside(stage.store()));
    for _ in 0..ROUNDS {
        taken.one_life(stage, population);
        taken.alone.one_life(stage, population, &mut disk);
    }
    let alone = &taken.alone;
    let rows = [
        Row::time("CreateEndpoint", &taken.create).beside(&alone.write).aim("0.6 ms"),
        Row::time("Join", &taken.join).beside(&alone.port).aim("share 1 ms"),
        Row::time("endpoint up (both)", &taken.up),
        Row::time("Leave", &taken.leave).beside(&alone.removal),
        Row::time("DeleteEndpoint", &taken.delete).beside(&alone.write),
        Row::time("endpoint down (both)", &taken.down).beside(&alone.down).aim("1 ms"),
    ];
    rows.map(|row| row.at(population.len()))
}

impl Taken {
    fn one_life(&mut self, stage: &Stage, population: &mut Population<'_>) {
        let (plugin, endpoint) = (&stage.plugin, population.stranger());
        let (create, ()) = timed(|| plugin.create_endpoint(&endpoint));
        // A port that went makes work a moment after it went, too: not this endpoint's.
        stage.switch.settle();
        let (join, link) = timed(|| plugin.join(&endpoint));
        // What comes next should find nothing left to be done.
        stage.switch.settle();
        let (leave, ()) = timed(|| plugin.leave(&endpoint));
        let (delete, ()) = timed(|| plugin.delete_endpoint(&endpoint));
        stage.links.wait_gone([&link]);
        stage.switch.settle();
        self.create.push(create);
        self.join.push(join);
        self.up.push(create + join);
        self.leave.push(leave);
        self.delete.push(delete);
        self.down.push(leave + delete);
    }
}

impl Alone {
    fn one_life(&mut self, stage: &Stage, population: &Population<'_>, disk: &mut Disk) {
        let link = [LINK.to_owned()];
        stage.switch.settle();
        self.port.push(stage.switch.add_ports(population.bridge, &link));
        let (removal, write) = (stage.switch.remove_ports(population.bridge, &link), disk.write());
        self.removal.push(removal);
        self.write.push(write);
        self.down.push(removal + write);
        stage.switch.settle();
    }
}
