//! What a flow does with packets (sections 7.2.4 and 7.2.5).

use bytes::BufMut;

use crate::wire::{Reader, Short, put_zeros, set_length};

const GOTO: u16 = 1;
const APPLY: u16 = 4;
const METER: u16 = 6;
const OUTPUT: u16 = 0;
/// The bytes of a type and a length.
const HEADER: usize = 4;

/// A step of what a flow does. Metering comes first, going on to another table last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// Drops what is more than a meter lets through.
    Meter(u32),
    /// Does things with the packet.
    Apply(Vec<Action>),
    /// Goes on in a later table.
    Goto(u8),
    /// One that this crate does not know: its type and what follows.
    Other(u16, Vec<u8>),
}

/// One thing that is done with a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sends it out of the port of a number.
    Output(u32),
    /// One that this crate does not know: its type and what follows.
    Other(u16, Vec<u8>),
}

impl Action {
    fn put(&self, out: &mut Vec<u8>) {
        let start = out.len();
        match self {
            Self::Output(port) => {
                out.put_u16(OUTPUT);
                out.put_u16(0);
                out.put_u32(*port);
                put_zeros(out, 8);
            }
            Self::Other(kind, rest) => {
                out.put_u16(*kind);
                out.put_u16(0);
                out.put_slice(rest);
            }
        }
        set_length(out, start, start + 2);
    }

    fn read(message: &mut Reader<'_>) -> Result<Self, Short> {
        let (kind, mut body) = read_part(message)?;
        Ok(match kind {
            OUTPUT => Self::Output(body.u32()?),
            _ => Self::Other(kind, body.rest().to_vec()),
        })
    }
}

impl Instruction {
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.put_u16(self.kind());
        out.put_u16(0);
        match self {
            Self::Meter(number) => out.put_u32(*number),
            Self::Goto(table) => {
                out.put_u8(*table);
                put_zeros(out, 3);
            }
            Self::Apply(actions) => {
                put_zeros(out, 4);
                actions.iter().for_each(|action| action.put(out));
            }
            Self::Other(_, rest) => out.put_slice(rest),
        }
        set_length(out, start, start + 2);
    }

    fn kind(&self) -> u16 {
        match self {
            Self::Goto(_) => GOTO,
            Self::Apply(_) => APPLY,
            Self::Meter(_) => METER,
            Self::Other(kind, _) => *kind,
        }
    }

    /// Reads all that is left of a message.
    pub(crate) fn read_all(message: &mut Reader<'_>) -> Result<Vec<Self>, Short> {
        let mut instructions = Vec::new();
        while !message.is_empty() {
            instructions.push(Self::read(message)?);
        }
        Ok(instructions)
    }

    fn read(message: &mut Reader<'_>) -> Result<Self, Short> {
        let (kind, mut body) = read_part(message)?;
        Ok(match kind {
            GOTO => Self::Goto(body.u8()?),
            METER => Self::Meter(body.u32()?),
            APPLY => {
                body.skip(4)?;
                let mut actions = Vec::new();
                while !body.is_empty() {
                    actions.push(Action::read(&mut body)?);
                }
                Self::Apply(actions)
            }
            _ => Self::Other(kind, body.rest().to_vec()),
        })
    }
}

/// A type, a length, and what follows.
fn read_part<'a>(message: &mut Reader<'a>) -> Result<(u16, Reader<'a>), Short> {
    let (kind, length) = (message.u16()?, usize::from(message.u16()?));
    Ok((kind, message.part(length.checked_sub(HEADER).ok_or(Short)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_read_back() {
        let all = [
            Instruction::Meter(7),
            Instruction::Apply(vec![Action::Output(2), Action::Other(25, vec![1; 12])]),
            Instruction::Other(2, vec![0; 20]),
            Instruction::Goto(3),
        ];
        let mut out = Vec::new();
        all.iter().for_each(|instruction| instruction.put(&mut out));
        assert_eq!(out[..8], [0, 6, 0, 8, 0, 0, 0, 7]);
        assert_eq!(Instruction::read_all(&mut Reader::new(&out)).unwrap(), all);
        assert_eq!(Instruction::read_all(&mut Reader::new(&[0, 1, 0, 3])), Err(Short));
    }
}
