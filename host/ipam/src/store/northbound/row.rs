//! How a pool is written as a row of `Address_Set`: the taken addresses in `addresses`, and in `external_ids` whose they are.
//!
//! ```text
//! docker-ovs-ipam  1
//! vrf              default
//! subnet           10.10.10.0/23
//! claim CLAIM      INSTANCE HOST RANGE|-      a network of a host, by `RequestPool`
//! ADDRESS          CLAIM NONCE MAC|-          an endpoint's
//! ADDRESS          gateway|auxiliary          shared by those who say so:
//! ADDRESS CLAIM    shares
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use ovsdb::{Insert, Row};

use crate::id::ClaimId;
use crate::key::PoolKey;
use crate::pool::{Claim, Holder, Pool, Role, Use};

pub(super) const TABLE: &str = "Address_Set";
pub(super) const ADDRESSES: &str = "addresses";
pub(super) const IDS: &str = "external_ids";
/// What our rows are known by, and which way of writing this is.
pub(super) const MARK: (&str, &str) = ("docker-ovs-ipam", "1");

const VRF: &str = "vrf";
const SUBNET: &str = "subnet";
const CLAIM: &str = "claim ";
const SHARES: &str = "shares";
const NONE: &str = "-";
const ROLES: [(Role, &str); 2] = [(Role::Gateway, "gateway"), (Role::Auxiliary, "auxiliary")];

/// Entries of `external_ids`.
pub(super) type Entries = BTreeMap<String, String>;

/// A pool with its key. A row that is not ours after all is none.
pub(super) fn read(row: &Row) -> Option<(PoolKey, Pool)> {
    let key = PoolKey::new(row.entry(IDS, VRF)?.parse().ok()?, row.entry(IDS, SUBNET)?.parse().ok()?);
    (row.uuid() == key.row()).then(|| (key, uses(row)))
}

/// What a row says of claims and addresses. What nobody understands is passed over: a newer driver may have written it.
pub(super) fn uses(row: &Row) -> Pool {
    let entries: BTreeMap<&str, &str> = row.get(IDS).unwrap_or_default();
    let mut pool = Pool::default();
    for (key, value) in &entries {
        if let Some(id) = key.strip_prefix(CLAIM) {
            pool.claims.extend(id.parse().ok().zip(claim(value)));
        } else if let Ok(address) = key.parse() {
            pool.taken.extend(taken(value, address, &entries).map(|of| (address, of)));
        }
    }
    // An address that somebody put there by hand is taken, too.
    for address in row.get::<Vec<&str>>(ADDRESSES).unwrap_or_default().into_iter().filter_map(|text| text.parse().ok())
    {
        let unknown = Use::Shared { role: Role::Auxiliary, claims: BTreeSet::new() };
        pool.taken.entry(address).or_insert(unknown);
    }
    pool
}

fn claim(value: &str) -> Option<Claim> {
    let [instance, host, range] = value.split(' ').collect::<Vec<_>>()[..] else { return None };
    let range = if range == NONE { None } else { Some(range.parse().ok()?) };
    Some(Claim { holder: Holder { instance: instance.to_owned(), host: host.to_owned() }, range })
}

fn taken(value: &str, address: IpAddr, entries: &BTreeMap<&str, &str>) -> Option<Use> {
    if let Some((role, _)) = ROLES.iter().find(|(_, word)| *word == value) {
        let before = format!("{address} ");
        let sharing = entries.range(before.as_str()..).map_while(|(key, _)| key.strip_prefix(&before));
        return Some(Use::Shared { role: *role, claims: sharing.filter_map(|id| id.parse().ok()).collect() });
    }
    let [claim, nonce, mac] = value.split(' ').collect::<Vec<_>>()[..] else { return None };
    let mac = (mac != NONE).then(|| mac.to_owned());
    Some(Use::Endpoint { claim: claim.parse().ok()?, mac, nonce: nonce.parse().ok()? })
}

/// A new row without claims.
pub(super) fn insert(key: &PoolKey, entries: Entries) -> Insert {
    let about = [MARK, (VRF, key.vrf.as_str()), (SUBNET, &key.subnet.to_string())];
    let about = about.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let name = format!("docker_ovs_{}", key.row().simple());
    let entries = ovsdb::Value::map(about.into_iter().chain(entries));
    Insert::into(TABLE).uuid(key.row()).set("name", name).set(IDS, entries)
}

/// The entry of a claim.
pub(super) fn claim_entry(id: ClaimId, claim: &Claim) -> (String, String) {
    let range = claim.range.map_or(NONE.to_owned(), |range| range.to_string());
    // A host's name has no spaces in it; whoever gave it one has it told without.
    let plain = |text: &str| text.replace(char::is_whitespace, "_");
    (format!("{CLAIM}{id}"), format!("{} {} {range}", plain(&claim.holder.instance), plain(&claim.holder.host)))
}

/// The entries of an address.
pub(super) fn use_entries(address: IpAddr, of: &Use) -> Entries {
    match of {
        Use::Endpoint { claim, mac, nonce } => {
            let mac = mac.as_deref().unwrap_or(NONE);
            Entries::from([(address.to_string(), format!("{claim} {} {mac}", nonce.simple()))])
        }
        Use::Shared { role, claims } => {
            let word = ROLES.iter().find(|(known, _)| known == role).map_or(NONE, |(_, word)| word);
            let sharing = claims.iter().map(|id| (format!("{address} {id}"), SHARES.to_owned()));
            sharing.chain([(address.to_string(), word.to_owned())]).collect()
        }
    }
}
