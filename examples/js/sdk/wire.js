// Between the contract's values and those that a mode sees.

import { Address, Net } from "./address.js";

export const address = (wit) => new Address(wit.val);
export const net = (wit) => new Net(address(wit.address), wit.prefixLength);
export const mac = (octets) => octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");

/** From an Address, or its text. */
export function toAddress(value) {
  const { family, parts } = typeof value === "string" ? Address.parse(value) : value;
  return { tag: family === 4 ? "ipv4" : "ipv6", val: parts };
}

/** From a Net, or its text. */
export function toNet(value) {
  const { address, prefixLength } = typeof value === "string" ? Net.parse(value) : value;
  return { address: toAddress(address), prefixLength };
}

export const toRoute = ({ destination, nextHop }) => ({ destination: toNet(destination), nextHop: toAddress(nextHop) });

export function toMac(text) {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) throw new TypeError(`"${text}" is not an Ethernet address`);
  return text.split(":").map((octet) => parseInt(octet, 16));
}

/** An option's, a fact's: an Ethernet address is text. */
function value({ tag, val }) {
  const read = { address, net, mac }[tag];
  return read ? read(val) : val;
}

/** By the type of the value. */
function toValue(value) {
  if (typeof value === "string") return { tag: "text", val: value };
  if (typeof value === "boolean") return { tag: "boolean", val: value };
  if (Number.isInteger(value)) return { tag: "integer", val: value };
  if (Array.isArray(value)) return { tag: "texts", val: value };
  if (value instanceof Address) return { tag: "address", val: toAddress(value) };
  if (value instanceof Net) return { tag: "net", val: toNet(value) };
  throw new TypeError(`${value} is no value: text, a number, a boolean, a list of texts or an address is wanted`);
}

export const object = (attributes) => Object.fromEntries(attributes.map((it) => [it.key, value(it.value)]));
export const toAttributes = (values) => Object.entries(values).map(([key, it]) => ({ key, value: toValue(it) }));
