"""The cases of exchange/run: what goes wrong, and what the orders end as, for every client."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Dict, List

from plan import PLACES

ORDERS = [f"o-{i},86138{i:08}" for i in range(1, 36)]
# What the 35 orders end as if all arrive, and if the second batch of 10 does not.
ALL = {"accepted": 35}
LOST = {"accepted": 25, "refused not_received": 10}


@dataclass
class Case:
    # The provider's scenario, and what becomes of the orders.
    scenario: Dict[str, Any]
    wanted: Dict[str, int]
    contacts: List[str] = field(default_factory=lambda: ORDERS)
    # The proxy's plan.
    plan: Dict[str, Any] = field(default_factory=dict)
    # Why orders must have been unknown in between if they end as `wanted`, or "".
    doubt: str = ""
    algorithm: str = "MD5"
    # What else the orders may end as, or nothing else.
    also: Dict[str, int] = field(default_factory=dict)
    # Whether a genuine answer to listOrderDetail has its list. One without it tells nothing.
    has_list: bool = True
    # What an earlier run has left in the journal. Then a second run must end like the first one.
    journal: str = ""


def refused(code: int) -> Dict[str, int]:
    """The second batch of 10 is refused."""
    return {"accepted": 25, f"refused ret_code_{code}": 10}


# --- What the provider does ---


def batches(*answers: Dict[str, Any]) -> Dict[str, Any]:
    return {"answers": {"addBatchCall": list(answers)}}


CALLBACKS = {"calls": 2, "copies": 2, "newRequestIDs": True, "sequence": "shuffled", "parallel": 8}
TWO_WITH_ONE_PHONE = ["a,8613800000001", "f,8613800000001"]
ONE_REFUSED_HERE = ["a,8613800000001", "b,+8613800000002"]
PAGES = batches({"answer": "page"}, {"answer": "page", "taken": 0})
CLOSED = batches({"answer": "close"}, {"answer": "close", "taken": 0})
NO_LOOK_UP = {
    "addBatchCall": [{"answer": "close"}],
    "listOrderDetail": [{"answer": "page", "times": 0}],
}
NO_LIST = {**NO_LOOK_UP, "listOrderDetail": [{"counts": {"orderDetailList": None}, "times": 0}]}
SENT = "sent\taddBatchCall\tr-{0}\tVh71ym3yQwWSYZFpqkFwTskGXUbSxDtR\tMD5\t{1}"
# The earlier run was killed while it wrote the last line: what it says does not count.
JOURNAL = "\n".join(
    [
        SENT.format(1, "o-1\to-2\to-3"),
        "answered\tr-1\trefused ret_code_6\tunknown no_answer\tagain",
        SENT.format(2, "o-4"),
        "answered\tr-2\trefused ret_co",
    ]
)
LEFT = {"accepted": 3, "refused ret_code_6": 1, "refused not_received": 2}
CASES = {
    "success": Case({}, ALL),
    "refused here": Case({}, {"accepted": 1, "refused phone_plus": 1}, ONE_REFUSED_HERE),
    "a tab": Case({}, {"accepted": 1, "refused tab": 1}, ["a,8613800000001", "b\tc,8613800000002"]),
    "partial": Case(
        batches({"answer": "partial", "phones": ["8613800000002"]}),
        {"accepted": 34, "refused provider": 1},
    ),
    "ambiguous": Case(
        batches({"answer": "partial", "orders": ["f"]}),
        {"accepted": 1, "refused not_received": 1},
        TWO_WITH_ONE_PHONE,
        doubt="ambiguous",
    ),
    "busy twice": Case(batches({"answer": "code", "retCode": 7, "times": 2}), ALL),
    "refused all": Case(batches({"answer": "code", "retCode": 6}), refused(6)),
    "unaccounted": Case(
        batches({"answer": "code", "retCode": 5001, "taken": 4}),
        {"accepted": 29, "refused not_received": 6},
        doubt="unaccounted",
    ),
    "too many": Case({"maxOrders": 3}, ALL),
    "a page of 502": Case(PAGES, LOST, doubt="not_verified"),
    "unsigned": Case(
        batches({"answer": "unsigned"}, {"answer": "otherKey"}), ALL, doubt="not_verified"
    ),
    "closed": Case(CLOSED, LOST, doubt="no_answer"),
    "late": Case(batches({"delayMs": 1400}, {"delayBeforeMs": 1400}), ALL, doubt="no_answer"),
    "no look-up": Case(
        {"answers": NO_LOOK_UP}, {"accepted": 25, "unknown no_answer": 10}, doubt="no_answer"
    ),
    "no list": Case(
        {"answers": NO_LIST},
        {"accepted": 25, "unknown no_answer": 10},
        doubt="no_answer",
        has_list=False,
    ),
    "task lost": Case({"answers": {"createTask": [{"answer": "close"}]}}, ALL),
    "an hour off": Case({"clock": 3600}, {"refused task": 35}),
    "an answer of an hour ago": Case(batches({"clock": -3600}), ALL, doubt="not_verified"),
    "a journal": Case({}, LEFT, ORDERS[:6], journal=JOURNAL, doubt="interrupted"),
    "callbacks": Case({"callbacks": CALLBACKS}, ALL),
}

# --- What the proxy does ---


def second(wanted: Dict[str, int], doubt: str = "", **fault: Any) -> Case:
    """A case in which the second batch has a fault."""
    return Case({}, wanted, plan={"addBatchCall": {"2": fault}}, doubt=doubt)


def ends(place: str) -> Dict[str, int]:
    """What the orders end as if the second batch gets this far, and no further."""
    return ALL if PLACES.index(place) >= PLACES.index("arrived") else LOST


def cut(at: str, **how: Any) -> Dict[str, Any]:
    return {"fault": "cut", "at": at, **how}


for at in PLACES[:-1]:
    CASES[f"reset at {at}"] = second(ends(at), "no_answer", **cut(at))
    CASES[f"closed at {at}"] = second(ends(at), "no_answer", **cut(at, orderly=True))
    CASES[f"killed at {at}"] = second(ends(at), "interrupted", fault="hold", at=at)
    if at != "arrived":
        CASES[f"late at {at}"] = second(ALL, "no_answer", fault="delay", at=at, ms=1400)
# The second run of the client has begun when the request of the first one arrives. It does not if
# the client was killed before all of it was sent, as it may be before the proxy has read the body.
for at in ("request head", "request body", "request"):
    case = second(ALL, "interrupted", fault="hold", at=at, late=True, ms=600)
    also = {} if at == "request" else LOST
    CASES[f"killed at {at}, arrives later"] = dataclasses.replace(case, also=also)
# libcurl sends the request again if it has not begun with the body when the connection ends.
for name in ("reset", "closed"):
    CASES[f"{name} at request head"].also = ALL
# The client has the whole answer. The third batch may be lost, if it is sent on the connection.
AFTER = {
    "reset": cut("answer"),
    "closed": cut("answer", orderly=True),
    "killed": {"fault": "hold", "at": "answer"},
}
for name, fault in AFTER.items():
    CASES[f"{name} at answer"] = dataclasses.replace(second(ALL, **fault), also=LOST)

CASES["request altered"] = second(refused(6), fault="alter", of="request")
CASES["answer altered"] = second(ALL, "not_verified", fault="alter", of="answer")
CASES["answer of another request"] = second(ALL, "not_verified", fault="earlier")

# An answer is signed by the requestID of the request. Without one the provider does not sign it.
DROPPED = {
    "requestID": LOST,
    "uuid": refused(2),
    "createTs": refused(2),
    "sign": refused(6001),
    "algorithm": ALL,
}
for header, wanted in DROPPED.items():
    doubt = "not_verified" if header == "requestID" else ""
    CASES[f"request without {header}"] = second(
        wanted, doubt, fault="drop", of="request", header=header
    )
    CASES[f"request with {header} twice"] = second(
        refused(3), fault="double", of="request", header=header
    )
    CASES[f"answer without {header}"] = second(
        ALL, "not_verified", fault="drop", of="answer", header=header
    )
    CASES[f"answer with {header} twice"] = second(
        ALL, "not_verified", fault="double", of="answer", header=header
    )
    CASES[f"answer with another {header}"] = second(
        ALL, "not_verified", fault="double", of="answer", header=header, value="1"
    )
# The algorithm that the request named is the one that its answer is verified by.
CASES["answer without algorithm"].doubt = ""
for algorithm_of in ("request", "answer"):
    CASES[f"SHA256: {algorithm_of} without algorithm"] = dataclasses.replace(
        second(
            refused(6) if algorithm_of == "request" else ALL,
            fault="drop",
            of=algorithm_of,
            header="algorithm",
        ),
        algorithm="SHA256",
    )

for status in (301, 302, 303, 307, 308):
    CASES[f"redirect {status}"] = second(LOST, "not_verified", fault="redirect", status=status)
    CASES[f"redirect {status}, arrived"] = second(
        ALL, "not_verified", fault="redirect", status=status, arrives=True
    )


def planned(wanted: Dict[str, int], doubt: str = "", **plan: Any) -> Case:
    """A case with faults of several requests: listTask_1=... is the first listTask."""
    numbered: Dict[str, Any] = {}
    for name, fault in plan.items():
        endpoint, number = name.split("_")
        numbered.setdefault(endpoint, {})[number] = fault
    return Case({}, wanted, plan=numbered, doubt=doubt)


ALTERED = {"fault": "alter", "of": "answer"}
EARLIER = {"fault": "earlier"}
REDIRECT = {"fault": "redirect", "status": 308}
NO_ANSWER = cut("answered")
UNKNOWN = {"accepted": 25, "unknown no_answer": 10}
CASES |= {
    "each batch: no answer": planned(ALL, "no_answer", addBatchCall_all=NO_ANSWER),
    "each batch lost": planned(
        {"refused not_received": 35}, "no_answer", addBatchCall_all=cut("request")
    ),
    "each batch, no look-up": planned(
        {"unknown no_answer": 35},
        "no_answer",
        addBatchCall_all=NO_ANSWER,
        listOrderDetail_all=cut("request"),
    ),
    "task: lost": planned(ALL, createTask_1=cut("request")),
    "task: no answer": planned(ALL, createTask_1=cut("answer body")),
    "task: no answer, not listed": planned(ALL, createTask_1=NO_ANSWER, listTask_1=NO_ANSWER),
    "task: late": planned(ALL, createTask_1={"fault": "delay", "at": "request", "ms": 1400}),
    "task: request altered": planned(ALL, createTask_1={"fault": "alter", "of": "request"}),
    "task: answers altered": planned(ALL, createTask_1=ALTERED, listTask_1=ALTERED),
    "task: redirected": planned({"refused task": 35}, createTask_all=REDIRECT),
    "task: killed": planned(ALL, createTask_1={"fault": "hold", "at": "request"}),
    "task: killed, arrives later": planned(
        ALL, createTask_1={"fault": "hold", "at": "request", "late": True, "ms": 300}
    ),
    "task: killed, arrived": planned(ALL, createTask_1={"fault": "hold", "at": "answered"}),
    "start: no answer": planned(ALL, mgrTaskStatus_1=NO_ANSWER),
    "start: answer altered": planned(ALL, mgrTaskStatus_1=ALTERED),
    "start: killed": planned(ALL, mgrTaskStatus_1={"fault": "hold", "at": "answered"}),
    "look-up: cut": planned(
        ALL,
        "no_answer",
        addBatchCall_2=NO_ANSWER,
        listOrderDetail_1=cut("request"),
        listOrderDetail_2=cut("answer body"),
    ),
    "look-up: late": planned(
        ALL,
        "no_answer",
        addBatchCall_2=NO_ANSWER,
        listOrderDetail_1={"fault": "delay", "at": "answered", "ms": 1400},
    ),
    "look-up: killed": planned(
        ALL,
        "no_answer",
        addBatchCall_2=NO_ANSWER,
        listOrderDetail_1={"fault": "hold", "at": "answered"},
    ),
    "look-up: altered once": planned(
        ALL, "no_answer", addBatchCall_2=NO_ANSWER, listOrderDetail_1=ALTERED
    ),
    "look-up: an earlier answer": planned(
        ALL,
        "no_answer",
        addBatchCall_2=NO_ANSWER,
        listOrderDetail_1=ALTERED,
        listOrderDetail_2=EARLIER,
    ),
    "look-up: altered": planned(
        UNKNOWN, "no_answer", addBatchCall_2=NO_ANSWER, listOrderDetail_all=ALTERED
    ),
    "look-up: redirected": planned(
        UNKNOWN, "no_answer", addBatchCall_2=NO_ANSWER, listOrderDetail_all=REDIRECT
    ),
    "killed twice": planned(
        LOST,
        "interrupted",
        addBatchCall_2={"fault": "hold", "at": "request"},
        addBatchCall_3={"fault": "hold", "at": "answered"},
    ),
}
