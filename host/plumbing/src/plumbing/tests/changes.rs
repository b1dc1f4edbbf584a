//! One plan in another one's place.

use plan::{Action, AdmittedStep};

use super::host::{
    Host, endpoint, endpoint_port, found, host_port, is_fine, label, network, on_host, soon, uplink, with,
};
use super::rules::{plain_nat, publish};
use crate::{Condition, Dataplane, Plumbing, Work};

/// A network as mode nat plans it, and an endpoint on it that publishes a port; then the same as another version might: with
/// another MTU, no way from one container to the other, another label, and another host port.
fn versions() -> [(Work, Work); 2] {
    let old = plain_nat(1);
    let steps = old.steps.iter().cloned().map(|mut step| {
        match &mut step.action {
            Action::HostPort(port) => port.mtu = Some(1300),
            Action::Forward(forward) => forward.hairpin = false,
            Action::Masquerade(_) => step.label = label("hide"),
            _ => {}
        }
        step
    });
    let new = network("net1", steps.collect());
    let mut elsewhere: AdmittedStep = publish();
    if let Action::Publish(publish) = &mut elsewhere.action {
        publish.host_port = 9090;
    }
    let isolated = with(endpoint_port("ove2", 2), |port| port.isolated = true);
    let end = endpoint(&old, "end", vec![endpoint_port("ove2", 2), publish()]);
    let other = endpoint(&new, "end", vec![isolated, elsewhere]);
    [(old, end), (new, other)]
}

async fn change(plumbing: &Plumbing, from: &(Work, Work), to: &(Work, Work)) {
    plumbing.change(&from.0, &to.0, soon()).await.unwrap();
    plumbing.change(&from.1, &to.1, soon()).await.unwrap();
    assert!(is_fine(plumbing, &to.0).await && is_fine(plumbing, &to.1).await);
}

async fn performed(host: &Host, work: &(Work, Work)) -> Plumbing {
    let plumbing = host.plumbing().await;
    plumbing.perform(&work.0, soon()).await.unwrap();
    plumbing.perform(&work.1, soon()).await.unwrap();
    plumbing
}

#[test]
fn what_stands_is_changed_where_it_is() {
    on_host(async |host| {
        let [old, new] = versions();
        let plumbing = performed(host, &old).await;
        let link = || host.sh("for name in ove2 ovh1; do ip -o link show $name | cut -d: -f1; done");
        let (links, before) = (host.links(), link());
        let publishes = |port: &str| host.sh("nft list ruleset").contains(port);
        for (from, to, port, no_more) in [(&old, &new, "9090", "8080"), (&new, &old, "8080", "9090")] {
            change(&plumbing, from, to).await;
            assert_eq!((host.links(), link()), (links.clone(), before.clone()), "the same links");
            assert!(publishes(port) && !publishes(no_more));
        }
        change(&plumbing, &old, &new).await;
        let [_, mtu, forward, masquerade] = &found(&plumbing, &old.0).await[..] else { panic!("four steps") };
        assert!(matches!(mtu, Condition::Different(_)), "{mtu:?}");
        assert_eq!((forward, masquerade), (&Condition::Missing, &Condition::Fine));
    });
}

#[test]
fn a_host_port_that_is_made_anew_takes_the_rules_over() {
    on_host(async |host| {
        let [old, _] = versions();
        let plumbing = performed(host, &old).await;
        let mut new = old.0.clone();
        new.steps[1] = host_port("ovh2", "10.9.0.254/24");
        let end = Work { scope: new.steps.clone(), ..old.1.clone() };
        let rules = |work: &Work| work.steps.iter().filter(|step| step.name.is_none()).cloned().collect::<Vec<_>>();
        let only = |work: &Work, steps| Work { steps, scope: work.steps.clone(), ..work.clone() };
        let to = only(&new, [vec![new.steps[1].clone()], rules(&new)].concat());
        plumbing.change(&only(&old.0, rules(&old.0)), &to, soon()).await.unwrap();
        plumbing.change(&old.1, &end, soon()).await.unwrap();
        plumbing.undo(&only(&old.0, vec![old.0.steps[1].clone()]), soon()).await.unwrap();
        assert!(is_fine(&plumbing, &new).await && is_fine(&plumbing, &end).await);
        host.until("the old one is gone", || !host.links().contains(&"ovh1".to_owned())).await;
        assert!(!host.sh("nft list ruleset").contains("ovh1"));
    });
}

#[test]
fn a_containers_link_that_is_gone_is_not_made_again() {
    on_host(async |host| {
        let [old, new] = versions();
        let plumbing = performed(host, &old).await;
        host.sh("ip link del ove2");
        let error = plumbing.change(&old.1, &new.1, soon()).await.unwrap_err();
        assert!(error.to_string().contains("ove2"), "{error}");
        assert!(!host.links().contains(&"ove2".to_owned()));
    });
}

#[test]
fn what_fails_is_changed_back_by_the_same_call_the_other_way_round() {
    on_host(async |host| {
        let [old, new] = versions();
        let plumbing = performed(host, &old).await;
        let mut more = new.0.clone();
        more.steps.insert(1, uplink("eth9", None, &[]));
        let error = plumbing.change(&old.0, &more, soon()).await.unwrap_err();
        assert!(error.to_string().contains("eth9"), "{error}");
        assert!(!host.switch.vsctl("--columns=name list Port").contains("eth9"), "what was made is undone");
        assert!(!is_fine(&plumbing, &old.0).await, "what was changed stays so");
        change(&plumbing, &(more, new.1), &old).await;
    });
}
