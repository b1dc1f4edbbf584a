//! Names of links: the prefix, a letter for the kind and a counter. A name is never used twice, since ovs-vswitchd
//! reports a port as healthy whose link was deleted and made again under the same name, while no packet passes.

use plan::{InterfaceName, InvalidName, ObjectKind};
use tokio::sync::Mutex;

use crate::store::{Batch, Store, StoreError};

/// How many numbers are reserved on the disk at a time: a crash loses the rest of them, which costs nothing.
const RESERVED: u64 = 1 << 12;
/// A new store starts somewhere in here, so that it does not walk into the names that a lost one left behind.
const STARTS: u64 = 1 << 20;

#[derive(Debug)]
pub(crate) struct Names {
    prefix: String,
    numbers: Mutex<Numbers>,
}

#[derive(Debug)]
struct Numbers {
    next: u64,
    reserved: u64,
}

impl Names {
    /// Goes on from the store's counter.
    pub(crate) fn new(prefix: &str, counter: Option<u64>) -> Self {
        let next = counter.unwrap_or_else(|| rand::random_range(0..STARTS));
        Self { prefix: prefix.to_owned(), numbers: Mutex::new(Numbers { next, reserved: next }) }
    }

    /// Makes sure that the next `count` names need no write.
    pub(crate) async fn take(&self, store: &Store, count: u64) -> Result<Taken<'_>, StoreError> {
        let mut numbers = self.numbers.lock().await;
        if numbers.next + count > numbers.reserved {
            let reserved = numbers.next + count + RESERVED;
            store.write(Batch::default().counter(reserved)).await?;
            numbers.reserved = reserved;
        }
        let next = numbers.next;
        numbers.next += count;
        Ok(Taken { prefix: &self.prefix, next, end: next + count })
    }
}

/// Numbers that belong to one plan.
#[derive(Debug)]
pub(crate) struct Taken<'a> {
    prefix: &'a str,
    next: u64,
    end: u64,
}

impl Taken<'_> {
    /// The next name.
    pub(crate) fn name(&mut self, kind: ObjectKind) -> Result<InterfaceName, InvalidName> {
        debug_assert!(self.next < self.end, "more names than were taken");
        let number = self.next;
        self.next += 1;
        InterfaceName::new(format!("{}{}{number:x}", self.prefix, kind.letter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_name_comes_twice_not_even_after_a_restart() {
        let directory = tempfile::tempdir().unwrap();
        let (store, remembered) = Store::open(directory.path()).unwrap();
        assert_eq!(remembered.counter, None);
        let names = Names::new("ov", Some(7));
        let mut taken = names.take(&store, 2).await.unwrap();
        assert_eq!(&*taken.name(ObjectKind::Bridge).unwrap(), "ovb7");
        assert_eq!(&*taken.name(ObjectKind::EndpointPort).unwrap(), "ove8");
        assert_eq!(&*names.take(&store, 1).await.unwrap().name(ObjectKind::Peer).unwrap(), "ovc9");
        drop(store);
        let (store, remembered) = Store::open(directory.path()).unwrap();
        let names = Names::new("ov", remembered.counter);
        let name = names.take(&store, 1).await.unwrap().name(ObjectKind::Peer).unwrap();
        assert!(u64::from_str_radix(&name[3..], 16).unwrap() > 9, "{name}");
    }
}
