"""A mode's no to a user."""

from wit_world.imports import types


class Refusal(Exception):
    """The user's mistake, in words for the user: what was wrong and what would be right.

    `kind` is invalid, unsupported, conflict, exhausted, denied or internal; `code` is short and stable, for tests and
    scripts; `at` is the key of the option to change.
    """

    def __init__(self, kind, code, message, at=None):
        super().__init__(message)
        self.kind, self.code, self.message, self.at = kind, code, message, at

    def to_wit(self):
        return types.Refusal(types.RefusalClass[self.kind.upper()], self.code, self.message, self.at)
