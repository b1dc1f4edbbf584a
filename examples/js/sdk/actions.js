// The actions a plan is made of, one function each. What they mean is written in wit/mode.wit. A `bridge` or `port` is
// the label of an earlier step, or of one of the network's plan.

import { toAddress, toAttributes, toMac, toNet } from "./wire.js";

/** An Open vSwitch bridge: the network's own, or the one that a user named. */
export function bridge({ name = null, datapath = "auto" } = {}) {
  return { tag: "bridge", val: { name, datapath } };
}

/** A host interface on a bridge. */
export function uplink(bridge, name, { vlan = null, trunks = [] } = {}) {
  return { tag: "uplink", val: { bridge, name, vlan, trunks } };
}

/** The host's foot in the network, with its addresses there. */
export function hostPort(bridge, addresses, { vlan = null, mtu = null } = {}) {
  return { tag: "host-port", val: { bridge, addresses: addresses.map(toNet), vlan, mtu } };
}

/** The container's link, with its Ethernet and IP addresses: one in each endpoint's plan. */
export function endpointPort(bridge, endpoint, { vlan = null, trunks = [], mtu = null, isolated = false } = {}) {
  const [mac, addresses] = [toMac(endpoint.mac), endpoint.addresses.map(toNet)];
  return { tag: "endpoint-port", val: { bridge, mac, addresses, vlan, trunks, mtu, isolated } };
}

/** What leaves the host from `sources` by another way than the port carries the host's address. */
export function masquerade(port, sources) {
  return { tag: "masquerade", val: { port, sources: sources.map(toNet) } };
}

/** New connections may leave the network through the host port. */
export function forward(port, { hairpin = false } = {}) {
  return { tag: "forward", val: { port, hairpin } };
}

/** A published port, at an address of the container. */
export function publish(port, published, target, { translate = true } = {}) {
  const { protocol, hostPort, containerPort } = published;
  const hostAddress = published.hostAddress ? toAddress(published.hostAddress) : null;
  const where = { target: toAddress(target), targetPort: containerPort };
  return { tag: "publish", val: { port, protocol, hostAddress, hostPort, ...where, translate } };
}

/** What a later host knows: `kind` is name@version. */
export function custom(kind, argumentsOf = {}) {
  return { tag: "custom", val: { kind, arguments: toAttributes(argumentsOf) } };
}
