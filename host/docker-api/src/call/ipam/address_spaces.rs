//! `IpamDriver.GetDefaultAddressSpaces`: a name for what a pool may not overlap in. Sent with an empty body, and by some
//! releases of Docker before each request.

use serde_json::{Value, json};

use super::ERROR;
use crate::call::{Call, Subject};
use crate::malformed::Malformed;
use crate::{ADDRESS_SPACE, Context, Plugin, Refusal};

pub(crate) struct AddressSpaces;

impl Call for AddressSpaces {
    const METHOD: &'static str = "IpamDriver.GetDefaultAddressSpaces";
    const ERROR: &'static str = ERROR;

    fn parse(_body: &[u8]) -> Result<Self, Malformed> {
        Ok(Self)
    }

    fn subject(&self) -> Subject<'_> {
        Subject::default()
    }

    /// One for all: what is apart in there, the driver knows by itself.
    async fn answer<D: Plugin>(self, _driver: &D, _context: Context) -> Result<Value, Refusal> {
        Ok(json!({"LocalDefaultAddressSpace": ADDRESS_SPACE, "GlobalDefaultAddressSpace": ADDRESS_SPACE}))
    }
}
