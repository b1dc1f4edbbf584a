"""The actions a plan is made of, one function each. What they mean is written in `wit/mode.wit`.

A `bridge` or `port` is the label of an earlier step, or of one of the network's plan.
"""

from wit_world.imports import types

from .address import to_address, to_mac, to_net
from .values import to_attributes


def bridge(name=None, datapath="auto"):
    """An Open vSwitch bridge: the network's own, or the one that a user named."""
    return types.Action_Bridge(types.Bridge(name, types.Datapath[datapath.upper()]))


def uplink(bridge, name, vlan=None, trunks=()):
    """A host interface on a bridge."""
    return types.Action_Uplink(types.Uplink(bridge, name, vlan, list(trunks)))


def host_port(bridge, addresses, vlan=None, mtu=None):
    """The host's foot in the network, with its addresses there."""
    return types.Action_HostPort(types.HostPort(bridge, [to_net(net) for net in addresses], vlan, mtu))


def endpoint_port(bridge, endpoint, vlan=None, trunks=(), mtu=None, isolated=False):
    """The container's link, with its Ethernet and IP addresses: one in each endpoint's plan."""
    addresses = [to_net(net) for net in endpoint.addresses]
    port = types.EndpointPort(bridge, to_mac(endpoint.mac), addresses, vlan, list(trunks), mtu, isolated)
    return types.Action_EndpointPort(port)


def masquerade(port, sources):
    """What leaves the host from `sources` by another way than the port carries the host's address."""
    return types.Action_Masquerade(types.Masquerade(port, [to_net(net) for net in sources]))


def forward(port, hairpin=False):
    """New connections may leave the network through the host port."""
    return types.Action_Forward(types.Forward(port, hairpin))


def publish(port, published, target, translate=True):
    """A published port (a `PublishedPort`), at an address of the container."""
    host_address = published.host_address and to_address(published.host_address)
    protocol = types.Protocol[published.protocol.upper()]
    return types.Action_Publish(
        types.Publish(
            port, protocol, host_address, published.host_port, to_address(target), published.container_port, translate
        )
    )


def custom(kind, **arguments):
    """What a later host knows: `kind` is name@version."""
    return types.Action_Custom(types.Custom(kind, to_attributes(arguments)))
