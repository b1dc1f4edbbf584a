//! `docker run`: on a network of ours, on one of Docker's own, and on none.

use std::collections::BTreeMap;

use crate::report::Row;
use crate::samples::Samples;
use crate::stage::Stage;

/// How many containers on each network.
const ROUNDS: usize = 8;
/// The networks, and how people call them.
const NETWORKS: [(&str, &str); 3] =
    [("bench-nat", "our nat"), ("bench-bridge", "Docker's bridge"), ("none", "no network")];
/// One container on each: from start to finish, and until it runs. Prints what, network and nanoseconds.
const ONE_EACH: &str = r#"
now() { date +%s%N; }
for network in bench-nat bench-bridge none; do
  before=$(now); docker run --rm --network $network lab true; after=$(now)
  echo whole $network $((after - before))
  before=$(now); docker run -d --name bench --network $network lab sleep 60 >/dev/null; after=$(now)
  echo start $network $((after - before))
  docker rm -f bench >/dev/null
done"#;

/// Makes the networks.
pub(crate) fn prepare(stage: &Stage) {
    stage.host.sh("docker network create --subnet 10.201.0.0/24 bench-bridge
         docker network create -d ovs --opt mode=nat --subnet 10.202.0.0/24 bench-nat");
}

/// Measures containers with so many endpoints on another network of ours.
pub(crate) fn measure(stage: &Stage, endpoints: usize) -> Vec<Row> {
    let mut taken: BTreeMap<(String, String), Samples> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for line in stage.host.sh(ONE_EACH).lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let [what, network, nanoseconds] = words[..] else { panic!("bench: the shell said {line}") };
            let nanoseconds: f64 = nanoseconds.parse().expect("a number of nanoseconds");
            taken.entry((what.to_owned(), network.to_owned())).or_default().push_value(nanoseconds / 1e6);
        }
        stage.switch.settle();
    }
    let titles = [("whole", "docker run --rm, from start to finish"), ("start", "docker run -d, until it runs")];
    let rows = titles
        .iter()
        .flat_map(|(what, title)| NETWORKS.map(|(network, name)| (*what, network, format!("{title}: {name}"))));
    rows.map(|(what, network, title)| Row::time(&title, &taken[&(what.to_owned(), network.to_owned())]).at(endpoints))
        .collect()
}
