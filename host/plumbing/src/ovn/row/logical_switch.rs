//! `Logical_Switch`: the one of a VRF and subnets, or one that a user named.

use ipnet::IpNet;
use plan::Label;
use uuid::Uuid;

use super::{Holder, RowSpec, Tenure};
use crate::ovn::identity;
use crate::ovn::table::Table;

/// A logical switch, as others build on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Switch {
    /// The one of a VRF and subnets.
    Own {
        /// Its row.
        uuid: Uuid,
        /// Its name.
        name: String,
    },
    /// One that a user named.
    Named(String),
}

impl Switch {
    /// The switch of a VRF and subnets, or the one of a name.
    pub(crate) fn of(vrf: &str, subnets: &[IpNet], name: Option<&str>) -> Self {
        let subnets = identity::subnets(subnets);
        match name {
            Some(name) => Self::Named(name.to_owned()),
            None => {
                Self::Own { uuid: identity::uuid(&["switch", vrf, &subnets]), name: identity::named(&[vrf, &subnets]) }
            }
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Own { name, .. } | Self::Named(name) => name,
        }
    }

    /// As the holder of rows.
    pub(super) fn holder(&self) -> Holder {
        match self {
            Self::Own { uuid, .. } => Holder::Row(*uuid),
            Self::Named(name) => Holder::Named(name.clone()),
        }
    }

    /// What tells it from all others, as part of the identity of what is on it.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Own { uuid, .. } => uuid.to_string(),
            Self::Named(name) => format!("named {name}"),
        }
    }
}

/// Its row.
pub(crate) fn logical_switch(label: &Label, switch: &Switch) -> RowSpec {
    let (uuid, tenure) = match switch {
        Switch::Own { uuid, .. } => (*uuid, Tenure::Shared(None)),
        Switch::Named(name) => (Uuid::nil(), Tenure::Named(name.clone())),
    };
    RowSpec {
        label: label.clone(),
        table: Table::LogicalSwitch,
        uuid,
        what: format!("logical switch {}", switch.name()),
        columns: vec![("name", switch.name().into())],
        holder: None,
        tenure,
    }
}
