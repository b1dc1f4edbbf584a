"""One line in the driver's log, under the mode's name: the only thing a mode can say besides its answer. `print` has
nowhere to go."""

from wit_world.imports.log import Level, log


def debug(message):
    """What helps the author of the mode."""
    log(Level.DEBUG, str(message))


def info(message):
    """What an operator may want to know."""
    log(Level.INFO, str(message))


def warn(message):
    """What an operator should look at."""
    log(Level.WARN, str(message))


def error(message):
    """What went wrong."""
    log(Level.ERROR, str(message))
