"""Networks, endpoints and published ports, as the host describes them."""

from dataclasses import dataclass, field

from .address import address, interface, mac
from .values import dictionary


@dataclass
class Subnet:
    """One address pool: `pool` is an `IPv4Network` or `IPv6Network`, `gateway` an interface in it or None."""

    pool: object
    gateway: object = None
    auxiliary: dict = field(default_factory=dict)


@dataclass
class Network:
    """A network as the user asked for it: every option that has a value or a default is in `options`. Pools of
    everything (0.0.0.0/0, ::/0) stand for none and are left out of `subnets`."""

    id: str
    internal: bool
    subnets: list
    options: dict
    facts: dict

    @classmethod
    def of(cls, wit):
        subnets = [
            Subnet(interface(subnet.pool).network, subnet.gateway and interface(subnet.gateway), dictionary(subnet.auxiliary))
            for subnet in wit.subnets
            if subnet.pool.prefix_length > 0
        ]
        return cls(wit.id, wit.internal, subnets, dictionary(wit.options), dictionary(wit.facts))

    def subnet_of(self, address):
        """The subnet an address lies in, or None."""
        return next((subnet for subnet in self.subnets if address in subnet.pool), None)

    def has_ipv6(self):
        """Whether containers get IPv6 addresses."""
        return any(subnet.pool.version == 6 for subnet in self.subnets)


@dataclass
class Endpoint:
    """A container's place in a network: `mac` is text, `addresses` are interfaces with the prefix lengths of their
    pools."""

    id: str
    mac: str
    addresses: list
    options: dict
    facts: dict

    @classmethod
    def of(cls, wit):
        addresses = [interface(net) for net in wit.addresses]
        return cls(wit.id, mac(wit.mac), addresses, dictionary(wit.options), dictionary(wit.facts))


@dataclass
class PublishedPort:
    """A port the user published: `protocol` is tcp, udp or sctp; no `host_address` means every address of the host."""

    protocol: str
    host_address: object
    host_port: int
    container_port: int

    @classmethod
    def of(cls, wit):
        host_address = wit.host_address and address(wit.host_address)
        return cls(wit.protocol.name.lower(), host_address, wit.host_port, wit.container_port)
