//! Flows: adding, removing (section 7.3.4.1) and listing them (section 7.3.5.2).

use std::fmt;

use bytes::BufMut;

use crate::field::{put_match, read_match};
use crate::wire::{Reader, Short, put_zeros};
use crate::{Field, Instruction};

const ADD: u8 = 0;
const DELETE: u8 = 3;
/// Every table.
const ALL_TABLES: u8 = 0xff;
/// No port, group or buffer in particular.
const ANY: u32 = u32::MAX;

/// What becomes of the packets that have certain fields. Of two flows of one table that fit a packet the one with the
/// higher priority counts; a second one with the same table, priority and fields takes the place of the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The table it stands in; packets begin in table 0.
    pub table: u8,
    /// The higher one counts.
    pub priority: u16,
    /// Says nothing to the switch, and whose it is to others.
    pub cookie: u64,
    /// What packets must have.
    pub fields: Vec<Field>,
    /// What is done with them; nothing: they are dropped.
    pub instructions: Vec<Instruction>,
}

/// The flows of all tables that match at least on certain fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowFilter {
    fields: Vec<Field>,
}

impl FlowFilter {
    /// The flows that match on these fields, and whatever else; without fields, all flows.
    #[must_use]
    pub fn of(fields: Vec<Field>) -> Self {
        Self { fields }
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, priority, fields, .. } = self;
        write!(f, "flow of priority {priority} in table {table} with {fields:?}")
    }
}

impl Flow {
    pub(crate) fn put_add(&self, out: &mut Vec<u8>) {
        put_head(out, self.cookie, self.table, ADD, self.priority);
        put_match(out, &self.fields);
        self.instructions.iter().for_each(|instruction| instruction.put(out));
    }

    /// Reads one of those in a reply; its fields are sorted.
    pub(crate) fn read(message: &mut Reader<'_>) -> Result<Self, Short> {
        let length = usize::from(message.u16()?);
        let mut flow = message.part(length.checked_sub(2).ok_or(Short)?)?;
        let table = flow.u8()?;
        flow.skip(9)?;
        let priority = flow.u16()?;
        flow.skip(10)?;
        let cookie = flow.u64()?;
        flow.skip(16)?;
        let fields = read_match(&mut flow)?;
        Ok(Self { table, priority, cookie, fields, instructions: Instruction::read_all(&mut flow)? })
    }

    /// The same with its fields in the order in which they are read.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.fields.sort();
        self
    }
}

impl FlowFilter {
    pub(crate) fn put_delete(&self, out: &mut Vec<u8>) {
        put_head(out, 0, ALL_TABLES, DELETE, 0);
        put_match(out, &self.fields);
    }

    pub(crate) fn put_request(&self, out: &mut Vec<u8>) {
        out.put_u8(ALL_TABLES);
        put_zeros(out, 3);
        out.put_u32(ANY);
        out.put_u32(ANY);
        put_zeros(out, 4 + 8 + 8);
        put_match(out, &self.fields);
    }
}

/// All of a change that comes before the match.
fn put_head(out: &mut Vec<u8>, cookie: u64, table: u8, command: u8, priority: u16) {
    out.put_u64(cookie);
    out.put_u64(0);
    out.put_u8(table);
    out.put_u8(command);
    out.put_u32(0);
    out.put_u16(priority);
    out.put_u32(ANY);
    out.put_u32(ANY);
    out.put_u32(ANY);
    put_zeros(out, 4);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Meter, Port};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_switch_sends_is_read_or_refused_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            // Most are refused: reading them must only not do harm.
            let _ = Flow::read(&mut Reader::new(&bytes));
            let _ = Meter::read(&mut Reader::new(&bytes));
            let _ = Port::read(&mut Reader::new(&bytes));
        }
    }
}
