//! A host's Docker daemon, in the two releases that the driver is tested with.

use crate::command::LONG;
use crate::host::Host;
use crate::image::{self, IMAGE};
use crate::paths;
use crate::service::Service;
use std::fmt;
use std::path::PathBuf;

/// Which Docker a host runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Docker {
    /// The one of this machine's release: 20.10 on Debian 12.
    Stable,
    /// The newest one that Debian has, 28 or later.
    Newest,
}

impl Docker {
    /// The unpacked packages of a host that runs it, the first one on top.
    pub(crate) fn trees(self) -> Vec<PathBuf> {
        match self {
            Self::Stable => vec![paths::tree("debian12")],
            Self::Newest => vec![paths::tree("sid"), paths::tree("debian12")],
        }
    }

    /// Compose as this Docker's users call it.
    #[must_use]
    pub fn compose(self) -> &'static str {
        match self {
            Self::Stable => "docker-compose",
            Self::Newest => "docker compose",
        }
    }
}

impl fmt::Display for Docker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "this release's Docker",
            Self::Newest => "the newest Docker",
        })
    }
}

impl Host {
    /// Starts the Docker daemon, waits until it answers, and gives it the lab's image when it has none.
    pub fn start_docker(&mut self) {
        self.docker_daemon = Some(Service::start(&self.node, &self.logs, "dockerd", &["dockerd", "--log-level=warn"]));
        self.until(LONG, "docker version");
        if self.try_sh(&format!("docker image inspect {IMAGE}")).is_err() {
            self.sh_reading(&image::archive(&self.logs), &format!("docker import - {IMAGE}"));
        }
    }

    /// Stops the Docker daemon as its service manager would.
    pub fn stop_docker(&mut self) {
        let daemon = self.docker_daemon.take().expect("dockerd was started");
        daemon.end(&self.node, "TERM");
    }

    /// Kills the Docker daemon.
    pub fn kill_docker(&mut self) {
        let daemon = self.docker_daemon.take().expect("dockerd was started");
        daemon.end(&self.node, "KILL");
        // Its containerd goes with it, at once or a moment later; the next one would take its process id for a daemon's.
        self.until(LONG, "! kill -9 $(cat /run/docker/containerd/containerd.pid)");
        self.sh("rm /run/docker.pid");
    }
}
