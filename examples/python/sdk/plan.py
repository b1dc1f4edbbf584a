"""The whole answer of a mode: steps in order, and what Docker is told."""

import re

from wit_world.imports import types

from .values import to_attributes


class Plan:
    """Steps in order, and for an endpoint the reply: `reply["routes"]`, say, for what no method is for."""

    def __init__(self):
        self.steps = []
        self.reply = {}

    def add(self, label, action, why, shared=None):
        """Adds a step. The label names what it makes, for the steps that build on it; `why` is for people.

        What other networks of the host have, too, and add with the same label and action, has the same `shared` key in
        all of them.
        """
        if not re.fullmatch("[A-Za-z0-9-]{1,32}", label):
            raise ValueError(f'"{label}" is not a label: 1 to 32 letters, digits and "-"')
        if any(step.label == label for step in self.steps):
            raise ValueError(f'the label "{label}" is used twice')
        self.steps.append(types.Step(label, action, why, shared))

    def gateway(self, address):
        """Makes an address the container's default route, for its family."""
        self.reply["gateway" if address.version == 4 else "gateway6"] = address

    def to_wit(self):
        return types.Plan(self.steps, to_attributes(self.reply))
