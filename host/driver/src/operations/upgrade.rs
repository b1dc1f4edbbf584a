//! Moving a network to another module, and how it is told why that was not done.

use admin::report::Upgrade;
use admin::{Failure, FailureKind, Upgrading};
use plan::NetworkId;
use plumbing::Dataplane;
use policy::{ModeError, Verdict};

use crate::Driver;
use crate::error::Error;
use crate::upgrade::NotUpgraded;

impl<D: Dataplane> Driver<D> {
    pub(super) async fn upgrade_network(&self, id: &NetworkId, upgrading: &Upgrading) -> Result<Upgrade, Failure> {
        self.upgrade(id, upgrading).await.map_err(|error| {
            let Failure { message, .. } = Failure::internal(&error);
            Failure::new(kind(&error), format!("network {id} is not upgraded: {message}"))
        })
    }
}

fn kind(error: &Error) -> FailureKind {
    match error {
        Error::UnknownNetwork(_) => FailureKind::NotFound,
        Error::Mode(ModeError::Unusable { .. }) => FailureKind::Refused,
        Error::Mode(_) => FailureKind::NotFound,
        Error::Verdict(Verdict::Unable { .. })
        | Error::NetworkGoing(_)
        | Error::EndpointGoing(_)
        | Error::Busy(_)
        | Error::Plumbing(plumbing::Error::OvsAway { .. } | plumbing::Error::NorthboundAway { .. }) => {
            FailureKind::Unavailable
        }
        Error::Option(_)
        | Error::Verdict(_)
        | Error::Denied(_)
        | Error::Asked(_)
        | Error::Taken { .. }
        | Error::Overlap { .. }
        | Error::Circle { .. }
        | Error::SegmentTaken { .. }
        | Error::Plumbing(_) => FailureKind::Refused,
        Error::Upgrade(not) => match not {
            NotUpgraded::Target(_) => FailureKind::Invalid,
            NotUpgraded::Changed | NotUpgraded::Live { .. } | NotUpgraded::Unpublished { .. } => FailureKind::Refused,
            NotUpgraded::Endpoint { cause, .. }
            | NotUpgraded::TakenBack { cause, .. }
            | NotUpgraded::Undone { cause, .. }
            | NotUpgraded::Halfway { cause, .. } => kind(cause),
        },
        _ => FailureKind::Internal,
    }
}
