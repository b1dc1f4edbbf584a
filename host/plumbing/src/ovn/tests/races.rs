//! Many hosts at once.

use futures_util::future::join_all;

use super::northbound::{Northbound, Station, routed};

const HOSTS: u32 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hosts_that_come_and_go_at_once_leave_nothing_and_make_nothing_twice() {
    let server = Northbound::start();
    let before = server.contents();
    let hosts: Vec<Station> = (0..HOSTS).map(|number| Station::new(&[&server], number)).collect();
    let rows = routed("10.1.0.0/16", "10.1.0.1/16");
    for _ in 0..3 {
        let made = join_all(hosts.iter().map(|host| host.make(&rows))).await;
        made.into_iter().for_each(|made| assert!(made.unwrap().len() >= rows.len()));
        let claims = server.nbctl("--bare --columns=external_ids find Logical_Switch");
        assert_eq!(claims.matches("docker-ovs-claim/").count(), HOSTS as usize, "one switch, claimed by all");
        join_all(hosts.iter().map(|host| host.remove(&rows))).await.into_iter().for_each(Result::unwrap);
        assert_eq!(server.contents(), before);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_while_the_last_goes_has_what_it_asked_for() {
    let server = Northbound::start();
    let before = server.contents();
    let hosts: Vec<Station> = (0..HOSTS).map(|number| Station::new(&[&server], number)).collect();
    let rows = routed("10.1.0.0/16", "10.1.0.1/16");
    let lives = hosts.iter().map(async |host| {
        for _ in 0..5 {
            host.make(&rows).await.unwrap();
            let view = host.session.now();
            let there = rows.iter().all(|row| {
                let row = view.row((row.table, row.uuid)).expect("what is claimed does not go");
                row.entry("external_ids", &crate::ovn::claim::Claim::of(&host.who.mark).key()).is_some()
            });
            assert!(there);
            host.remove(&rows).await.unwrap();
        }
    });
    join_all(lives).await;
    assert_eq!(server.contents(), before);
}
