//! The guards of this host: connections to the bridges that guard, what is written there, and noticing that it is gone.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openflow::{Change, Connection};
use ovsdb::Remote;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep};

use super::flows::{Numbers, flows, meter};
use super::spec::GuardSpec;
use crate::ovs::Ovs;
use crate::{Condition, Error, Event};

/// Where Open vSwitch keeps its sockets, if its database's remote does not tell.
const RUN_DIRECTORY: &str = "/run/openvswitch";
/// How long to wait for a socket that ovs-vswitchd is about to make, or a port that it is about to number.
const PAUSE: Duration = Duration::from_millis(10);
/// The same while it is away for longer.
const LONG_PAUSE: Duration = Duration::from_millis(200);

/// The guards of this host. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Guards {
    directory: Arc<Path>,
    connections: Arc<Mutex<HashMap<String, Connection>>>,
    ovs: Ovs,
    events: broadcast::Sender<Event>,
}

impl Guards {
    /// Nothing is connected before there is something to guard.
    pub(crate) fn new(remotes: &[Remote], ovs: Ovs, events: broadcast::Sender<Event>) -> Self {
        Self { directory: run_directory(remotes).into(), connections: Arc::default(), ovs, events }
    }

    /// Opens the guard of a port that ovs-vswitchd has taken over. What is there as it should be is left as it is.
    pub(crate) async fn open(&self, guard: &GuardSpec, deadline: Instant) -> Result<(), Error> {
        let bridge = self.connection(guard, deadline).await?;
        let numbers = self.numbers(&bridge, guard, deadline).await?;
        if is_as_wanted(&bridge, guard, numbers, deadline).await.map_err(|error| failed(guard, error))? {
            return Ok(());
        }
        // Nothing passes between the two: what was there before, of this port or of one that had its number, goes first.
        let mut changes = numbers.removal();
        changes.extend(meter(guard, numbers).map(Change::AddMeter));
        changes.extend(flows(guard, numbers).into_iter().map(Change::AddFlow));
        bridge.change(&changes, deadline).await.map_err(|error| failed(guard, error))
    }

    /// How a guard is.
    pub(crate) async fn condition(&self, guard: &GuardSpec, deadline: Instant) -> Result<Condition, Error> {
        let bridge = match self.connection(guard, deadline).await {
            Ok(bridge) => bridge,
            Err(error) => return Ok(Condition::Different(error.to_string())),
        };
        let Some(numbers) = look_up(&bridge, guard, deadline).await? else {
            return Ok(Condition::Different("its guard is not on the bridge yet".to_owned()));
        };
        Ok(match is_as_wanted(&bridge, guard, numbers, deadline).await {
            Ok(true) => Condition::Fine,
            Ok(false) => Condition::Different("its guard lost its flows: nothing passes it".to_owned()),
            Err(error) => Condition::Different(failed(guard, error).to_string()),
        })
    }

    /// Shuts a guard, before its ports go: their numbers may become others'. Where that cannot be done there is no bridge that
    /// anything could pass.
    pub(crate) async fn shut(&self, guard: &GuardSpec, deadline: Instant) {
        if self.ovs.session().now().bridge(&guard.bridge.name).is_none() {
            return;
        }
        let deadline = deadline.min(Instant::now() + LONG_PAUSE);
        let shut = async {
            let bridge = self.connection(guard, deadline).await?;
            match look_up(&bridge, guard, deadline).await? {
                Some(numbers) => {
                    bridge.change(&numbers.removal(), deadline).await.map_err(|error| failed(guard, error))
                }
                None => Ok(()),
            }
        };
        if let Err(error) = shut.await {
            tracing::debug!(%error, port = %guard.port, "a guard that goes is not there to be shut");
        }
    }

    /// The connection to a guard's bridge; its socket may come a moment after the bridge.
    async fn connection(&self, guard: &GuardSpec, deadline: Instant) -> Result<Connection, Error> {
        let name = &guard.bridge.name;
        loop {
            if let Some(connection) = self.connected(name) {
                return Ok(connection);
            }
            match Connection::open(&self.socket(name), deadline).await {
                Ok(connection) => return Ok(self.keep(name, connection)),
                Err(error) if error.is_lost() && Instant::now() + PAUSE < deadline => sleep(PAUSE).await,
                Err(error) => return Err(failed(guard, error)),
            }
        }
    }

    fn connected(&self, bridge: &str) -> Option<Connection> {
        self.lock().get(bridge).filter(|connection| !connection.is_closed()).cloned()
    }

    /// Keeps a connection, and watches it; the one that somebody else made meanwhile, if so.
    fn keep(&self, bridge: &str, connection: Connection) -> Connection {
        let mut connections = self.lock();
        if let Some(other) = connections.get(bridge).filter(|other| !other.is_closed()) {
            return other.clone();
        }
        connections.insert(bridge.to_owned(), connection.clone());
        let (guards, bridge, watched) = (self.clone(), bridge.to_owned(), connection.clone());
        tokio::spawn(async move {
            watched.closed().await;
            drop(watched);
            guards.connect_again(&bridge).await;
        });
        connection
    }

    /// ovs-vswitchd ended, or the bridge went. In the first case it comes back without flows: whoever has guards there
    /// has to be told, also where somebody who wanted something of the bridge was faster to connect again.
    async fn connect_again(&self, bridge: &str) {
        let mut pause = PAUSE;
        while self.ovs.session().now().bridge(bridge).is_some() {
            let soon = Instant::now() + LONG_PAUSE;
            if self.connected(bridge).is_none()
                && let Ok(connection) = Connection::open(&self.socket(bridge), soon).await
            {
                self.keep(bridge, connection);
            }
            if self.connected(bridge).is_some() {
                tracing::info!(bridge, "ovs-vswitchd was restarted: guards are opened again");
                // Nobody may be listening yet.
                let _ = self.events.send(Event::FlowsGone);
                return;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONG_PAUSE);
        }
    }

    /// The numbers of a guard's ports, as the ovs-vswitchd at the other end has them: those in the database may be from
    /// before a restart.
    async fn numbers(&self, bridge: &Connection, guard: &GuardSpec, deadline: Instant) -> Result<Numbers, Error> {
        loop {
            match look_up(bridge, guard, deadline).await? {
                Some(numbers) => return Ok(numbers),
                None if Instant::now() + PAUSE < deadline => sleep(PAUSE).await,
                None => {
                    return Err(Error::NotTakenOver {
                        what: format!("port {} of bridge {}", guard.port, guard.bridge.name),
                    });
                }
            }
        }
    }

    fn socket(&self, bridge: &str) -> PathBuf {
        self.directory.join(format!("{bridge}.mgmt"))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Connection>> {
        // A table of connections is whole whatever panicked beside it.
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn look_up(bridge: &Connection, guard: &GuardSpec, deadline: Instant) -> Result<Option<Numbers>, Error> {
    let ports = bridge.ports(deadline).await.map_err(|error| failed(guard, error))?;
    let number = |name: &str| ports.iter().find(|port| port.name == name).map(|port| port.number);
    Ok(number(&guard.port).zip(number(&guard.inner)).map(|(port, patch)| Numbers { port, patch }))
}

async fn is_as_wanted(
    bridge: &Connection,
    guard: &GuardSpec,
    numbers: Numbers,
    deadline: Instant,
) -> Result<bool, openflow::Error> {
    let mut there = Vec::new();
    for filter in numbers.filters() {
        there.extend(bridge.flows(&filter, deadline).await?);
    }
    let mut wanted = flows(guard, numbers);
    for flows in [&mut there, &mut wanted] {
        flows.sort_by(|one, other| {
            (one.table, one.priority, &one.fields).cmp(&(other.table, other.priority, &other.fields))
        });
    }
    let metered = match meter(guard, numbers) {
        Some(meter) => bridge.meters(deadline).await?.contains(&meter),
        None => true,
    };
    Ok(metered && there == wanted)
}

fn failed(guard: &GuardSpec, source: openflow::Error) -> Error {
    Error::Guard { port: guard.port.to_string(), bridge: guard.bridge.name.to_string(), source: Box::new(source) }
}

/// The folder of a database's socket is that of the bridges' sockets.
fn run_directory(remotes: &[Remote]) -> PathBuf {
    let folder = remotes.iter().find_map(|remote| match remote {
        Remote::Unix(path) => path.parent(),
        Remote::Tcp { .. } | Remote::Ssl { .. } => None,
    });
    folder.map_or_else(|| RUN_DIRECTORY.into(), Path::to_owned)
}
