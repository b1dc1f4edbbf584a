//! The subnets that this host has a way to already. A network that names no subnet gets none of these: until Docker 24 the
//! daemon looks itself, and asks for another one; later ones leave it to who chooses.

use std::fs;
use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

/// The kernel's routes of IPv4 (proc(5)), addresses in hexadecimal as they lie in memory.
const ROUTES: &str = "/proc/net/route";

/// The destinations of this host's routes, the default ones apart. Those of IPv6 are not needed: subnets of it are made at
/// random.
pub(super) fn destinations() -> Vec<IpNet> {
    // Where there is no such file there is no IPv4 either.
    read(&fs::read_to_string(ROUTES).unwrap_or_default())
}

fn read(table: &str) -> Vec<IpNet> {
    let address = |text: &str| Some(Ipv4Addr::from(u32::from_str_radix(text, 16).ok()?.to_ne_bytes()));
    let route = |line: &str| {
        let columns: Vec<_> = line.split_whitespace().collect();
        let (destination, mask) = (address(columns.get(1)?)?, address(columns.get(7)?)?);
        Ipv4Net::with_netmask(destination, mask).ok().filter(|net| net.prefix_len() > 0).map(IpNet::from)
    };
    table.lines().filter_map(route).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_as_the_kernel_writes_them() {
        let table = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
                     eth0\t00000000\t640200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
                     docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
        let expected = if cfg!(target_endian = "little") { vec!["172.17.0.0/16".parse().unwrap()] } else { Vec::new() };
        assert_eq!(read(table), expected);
        assert_eq!(read(""), []);
    }
}
