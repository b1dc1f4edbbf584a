"""What makes three functions a module."""

from componentize_py_types import Err
from wit_world import exports

from .inputs import Endpoint, Network, PublishedPort
from .log import error
from .refusal import Refusal


def exported(plan_network, plan_endpoint, plan_publish):
    """The class that the contract calls. The module `app` has it under the name `Policy`."""

    class Policy(exports.Policy):
        def plan_network(self, network):
            return answer(plan_network, Network.of(network))

        def plan_endpoint(self, network, endpoint):
            return answer(plan_endpoint, Network.of(network), Endpoint.of(endpoint))

        def plan_publish(self, network, endpoint, ports):
            ports = [PublishedPort.of(port) for port in ports]
            return answer(plan_publish, Network.of(network), Endpoint.of(endpoint), ports)

    return Policy


def answer(function, *arguments):
    """A refusal is an answer. Every other exception ends the call, and would end it without a word."""
    try:
        return function(*arguments).to_wit()
    except Refusal as refusal:
        raise Err(refusal.to_wit()) from None
    except Exception as exception:
        say(exception)
        raise


def say(exception):
    """Where it was raised, and last what it was. (The module `traceback` looks for the sources, which are not there.)"""
    at = exception.__traceback__
    while at:
        code = at.tb_frame.f_code
        error(f"at {code.co_filename}:{at.tb_lineno}, in {code.co_name}")
        at = at.tb_next
    error(f"{type(exception).__name__}: {exception}")
