#!/usr/bin/env python3
"""Tests of the judge: each kind of a wrong run is told. python3 exchange/test_judge.py"""

from __future__ import annotations

import dataclasses
import sys
import unittest
from pathlib import Path
from typing import Any, Dict, List

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE / "provider"), str(HERE / "proxy")]

from cases import CASES, Case  # noqa: E402
from judge import Run, judge  # noqa: E402
from plan import Plan  # noqa: E402
from scenario import Scenario  # noqa: E402

CONTACTS = ["a,8613800000001", "b,8613800000002"]
CUT = {"addBatchCall": {"1": {"fault": "cut", "at": "answered"}}}


def came(event: str, endpoint: str, number: int, request_id: str, **keys: Any) -> Dict[str, Any]:
    return {"event": event, "endpoint": endpoint, "n": number, "requestID": request_id, **keys}


def performed(request_id: str, code: int = 0, answer: str = "success") -> Dict[str, Any]:
    return {"event": "request", "requestID": request_id, "answer": answer, "retCode": code}


def taken(name: str) -> Dict[str, Any]:
    return {"event": "order", "orderID": name}


def run(
    wanted: Dict[str, int],
    output: str,
    journal: List[str],
    provider: List,
    proxy: List,
    **case: Any,
) -> Run:
    written = "".join(line.replace(" | ", "\t") + "\n" for line in journal)
    return Run(Case({}, wanted, CONTACTS, **case), output, written, provider, proxy)


SENT, AGAIN = (
    "sent | addBatchCall | r-1 | u | MD5 | a | b",
    "sent | addBatchCall | r-2 | u | MD5 | a | b",
)
BATCH = [came("request", "addBatchCall", 1, "r-1"), came("answer", "addBatchCall", 1, "r-1")]
LOOK_UP = [
    came("request", "listOrderDetail", 1, "r-3"),
    came("answer", "listOrderDetail", 1, "r-3"),
]
FAULT = came("fault", "addBatchCall", 1, "r-1", fault="cut")
TAKEN = [performed("r-1"), taken("a"), taken("b")]
ACCEPTED = "a accepted\nb accepted\n"
# Runs in which nothing is wrong: without a fault, with one, and one that ends as unknown.
RIGHT = run({"accepted": 2}, ACCEPTED, [SENT, "answered | r-1 | accepted | accepted"], TAKEN, BATCH)
FAULTY = run(
    {"accepted": 2},
    ACCEPTED,
    [SENT, "answered | r-1 | unknown no_answer | unknown no_answer"],
    [*TAKEN, performed("r-3")],
    [BATCH[0], FAULT, *LOOK_UP],
    plan=CUT,
    doubt="no_answer",
)
UNKNOWN = dataclasses.replace(
    FAULTY,
    case=dataclasses.replace(FAULTY.case, wanted={"unknown no_answer": 2}),
    output="a unknown no_answer\nb unknown no_answer\n",
    proxy=[BATCH[0], FAULT, LOOK_UP[0]],
)
# The first answer is "busy", so that the orders are sent again.
BUSY = run(
    {"accepted": 2},
    ACCEPTED,
    [SENT, "answered | r-1 | again | again", AGAIN, "answered | r-2 | accepted | accepted"],
    [performed("r-1", 7, "code"), performed("r-2"), taken("a"), taken("b")],
    [*BATCH, came("request", "addBatchCall", 2, "r-2"), came("answer", "addBatchCall", 2, "r-2")],
)


class Judged(unittest.TestCase):
    def wrong(self, run: Run, **changed: Any) -> str:
        return "; ".join(judge(dataclasses.replace(run, **changed)))

    def test_right_runs(self) -> None:
        for one in (RIGHT, FAULTY, UNKNOWN, BUSY):
            self.assertEqual(judge(one), [])

    def test_the_output(self) -> None:
        for output in ("", "a accepted\n", "b accepted\na accepted\n", ACCEPTED + "c accepted\n"):
            self.assertIn("other orders", self.wrong(RIGHT, output=output))
        for output in ("a accepted\nb\n", "a accepted\nb again\n", "a accepted\nb acceptedly\n"):
            self.assertIn("b is ", self.wrong(RIGHT, output=output))

    def test_accepted_orders_were_taken_once(self) -> None:
        self.assertIn(
            "b is accepted, and was taken 0 times", self.wrong(RIGHT, provider=TAKEN[:-1])
        )
        twice = [*TAKEN, taken("b")]
        self.assertIn("b is accepted, and was taken 2 times", self.wrong(RIGHT, provider=twice))

    def test_refused_orders_were_not_taken(self) -> None:
        output = "a accepted\nb refused not_received\n"
        self.assertIn("taken 1 times", self.wrong(RIGHT, output=output))

    def test_unknown_orders_were_taken_at_most_once(self) -> None:
        self.assertIn("taken 2 times", self.wrong(UNKNOWN, provider=[*TAKEN, taken("a")]))

    def test_an_order_of_nobody(self) -> None:
        self.assertIn("c, which is no contact", self.wrong(RIGHT, provider=[*TAKEN, taken("c")]))

    def test_what_the_case_wants(self) -> None:
        case = dataclasses.replace(RIGHT.case, wanted={"accepted": 1, "refused provider": 1})
        self.assertIn("wanted", self.wrong(RIGHT, case=case))
        self.assertEqual(
            self.wrong(RIGHT, case=dataclasses.replace(case, also={"accepted": 2})), ""
        )

    def test_a_fault_that_has_not_happened(self) -> None:
        self.assertIn("has not happened", self.wrong(FAULTY, proxy=[*BATCH, *LOOK_UP]))
        every = dataclasses.replace(
            FAULTY.case, plan={"addBatchCall": {"all": CUT["addBatchCall"]["1"]}}
        )
        self.assertEqual(self.wrong(FAULTY, case=every), "")
        two = [*FAULTY.proxy, came("request", "addBatchCall", 2, "r-2")]
        self.assertIn("has not happened", self.wrong(FAULTY, case=every, proxy=two))
        self.assertIn("has not happened", self.wrong(FAULTY, case=every, proxy=LOOK_UP))

    def test_a_client_that_waited_longer_than_its_limit(self) -> None:
        proxy = [BATCH[0], dict(FAULT, gone=False), *LOOK_UP]
        self.assertIn("the client waited", self.wrong(FAULTY, proxy=proxy))

    def test_orders_that_were_never_unknown(self) -> None:
        journal = RIGHT.journal
        self.assertIn("no order was unknown as no_answer", self.wrong(FAULTY, journal=journal))
        also = dataclasses.replace(
            FAULTY.case, wanted={"refused not_received": 2}, also={"accepted": 2}
        )
        self.assertEqual(self.wrong(FAULTY, case=also, journal=journal), "")

    def test_an_interrupted_request(self) -> None:
        case = dataclasses.replace(FAULTY.case, doubt="interrupted")
        journal = FAULTY.journal.split("\n")[0] + "\n"
        self.assertEqual(self.wrong(FAULTY, case=case, journal=journal), "")

    def test_unknown_although_it_was_answered(self) -> None:
        proxy = [BATCH[0], FAULT, *LOOK_UP]
        self.assertIn("listOrderDetail has answered", self.wrong(UNKNOWN, proxy=proxy))

    def test_unknown_and_not_asked_for(self) -> None:
        self.assertIn("were not asked for", self.wrong(UNKNOWN, proxy=[BATCH[0], FAULT]))

    def test_unknown_orders_that_are_sent_again(self) -> None:
        # The answer was lost, or is none after which orders may be sent again.
        lost = [one for one in BUSY.proxy if one != BATCH[1]]
        self.assertIn("b was unknown and was sent again", self.wrong(BUSY, proxy=lost))
        unaccounted = [performed("r-1", 5001, "code"), *BUSY.provider[1:]]
        self.assertIn("b was unknown and was sent again", self.wrong(BUSY, provider=unaccounted))
        # A request for which there was no connection may be sent again.
        self.assertEqual(self.wrong(BUSY, proxy=BUSY.proxy[2:]), "")

    def test_a_request_that_comes_twice(self) -> None:
        again = came("request", "addBatchCall", 2, "r-1")
        self.assertIn("a request came 2 times", self.wrong(RIGHT, proxy=[*BATCH, again]))
        # Of one of the two only the head has come.
        head = came("fault", "addBatchCall", 1, "r-1", fault="cut", at="request head")
        self.assertEqual(self.wrong(RIGHT, proxy=[head, *BATCH, again]), "")
        self.assertIn("came 3 times", self.wrong(RIGHT, proxy=[head, *BATCH, again, again]))

    def test_a_request_that_the_journal_does_not_have(self) -> None:
        self.assertIn("not in the journal", self.wrong(RIGHT, journal="task\n"))

    def test_another_host(self) -> None:
        for line in ({"event": "redirected"}, {"event": "redirected", "head": "POST / HTTP/1.1"}):
            self.assertIn("another host got", self.wrong(RIGHT, proxy=[*BATCH, line]))

    def test_faults_of_the_harness(self) -> None:
        error = {"event": "error", "error": "E"}
        self.assertIn("harness: E", self.wrong(RIGHT, provider=[*TAKEN, error]))
        self.assertIn("harness: E", self.wrong(RIGHT, proxy=[*BATCH, error]))


class Cases(unittest.TestCase):
    def test_scenarios_and_plans_can_be_read(self) -> None:
        for name, case in CASES.items():
            with self.subTest(name):
                Scenario(case.scenario)
                Plan(case.plan)
                self.assertEqual(sum(case.wanted.values()), len(case.contacts))


if __name__ == "__main__":
    unittest.main()
