//! Networks that come and go.

use crate::plugin::Network;
use crate::report::Row;
use crate::samples::{Samples, timed};
use crate::stage::Stage;

/// How many.
const ROUNDS: u8 = 10;

/// Measures networks with so many endpoints on another one.
pub(crate) fn measure(stage: &Stage, endpoints: usize) -> [Row; 2] {
    let (mut up, mut down) = (Samples::default(), Samples::default());
    for number in 0..ROUNDS {
        let network = Network::new(100 + number);
        up.push(timed(|| stage.plugin.create_network(&network)).0);
        stage.switch.settle();
        down.push(timed(|| stage.plugin.delete_network(&network)).0);
        stage.switch.settle();
    }
    let rows = [Row::time("network up", &up).aim("50 ms"), Row::time("network down", &down)];
    rows.map(|row| row.at(endpoints))
}
