"""What is wrong with a run, by the logs of the provider and of the proxy and by the journal."""

from __future__ import annotations

import collections
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Tuple

from cases import Case

Lines = List[Dict[str, Any]]
# The retCodes after which the provider has taken nothing, so that orders may be sent again.
AGAIN = (4001, 7, 5, 1001)


@dataclass
class Run:
    case: Case
    # The client's output and journal.
    output: str
    journal: str
    # The lines of the logs.
    provider: Lines
    proxy: Lines

    def results(self) -> List[List[str]]:
        return [line.split(" ", 1) for line in self.output.splitlines()]

    def counts(self) -> Dict[str, int]:
        return dict(collections.Counter(result for _, *rest in self.results() for result in rest))

    def sent(self) -> List[Tuple[str, List[str]]]:
        """The requests that added orders: their requestIDs and orders."""
        fields = [line.split("\t") for line in self.journal.splitlines()]
        return [(one[2], one[5:]) for one in fields if one[0] == "sent"]

    def doubts(self) -> set[str]:
        """Why orders were unknown in between."""
        fields = [line.split("\t") for line in self.journal.splitlines()]
        answered = {one[1]: one[2:] for one in fields if one[0] == "answered"}
        results = [answered.get(request, ["unknown interrupted"]) for request, _ in self.sent()]
        return {one[8:] for some in results for one in some if one.startswith("unknown ")}

    def at_proxy(self, event: str, endpoint: str) -> Lines:
        return [one for one in self.proxy if one["event"] == event and one["endpoint"] == endpoint]


def judge(run: Run) -> List[str]:
    """Returns what is wrong, which is nothing if the client did right."""
    checks = (errors, redirected, orders, requests, unknown, faults)
    return [wrong for check in checks for wrong in check(run)]


def errors(run: Run) -> Iterator[str]:
    for line in run.provider + run.proxy:
        if line["event"] == "error":
            yield f"a fault of the harness: {line['error']}"


def faults(run: Run) -> Iterator[str]:
    """Each fault of the plan must have happened."""
    for endpoint, numbered in run.case.plan.items():
        happened = {one["n"]: one for one in run.at_proxy("fault", endpoint)}
        for number in numbered:
            came = [one["n"] for one in run.at_proxy("request", endpoint)]
            numbers = came if number == "all" else [int(number)]
            if not numbers or not all(one in happened for one in numbers):
                yield f"the fault of {endpoint} {number} has not happened"
        for number, line in happened.items():
            if not line.get("gone", True):
                yield f"the client waited for {endpoint} {number}"
    also = run.case.also and run.counts() == run.case.also
    if run.case.doubt and run.case.doubt not in run.doubts() and not also:
        yield f"no order was unknown as {run.case.doubt}: {run.doubts() or 'none was'}"


def orders(run: Run) -> Iterator[str]:
    """Each order ends as one of three, and the provider's log agrees."""
    names = [contact.split(",")[0] for contact in run.case.contacts]
    if [name for name, *_ in run.results()] != names:
        yield "the output has other orders"
    took = collections.Counter(one["orderID"] for one in run.provider if one["event"] == "order")
    for name, *rest in run.results():
        result, times = "".join(rest), took.pop(name, 0)
        right = {"accepted": times == 1, "refused": times == 0, "unknown": times <= 1}
        if not right.get(result.split(" ")[0], False):
            yield f"{name} is {result}, and was taken {times} times"
    for name, times in took.items():
        yield f"{name}, which is no contact, was taken {times} times"
    if run.counts() not in (run.case.wanted, run.case.also or run.case.wanted):
        yield f"wanted {run.case.wanted}"


def unknown(run: Run) -> Iterator[str]:
    """Orders stay unknown only if they were asked for, and no genuine answer came."""
    is_any = any(result.startswith("unknown") for result in run.counts())
    if not is_any or not run.case.has_list:
        return
    came = {one["requestID"] for one in run.at_proxy("answer", "listOrderDetail")}
    for line in run.provider:
        success = (
            line["event"] == "request" and line["answer"] == "success" and line["retCode"] == 0
        )
        if success and line["requestID"] in came:
            yield "orders are unknown although listOrderDetail has answered"
            break
    if not run.at_proxy("request", "listOrderDetail"):
        yield "orders are unknown that were not asked for"


def requests(run: Run) -> Iterator[str]:
    """No request comes twice, each is in the journal, and no unknown order is sent again."""
    came = collections.Counter(one["requestID"] for one in run.proxy if one["event"] == "request")
    # Of these the proxy has read the head alone. A client that has not begun with the body, which
    # libcurl knows, may send the request again.
    heads = [one["requestID"] for one in run.proxy if one.get("at") == "request head"]
    for request, times in came.items():
        if times - heads.count(request) > 1:
            yield f"a request came {times} times"
    sent = run.sent()
    for line in run.at_proxy("request", "addBatchCall"):
        if line["requestID"] not in [request for request, _ in sent]:
            yield "a request with orders is not in the journal"
    answered = {one["requestID"] for one in run.at_proxy("answer", "addBatchCall")}
    codes = {one["requestID"]: one["retCode"] for one in run.provider if one["event"] == "request"}
    last: Dict[str, str] = {}
    for request, names in sent:
        for name in names:
            before = last.get(name)
            nothing_taken = before in answered and codes.get(before) in AGAIN
            if before in came and not nothing_taken:
                yield f"{name} was unknown and was sent again"
            last[name] = request


def redirected(run: Run) -> Iterator[str]:
    """No host but the provider is sent anything, not even a connection."""
    for line in run.proxy:
        if line["event"] == "redirected":
            yield f"another host got {line.get('head', 'a connection')!r}"
