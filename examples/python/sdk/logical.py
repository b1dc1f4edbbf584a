"""The actions that OVN's northbound database is told, one function each: logical networks are the same on every host that
says the same.

A `router` or `switch` is the label of an earlier step, or of one of the network's plan.
"""

from wit_world.imports import types

from .address import to_address, to_net, to_route


def logical_switch(vrf, subnets, name=None):
    """A segment that spans hosts: the one of `vrf` and `subnets`, or one that exists and that the user named."""
    return types.Action_LogicalSwitch(types.LogicalSwitch(vrf, [to_net(net) for net in subnets], name))


def logical_router(vrf):
    """What the networks of a VRF are routed by."""
    return types.Action_LogicalRouter(types.LogicalRouter(vrf))


def router_port(router, switch, addresses, chassis=()):
    """A router on a switch, with its addresses there; at the first of the hosts of `chassis` that is up, or everywhere."""
    addresses = [to_net(net) for net in addresses]
    return types.Action_RouterPort(types.RouterPort(router, switch, addresses, list(chassis)))


def static_route(router, destination, next_hop):
    """A route of a logical router."""
    return types.Action_StaticRoute(types.StaticRoute(router, to_route(destination, next_hop)))


def localnet(switch, network, vlan=None):
    """A physical network on a switch, by its name in the hosts' bridge mappings."""
    return types.Action_Localnet(types.Localnet(switch, network, vlan))


def acl(switch, priority, verdict, sources=(), destinations=(), protocol=None, port=None):
    """What becomes of packets on a switch: `verdict` is allow, allow-related or drop."""
    protocol = protocol and types.Protocol[protocol.upper()]
    sources, destinations = [to_net(net) for net in sources], [to_net(net) for net in destinations]
    verdict = types.Verdict[verdict.upper().replace("-", "_")]
    return types.Action_Acl(types.Acl(switch, priority, sources, destinations, protocol, port, verdict))


def load_balancer(router, published, address, target):
    """A published port on a router: what is sent to `address` goes to `target`, an address of the container."""
    protocol = types.Protocol[published.protocol.upper()]
    there = to_address(address), published.host_port
    return types.Action_LoadBalancer(
        types.LoadBalancer(router, protocol, *there, to_address(target), published.container_port)
    )


def logical_nat(router, external, sources):
    """What leaves a router from `sources` carries the address `external`."""
    return types.Action_LogicalNat(types.LogicalNat(router, to_address(external), [to_net(net) for net in sources]))
