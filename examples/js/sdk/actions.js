// The actions a plan is made of, one function each; those of OVN are in logical.js. What they mean is written in
// wit/mode.wit. A `bridge` or `port` is the label of an earlier step, or of one of the network's plan; what a port is `on`
// is a bridge's label, or what `logicalSwitchPort` makes of a logical switch's.

import { toAddress, toAttributes, toMac, toNet, toRoute } from "./wire.js";

/** What a port on a logical switch is plugged into. */
export const logicalSwitchPort = (label) => ({ tag: "logical-switch", val: label });

const attachment = (on) => (typeof on === "string" ? { tag: "bridge", val: on } : on);

/** An Open vSwitch bridge: the network's own, or the one that a user named. */
export function bridge({ name = null, datapath = "auto" } = {}) {
  return { tag: "bridge", val: { name, datapath } };
}

/** A host interface on a bridge. */
export function uplink(bridge, name, { vlan = null, trunks = [] } = {}) {
  return { tag: "uplink", val: { bridge, name, vlan, trunks } };
}

/** The other hosts of a bridge's segment, by their addresses: `encapsulation` is vxlan or geneve. */
export function tunnel(bridge, encapsulation, vni, peers) {
  return { tag: "tunnel", val: { bridge, encapsulation, vni, peers: peers.map(toAddress) } };
}

/** The host's foot in the network, with its addresses there. A route is `{ destination, nextHop }`. */
export function hostPort(on, addresses, { routes = [], vlan = null, mtu = null } = {}) {
  const nets = { addresses: addresses.map(toNet), routes: routes.map(toRoute) };
  return { tag: "host-port", val: { on: attachment(on), ...nets, vlan, mtu } };
}

/**
 * The container's link, with its Ethernet and IP addresses: one in each endpoint's plan. What a `secured` port may send as,
 * too, are `allowed` stations, `{ address, mac }`. Rates are bits per second, to the container and from it.
 */
export function endpointPort(on, endpoint, options = {}) {
  const { vlan = null, trunks = [], mtu = null, isolated = false, secured = false, allowed = [] } = options;
  const { rateIngress = null, rateEgress = null } = options;
  const [mac, addresses] = [toMac(endpoint.mac), endpoint.addresses.map(toNet)];
  const port = { on: attachment(on), mac, addresses, vlan, trunks, mtu, isolated };
  return { tag: "endpoint-port", val: { ...port, secured, allowed: allowed.map(station), rateIngress, rateEgress } };
}

const station = ({ address, mac = null }) => ({ mac: mac && toMac(mac), address: toNet(address) });

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
