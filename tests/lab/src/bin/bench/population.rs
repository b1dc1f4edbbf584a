//! The endpoints that exist while others are measured.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::plugin::{Endpoint, Network};
use crate::stage::Stage;

/// How many endpoints join at once while the population grows.
const AT_ONCE: usize = 25;

/// A network with endpoints that have joined.
#[derive(Debug)]
pub(crate) struct Population<'a> {
    stage: &'a Stage,
    network: Network,
    /// Its bridge.
    pub(crate) bridge: Uuid,
    count: usize,
    numbers: std::ops::RangeFrom<u16>,
}

impl<'a> Population<'a> {
    /// A network without endpoints, the first one on this host.
    pub(crate) fn new(stage: &'a Stage) -> Self {
        let network = Network::new(64);
        stage.plugin.create_network(&network);
        stage.switch.settle();
        Self { stage, network, bridge: stage.switch.only_bridge(), count: 0, numbers: 2.. }
    }

    /// How many endpoints there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// An endpoint that Docker has not created yet, with an address that no other had.
    pub(crate) fn stranger(&mut self) -> Endpoint {
        self.network.endpoint(self.numbers.next().expect("addresses suffice"))
    }

    /// Adds endpoints until there are so many, their links' other ends in containers.
    pub(crate) fn grow(&mut self, count: usize) {
        eprintln!("[ bench ] {count} endpoints");
        while self.count < count {
            let newcomers: Vec<Endpoint> = (self.count..count).take(AT_ONCE).map(|_| self.stranger()).collect();
            newcomers.iter().for_each(|endpoint| self.stage.plugin.create_endpoint(endpoint));
            let joined = join_at_once(self.stage, &newcomers);
            self.stage.move_into_containers(&joined.links);
            self.count += newcomers.len();
        }
        self.stage.switch.settle();
    }
}

/// What became of joins at once.
#[derive(Debug)]
pub(crate) struct Joined {
    /// From the first question to the last answer.
    pub(crate) taken: Duration,
    /// The links' other ends.
    pub(crate) links: Vec<String>,
}

/// Lets endpoints join, all at the same moment.
pub(crate) fn join_at_once(stage: &Stage, endpoints: &[Endpoint]) -> Joined {
    let (taken, links) = at_once(endpoints, |endpoint| stage.plugin.join(endpoint));
    Joined { taken, links }
}

/// Does something with each endpoint, for all at the same moment; how long it takes until the last one is done.
pub(crate) fn at_once<T: Send>(endpoints: &[Endpoint], run: impl Fn(&Endpoint) -> T + Sync) -> (Duration, Vec<T>) {
    let start = Barrier::new(endpoints.len() + 1);
    thread::scope(|scope| {
        let wait_and_run = |endpoint| {
            start.wait();
            run(endpoint)
        };
        let threads: Vec<_> = endpoints.iter().map(|endpoint| scope.spawn(move || wait_and_run(endpoint))).collect();
        start.wait();
        let started = Instant::now();
        let results = threads.into_iter().map(|thread| thread.join().expect("the driver answers")).collect();
        (started.elapsed(), results)
    })
}
