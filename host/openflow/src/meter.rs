//! Meters: they drop what comes faster than a rate (sections 7.3.4.4 and 7.3.5.14).

use bytes::BufMut;

use crate::wire::{Reader, Short, put_zeros};

const ADD: u16 = 0;
const DELETE: u16 = 2;
/// Rates are in kilobits a second, and there is a burst.
const KBPS_BURST: u16 = 1 | 1 << 2;
/// A band that drops.
const DROP: u16 = 1;
const DROP_LENGTH: u16 = 16;
/// Every meter.
pub(crate) const ALL_METERS: u32 = u32::MAX;

/// A meter with one band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter {
    /// What flows name it by, from 1.
    pub number: u32,
    /// What it lets through, in kilobits a second.
    pub rate: u32,
    /// How much may come at once before it drops, in kilobits.
    pub burst: u32,
}

impl Meter {
    pub(crate) fn put_add(&self, out: &mut Vec<u8>) {
        out.put_u16(ADD);
        out.put_u16(KBPS_BURST);
        out.put_u32(self.number);
        out.put_u16(DROP);
        out.put_u16(DROP_LENGTH);
        out.put_u32(self.rate);
        out.put_u32(self.burst);
        put_zeros(out, 4);
    }

    pub(crate) fn put_delete(out: &mut Vec<u8>, number: u32) {
        out.put_u16(DELETE);
        out.put_u16(0);
        out.put_u32(number);
    }

    /// Reads one of those in a reply; none: it is not of the kind that is made here.
    pub(crate) fn read(message: &mut Reader<'_>) -> Result<Option<Self>, Short> {
        let length = usize::from(message.u16()?);
        let mut meter = message.part(length.checked_sub(2).ok_or(Short)?)?;
        let (flags, number) = (meter.u16()?, meter.u32()?);
        if flags & KBPS_BURST != KBPS_BURST || meter.rest().len() != DROP_LENGTH.into() || meter.u16()? != DROP {
            return Ok(None);
        }
        meter.skip(2)?;
        Ok(Some(Self { number, rate: meter.u32()?, burst: meter.u32()? }))
    }
}
