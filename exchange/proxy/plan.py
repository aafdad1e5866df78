"""The plan of the faults: what happens to which request."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Dict, Tuple

# The places of an exchange, in the order of time.
PLACES = (
    "request head",  # it was read; nothing was passed on
    "request body",  # half of it was read, and passed on with the head
    "request",  # all of it was read; nothing was passed on
    "arrived",  # all of the request was passed on
    "answered",  # the answer was read; nothing of it was passed on
    "answer head",  # it was passed on
    "answer body",  # half of it was passed on
    "answer",  # all of it was passed on
)
KINDS = ("cut", "delay", "hold", "alter", "drop", "double", "redirect", "earlier")


class BadPlan(Exception):
    """The plan has a mistake."""


@dataclass(frozen=True)
class Fault:
    fault: str
    # cut, delay, hold: where.
    at: str = ""
    # cut: with a FIN, otherwise with an RST.
    orderly: bool = False
    # delay, and hold with `late`: for how long.
    ms: int = 0
    # hold: goes on after the client has gone and a pause of `ms`; otherwise the request ends there.
    late: bool = False
    # alter, drop, double: "request" or "answer".
    of: str = ""
    # drop, double: which header. double: the second value; "" is the first one again.
    header: str = ""
    value: str = ""
    # redirect: its status, and whether the provider gets the request all the same.
    status: int = 0
    arrives: bool = False


NOTHING = Fault("")


class Plan:
    """What happens to the n-th request to an endpoint: {"addBatchCall": {"2": {"fault": ...}}}.

    The number "all" stands for each request that has no element of its own.
    """

    def __init__(self, value: Dict[str, Any]) -> None:
        self.faults: Dict[Tuple[str, str], Fault] = {}
        for endpoint, numbered in value.items():
            for number, fault in numbered.items():
                if not re.fullmatch("[1-9][0-9]*|all", number):
                    raise BadPlan(f"number: {number}")
                self.faults[endpoint, number] = read_fault(fault)

    def get(self, endpoint: str, number: int) -> Fault:
        every = self.faults.get((endpoint, "all"), NOTHING)
        return self.faults.get((endpoint, str(number)), every)


def read_fault(value: Dict[str, Any]) -> Fault:
    unknown = set(value) - {one.name for one in fields(Fault)}
    if unknown:
        raise BadPlan(f"unknown {', '.join(sorted(unknown))}")
    fault = Fault(**value)
    if fault.fault not in KINDS:
        raise BadPlan(f"fault: {fault.fault}")
    if fault.fault in ("cut", "delay", "hold") and fault.at not in PLACES:
        raise BadPlan(f"at: {fault.at}")
    if fault.fault in ("alter", "drop", "double") and fault.of not in ("request", "answer"):
        raise BadPlan(f"of: {fault.of}")
    if fault.fault in ("drop", "double") and not fault.header:
        raise BadPlan("header")
    if fault.fault == "redirect" and not 300 <= fault.status <= 399:
        raise BadPlan(f"status: {fault.status}")
    return fault
