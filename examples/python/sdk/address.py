"""Addresses: the contract's, and those of the module `ipaddress`."""

from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, ip_address, ip_interface

from wit_world.imports.types import IpAddress_Ipv4, IpAddress_Ipv6, IpNet, Route


def address(wit):
    """An `IPv4Address` or `IPv6Address`."""
    if isinstance(wit, IpAddress_Ipv4):
        return IPv4Address(bytes(wit.value))
    return IPv6Address(b"".join(group.to_bytes(2, "big") for group in wit.value))


def interface(wit):
    """An address with its prefix length: an `IPv4Interface` or `IPv6Interface`."""
    return ip_interface((address(wit.address), wit.prefix_length))


def is_address(value):
    return isinstance(value, (IPv4Address, IPv6Address))


def is_interface(value):
    return isinstance(value, (IPv4Interface, IPv6Interface))


def to_address(value):
    """From an address, or its text."""
    value = ip_address(value)
    if value.version == 4:
        return IpAddress_Ipv4(tuple(value.packed))
    packed = value.packed
    return IpAddress_Ipv6(tuple(int.from_bytes(packed[at : at + 2], "big") for at in range(0, 16, 2)))


def to_net(value):
    """From an address with its prefix length, a network, or the text of one."""
    value = ip_interface(str(value))
    return IpNet(to_address(value.ip), value.network.prefixlen)


def to_route(destination, next_hop):
    return Route(to_net(destination), to_address(next_hop))


def mac(octets):
    """The text of an Ethernet address."""
    return ":".join(f"{octet:02x}" for octet in octets)


def to_mac(text):
    octets = tuple(bytes.fromhex(text.replace(":", "")))
    if len(octets) != 6:
        raise ValueError(f'"{text}" is not an Ethernet address: six octets with ":" between them are wanted')
    return octets
