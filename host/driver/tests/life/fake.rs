//! A dataplane in memory: what was performed exists, until it is undone or a test takes it away.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::IpAddr;
use std::ops::Range;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use driver::{Swarm, SwarmSource};
use plan::{Action, AdmittedStep, BridgeOwner, HostBridge, HostFacts, Label};
use plumbing::{Condition, Dataplane, Error, Event, Finding, Health, Holding, Marked, MarkedKind, Underlay, Work};
use tokio::sync::{Notify, broadcast};
use tokio::time::{Instant, sleep};

/// A step's object: network, endpoint, and its label and names; of rows and routes what they say.
type Key = (String, Option<String>, String);

#[derive(Clone)]
pub(crate) struct Fake {
    world: Arc<Mutex<World>>,
    events: broadcast::Sender<Event>,
    /// Wakes a perform that was told to hang.
    pub(crate) go_on: Arc<Notify>,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) facts: HostFacts,
    /// What drivers have in OVN's northbound database.
    pub(crate) holdings: Vec<Holding>,
    /// How letting go of what another driver has there fails next.
    pub(crate) reclaim_fails: Option<Box<dyn FnOnce() -> Error + Send>>,
    /// How often somebody looked at them.
    pub(crate) looks: usize,
    pub(crate) there: BTreeMap<Key, AdmittedStep>,
    /// Every link name that was ever made.
    pub(crate) names: Vec<String>,
    pub(crate) perform_fails: Option<&'static str>,
    /// Plans with a step of this kind fail.
    pub(crate) failing_kind: Option<&'static str>,
    /// How often something was to be changed or undone.
    pub(crate) turns: usize,
    /// Those of these turns that fail, and the first that hangs.
    pub(crate) failing_turns: Range<usize>,
    pub(crate) hanging_turn: Option<usize>,
    /// Nothing can be changed; undoing works.
    pub(crate) change_fails: bool,
    pub(crate) perform_hangs: bool,
    /// How many performs hang.
    pub(crate) hanging: usize,
    pub(crate) undo_fails: bool,
    /// Of what kinds the steps were that were undone.
    pub(crate) undone: Vec<String>,
    pub(crate) undo_hangs: bool,
    /// How many undoings wait.
    pub(crate) waiting: usize,
    /// What is in the way of OVN's tunnels.
    pub(crate) tunnel_fault: Option<&'static str>,
    /// There is no Open vSwitch.
    pub(crate) away: bool,
    /// OVN's northbound database does not answer.
    pub(crate) north_away: bool,
    /// How many calls waited for it that had something to do with it.
    pub(crate) waited: usize,
    /// How many waited for it before they took anything in hand.
    pub(crate) patient: usize,
    pub(crate) rules_fail: bool,
    /// How many steps the rules were last replaced for.
    pub(crate) rules: usize,
    /// Links of these endpoints are gone.
    pub(crate) vanished: BTreeSet<String>,
    /// No container has taken the link that it was given.
    pub(crate) unclaimed: bool,
    /// Docker's swarm; none: Docker does not answer.
    pub(crate) swarm: Option<Swarm>,
    /// How often it was asked for that.
    pub(crate) asked: usize,
    pub(crate) marked: Vec<Marked>,
    pub(crate) removed: Vec<Marked>,
}

impl SwarmSource for Fake {
    fn hosts(&self) -> Pin<Box<dyn Future<Output = Result<Swarm, String>> + Send + '_>> {
        let mut world = self.world();
        world.asked += 1;
        let swarm = world.swarm.clone();
        Box::pin(async { swarm.ok_or_else(|| "Docker does not answer".to_owned()) })
    }
}

impl Fake {
    pub(crate) fn new() -> Self {
        let (events, _) = broadcast::channel(64);
        Self { world: Arc::default(), events, go_on: Arc::default() }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// What there is: `bridge`, `endpoint-port`, sorted.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<_> = self.world().there.values().map(|step| step.action.kind().to_owned()).collect();
        kinds.sort();
        kinds
    }

    /// Waits for an Open vSwitch that is away.
    async fn is_there(&self, deadline: Instant) -> Result<(), Error> {
        while self.world().away {
            if Instant::now() >= deadline {
                return Err(away());
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Waits for Open vSwitch if work is to be done with it.
    async fn can_do(&self, work: &Work, deadline: Instant) -> Result<(), Error> {
        if work.steps.iter().all(|step| step.name.is_none()) {
            return Ok(());
        }
        let waits = self.world().away && Instant::now() < deadline;
        self.world().waited += usize::from(waits);
        self.is_there(deadline).await
    }

    /// Counts a turn, which may be one that fails or hangs.
    async fn turn(&self) -> Result<(), Error> {
        let turn = {
            let mut world = self.world();
            world.turns += 1;
            world.turns
        };
        if self.world().hanging_turn == Some(turn) {
            self.go_on.notified().await;
        }
        if self.world().failing_turns.contains(&turn) { Err(said("nothing of the kind")) } else { Ok(()) }
    }

    pub(crate) fn say(&self, event: Event) {
        self.events.send(event).unwrap();
    }
}

impl World {
    fn make(&mut self, work: &Work, step: &AdmittedStep) {
        self.names.extend(step.name.iter().map(ToString::to_string));
        self.there.insert(key(work, step), step.clone());
    }

    /// The bridges that networks share, with the interfaces on them.
    fn bridges(&self) -> Vec<HostBridge> {
        let on = |owner: &str| {
            let ports = self.there.iter().filter(|((network, ..), _)| network == owner).map(|(_, step)| step);
            ports.filter_map(|step| step.name.as_ref()).map(ToString::to_string).collect()
        };
        let shared = self.there.iter().filter(|(_, step)| step.shared.is_some());
        let made = shared.filter(|(_, step)| matches!(step.action, Action::Bridge(_)));
        let made = made.filter_map(|((owner, ..), step)| {
            let name = step.name.as_ref()?.to_string();
            let is_the_users = self.facts.bridge(&name).is_some();
            let owned = BridgeOwner::Network(plan::NetworkId::new(owner.clone()).unwrap());
            let bridge = HostBridge { name, owner: owned, controller: false, interfaces: on(owner) };
            (!is_the_users).then_some(bridge)
        });
        made.collect()
    }
}

fn key(work: &Work, step: &AdmittedStep) -> Key {
    let what = if is_said(step) { said_by(work, step) } else { named(step) };
    (work.mark.network.to_string(), work.mark.endpoint.as_ref().map(ToString::to_string), what)
}

fn named(step: &AdmittedStep) -> String {
    let names = [&step.name, &step.peer].into_iter().flatten().map(ToString::to_string);
    std::iter::once(step.label.to_string()).chain(names).collect::<Vec<_>>().join(" ")
}

/// Whether what a step makes is known by what it says, whatever its label: rows of the northbound database, and routes.
fn is_said(step: &AdmittedStep) -> bool {
    step.name.is_none() && !matches!(step.action, Action::Masquerade(_) | Action::Forward(_) | Action::Publish(_))
}

fn said_by(work: &Work, step: &AdmittedStep) -> String {
    format!("{:?} on {:?}", step.action, work.ground(step).map(|ground| &ground.action))
}

fn said(what: &str) -> Error {
    Error::Refused { what: "do as told".to_owned(), said: what.to_owned() }
}

fn away() -> Error {
    Error::OvsAway { remote: "fake".to_owned(), cause: None }
}

impl Dataplane for Fake {
    async fn ready(&self, deadline: Instant) -> Result<(), Error> {
        let waits = self.world().away;
        self.world().patient += usize::from(waits);
        self.is_there(deadline).await
    }

    async fn lost(&self) -> Error {
        while !self.world().away {
            sleep(Duration::from_millis(5)).await;
        }
        away()
    }

    async fn facts(&self, deadline: Instant) -> Result<HostFacts, Error> {
        self.is_there(deadline).await?;
        let mut world = self.world();
        world.looks += 1;
        let bridges = world.facts.bridges.iter().cloned().chain(world.bridges()).collect();
        Ok(HostFacts { bridges, ..world.facts.clone() })
    }

    async fn underlay(&self, hosts: &[IpAddr], deadline: Instant) -> Result<Vec<Underlay>, Error> {
        self.is_there(deadline).await?;
        Ok(hosts.iter().map(|host| Underlay { host: *host, own: false, mtu: Some(9000), fault: None }).collect())
    }

    async fn tunnel_fault(&self, deadline: Instant) -> Result<Option<String>, Error> {
        self.is_there(deadline).await?;
        Ok(self.world().tunnel_fault.map(str::to_owned))
    }

    async fn perform(&self, work: &Work, deadline: Instant) -> Result<(), Error> {
        self.can_do(work, deadline).await?;
        if self.world().perform_hangs {
            self.world().hanging += 1;
            self.go_on.notified().await;
        }
        let mut world = self.world();
        let fails = |kind: &str| work.steps.iter().any(|step| step.action.kind() == kind);
        if let Some(why) = world.perform_fails.or(world.failing_kind.filter(|kind| fails(kind))) {
            return Err(said(why));
        }
        work.steps.iter().for_each(|step| world.make(work, step));
        Ok(())
    }

    /// One that fails leaves what it changed, and undoes what it made.
    async fn change(&self, from: &Work, to: &Work, deadline: Instant) -> Result<(), Error> {
        self.can_do(to, deadline).await?;
        let turn = self.turn().await;
        if self.world().change_fails {
            return Err(said("nothing is changed here"));
        }
        let mut world = self.world();
        for step in &to.steps {
            if from.steps.iter().any(|old| old.label == step.label && old.name == step.name) || turn.is_ok() {
                world.make(to, step);
            }
        }
        turn?;
        for rule in from.steps.iter().filter(|step| step.name.is_none() && !is_said(step)) {
            if !to.steps.iter().any(|step| key(to, step) == key(from, rule) && !is_said(step)) {
                world.there.remove(&key(from, rule));
            }
        }
        Ok(())
    }

    async fn verify(&self, work: &Work, deadline: Instant) -> Result<Vec<Finding>, Error> {
        self.can_do(work, deadline).await?;
        let world = self.world();
        let gone = work.mark.endpoint.as_ref().is_some_and(|id| world.vanished.contains(id.as_str()));
        let condition = |step: &AdmittedStep| match world.there.contains_key(&key(work, step)) {
            _ if gone && step.peer.is_some() => Condition::Broken("its link is gone".to_owned()),
            _ if world.north_away && is_said(step) => Condition::Unknown("the north does not answer".to_owned()),
            true => Condition::Fine,
            false => Condition::Missing,
        };
        Ok(work.steps.iter().map(|step| Finding { label: step.label.clone(), condition: condition(step) }).collect())
    }

    async fn repair(&self, work: &Work, deadline: Instant) -> Result<Vec<Finding>, Error> {
        let findings = self.verify(work, deadline).await?;
        let is_known = |finding: &Finding| !matches!(finding.condition, Condition::Unknown(_));
        let known = work.steps.iter().zip(&findings).filter(|(_, finding)| is_known(finding));
        let steps = known.map(|(step, _)| step.clone()).collect();
        self.perform(&Work { steps, ..work.clone() }, deadline).await?;
        Ok(findings)
    }

    async fn undo(&self, work: &Work, deadline: Instant) -> Result<(), Error> {
        self.undo_but(work, &Work { steps: Vec::new(), ..work.clone() }, deadline).await
    }

    async fn undo_but(&self, work: &Work, kept: &Work, deadline: Instant) -> Result<(), Error> {
        self.can_do(work, deadline).await?;
        if self.world().undo_hangs {
            let go_on = self.go_on.notified();
            self.world().waiting += 1;
            go_on.await;
        }
        self.turn().await?;
        let mut world = self.world();
        if world.undo_fails {
            return Err(said("not now"));
        }
        let kept: Vec<Key> = kept.steps.iter().filter(|step| is_said(step)).map(|step| key(kept, step)).collect();
        for step in &work.steps {
            world.undone.push(step.action.kind().to_owned());
            if !kept.contains(&key(work, step)) {
                world.there.remove(&key(work, step));
            }
        }
        Ok(())
    }

    fn is_unclaimed(&self, _: &Work) -> bool {
        self.world().unclaimed
    }

    async fn replace_rules(&self, works: &[Work], _: Instant) -> Result<(), Error> {
        if self.world().rules_fail {
            return Err(said("not now"));
        }
        self.world().rules = works.iter().map(|work| work.steps.len()).sum();
        Ok(())
    }

    fn explain(&self, work: &Work) -> Vec<(Label, Vec<String>)> {
        work.steps.iter().map(|step| (step.label.clone(), vec![format!("make {}", step.action.kind())])).collect()
    }

    async fn marked(&self, deadline: Instant) -> Result<Vec<Marked>, Error> {
        self.is_there(deadline).await?;
        let world = self.world();
        let named = world.there.iter().filter_map(|((network, endpoint, _), step)| {
            Some(Marked {
                kind: MarkedKind::Port,
                name: step.name.as_ref()?.to_string(),
                network: plan::NetworkId::new(network.clone()).unwrap(),
                endpoint: endpoint.clone().map(|id| plan::EndpointId::new(id).unwrap()),
            })
        });
        Ok(named.chain(world.marked.iter().cloned()).collect())
    }

    async fn remove(&self, marked: &Marked, _: Instant) -> Result<(), Error> {
        let mut world = self.world();
        world.marked.retain(|thing| thing != marked);
        world.there.retain(|_, step| step.name.as_ref().is_none_or(|name| **name != *marked.name));
        world.removed.push(marked.clone());
        Ok(())
    }

    async fn holdings(&self, deadline: Instant) -> Result<Vec<Holding>, Error> {
        self.is_there(deadline).await?;
        Ok(self.world().holdings.clone())
    }

    async fn reclaim(&self, instance: &str, deadline: Instant) -> Result<Vec<Holding>, Error> {
        self.is_there(deadline).await?;
        let mut world = self.world();
        if let Some(fails) = world.reclaim_fails.take() {
            return Err(fails());
        }
        let (gone, left) =
            world.holdings.drain(..).partition(|holding| !holding.own && holding.instance.as_str() == instance);
        world.holdings = left;
        Ok(gone)
    }

    fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    fn health(&self) -> Health {
        let connected = !self.world().away;
        Health { remote: "fake".to_owned(), connected, version: None, kernel_datapath: false, settled: true }
    }
}
