//! The kernel's per-interface switches below `/proc/sys/net`, which shows the network namespace of whoever looks.

use std::path::PathBuf;
use std::{fs, io};

/// An Internet protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// The switches of one interface (or of `all`) in one protocol.
pub(crate) struct Sysctl(PathBuf);

impl Sysctl {
    /// Those of an interface.
    pub(crate) fn of(family: Family, interface: &str) -> Self {
        let folder = match family {
            Family::V4 => "/proc/sys/net/ipv4/conf",
            Family::V6 => "/proc/sys/net/ipv6/conf",
        };
        Self([folder, interface].iter().collect())
    }

    /// Whether the kernel has that protocol, and the interface.
    pub(crate) fn is_there(&self) -> bool {
        self.0.exists()
    }

    /// Sets a switch. A kernel that was started without the protocol has nothing to switch.
    pub(crate) fn set(&self, switch: &str, value: &str) -> io::Result<()> {
        match fs::write(self.0.join(switch), value) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    /// Reads a switch; none: the kernel has no such thing.
    pub(crate) fn get(&self, switch: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.0.join(switch)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            result => result.map(|text| Some(text.trim().to_owned())),
        }
    }
}
