// The actions that OVN's northbound database is told, one function each: logical networks are the same on every host that
// says the same. A `router` or `logicalSwitch` is the label of an earlier step, or of one of the network's plan.

import { toAddress, toNet, toRoute } from "./wire.js";

/** A segment that spans hosts: the one of `vrf` and `subnets`, or one that exists and that the user named. */
export function logicalSwitch(vrf, subnets, { name = null } = {}) {
  return { tag: "logical-switch", val: { vrf, subnets: subnets.map(toNet), name } };
}

/** What the networks of a VRF are routed by. */
export function logicalRouter(vrf) {
  return { tag: "logical-router", val: { vrf } };
}

/** A router on a switch, with its addresses there; at the first of the hosts of `chassis` that is up, or everywhere. */
export function routerPort(router, logicalSwitch, addresses, { chassis = [] } = {}) {
  return { tag: "router-port", val: { router, switch: logicalSwitch, addresses: addresses.map(toNet), chassis } };
}

/** A route of a logical router. */
export function staticRoute(router, destination, nextHop) {
  return { tag: "static-route", val: { router, route: toRoute({ destination, nextHop }) } };
}

/** A physical network on a switch, by its name in the hosts' bridge mappings. */
export function localnet(logicalSwitch, network, { vlan = null } = {}) {
  return { tag: "localnet", val: { switch: logicalSwitch, network, vlan } };
}

/** What becomes of packets on a switch: `verdict` is allow, allow-related or drop. */
export function acl(logicalSwitch, priority, verdict, options = {}) {
  const { sources = [], destinations = [], protocol = null, port = null } = options;
  const nets = { sources: sources.map(toNet), destinations: destinations.map(toNet) };
  return { tag: "acl", val: { switch: logicalSwitch, priority, ...nets, protocol, port, verdict } };
}

/** A published port on a router: what is sent to `address` goes to `target`, an address of the container. */
export function loadBalancer(router, published, address, target) {
  const { protocol, hostPort: port, containerPort: targetPort } = published;
  const val = { router, protocol, address: toAddress(address), port, target: toAddress(target), targetPort };
  return { tag: "load-balancer", val };
}

/** What leaves a router from `sources` carries the address `external`. */
export function logicalNat(router, external, sources) {
  return { tag: "logical-nat", val: { router, external: toAddress(external), sources: sources.map(toNet) } };
}
