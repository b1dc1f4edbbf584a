//! What is checked of an answer, whichever version of the contract it is of: names are names, VLANs are VLANs, prefixes
//! fit their address, texts are printable.

use std::net::IpAddr;

use ipnet::IpNet;
use plan::{InvalidName, VlanId};

use crate::BadValue;
use crate::escape::{printable, printable_within};

/// Bytes of a refusal's message that are shown.
pub(super) const MESSAGE: usize = 1 << 10;
/// Bytes of a refusal's code and of the option it names that are shown.
pub(super) const WORD: usize = 64;

/// A value that cannot be, before it is known in which step.
pub(super) struct Bad {
    field: &'static str,
    value: String,
    reason: String,
}

impl Bad {
    pub(super) fn in_step(self, index: usize, label: &str) -> BadValue {
        let label = printable_within(&printable(label), WORD);
        BadValue { step: Some(index + 1), label, field: self.field, value: self.value, reason: self.reason }
    }

    pub(super) fn in_reply(self) -> BadValue {
        BadValue { step: None, label: String::new(), field: self.field, value: self.value, reason: self.reason }
    }
}

pub(super) type Checked<T> = Result<T, Bad>;

/// A name as it is shown where it cannot be one.
pub(crate) fn shown_name(text: &str) -> String {
    printable_within(text, WORD)
}

/// A bridge's, an interface's or a step's name. The complaint about one that cannot be is printable.
pub(super) fn name<N: TryFrom<String, Error = InvalidName>>(field: &'static str, text: &str) -> Checked<N> {
    N::try_from(text.to_owned()).map_err(|_| {
        let value = shown_name(text);
        let reason = match N::try_from(value.clone()) {
            Err(invalid) => invalid.to_string(),
            // Written out, what steers a terminal can look like a name.
            Ok(_) => format!("\"{value}\" stands for characters that no name has"),
        };
        Bad { field, value, reason }
    })
}

pub(super) fn vlan(id: u16) -> Checked<VlanId> {
    VlanId::new(id).map_err(|invalid| Bad { field: "vlan", value: id.to_string(), reason: invalid.to_string() })
}

pub(super) fn vlans(ids: &[u16]) -> Checked<Vec<VlanId>> {
    ids.iter().copied().map(vlan).collect()
}

pub(super) fn net(field: &'static str, address: IpAddr, prefix_length: u8) -> Checked<IpNet> {
    IpNet::new(address, prefix_length).map_err(|_| {
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let value = format!("{address}/{prefix_length}");
        let reason = format!("\"{value}\" is not an address with a prefix length: 0 to {longest} are");
        Bad { field, value, reason }
    })
}
