"""What an option, a fact or a reply holds."""

from wit_world.imports import types

from .address import address, interface, is_address, is_interface, mac, to_address, to_net


def value(wit):
    """As Python has it; an Ethernet address is text."""
    if isinstance(wit, types.Value_Address):
        return address(wit.value)
    if isinstance(wit, types.Value_Net):
        return interface(wit.value)
    if isinstance(wit, types.Value_Mac):
        return mac(wit.value)
    return wit.value


def to_value(value):
    """By the type of the value."""
    if isinstance(value, bool):
        return types.Value_Boolean(value)
    if isinstance(value, int):
        return types.Value_Integer(value)
    if isinstance(value, str):
        return types.Value_Text(value)
    if isinstance(value, list):
        return types.Value_Texts(value)
    if is_interface(value):
        return types.Value_Net(to_net(value))
    if is_address(value):
        return types.Value_Address(to_address(value))
    raise TypeError(f"{value!r} is no value: text, a number, a boolean, a list of texts or an address is wanted")


def dictionary(attributes):
    return {attribute.key: value(attribute.value) for attribute in attributes}


def to_attributes(values):
    return [types.Attribute(key, to_value(value)) for key, value in values.items()]
