#!/usr/bin/env python3
"""Tests of the provider itself: python3 exchange/provider/test_provider.py"""

from __future__ import annotations

import hashlib
import http.client
import json
import tempfile
import threading
import time
import unittest
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import scenario
import signing
from provider import PREFIX, Provider

UUID, KEY = "account-1", "secret-1"
TASK = {"productID": "callbot", "userTaskID": "t"}


def digest(body: bytes, create_ts: str, request_id: str) -> str:
    """The rule once more, so that the provider is not tested with its own."""
    raw = f"{KEY}&body={body.decode()}&createTs={create_ts}&requestID={request_id}&uuid={UUID}"
    return hashlib.md5(raw.encode()).hexdigest().upper()


def order(order_id: str, phone: str) -> Dict[str, Any]:
    names = {"other": "", "userName": "", "customerName": "", "params": []}
    return {"orderID": order_id, "userPhone": phone, **names}


def batch(*orders: Dict[str, Any], base: str = "http://127.0.0.1:9") -> Dict[str, Any]:
    urls = {"orderCallbackUrl": base + "/order", "callCallbackUrl": base + "/call"}
    return {**TASK, "callInfoList": {**urls, "callList": list(orders)}}


class Case(unittest.TestCase):
    def start(self, **plan: Any) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "log"
        account = signing.Account(UUID, KEY)
        self.provider = Provider(account, scenario.Scenario(plan), str(self.path))
        self.addCleanup(self.provider.server_close)
        threading.Thread(target=self.provider.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(self.provider.shutdown)

    def log(self, event: str) -> List[Dict[str, Any]]:
        lines = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [line for line in lines if line["event"] == event]

    def verdict(self) -> str:
        return self.log("request")[-1]["verdict"]

    def exchange(
        self,
        endpoint: str,
        content: Any,
        change: Optional[Callable[[Dict[str, str]], None]] = None,
        age: int = 0,
        method: str = "POST",
    ) -> Tuple[http.client.HTTPResponse, bytes]:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        create_ts, request_id = str(int(time.time()) - age), uuid.uuid4().hex
        headers = {
            "requestID": request_id,
            "uuid": UUID,
            "createTs": create_ts,
            "sign": digest(body, create_ts, request_id),
        }
        if change is not None:
            change(headers)
        connection = http.client.HTTPConnection(*self.provider.server_address[:2], timeout=10)
        self.addCleanup(connection.close)
        connection.request(method, PREFIX + endpoint, body, headers)
        response = connection.getresponse()
        self.sent = headers
        return response, response.read()

    def code(self, endpoint: str, content: Any, **how: Any) -> int:
        """Sends a request. Returns the retCode of its answer, whose signature must be right."""
        response, body = self.exchange(endpoint, content, **how)
        create_ts, request_id = response.headers["createTs"], response.headers["requestID"]
        self.assertEqual(request_id, self.sent["requestID"])
        self.assertEqual(response.headers["uuid"], UUID)
        self.assertEqual(response.headers["sign"], digest(body, create_ts, request_id))
        self.answer = json.loads(body)
        return self.answer.get("retCode", self.answer.get("code"))

    def create(self) -> None:
        content = {**TASK, "sceneID": "s", "taskCallbackUrl": self.callback_url + "/task"}
        self.assertEqual(self.code("createTask", content), 0)

    callback_url = "http://127.0.0.1:9"


class Requests(Case):
    """What is genuine, and what is not."""

    def setUp(self) -> None:
        self.start()

    def assert_refused(self, code: int, verdict: str, change: Callable, **how: Any) -> None:
        self.assertEqual(self.code("ping", {"data": "d"}, change=change, **how), code)
        self.assertEqual(self.verdict(), verdict)

    def test_a_genuine_request(self) -> None:
        self.assertEqual(self.code("ping", {"data": "d"}), 0)
        self.assertEqual(self.answer["data"], "d")
        self.assertEqual(self.verdict(), "genuine")

    def test_sha256_where_the_account_has_it(self) -> None:
        account = signing.Account(UUID, KEY, "SHA256")
        raw = b"secret-1&body={}&createTs=1&requestID=r&uuid=account-1"
        self.assertEqual(account.sign(b"{}", "1", "r"), hashlib.sha256(raw).hexdigest().upper())

    def test_the_vector_of_the_public_sample(self) -> None:
        account = signing.Account(
            "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR", "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr"
        )
        body = b'{"customerId":"1234","appKey":"xxxxxx","status":1}'
        sign = account.sign(body, "1726200000", "00000000000000000000000000000001")
        self.assertEqual(sign, "780117DCF681FFBA0315EDDA24C3A8E2")

    def test_a_wrong_signature(self) -> None:
        self.assert_refused(6, "signature", lambda h: h.update(sign="0" * 32))

    def test_a_signature_in_lower_case(self) -> None:
        self.assert_refused(6, "signature", lambda h: h.update(sign=h["sign"].lower()))

    def test_a_body_that_was_changed_on_the_way(self) -> None:
        def change(headers: Dict[str, str]) -> None:
            headers["sign"] = digest(b"{}", headers["createTs"], headers["requestID"])

        self.assert_refused(6, "signature", change)

    def test_another_algorithm(self) -> None:
        self.assert_refused(6, "algorithm", lambda h: h.update(algorithm="SHA256"))

    def test_a_stale_request_and_one_of_the_future(self) -> None:
        for age in (301, -302):
            self.assert_refused(4, "stale", lambda h: None, age=age)
        self.assertEqual(self.code("ping", {"data": "d"}, age=298), 0)

    def test_each_header_is_needed_once(self) -> None:
        self.assert_refused(6001, "header_missing sign", lambda h: h.pop("sign"))
        for name in ("uuid", "createTs"):
            self.assert_refused(2, f"header_missing {name}", lambda h: h.pop(name))
            # Header names are case-insensitive.
            twice = lambda h: h.update({name.upper(): h[name]})  # noqa: E731
            self.assert_refused(3, f"header_duplicate {name}", twice)

    def test_a_request_without_an_id_has_an_unsigned_answer(self) -> None:
        response, body = self.exchange("ping", {"data": "d"}, lambda h: h.pop("requestID") and None)
        self.assertIsNone(response.headers["sign"])
        self.assertEqual(self.verdict(), "header_missing requestID")

    def test_another_account_has_an_unsigned_answer(self) -> None:
        response, body = self.exchange("ping", {"data": "d"}, lambda h: h.update(uuid="other"))
        self.assertIsNone(response.headers["sign"])
        self.assertEqual((json.loads(body)["code"], self.verdict()), (6002, "account"))

    def test_a_compressed_body(self) -> None:
        self.assert_refused(3, "encoding", lambda h: h.update({"Content-Encoding": "gzip"}))

    def test_an_id_that_was_used(self) -> None:
        self.assertEqual(self.code("ping", {"data": "d"}), 0)
        used = dict(self.sent)
        self.assert_refused(4, "request_id_again", lambda h: h.update(used))

    def test_paths_methods_and_lengths(self) -> None:
        self.assertEqual(self.exchange("nothing", {})[0].status, 404)
        self.assertEqual(self.verdict(), "path")
        self.assertEqual(self.exchange("ping", {}, method="GET")[0].status, 405)
        self.assertEqual(self.verdict(), "method")
        status = self.exchange("ping", b"", lambda h: h.update({"Content-Length": "x"}))[0].status
        self.assertEqual((status, self.verdict()), (400, "length"))

    def test_bodies_that_break_the_page(self) -> None:
        right = order("o", "8613800000001")
        without_name = {key: value for key, value in right.items() if key != "userName"}
        first = "/callInfoList/callList/0"
        phone = "not a country code and a number without any symbol"
        for code, pointer, why, endpoint, content in (
            (2, first + "/userName", "missing", "addBatchCall", batch(without_name)),
            (3, first + "/other", "not a string", "addBatchCall", batch({**right, "other": 1})),
            (4, first + "/orderID", "empty", "addBatchCall", batch({**right, "orderID": ""})),
            (4, first + "/userPhone", phone, "addBatchCall", batch({**right, "userPhone": "+861"})),
            (
                4,
                first,
                "a key that the page does not have",
                "addBatchCall",
                batch({**right, "x": 1}),
            ),
            (4, "/callInfoList/callList", "empty", "addBatchCall", batch()),
            (
                4,
                "/callInfoList/orderCallbackUrl",
                "not a URL",
                "addBatchCall",
                batch(right, base="x"),
            ),
            (4, "", "a key that the page does not have", "exportBatchCall", {**TASK, "x": 1}),
            (
                4,
                "/productID",
                "not one of the page's values",
                "exportBatchCall",
                {"productID": "x"},
            ),
            (4001, "/orderList", "more than 500", "listOrderDetail", {"orderList": ["o"] * 501}),
            (3, "/taskOperate", "not an integer", "mgrTaskStatus", {"taskOperate": True}),
            (
                4,
                "/taskOperate",
                "not one of the page's values",
                "mgrTaskStatus",
                {"taskOperate": 4},
            ),
        ):
            self.assertEqual(self.code(endpoint, {**TASK, **content}), code)
            self.assertEqual(self.verdict(), f"body_page {pointer}: {why}")
        self.assertEqual(self.log("order"), [])

    def test_bodies_that_are_no_json(self) -> None:
        for body in (b"", b"{", b'{"data":"d","data":"d"}', b'{"data":NaN}', b"[" * 100_000):
            self.assertEqual(self.code("ping", body), 3)
            self.assertEqual(self.verdict(), "body_json")
        self.assertEqual(self.code("ping", b"[]"), 3)


class Endpoints(Case):
    def setUp(self) -> None:
        self.start()
        self.create()

    def test_a_task_exists_once(self) -> None:
        self.assertEqual(self.code("createTask", {**TASK, "sceneID": "s"}), 4)
        for ids, found in (["t"], ["t"]), (["other"], []):
            conditions = {"page": 1, "size": 10, "queryConditions": {"userTaskID": ids}}
            self.assertEqual(self.code("listTask", {"productID": "callbot", **conditions}), 0)
            self.assertEqual([task["userTaskID"] for task in self.answer["taskData"]], found)

    def test_orders_are_taken_and_listed(self) -> None:
        orders = order("a", "8613800000001"), order("b", "8613800000002")
        self.assertEqual(self.code("addBatchCall", batch(*orders)), 0)
        self.assertEqual((self.answer["totalCount"], self.answer["successCount"]), (2, 2))
        self.assertEqual(self.code("listOrderDetail", {**TASK, "orderList": ["b", "c"]}), 0)
        self.assertEqual([one["orderID"] for one in self.answer["orderDetailList"]], ["b"])

    def test_an_order_that_is_sent_again_is_taken_again(self) -> None:
        for _ in range(2):
            self.assertEqual(self.code("addBatchCall", batch(order("a", "8613800000001"))), 0)
        self.assertEqual([one["count"] for one in self.log("order")], [1, 2])

    def test_a_task_that_does_not_exist(self) -> None:
        other = {**TASK, "userTaskID": "other"}
        content = {**batch(order("a", "8613800000001")), **other}
        self.assertEqual(self.code("addBatchCall", content), 4)
        self.assertEqual(self.code("mgrTaskStatus", {**other, "taskOperate": 1}), 4)
        self.assertEqual(self.log("order"), [])

    def test_the_status_of_a_task(self) -> None:
        for operate, status in (1, 2), (2, 5), (1, 2), (3, 3):
            self.assertEqual(self.code("mgrTaskStatus", {**TASK, "taskOperate": operate}), 0)
            self.assertEqual(self.answer["taskStatus"], status)
        self.assertEqual(self.code("mgrTaskStatus", {**TASK, "taskOperate": 1}), 4)
        self.assertEqual(self.code("updateTask", TASK), 4)

    def test_orders_are_stopped(self) -> None:
        self.assertEqual(self.code("addBatchCall", batch(order("a", "8613800000001"))), 0)
        self.assertEqual(self.code("stopOrder", {**TASK, "orderIDs": ["a", "b"]}), 0)
        self.assertEqual(self.answer["successCount"], 1)
        self.assertEqual(self.answer["errList"], [{"orderID": "b", "errMsg": "no such order"}])

    def test_a_batch_is_imported_and_exported(self) -> None:
        self.assertEqual(self.code("importBatchCall", batch(order("a", "8613800000001"))), 0)
        self.assertEqual(self.code("exportBatchCall", TASK), 0)
        self.assertEqual([one["orderID"] for one in self.answer["callList"]], ["a"])

    def test_a_task_is_created_with_orders(self) -> None:
        content = {**batch(order("a", "8613800000001")), "userTaskID": "u", "sceneID": "s"}
        self.assertEqual(self.code("createAndCall", content), 0)
        self.assertEqual(self.answer["successCount"], 1)
        self.assertEqual(self.code("createAndCall", content), 4)

    def test_queries_whose_answers_are_not_published(self) -> None:
        self.assertEqual(self.code("updateTask", TASK), 0)
        self.assertEqual(self.code("listOrder", {**TASK, "options": {}, "page": 1, "size": 1}), 0)
        self.assertEqual(self.code("listCall", {**TASK, "options": {"callID": None}}), 0)
        self.assertEqual(self.code("listCall", TASK), 2)


class Scenarios(Case):
    ORDERS = order("a", "8613800000001"), order("b", "8613800000002"), order("c", "8613800000003")

    def add(self) -> int:
        return self.code("addBatchCall", batch(*self.ORDERS))

    def taken(self) -> List[str]:
        return [one["orderID"] for one in self.log("order")]

    def begin(self, *several: Dict[str, Any], **plan: Any) -> None:
        self.start(answers={"addBatchCall": list(several)}, **plan)
        self.create()

    def test_answers_come_in_their_order(self) -> None:
        self.begin(
            {"answer": "code", "retCode": 7, "times": 2},
            {"answer": "partial", "phones": ["8613800000002"]},
        )
        self.assertEqual([self.add(), self.add()], [7, 7])
        self.assertEqual(self.taken(), [])
        self.assertEqual(self.add(), 0)
        self.assertEqual((self.answer["totalCount"], self.answer["successCount"]), (3, 2))
        self.assertEqual([one["phone"] for one in self.answer["errList"]], ["8613800000002"])
        self.assertEqual(self.taken(), ["a", "c"])
        self.assertEqual(self.add(), 0)
        self.assertEqual([one["n"] for one in self.log("request")[1:]], [1, 2, 3, 4])

    def test_one_of_two_orders_with_the_same_phone(self) -> None:
        self.begin({"answer": "partial", "orders": ["b"]})
        orders = order("a", "8613800000001"), order("b", "8613800000001")
        self.assertEqual(self.code("addBatchCall", batch(*orders)), 0)
        self.assertEqual([one["phone"] for one in self.answer["errList"]], ["8613800000001"])
        self.assertEqual(self.taken(), ["a"])

    def test_what_is_not_genuine_uses_up_no_answer(self) -> None:
        self.begin({"answer": "code", "retCode": 7})
        content = batch(*self.ORDERS)
        self.assertEqual(self.code("addBatchCall", content, change=lambda h: h.update(sign="x")), 6)
        self.assertEqual(self.add(), 7)

    def test_a_failure_that_took_some(self) -> None:
        self.begin({"answer": "code", "retCode": 5001, "taken": 2, "times": 0})
        self.assertEqual(self.add(), 5001)
        self.assertNotIn("successCount", self.answer)
        self.assertEqual(self.taken(), ["a", "b"])
        self.assertEqual(self.add(), 5001)

    def test_too_many_orders(self) -> None:
        self.begin(maxOrders=2)
        self.assertEqual(self.add(), 4001)
        self.assertEqual(self.taken(), [])
        self.assertEqual(self.code("addBatchCall", batch(*self.ORDERS[:2])), 0)

    def test_answers_that_nobody_can_verify(self) -> None:
        self.begin({"answer": "page"}, {"answer": "unsigned"}, {"answer": "otherKey"})
        response, body = self.exchange("addBatchCall", batch(self.ORDERS[0]))
        self.assertEqual((response.status, response.headers["sign"]), (502, None))
        self.assertIn(b"<html>", body)
        response, body = self.exchange("addBatchCall", batch(self.ORDERS[1]))
        self.assertEqual((json.loads(body)["retCode"], response.headers["sign"]), (0, None))
        response, body = self.exchange("addBatchCall", batch(self.ORDERS[2]))
        right = digest(body, response.headers["createTs"], response.headers["requestID"])
        self.assertEqual(len(response.headers["sign"]), len(right))
        self.assertNotEqual(response.headers["sign"], right)
        self.assertEqual(self.taken(), ["a", "b", "c"])

    def test_no_answer(self) -> None:
        self.begin({"answer": "close"}, {"answer": "close", "taken": 0})
        for _ in range(2):
            with self.assertRaises((http.client.RemoteDisconnected, ConnectionError)):
                self.add()
        self.assertEqual(self.taken(), ["a", "b", "c"])

    def test_a_page_that_created_nothing(self) -> None:
        self.start(answers={"createTask": [{"answer": "page", "taken": 0}]})
        self.assertEqual(self.exchange("createTask", {**TASK, "sceneID": "s"})[0].status, 502)
        self.create()

    def test_delays_before_and_after(self) -> None:
        self.begin({"delayBeforeMs": 300}, {"delayMs": 300})
        for number, taken in (1, 0), (2, 6):
            thread = threading.Thread(target=self.add)
            began = time.monotonic()
            thread.start()
            time.sleep(0.15)
            self.assertEqual(len(self.taken()), taken)
            thread.join()
            self.assertGreaterEqual(time.monotonic() - began, 0.3)
            self.assertEqual(len(self.taken()), number * 3)

    def test_counts_that_do_not_add_up(self) -> None:
        self.begin({"counts": {"successCount": 1}})
        self.assertEqual(self.add(), 0)
        self.assertEqual(self.answer["successCount"], 1)

    def test_a_clock_that_is_an_hour_off(self) -> None:
        self.start(clock=3600)
        self.assertEqual(self.code("ping", {"data": "d"}), 4)
        self.assertEqual(self.verdict(), "stale")

    def test_an_answer_of_a_clock_that_is_an_hour_off(self) -> None:
        self.begin({"clock": 3600})
        response, _ = self.exchange("addBatchCall", batch(*self.ORDERS))
        self.assertGreater(int(response.headers["createTs"]), time.time() + 3500)
        self.assertEqual(self.taken(), ["a", "b", "c"])

    def test_mistakes_in_a_scenario(self) -> None:
        for plan in (
            {"other": 1},
            {"answers": {"nothing": []}},
            {"answers": {"ping": [{"answer": "other"}]}},
            {"answers": {"ping": [{"more": 1}]}},
            {"callbacks": {"sequence": "other"}},
        ):
            with self.assertRaises(scenario.BadScenario):
                scenario.Scenario(plan)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.received.append((self.path, dict(self.headers.items()), body))
            busy = len(self.server.received) <= self.server.busy
        self.send_response(503 if busy else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


class Callbacks(Case):
    def begin(
        self, busy: int = 0, host: str = "127.0.0.1", **how: Any
    ) -> List[Tuple[str, Dict[str, str], bytes]]:
        """Runs a task with two orders, and returns what was received."""
        receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        receiver.received, receiver.busy, receiver.lock = [], busy, threading.Lock()
        self.addCleanup(receiver.server_close)
        threading.Thread(target=receiver.serve_forever, args=(0.01,), daemon=True).start()
        self.addCleanup(receiver.shutdown)
        self.callback_url = f"http://{host}:{receiver.server_address[1]}"
        self.start(callbacks=how)
        self.create()
        orders = order("a", "8613800000001"), order("b", "8613800000002")
        self.assertEqual(self.code("addBatchCall", batch(*orders, base=self.callback_url)), 0)
        self.assertEqual(self.code("mgrTaskStatus", {**TASK, "taskOperate": 1}), 0)
        for _ in range(500):
            if self.log("callbacks"):
                return receiver.received
            time.sleep(0.01)
        self.fail("the callbacks did not end")

    def test_signed_and_in_order(self) -> None:
        received = self.begin(calls=2)
        paths = [path for path, _, _ in received]
        self.assertEqual(paths, ["/call", "/call", "/order"] * 2 + ["/task"])
        for _, headers, body in received:
            right = digest(body, headers["createTs"], headers["requestID"])
            self.assertEqual((headers["sign"], "algorithm" in headers), (right, False))
        contents = [json.loads(body) for _, _, body in received]
        self.assertEqual([one.get("orderID") for one in contents], list("aaabbb") + [None])
        self.assertEqual([one.get("finish") for one in contents], [False, True, True] * 2 + [None])
        calls = {one["callInfoDetail"]["callID"] for one in contents[:-1]}
        self.assertEqual(len(calls), 4)
        self.assertEqual(contents[-1]["taskStat"]["finishOrderCount"], 2)

    def test_twice_as_the_same_message(self) -> None:
        received = self.begin(copies=2)
        self.assertEqual(received[:5], received[5:])

    def test_twice_with_new_ids(self) -> None:
        received = self.begin(copies=2, newRequestIDs=True)
        self.assertEqual([one[2] for one in received[:5]], [one[2] for one in received[5:]])
        self.assertEqual(len({one[1]["requestID"] for one in received}), 10)

    def test_out_of_order(self) -> None:
        received = self.begin(sequence="reversed")
        self.assertEqual([one[0] for one in received], ["/task"] + ["/order", "/call"] * 2)
        shuffled = [one[0] for one in self.begin(sequence="shuffled", calls=3)]
        self.assertEqual(sorted(shuffled), ["/call"] * 6 + ["/order"] * 2 + ["/task"])
        self.assertNotEqual(shuffled, (["/call"] * 3 + ["/order"]) * 2 + ["/task"])

    def test_late(self) -> None:
        began = time.monotonic()
        self.begin(delayMs=150, lateMs=150, copies=2, parallel=4)
        self.assertGreaterEqual(time.monotonic() - began, 0.3)

    def test_again_until_they_are_answered(self) -> None:
        received = self.begin(busy=2)
        self.assertEqual(len(received), 7)
        statuses = [(one["try"], one["status"]) for one in self.log("callback")]
        self.assertEqual(statuses, [(1, 503), (2, 503), (3, 200)] + [(1, 200)] * 4)

    def test_nothing_leaves_the_machine(self) -> None:
        # localhost stands for any name.
        self.assertEqual(self.begin(host="localhost", tries=1), [])
        self.assertEqual([one["status"] for one in self.log("callback")], [None] * 5)


if __name__ == "__main__":
    unittest.main()
