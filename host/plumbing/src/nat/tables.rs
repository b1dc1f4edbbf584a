//! Our tables, through `nft`: one process and one transaction a change.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::FirewallError;
use super::base::{Base, bases};
use super::command::Commands;
use super::element::Element;
use super::listing::{Chains, Listing};

/// The tables of one driver. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    commands: Commands,
    name: String,
    prefix: String,
    /// The last look found them not as they were made.
    damaged: Arc<AtomicBool>,
    /// The chains of both as they were listed when this process had just made them.
    made: Arc<Mutex<Option<[Chains; 2]>>>,
}

impl Tables {
    pub(super) fn new(commands: Commands, name: String, prefix: String) -> Self {
        Self { commands, name, prefix, damaged: Arc::default(), made: Arc::default() }
    }

    /// What stands in both tables; none: one of them is not there, or not as it was made.
    pub(super) async fn intact(&self) -> Result<Option<Vec<Element>>, FirewallError> {
        let listings = self.lists().await?;
        let intact = self.as_made(&listings);
        self.damaged.store(!intact, Ordering::Relaxed);
        Ok(intact.then(|| together(listings)))
    }

    fn as_made(&self, listings: &[Option<Listing>; 2]) -> bool {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let made = made.as_ref().map_or([None, None], |made| made.each_ref().map(Some));
        let has = |(base, (listing, made)): (&Base, (&Option<Listing>, Option<&Chains>))| {
            listing.as_ref().is_some_and(|listing| listing.has(base, made))
        };
        bases(&self.prefix).iter().zip(listings.iter().zip(made)).all(has)
    }

    /// What stands in the tables, as far as they are there.
    pub(super) async fn elements(&self) -> Result<Vec<Element>, FirewallError> {
        Ok(together(self.lists().await?))
    }

    /// Makes the static part, or makes it again: by another version it may have been another one. Elements stay, unless
    /// that version kept them in sets of other types.
    pub(super) async fn ensure(&self) -> Result<(), FirewallError> {
        match self.make(&self.base()).await {
            Err(FirewallError::Failed { .. }) => self.make(&(self.gone() + &self.base())).await,
            result => result,
        }
    }

    /// Deletes and adds elements in one transaction. It is written as if what is to go were there and nothing stood in
    /// the way of what is to come, since it mostly is so; otherwise it is written again, after a look.
    pub(super) async fn change(&self, add: &[Element], delete: &[Element]) -> Result<(), FirewallError> {
        if let Some(name) = add.iter().find_map(Element::unspeakable) {
            return Err(FirewallError::Name(name.to_owned()));
        }
        let (add, delete) = (distinct(add), distinct(delete));
        let leave: Vec<_> = delete.iter().filter(|gone| !add.contains(gone)).copied().collect();
        let damaged = self.damaged.load(Ordering::Relaxed);
        let idle = add.is_empty() && leave.is_empty();
        if !damaged && (idle || self.commit(&self.statements(&leave, &add)).await.is_ok()) {
            return Ok(());
        }
        self.repair(&add, &leave).await
    }

    /// Deletes and adds elements whatever there is now: also where the tables are not as they were made, elements are
    /// gone already, or a map has something else for a key.
    pub(super) async fn repair(&self, add: &[&Element], delete: &[&Element]) -> Result<(), FirewallError> {
        let intact = self.intact().await?;
        let damaged = intact.is_none();
        let there = match intact {
            Some(there) => there,
            None => self.elements().await?,
        };
        let in_the_way = |found: &&Element| {
            let replaced = add.iter().any(|wanted| wanted.same_key(found) && *wanted != *found);
            replaced || delete.iter().any(|gone| gone.same_key(found))
        };
        let leave: Vec<_> = there.iter().filter(in_the_way).collect();
        let come: Vec<_> = add.iter().filter(|wanted| !there.contains(wanted)).copied().collect();
        let statements = self.statements(&leave, &come);
        if damaged { self.make(&(self.base() + &statements)).await } else { self.commit(&statements).await }
    }

    /// Exactly these elements and the static part, in one transaction.
    pub(super) async fn replace(&self, elements: &[Element]) -> Result<(), FirewallError> {
        if let Some(name) = elements.iter().find_map(Element::unspeakable) {
            return Err(FirewallError::Name(name.to_owned()));
        }
        self.make(&(self.gone() + &self.base() + &self.statements(&[], &distinct(elements)))).await
    }

    /// Removes both tables.
    pub(super) async fn remove(&self) -> Result<(), FirewallError> {
        self.commit(&self.gone()).await
    }

    /// Commits what makes the static part, among other things, and keeps what it looks like then.
    async fn make(&self, statements: &str) -> Result<(), FirewallError> {
        self.commit(statements).await?;
        let made = self.lists().await.inspect_err(|error| {
            tracing::warn!(%error, "rules that somebody changes in our tables are not noticed, only rules that are gone");
        });
        let chains = made.ok().and_then(|[inet, arp]| Some([inet?.chains, arp?.chains]));
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = chains;
        Ok(())
    }

    async fn commit(&self, statements: &str) -> Result<(), FirewallError> {
        self.commands.run(&["nft", "-f", "-"], statements).await.map(|_| ())
    }

    /// Both tables, as the static parts are in order. Side by side, since `nft` 1.0.6 lists one table a process.
    async fn lists(&self) -> Result<[Option<Listing>; 2], FirewallError> {
        let (inet, arp) = tokio::try_join!(self.list("inet"), self.list("arp"))?;
        Ok([inet, arp])
    }

    async fn list(&self, family: &'static str) -> Result<Option<Listing>, FirewallError> {
        match self.commands.run(&["nft", "-j", "list", "table", family, &self.name], "").await {
            Ok(json) => Ok(Some(Listing::read(family, &json))),
            Err(FirewallError::Failed { message, .. }) if message.contains("No such file or directory") => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn base(&self) -> String {
        bases(&self.prefix).iter().map(|base: &Base| base.statements(&self.name)).collect()
    }

    /// A table can only be deleted where it is there.
    fn gone(&self) -> String {
        let name = &self.name;
        ["inet", "arp"].map(|family| format!("add table {family} {name}\ndelete table {family} {name}\n")).concat()
    }

    fn statements(&self, delete: &[&Element], add: &[&Element]) -> String {
        let lines = delete.iter().map(|element| element.delete(&self.name));
        lines.chain(add.iter().map(|element| element.add(&self.name))).map(|line| line + "\n").collect()
    }
}

/// The elements of both tables.
fn together(listings: [Option<Listing>; 2]) -> Vec<Element> {
    listings.into_iter().flatten().flat_map(|listing| listing.elements).collect()
}

/// Two rules can have an element in common: a container's port that is published twice and opened once.
fn distinct(elements: &[Element]) -> Vec<&Element> {
    let mut seen = HashSet::new();
    elements.iter().filter(|element| seen.insert(*element)).collect()
}
