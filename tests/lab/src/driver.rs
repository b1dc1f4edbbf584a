//! The driver on a host: the binary under test, as its unit would run it.

use crate::command::{LONG, patience};
use crate::host::Host;
use crate::paths;
use crate::service::Service;
use std::time::Duration;

/// Asks the driver what Docker asks first.
const ACTIVATE: &str = "printf 'POST /Plugin.Activate HTTP/1.0\\r\\nContent-Length: 0\\r\\n\\r\\n' \
| socat -t 5 - UNIX-CONNECT:/run/docker/plugins/ovs.sock,shut-none | grep NetworkDriver";

/// The driver's own deadlines, for `Join` and for other calls.
const OWN: [Duration; 2] = [Duration::from_secs(20), Duration::from_secs(10)];
/// A deadline that no call comes to unless something is in its way.
const CALM: Duration = Duration::from_secs(60);

/// The unit that the driver is installed with.
const UNIT: &str = include_str!("../../../config/docker-ovs.service");

/// What setpriv takes for the rights that the unit leaves the driver: what needs more fails here as it would there.
fn rights() -> String {
    let names = UNIT.lines().find_map(|line| line.strip_prefix("CapabilityBoundingSet="));
    let names = names.expect("the unit says what the driver may do").split(' ');
    let rights = names.map(|name| format!(",+{}", name.trim_start_matches("CAP_").to_lowercase()));
    format!("--bounding-set=-all{}", rights.collect::<String>())
}

impl Host {
    /// Starts the driver and waits until it answers Docker's first call. Its calls have so long that a busy machine is no
    /// reason to fail.
    pub fn start_driver(&mut self) {
        self.start_driver_with(&[]);
    }

    /// The same, with options of `docker-ovs serve`.
    pub fn start_driver_with(&mut self, options: &[&str]) {
        self.launch([CALM; 2], options);
        self.until(LONG, ACTIVATE);
    }

    /// Starts the driver with its own deadlines, for calls that are to come to them, and waits until its modes are compiled:
    /// nothing else takes that long.
    pub fn start_driver_with_own_deadlines(&mut self) {
        self.launch(OWN, &[]);
        self.until(LONG, ACTIVATE);
        self.sh("docker-ovs mode ls");
    }

    /// Starts the driver, with its unit's rights, its own deadline for `Join` and this one for other calls, or longer ones on a
    /// slow machine.
    pub fn launch_driver(&mut self, call: Duration) {
        self.launch([OWN[0], call], &[]);
    }

    fn launch(&mut self, [join, call]: [Duration; 2], options: &[&str]) {
        assert!(paths::driver().is_some(), "lab: the driver is not built: run `make build`, or set DOCKER_OVS");
        let [join, call] = [("JOIN", join), ("CALL", call)]
            .map(|(name, normal)| format!("DOCKER_OVS_LIMITS__{name}={}s", patience(normal).as_secs()));
        let rights = rights();
        let allowed = ["setpriv", "--no-new-privs", &rights, "env", &join, &call];
        let command =
            [&allowed[..], &["docker-ovs", "serve", "--config", "/etc/docker-ovs/config.toml"], options].concat();
        self.driver = Some(Service::start(&self.node, &self.logs, "docker-ovs", &command));
    }

    /// Stops the driver as its service manager would.
    pub fn stop_driver(&mut self) {
        self.driver.take().expect("the driver was started").end(&self.node, "TERM");
    }

    /// Kills the driver: it can tidy nothing.
    pub fn kill_driver(&mut self) {
        self.driver.take().expect("the driver was started").end(&self.node, "KILL");
    }

    /// Stops the driver where it stands: it reads nothing and answers nothing, and nobody is told.
    pub fn freeze_driver(&self) {
        self.driver.as_ref().expect("the driver was started").freeze(&self.node);
    }

    /// Lets a frozen driver go on.
    pub fn thaw_driver(&self) {
        self.driver.as_ref().expect("the driver was started").thaw();
    }

    /// Adds `text` to the driver's configuration; it counts from the next start.
    pub fn configure_driver(&self, text: &str) {
        self.sh(&format!("cat >>/etc/docker-ovs/config.toml <<'END'\n{text}\nEND"));
    }

    /// Sends the driver a call of Docker's with `body` as it is, and gives the answer, head and body.
    #[track_caller]
    pub fn post(&self, call: &str, body: &str) -> String {
        self.write("/run/lab/body", body.as_bytes());
        let length = body.len();
        self.sh(&format!(
            "{{ printf 'POST /{call} HTTP/1.0\\r\\nContent-Length: {length}\\r\\n\\r\\n'; cat /run/lab/body; }} \
             | socat -t 20 - UNIX-CONNECT:/run/docker/plugins/ovs.sock,shut-none"
        ))
    }
}
