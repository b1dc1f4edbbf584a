// Mode lab: a switch of its own for each network.
//
// Containers reach each other and nobody else. With `gateway=host` this host is in the network, too, at the gateway's
// address, and the containers' default route leads to it. `isolated` keeps containers from each other, but for those
// that say `isolated=false` themselves: a server that every client reaches, and no client another.

import { Plan, Refusal, bridge, endpointPort, exported, hostPort } from "./sdk/index.js";

// The least MTU that IPv6 works with (RFC 8200, section 5).
const IPV6_MINIMUM_MTU = 1280;

/** What exists for the network itself: its switch, and the host's port if the host is the gateway. */
function planNetwork(network) {
  const { mtu } = network.options;
  checkMtu(mtu, network);
  const plan = new Plan();
  plan.add("bridge", bridge(), "the network's own switch");
  if (hostIsGateway(network)) {
    const gateways = network.subnets.filter((subnet) => subnet.gateway).map((subnet) => subnet.gateway);
    if (network.internal) {
      const message = "an internal network has no gateway: leave out gateway=host, or --internal";
      throw new Refusal("invalid", "internal-gateway", message, "gateway");
    }
    if (gateways.length === 0) {
      const message = "no subnet of the network has a gateway that this host could be: give --subnet";
      throw new Refusal("invalid", "no-gateway", message, "gateway");
    }
    plan.add("host", hostPort("bridge", gateways, { mtu }), "option gateway: this host at the gateway's address");
  }
  return plan;
}

/** What exists for one container: its link, and its way to the gateway. */
function planEndpoint(network, endpoint) {
  const isolated = endpoint.options.isolated ?? network.options.isolated;
  const why = isolated ? "the container's link, kept from other isolated ones" : "the container's link";
  const plan = new Plan();
  plan.add("port", endpointPort("bridge", endpoint, { mtu: mtuOf(network, endpoint), isolated }), why);
  if (hostIsGateway(network)) {
    for (const { address } of endpoint.addresses) {
      const gateway = network.subnetOf(address)?.gateway;
      if (gateway) plan.gateway(gateway.address);
    }
  }
  return plan;
}

/** A switch has nothing to publish a port with. */
function planPublish() {
  const message = "mode lab publishes no ports: leave out -p, or connect the container to a network of mode nat, too";
  throw new Refusal("unsupported", "publish", message);
}

function hostIsGateway(network) {
  return network.options.gateway === "host";
}

/** The container's own, else the network's. What is larger than the network's would be lost on the way. */
function mtuOf(network, endpoint) {
  const most = network.options.mtu;
  const mtu = endpoint.options.mtu ?? most;
  if (mtu > most) {
    const message = `an MTU of ${mtu} is more than the ${most} of the network: give ${most} or less`;
    throw new Refusal("invalid", "mtu-too-large", message, "mtu");
  }
  checkMtu(mtu, network);
  return mtu;
}

function checkMtu(mtu, network) {
  if (network.hasIpv6() && mtu < IPV6_MINIMUM_MTU) {
    const message = `an MTU of ${mtu} is too small for IPv6: give ${IPV6_MINIMUM_MTU} or more, or no IPv6 subnet`;
    throw new Refusal("invalid", "mtu-too-small", message, "mtu");
  }
}

export const policy = exported({ planNetwork, planEndpoint, planPublish });
