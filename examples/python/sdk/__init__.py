"""What a mode in Python is written with: the contract's values as Python's own, and back.

Written by `docker-ovs mode new`; another docker-ovs writes another one. A mode is three functions, given to `exported`.
They get a `Network`, an `Endpoint` and a list of `PublishedPort`, with addresses as the module `ipaddress` has them and
options as a dictionary, and return a `Plan` or raise a `Refusal`. Any other exception is a defect of the mode: its
traceback goes to the driver's log, and Docker is told that the mode is broken. `log.debug` and its like write a line of
their own there.
"""

from . import log
from .actions import (
    bridge,
    custom,
    endpoint_port,
    forward,
    host_port,
    logical_switch_port,
    masquerade,
    publish,
    tunnel,
    uplink,
)
from .export import exported
from .inputs import Endpoint, Network, PublishedPort, Subnet
from .logical import (
    acl,
    load_balancer,
    localnet,
    logical_nat,
    logical_router,
    logical_switch,
    router_port,
    static_route,
)
from .plan import Plan
from .refusal import Refusal
