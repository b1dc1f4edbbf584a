//! `Logical_Router`: the one of a VRF.

use plan::Label;
use uuid::Uuid;

use super::{RowSpec, Tenure};
use crate::ovn::identity;
use crate::ovn::table::Table;

/// A logical router, as others build on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Router {
    /// Its row.
    pub(crate) uuid: Uuid,
    /// Its name.
    pub(crate) name: String,
}

impl Router {
    /// The router of a VRF.
    pub(crate) fn of(vrf: &str) -> Self {
        Self { uuid: identity::uuid(&["router", vrf]), name: identity::named(&[vrf]) }
    }
}

/// Its row.
pub(crate) fn logical_router(label: &Label, router: &Router) -> RowSpec {
    RowSpec {
        label: label.clone(),
        table: Table::LogicalRouter,
        uuid: router.uuid,
        what: format!("logical router {}", router.name),
        columns: vec![("name", router.name.as_str().into())],
        holder: None,
        tenure: Tenure::Shared(None),
    }
}
