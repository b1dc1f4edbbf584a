//! The driver's own memory, as far as pools need it: a few named records, written all or none.

use std::future::Future;
use std::pin::Pin;

use crate::error::RecordsError;

/// One record: its name, and what it holds; nothing: it goes.
pub type Record = (String, Option<Vec<u8>>);

/// What is returned by [`Records::write`].
pub type Writing<'a> = Pin<Box<dyn Future<Output = Result<(), RecordsError>> + Send + 'a>>;

/// Whether a write that fails may be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Must {
    /// It may: whoever wanted it does without.
    Now,
    /// It may not: what cannot be written now is written with whatever can be next.
    InTheEnd,
}

/// What keeps records. The driver does, in its store; tests do in memory.
pub trait Records: Send + Sync + 'static {
    /// Writes records whole, and returns when they are durable.
    fn write(&self, records: Vec<Record>, must: Must) -> Writing<'_>;
}
