// Networks, endpoints and published ports, as the host describes them.

import { address, mac, net, object } from "./wire.js";

/**
 * A network as the user asked for it: `id`, `internal`, `subnets` (each with `pool`, `gateway` and `auxiliary`),
 * `options` (all that have a value or a default) and `facts`. Pools of everything (0.0.0.0/0, ::/0) stand for none and
 * are left out.
 */
export class Network {
  constructor({ id, internal, subnets, options, facts }) {
    const real = subnets.filter((subnet) => subnet.pool.prefixLength > 0);
    this.id = id;
    this.internal = internal;
    this.subnets = real.map(({ pool, gateway, auxiliary }) => ({
      pool: net(pool),
      gateway: gateway ? net(gateway) : null,
      auxiliary: object(auxiliary),
    }));
    this.options = object(options);
    this.facts = object(facts);
  }

  /** The subnet an address lies in. */
  subnetOf(address) {
    return this.subnets.find((subnet) => subnet.pool.contains(address));
  }

  /** Whether containers get IPv6 addresses. */
  hasIpv6() {
    return this.subnets.some((subnet) => subnet.pool.address.family === 6);
  }
}

/** A container's place in a network: `id`, `mac` (text), `addresses` (with the lengths of their pools' prefixes). */
export class Endpoint {
  constructor({ id, mac: octets, addresses, options, facts }) {
    this.id = id;
    this.mac = mac(octets);
    this.addresses = addresses.map(net);
    this.options = object(options);
    this.facts = object(facts);
  }
}

/** A port the user published: `protocol` (tcp, udp, sctp), `hostAddress` (none: all), `hostPort`, `containerPort`. */
export class PublishedPort {
  constructor({ protocol, hostAddress, hostPort, containerPort }) {
    Object.assign(this, { protocol, hostPort, containerPort });
    this.hostAddress = hostAddress ? address(hostAddress) : null;
  }
}
