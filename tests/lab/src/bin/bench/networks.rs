//! Networks that come and go.

use crate::plugin::Network;
use crate::population::Population;
use crate::report::Row;
use crate::samples::{Samples, timed};
use crate::stage::Stage;

/// How many.
const ROUNDS: u8 = 10;

/// Measures networks with a population on another one.
pub(crate) fn measure(stage: &Stage, population: &Population<'_>) -> [Row; 2] {
    let (mut up, mut down, mut bridge) = (Samples::default(), Samples::default(), Samples::default());
    for number in 0..ROUNDS {
        let network = Network::new(100 + number);
        up.push(timed(|| stage.plugin.create_network(&network)).0);
        stage.switch.settle();
        down.push(timed(|| stage.plugin.delete_network(&network)).0);
        stage.switch.settle();
        bridge.push(stage.switch.bridge_comes_and_goes(population.bridge));
    }
    let rows = [Row::time("network up", &up).beside(&bridge).aim("50 ms"), Row::time("network down", &down)];
    rows.map(|row| row.at(population.len()))
}
