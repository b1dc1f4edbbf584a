"""Mode lab: a switch of its own for each network.

Containers reach each other and nobody else. With `gateway=host` this host is in the network, too, at the gateway's
address, and the containers' default route leads to it. `isolated` keeps containers from each other, but for those that
say `isolated=false` themselves: a server that every client reaches, and no client another.
"""

from sdk import Plan, Refusal, bridge, endpoint_port, exported, host_port

# The least MTU that IPv6 works with (RFC 8200, section 5).
IPV6_MINIMUM_MTU = 1280


def plan_network(network):
    """What exists for the network itself: its switch, and the host's port if the host is the gateway."""
    mtu = network.options["mtu"]
    check_mtu(mtu, network)
    plan = Plan()
    plan.add("bridge", bridge(), "the network's own switch")
    if host_is_gateway(network):
        gateways = [subnet.gateway for subnet in network.subnets if subnet.gateway]
        if network.internal:
            message = "an internal network has no gateway: leave out gateway=host, or --internal"
            raise Refusal("invalid", "internal-gateway", message, at="gateway")
        if not gateways:
            message = "no subnet of the network has a gateway that this host could be: give --subnet"
            raise Refusal("invalid", "no-gateway", message, at="gateway")
        port = host_port("bridge", gateways, mtu=mtu)
        plan.add("host", port, "option gateway: this host at the gateway's address")
    return plan


def plan_endpoint(network, endpoint):
    """What exists for one container: its link, and its way to the gateway."""
    isolated = endpoint.options.get("isolated", network.options["isolated"])
    why = "the container's link, kept from other isolated ones" if isolated else "the container's link"
    plan = Plan()
    plan.add("port", endpoint_port("bridge", endpoint, mtu=mtu_of(network, endpoint), isolated=isolated), why)
    if host_is_gateway(network):
        subnets = [network.subnet_of(address.ip) for address in endpoint.addresses]
        for gateway in [subnet.gateway for subnet in subnets if subnet and subnet.gateway]:
            plan.gateway(gateway.ip)
    return plan


def plan_publish(network, endpoint, ports):
    """A switch has nothing to publish a port with."""
    message = "mode lab publishes no ports: leave out -p, or connect the container to a network of mode nat, too"
    raise Refusal("unsupported", "publish", message)


def host_is_gateway(network):
    return network.options["gateway"] == "host"


def mtu_of(network, endpoint):
    """The container's own, else the network's. What is larger than the network's would be lost on the way."""
    most = network.options["mtu"]
    mtu = endpoint.options.get("mtu", most)
    if mtu > most:
        message = f"an MTU of {mtu} is more than the {most} of the network: give {most} or less"
        raise Refusal("invalid", "mtu-too-large", message, at="mtu")
    check_mtu(mtu, network)
    return mtu


def check_mtu(mtu, network):
    if network.has_ipv6() and mtu < IPV6_MINIMUM_MTU:
        message = f"an MTU of {mtu} is too small for IPv6: give {IPV6_MINIMUM_MTU} or more, or no IPv6 subnet"
        raise Refusal("invalid", "mtu-too-small", message, at="mtu")


Policy = exported(plan_network, plan_endpoint, plan_publish)
