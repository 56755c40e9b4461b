"""The way out to other hosts: who may be called, and a client that calls nobody else."""

from monitor.core.addresses import Address as Address, AddressPolicy as AddressPolicy, Allowed as Allowed
from monitor.net.deadline import Deadline as Deadline, DeadlinePassed as DeadlinePassed
from monitor.net.resolve import NameNotFound as NameNotFound, Resolve as Resolve, system_resolve as system_resolve
from monitor.net.transport import (
    DEADLINE as DEADLINE,
    SCHEMES as SCHEMES,
    AddressRefused as AddressRefused,
    GuardedTransport as GuardedTransport,
    TlsFailed as TlsFailed,
    guarded_client as guarded_client,
    trusted_context as trusted_context,
)
