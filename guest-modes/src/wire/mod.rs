//! Between the generated types, which are what crosses the boundary, and the SDK's, which are pleasant to use.

mod input;
mod output;
mod value;

use crate::bindings::ovs::mode::types;
use crate::{Plan, Refusal};

pub(crate) fn answer(answer: Result<Plan, Refusal>) -> Result<types::Plan, types::Refusal> {
    answer.map(Into::into).map_err(Into::into)
}
