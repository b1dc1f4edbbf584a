//! Why an address or a pool was not given, in words for the person who reads them in `docker`'s output.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::key::PoolKey;

/// What keeps the driver's own records could not.
pub type RecordsError = Box<dyn std::error::Error + Send + Sync>;

/// Why something was not given.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The user's range is no part of the subnet.
    #[error("ip range {range} is no part of subnet {subnet}")]
    RangeOutside {
        /// `--ip-range`.
        range: IpNet,
        /// `--subnet`.
        subnet: IpNet,
    },
    /// A range of no subnet.
    #[error("ip range {0} is of no subnet: name it with --subnet")]
    RangeAlone(IpNet),
    /// Subnets of one VRF must be apart.
    #[error("subnet {key} overlaps {other}, which {holders} has: choose another one, or another --ipam-opt vrf=NAME")]
    Overlap {
        /// What was asked for.
        key: PoolKey,
        /// What is there.
        other: IpNet,
        /// Whose.
        holders: String,
    },
    /// No subnet is left to choose.
    #[error("no subnet is left that could be chosen for vrf {vrf}: name one with --subnet")]
    NoSubnet {
        /// The VRF.
        vrf: String,
    },
    /// The address is not in the subnet.
    #[error("address {address} is not in subnet {key}, or is its network's or broadcast address")]
    Outside {
        /// What was asked for.
        address: IpAddr,
        /// The pool.
        key: PoolKey,
    },
    /// Somebody has the address.
    #[error("address {address} of {key} is in use: {by}")]
    InUse {
        /// What was asked for.
        address: IpAddr,
        /// The pool.
        key: PoolKey,
        /// By whom.
        by: String,
    },
    /// No address is left.
    #[error("no address is left in {range} of {key}")]
    Full {
        /// Where they are given of.
        range: IpNet,
        /// The pool.
        key: PoolKey,
    },
    /// The pool's database is not there.
    #[error(
        "addresses of {key} are kept in OVN's northbound database, and this host has none now: see external_ids:ovn-nb \
         of Open_vSwitch, and ovn_nb in the driver's configuration"
    )]
    NoNorthbound {
        /// The pool.
        key: PoolKey,
    },
    /// The database that keeps the pools is nowhere to be found.
    #[error(
        "OVN's northbound database keeps the addresses of this host, and is not there: it was at {was}. Start it, or say \
         where it is (external_ids:ovn-nb of Open_vSwitch, or ovn_nb in the driver's configuration); where there is to be \
         none any more, ovn_nb = \"none\" has new pools kept by this host alone"
    )]
    Missing {
        /// Where it was when it last answered.
        was: String,
    },
    /// It is not known whether there is a database.
    #[error(transparent)]
    NotFound(#[from] ovsdb::NotFound),
    /// The database does not answer, or refuses.
    #[error("OVN's northbound database ({remotes}) keeps the addresses, and does not do so: {source}")]
    Northbound {
        /// Where it is.
        remotes: String,
        /// What happened.
        source: ovsdb::Error,
    },
    /// Others changed the pool each time.
    #[error("others change {key} all the time: try again")]
    Contended {
        /// The pool.
        key: PoolKey,
    },
    /// The driver's own records.
    #[error(transparent)]
    Records(Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// What the records said.
    pub(crate) fn records(error: RecordsError) -> Self {
        Self::Records(Arc::from(error))
    }
}
