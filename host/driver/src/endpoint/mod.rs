//! Endpoints: planned when Docker creates them, performed when a container joins, undone when it leaves.

mod create;
mod join;
mod leave;
mod live;

pub(crate) use leave::ids;
pub(crate) use live::Live;
