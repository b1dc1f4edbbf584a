//! What a switch says when it refuses something (section 7.4.4): a type and a code, with names for those that the messages of this crate
//! can meet.

use std::fmt;

/// A refusal, as the switch said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The type of the error.
    pub kind: u16,
    /// Its code, which means something within its type.
    pub code: u16,
}

const BAD_REQUEST: u16 = 1;
const BAD_ACTION: u16 = 2;
const BAD_INSTRUCTION: u16 = 3;
const BAD_MATCH: u16 = 4;
const FLOW_MOD_FAILED: u16 = 5;
const METER_MOD_FAILED: u16 = 12;

const WORDS: [((u16, u16), &str); 20] = [
    ((BAD_REQUEST, 0), "it does not speak this version of OpenFlow"),
    ((BAD_REQUEST, 1), "it does not know this kind of message"),
    ((BAD_REQUEST, 2), "it does not know this kind of multipart request"),
    ((BAD_REQUEST, 5), "it does not allow this connection to do that"),
    ((BAD_REQUEST, 6), "the message has a wrong length"),
    ((BAD_ACTION, 0), "it does not know an action of it"),
    ((BAD_ACTION, 4), "an action of it leads to a port that is not there"),
    ((BAD_INSTRUCTION, 0), "it does not know an instruction of it"),
    ((BAD_INSTRUCTION, 2), "an instruction of it leads to a table that is not there"),
    ((BAD_MATCH, 6), "it does not know a field that is matched"),
    ((BAD_MATCH, 7), "a field is matched with a value that it cannot have"),
    ((BAD_MATCH, 9), "a field is matched without what makes it there, such as the protocol"),
    ((FLOW_MOD_FAILED, 1), "its table is full"),
    ((FLOW_MOD_FAILED, 2), "there is no such table"),
    ((FLOW_MOD_FAILED, 3), "it would cover another flow"),
    ((METER_MOD_FAILED, 1), "there is a meter of this number already"),
    ((METER_MOD_FAILED, 2), "it takes no meter of this number"),
    ((METER_MOD_FAILED, 3), "there is no meter of this number"),
    ((METER_MOD_FAILED, 7), "it takes no such rate"),
    ((METER_MOD_FAILED, 10), "it has no more room for meters"),
];

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, code } = self;
        match WORDS.iter().find(|(known, _)| *known == (*kind, *code)) {
            Some((_, words)) => f.write_str(words),
            None => write!(f, "error type {kind}, code {code}"),
        }
    }
}
