//! Writes modules that answer every question with a given plan, laid out in memory as the canonical ABI has it. What a
//! plan holds here is unchecked: a guest can write any bytes.

use std::fmt::Write;

use ipnet::IpNet;
use plan::MacAddress;

use crate::support::{built, contract};

/// An action, as a guest would write it.
#[derive(Clone)]
pub(crate) enum Does {
    Bridge(&'static str),
    OwnBridge,
    Uplink { bridge: &'static str, name: &'static str },
    HostPort { bridge: &'static str, address: &'static str },
    EndpointPort { bridge: &'static str, mac: &'static str, address: &'static str },
    Masquerade { port: &'static str, source: &'static str },
    Publish { port: &'static str, host_port: u16, target: &'static str },
    Custom(&'static str),
}

/// Where answers stand in the guest's memory.
const BASE: usize = 1 << 16;

/// Bytes of a `step`: a label, an action (96 bytes), a reason and a key.
const STEP: usize = 128;

/// Memory that is laid out from [`BASE`] on.
struct Memory(Vec<u8>);

impl Memory {
    fn reserve(&mut self, bytes: usize) -> usize {
        let at = self.0.len().next_multiple_of(8);
        self.0.resize(at + bytes, 0);
        at
    }

    fn byte(&mut self, at: usize, byte: u8) {
        self.0[at] = byte;
    }

    fn half(&mut self, at: usize, half: u16) {
        self.0[at..at + 2].copy_from_slice(&half.to_le_bytes());
    }

    /// A pointer and a length.
    fn list(&mut self, at: usize, pointer: usize, length: usize) {
        for (at, number) in [(at, BASE + pointer), (at + 4, length)] {
            self.0[at..at + 4].copy_from_slice(&(number as u32).to_le_bytes());
        }
    }

    fn text(&mut self, at: usize, text: &str) {
        let pointer = self.reserve(text.len());
        self.0[pointer..pointer + text.len()].copy_from_slice(text.as_bytes());
        self.list(at, pointer, text.len());
    }

    /// An `ip-net` (IPv4 is all that is wanted here): 20 bytes, the prefix length at 18.
    fn net(&mut self, at: usize, text: &str) {
        let IpNet::V4(net) = text.parse().unwrap() else { panic!("IPv4 is wanted") };
        self.0[at + 2..at + 6].copy_from_slice(&net.addr().octets());
        self.byte(at + 18, net.prefix_len());
    }

    /// A list of one `ip-net`.
    fn nets(&mut self, at: usize, text: &str) {
        let pointer = self.reserve(20);
        self.net(pointer, text);
        self.list(at, pointer, 1);
    }

    /// An `attachment` that is a bridge: case 0, and from 4 on its label.
    fn on_bridge(&mut self, at: usize, label: &str) {
        self.text(at + 4, label);
    }

    /// An action: its case, and from 8 on its payload.
    fn action(&mut self, at: usize, action: &Does) {
        let payload = at + 8;
        match action {
            Does::OwnBridge => self.byte(at, 0),
            Does::Bridge(name) => {
                self.byte(payload, 1);
                self.text(payload + 4, name);
            }
            Does::Uplink { bridge, name } => {
                self.byte(at, 1);
                self.text(payload, bridge);
                self.text(payload + 8, name);
            }
            Does::HostPort { bridge, address } => {
                self.byte(at, 2);
                self.on_bridge(payload, bridge);
                self.nets(payload + 12, address);
            }
            Does::EndpointPort { bridge, mac, address } => {
                self.byte(at, 3);
                self.on_bridge(payload, bridge);
                let MacAddress(octets) = mac.parse().unwrap();
                self.0[payload + 12..payload + 18].copy_from_slice(&octets);
                self.nets(payload + 20, address);
            }
            Does::Masquerade { port, source } => {
                self.byte(at, 4);
                self.text(payload, port);
                self.nets(payload + 8, source);
            }
            Does::Publish { port, host_port, target } => {
                self.byte(at, 6);
                self.text(payload, port);
                self.half(payload + 30, *host_port);
                self.net(payload + 32, target);
                // The prefix length that went with the address lies where the port does.
                self.half(payload + 50, 80);
                self.byte(payload + 52, 1);
            }
            Does::Custom(kind) => {
                self.byte(at, 16);
                self.text(payload, kind);
            }
        }
    }
}

/// A module whose every answer is a plan of these steps, each a label and an action, and this route in the reply.
pub(crate) fn module_that_plans(steps: &[(&str, Does)], route: Option<&str>, manifest: &str) -> Vec<u8> {
    let mut memory = Memory(Vec::new());
    let answer = memory.reserve(36);
    let list = memory.reserve(STEP * steps.len());
    memory.list(answer + 4, list, steps.len());
    for (index, (label, action)) in steps.iter().enumerate() {
        let step = list + STEP * index;
        memory.text(step, label);
        memory.action(step + 8, action);
        memory.byte(step + 104, 1);
        memory.text(step + 108, "because\n\u{1b}[31m");
    }
    if let Some(route) = route {
        // An attribute: its key, and from 8 on its value (case 6, texts), whose payload begins at 16.
        let reply = memory.reserve(40);
        memory.list(answer + 12, reply, 1);
        memory.text(reply, "routes");
        memory.byte(reply + 8, 6);
        let texts = memory.reserve(8);
        memory.list(reply + 16, texts, 1);
        memory.text(texts, route);
    }
    built(wat::parse_str(text(&memory.0, answer)).unwrap(), &contract(), manifest)
}

/// `good.wat`, with this memory and this answer to all three questions.
fn text(memory: &[u8], answer: usize) -> String {
    let mut data = String::new();
    for byte in memory {
        write!(data, "\\{byte:02x}").unwrap();
    }
    let pages = 1 + (memory.len() >> 16) + 1;
    let pointer = BASE + answer;
    let mut text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hostile/good.wat")).unwrap();
    text = text.replace("(memory (export \"memory\") 1)", &format!("(memory (export \"memory\") {pages})"));
    text = text.replace("(i32.const 1024)", &format!("(i32.const {pointer})"));
    text = text.replace("unreachable", &format!("(i32.const {pointer})"));
    let end = text.trim_end().strip_suffix(')').unwrap();
    format!("{end}\n  (data (i32.const {BASE}) \"{data}\"))")
}
