//! Who else a secured port may send as.

use ipnet::IpNet;

use crate::MacAddress;

/// Something else that a secured port may send as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its Ethernet address; none: the port's own.
    pub mac: Option<MacAddress>,
    /// Its address, with the prefix length of one address.
    pub address: IpNet,
}
