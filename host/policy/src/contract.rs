//! The versions of the contract that this driver speaks, side by side. A module is asked in the one that it exports.

use plan::{Plan, Refusal};
use wasmtime::component::{HasSelf, InstancePre, Linker};
use wasmtime::{Result, Store};

use crate::bindings::{v0, v1};
use crate::convert;
use crate::guest::Guest;
use crate::{BadValue, Question};

/// A version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Contract {
    /// 0.1.
    V0,
    /// 1.0.
    V1,
}

impl Contract {
    /// Every one, oldest first.
    pub(crate) const ALL: [Self; 2] = [Self::V0, Self::V1];

    /// The version that a module was built for. Before 1.0 a new minor number is another contract, and afterwards a new
    /// major one.
    pub(crate) fn of(version: &str) -> Option<Self> {
        let mut numbers = version.split('.');
        match (numbers.next(), numbers.next()) {
            (Some("0"), Some("1")) => Some(Self::V0),
            (Some("1"), _) => Some(Self::V1),
            _ => None,
        }
    }

    /// As a manifest says it: `0.1`.
    pub(crate) fn in_manifest(self) -> &'static str {
        match self {
            Self::V0 => "0.1",
            Self::V1 => "1.0",
        }
    }
}

/// Gives a linker what modules may import, in every version.
pub(crate) fn add_to_linker(linker: &mut Linker<Guest>) -> Result<()> {
    v0::Mode::add_to_linker::<_, HasSelf<Guest>>(linker, |guest| guest)?;
    v1::Mode::add_to_linker::<_, HasSelf<Guest>>(linker, |guest| guest)
}

/// A module that is linked, and ready for an instance.
#[derive(Clone)]
pub(crate) enum Prepared {
    V0(v0::ModePre<Guest>),
    V1(v1::ModePre<Guest>),
}

impl Prepared {
    /// A linked module, to be asked in a version.
    pub(crate) fn new(contract: Contract, linked: InstancePre<Guest>) -> Result<Self> {
        Ok(match contract {
            Contract::V0 => Self::V0(v0::ModePre::new(linked)?),
            Contract::V1 => Self::V1(v1::ModePre::new(linked)?),
        })
    }

    /// An instance, which is asked once.
    pub(crate) fn instantiate(&self, store: &mut Store<Guest>) -> Result<Instance> {
        Ok(match self {
            Self::V0(prepared) => Instance::V0(prepared.instantiate(store)?),
            Self::V1(prepared) => Instance::V1(prepared.instantiate(store)?),
        })
    }
}

/// An instance of a module.
pub(crate) enum Instance {
    V0(v0::Mode),
    V1(v1::Mode),
}

impl Instance {
    /// Asks it. What it answers is a plan, one that cannot be, or a refusal.
    pub(crate) fn ask(
        &self,
        store: &mut Store<Guest>,
        question: &Question,
    ) -> Result<Result<Result<Plan, BadValue>, Refusal>> {
        match self {
            Self::V0(instance) => convert::v0::call::ask(instance.ovs_mode_policy(), store, question),
            Self::V1(instance) => convert::v1::call::ask(instance.ovs_mode_policy(), store, question),
        }
    }
}
