//! Whatever is done to a pool in whatever order, both stores say the same of it, and hold the same then.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::support::{Memory, database, ip, soon};
use crate::change::Change;
use crate::id::{ClaimId, Place};
use crate::key::PoolKey;
use crate::pool::{Claim, Holder, Role, Use};
use crate::store::{Northbound, Own, Pools, Store};
use crate::written::Written;

/// A step: which claim, which address, and what is done.
type Step = (usize, u8, u8);

fn change((claim, address, what): Step, claims: &[ClaimId], nonces: &[Uuid]) -> Change {
    let id = claims[claim];
    let address_of = |number: u8| ip(&format!("10.1.0.{number}"));
    let (nonce, address) = (nonces[usize::from(address % 2 == what % 2)], address_of(address));
    let mac = (what % 2 == 0).then(|| format!("m{claim}"));
    match what {
        0 | 1 => {
            let holder = Holder { instance: format!("i{claim}"), host: "h1".to_owned() };
            let range = (what == 1).then(|| "10.1.0.0/28".parse().unwrap());
            Change::Open { id, claim: Claim { holder, range }, alone: claim == 0 }
        }
        2..=4 => Change::Take { address, claim: id, mac, nonce, over: None },
        11 => Change::Take { address, claim: id, mac, nonce, over: nonces.iter().find(|it| **it != nonce).copied() },
        5 => Change::Share { address, claim: id, role: Role::Gateway },
        6 => Change::Share { address, claim: id, role: Role::Auxiliary },
        7 | 8 => Change::Release { address, claim: id, nonce: None },
        9 => Change::Release { address, claim: id, nonce: Some(nonce) },
        _ => Change::Close { id },
    }
}

#[test]
fn both_stores_do_the_same() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (server, cases) = (database(), AtomicU32::new(0));
    let found = ovsdb::Found { remotes: vec![server.remote()], tls: None };
    let northbound = runtime.block_on(async { Store::Northbound(Northbound::start(&found).unwrap()) });
    let steps = prop::collection::vec((0..3usize, 1..6u8, 0..12u8), 1..40);
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&steps, |steps| {
        let vrf = format!("v{}", cases.fetch_add(1, Ordering::Relaxed));
        runtime.block_on(compare(&vrf, &northbound, &steps))
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

async fn compare(vrf: &str, northbound: &Store, steps: &[Step]) -> Result<(), TestCaseError> {
    let key = PoolKey::new(vrf.parse().unwrap(), "10.1.0.0/24".parse().unwrap());
    let records = Arc::<Memory>::default();
    let own = Store::Own(Arc::new(Own::new(Place::Own, Arc::clone(&records) as _, Pools::new())));
    let (claims, nonces) = ([(); 3].map(|()| ClaimId::random()), [(); 2].map(|()| Uuid::new_v4()));
    for step in steps {
        let change = change(*step, &claims, &nonces);
        let outcomes = (own.change(&key, &change, soon()).await, northbound.change(&key, &change, soon()).await);
        prop_assert_eq!(outcomes.0.unwrap(), outcomes.1.unwrap(), "{:?}", change);
        let pools = (own.pool(&key, soon()).await.unwrap(), northbound.pool(&key, soon()).await.unwrap());
        prop_assert_eq!(&pools.0, &pools.1, "{:?}", change);
        prop_assert!(nobody_holds_what_nobody_claims(&pools.0));
        let again = Own::new(Place::Own, Arc::new(Memory::default()), Written::read(records.written()).unwrap().pools);
        prop_assert_eq!(again.pool(&key).await, pools.0, "as written down after {:?}", change);
    }
    for id in claims {
        northbound.change(&key, &Change::Close { id }, soon()).await.unwrap();
        own.change(&key, &Change::Close { id }, soon()).await.unwrap();
    }
    prop_assert!(northbound.pools(soon()).await.unwrap().is_empty() && records.written().is_empty());
    Ok(())
}

fn nobody_holds_what_nobody_claims(pool: &crate::Pool) -> bool {
    let claimed = |of: &Use| match of {
        Use::Endpoint { claim, .. } => BTreeSet::from([*claim]),
        Use::Shared { claims, .. } => claims.clone(),
    };
    pool.taken
        .values()
        .map(claimed)
        .all(|claims| !claims.is_empty() && claims.iter().all(|claim| pool.claims.contains_key(claim)))
}
