"""The actions a plan is made of, one function each; those of OVN are in `logical`. What they mean is written in
`wit/mode.wit`.

A `bridge` or `port` is the label of an earlier step, or of one of the network's plan; what a port is `on` is a bridge's
label, or what `logical_switch_port` makes of a logical switch's.
"""

from wit_world.imports import types

from .address import to_address, to_mac, to_net, to_route
from .values import to_attributes


def logical_switch_port(label):
    """What a port on a logical switch is plugged into."""
    return types.Attachment_LogicalSwitch(label)


def attachment(on):
    return types.Attachment_Bridge(on) if isinstance(on, str) else on


def bridge(name=None, datapath="auto"):
    """An Open vSwitch bridge: the network's own, or the one that a user named."""
    return types.Action_Bridge(types.Bridge(name, types.Datapath[datapath.upper()]))


def uplink(bridge, name, vlan=None, trunks=()):
    """A host interface on a bridge."""
    return types.Action_Uplink(types.Uplink(bridge, name, vlan, list(trunks)))


def tunnel(bridge, encapsulation, vni, peers):
    """The other hosts of a bridge's segment, by their addresses: `encapsulation` is vxlan or geneve."""
    wrapped = types.Encapsulation[encapsulation.upper()]
    return types.Action_Tunnel(types.Tunnel(bridge, wrapped, vni, [to_address(peer) for peer in peers]))


def host_port(on, addresses, routes=(), vlan=None, mtu=None):
    """The host's foot in the network, with its addresses there. A route is a destination and a next hop."""
    addresses = [to_net(net) for net in addresses]
    routes = [to_route(*route) for route in routes]
    return types.Action_HostPort(types.HostPort(attachment(on), addresses, routes, vlan, mtu))


def endpoint_port(
    on,
    endpoint,
    vlan=None,
    trunks=(),
    mtu=None,
    isolated=False,
    secured=False,
    allowed=(),
    rate_ingress=None,
    rate_egress=None,
):
    """The container's link, with its Ethernet and IP addresses: one in each endpoint's plan.

    What a `secured` port may send as, too, are `allowed` stations: an Ethernet address, or `None` for the port's own, and
    an address with its prefix length. Rates are bits per second, to the container and from it.
    """
    return types.Action_EndpointPort(
        types.EndpointPort(
            attachment(on),
            to_mac(endpoint.mac),
            [to_net(net) for net in endpoint.addresses],
            vlan,
            list(trunks),
            mtu,
            isolated,
            secured,
            [types.Station(mac and to_mac(mac), to_net(net)) for mac, net in allowed],
            rate_ingress,
            rate_egress,
        )
    )


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
