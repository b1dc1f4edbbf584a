//! The fields of packets that flows match on (section 7.2.3): each one whole, without masks.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::BufMut;

use crate::wire::{Reader, Short, put_zeros, set_length};

/// The class of the fields that OpenFlow itself defines.
const BASIC: u16 = 0x8000;
/// A match that is a list of fields.
const LIST: u16 = 1;

/// A field and its value. What makes it there stands before it: [`Field::EthType`] before an address,
/// [`Field::IpProtocol`] before a field of ICMPv6.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The number of the port that it came from.
    InPort(u32),
    /// The Ethernet address it was sent from.
    EthSrc([u8; 6]),
    /// What the frame carries, VLAN tags not counted.
    EthType(u16),
    /// The protocol that IP carries, as in its header; of IPv6 the one behind the extension headers.
    IpProtocol(u8),
    /// The IPv4 address it was sent from.
    Ipv4Src(Ipv4Addr),
    /// The IPv4 address that an ARP packet says its sender has.
    ArpSpa(Ipv4Addr),
    /// The Ethernet address that an ARP packet says its sender has.
    ArpSha([u8; 6]),
    /// The IPv6 address it was sent from.
    Ipv6Src(Ipv6Addr),
    /// ICMPv6's type.
    Icmpv6Type(u8),
    /// The address that a neighbour message is about.
    NdTarget(Ipv6Addr),
    /// The Ethernet address that a neighbour solicitation says its sender has; zeros: it does not say.
    NdSll([u8; 6]),
    /// The Ethernet address that a neighbour advertisement says its target has; zeros: it does not say.
    NdTll([u8; 6]),
    /// Any other field, or one with a mask: class, number (doubled, and one more with a mask) and what follows.
    Other(u16, u8, Vec<u8>),
}

impl Field {
    /// Its number, and its value as it stands on the wire.
    fn parts(&self) -> (u8, Vec<u8>) {
        match self {
            Self::InPort(port) => (0, port.to_be_bytes().to_vec()),
            Self::EthSrc(mac) => (4, mac.to_vec()),
            Self::EthType(kind) => (5, kind.to_be_bytes().to_vec()),
            Self::IpProtocol(protocol) => (10, vec![*protocol]),
            Self::Ipv4Src(address) => (11, address.octets().to_vec()),
            Self::ArpSpa(address) => (22, address.octets().to_vec()),
            Self::ArpSha(mac) => (24, mac.to_vec()),
            Self::Ipv6Src(address) => (26, address.octets().to_vec()),
            Self::Icmpv6Type(kind) => (29, vec![*kind]),
            Self::NdTarget(address) => (31, address.octets().to_vec()),
            Self::NdSll(mac) => (32, mac.to_vec()),
            Self::NdTll(mac) => (33, mac.to_vec()),
            Self::Other(_, number, value) => (number >> 1, value.clone()),
        }
    }

    fn put(&self, out: &mut Vec<u8>) {
        let (number, value) = self.parts();
        let (class, number) = match self {
            Self::Other(class, number, _) => (*class, *number),
            _ => (BASIC, number << 1),
        };
        out.put_u16(class);
        out.put_u8(number);
        let length = out.len();
        out.put_u8(0);
        out.put_slice(&value);
        // No field is longer than 255 bytes: what was read as one said so in this byte.
        out[length] = u8::try_from(value.len()).unwrap_or(u8::MAX);
    }

    fn read(message: &mut Reader<'_>) -> Result<Self, Short> {
        let (class, number, length) = (message.u16()?, message.u8()?, message.u8()?);
        let mut value = message.part(length.into())?;
        let other = Self::Other(class, number, value.rest().to_vec());
        if class != BASIC || number & 1 == 1 {
            return Ok(other);
        }
        Ok(match number >> 1 {
            0 => Self::InPort(value.u32()?),
            4 => Self::EthSrc(value.array()?),
            5 => Self::EthType(value.u16()?),
            10 => Self::IpProtocol(value.u8()?),
            11 => Self::Ipv4Src(value.array::<4>()?.into()),
            22 => Self::ArpSpa(value.array::<4>()?.into()),
            24 => Self::ArpSha(value.array()?),
            26 => Self::Ipv6Src(value.array::<16>()?.into()),
            29 => Self::Icmpv6Type(value.u8()?),
            31 => Self::NdTarget(value.array::<16>()?.into()),
            32 => Self::NdSll(value.array()?),
            33 => Self::NdTll(value.array()?),
            _ => other,
        })
    }
}

/// Appends a match.
pub(crate) fn put_match(out: &mut Vec<u8>, fields: &[Field]) {
    let start = out.len();
    out.put_u16(LIST);
    out.put_u16(0);
    fields.iter().for_each(|field| field.put(out));
    set_length(out, start, start + 2);
    put_zeros(out, padding(out.len() - start));
}

/// Reads a match; its fields in an order of ours, since a switch has its own.
pub(crate) fn read_match(message: &mut Reader<'_>) -> Result<Vec<Field>, Short> {
    let (_, length) = (message.u16()?, usize::from(message.u16()?));
    let mut list = message.part(length.checked_sub(4).ok_or(Short)?)?;
    message.skip(padding(length))?;
    let mut fields = Vec::new();
    while !list.is_empty() {
        fields.push(Field::read(&mut list)?);
    }
    fields.sort();
    Ok(fields)
}

/// What makes a length a multiple of eight.
fn padding(length: usize) -> usize {
    length.next_multiple_of(8) - length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_stands_as_the_specification_says() {
        let mut out = Vec::new();
        put_match(&mut out, &[Field::InPort(3), Field::EthType(0x0806)]);
        let list = [0x80, 0, 0, 4, 0, 0, 0, 3, 0x80, 0, 10, 2, 8, 6];
        assert_eq!(out, [&[0, 1, 0, 18][..], &list, &[0; 6]].concat());
        let fields = read_match(&mut Reader::new(&out)).unwrap();
        assert_eq!(fields, [Field::InPort(3), Field::EthType(0x0806)]);
    }

    #[test]
    fn fields_that_are_not_known_are_kept_as_they_are() {
        let others = [Field::Other(0x8000, 4 << 1 | 1, vec![1; 12]), Field::Other(1, 0, vec![9])];
        let mut out = Vec::new();
        put_match(&mut out, &others);
        let mut read = read_match(&mut Reader::new(&out)).unwrap();
        read.sort_by_key(|field| *field != others[0]);
        assert_eq!(read, others);
    }

    #[test]
    fn a_match_that_ends_too_early_is_no_match() {
        let mut out = Vec::new();
        put_match(&mut out, &[Field::InPort(3)]);
        for length in 0..out.len() {
            assert_eq!(read_match(&mut Reader::new(&out[..length])), Err(Short), "{length} bytes");
        }
        assert_eq!(read_match(&mut Reader::new(&[0, 1, 0, 3, 0, 0, 0, 0])), Err(Short));
    }
}
