#!/usr/bin/env python3
"""Tests of the proxy itself: python3 exchange/proxy/test_proxy.py"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from plan import PLACES, BadPlan, Plan
from proxy import Log, Proxy
from wire import BadMessage, Connection, Listener, length_of, value_of

BODY = b'{"orders":["o-1","o-2"]}'
ANSWER = b'{"retCode":0,"retMsg":"success"}'
PATH = "/callcentre/api/v3/addBatchCall"


def request(number: int = 1, path: str = PATH, body: bytes = BODY) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nrequestID: r-{number}\r\nsign: S\r\nContent-Length: {len(body)}"
    )
    return head.encode() + b"\r\n\r\n" + body


class Case(unittest.TestCase):
    """A proxy before a provider that keeps what it gets."""

    def start(self, plan: Optional[Dict[str, Any]] = None, **fault: Any) -> None:
        """The fault is that of the first addBatchCall."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "log"
        # What came in each request, also in a part of one, and when.
        self.got: List[bytes] = []
        self.times: List[float] = []
        self.killed = threading.Event()
        self.provider = Listener("127.0.0.1", 0, self.serve)
        plan = plan or ({"addBatchCall": {"1": fault}} if fault else {})
        log = Log(str(self.path))
        self.addCleanup(log.close)
        self.proxy = Proxy(self.provider.port, Plan(plan), log, self.killed.set)

    # How long the provider takes, and how many requests it has answered.
    pause, answered = 0.0, 0

    def serve(self, connection: Connection) -> None:
        head = connection.read_head()
        body = connection.read(length_of(head)) if head else b""
        self.got.append(head + body)
        self.times.append(time.monotonic())
        if head and len(body) == length_of(head):
            named = f"requestID: {value_of(head, 'requestID')}\r\nsign: A\r\n"
            lines = f"HTTP/1.1 200 OK\r\n{named}Content-Length: {len(ANSWER)}\r\n\r\n"
            time.sleep(self.pause)
            connection.sock.sendall(lines.encode() + ANSWER)
            self.answered += 1
        connection.close()

    def connect(self) -> Connection:
        connection = Connection(
            socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10)
        )
        self.addCleanup(connection.sock.close)
        return connection

    def exchange(self, connection: Connection, sent: bytes) -> Tuple[bytes, bytes]:
        connection.sock.sendall(sent)
        head = connection.read_head()
        return head, connection.read(length_of(head)) if head else b""

    def received(self, connection: Connection) -> Tuple[bytes, bool]:
        """What comes until the end, and whether that is a reset."""
        got = b""
        try:
            while data := connection.sock.recv(65536):
                got += data
        except ConnectionResetError:
            return got, True
        return got, False

    def end(self) -> None:
        self.proxy.close()
        self.provider.close()

    def log(self, event: str) -> List[Dict[str, Any]]:
        lines = [json.loads(line) for line in self.path.read_text().splitlines()]
        return [line for line in lines if line["event"] == event]


class Passing(Case):
    def test_requests_and_answers_are_passed_on_byte_by_byte(self) -> None:
        self.start()
        client = self.connect()
        for number in (1, 2, 3):
            head, body = self.exchange(client, request(number))
            self.assertIn(f"requestID: r-{number}\r\n".encode(), head)
            self.assertEqual(body, ANSWER)
        client.sock.close()
        self.end()
        self.assertEqual(self.got, [request(1), request(2), request(3)])
        wanted = [("addBatchCall", n, f"r-{n}") for n in (1, 2, 3)]
        for event in ("request", "answer"):
            lines = self.log(event)
            self.assertEqual(
                [(one["endpoint"], one["n"], one["requestID"]) for one in lines], wanted
            )
        self.assertEqual(self.log("fault"), [])

    def test_a_request_in_small_pieces(self) -> None:
        self.start()
        client = self.connect()
        sent = request()
        for i in range(len(sent)):
            client.sock.sendall(sent[i : i + 1])
        self.assertEqual(client.read_head()[:15], b"HTTP/1.1 200 OK")
        client.sock.close()
        self.end()
        self.assertEqual(self.got, [sent])

    def test_requests_are_counted_for_each_endpoint(self) -> None:
        self.start({"addBatchCall": {"2": {"fault": "cut", "at": "request"}}})
        client = self.connect()
        for path in (PATH, "/listTask", "/listTask"):
            self.assertEqual(self.exchange(client, request(path=path))[1], ANSWER)
        client.sock.sendall(request())
        self.assertEqual(self.received(client), (b"", True))
        self.assertEqual(self.exchange(self.connect(), request())[1], ANSWER)
        self.assertEqual([one["n"] for one in self.log("fault")], [2])

    def test_all_are_those_without_an_element_of_their_own(self) -> None:
        all_, second = {"fault": "alter", "of": "answer"}, {"fault": "cut", "at": "answered"}
        self.start({"addBatchCall": {"all": all_, "2": second}})
        for number in (1, 2, 3):
            self.exchange(self.connect(), request()) if number != 2 else self.cut()
        faults = [(one["n"], one["fault"]) for one in self.log("fault")]
        self.assertEqual(faults, [(1, "alter"), (2, "cut"), (3, "alter")])

    def cut(self) -> None:
        client = self.connect()
        client.sock.sendall(request())
        self.received(client)

    def test_a_message_without_a_length_is_told(self) -> None:
        self.start()
        client = self.connect()
        client.sock.sendall(b"POST /ping HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        self.assertEqual(self.received(client), (b"", False))
        client.sock.close()
        self.end()
        self.assertEqual(len(self.log("error")), 1)

    def test_lengths(self) -> None:
        for head in (
            b"",
            b"\r\nContent-Length: -1",
            b"\r\nContent-Length: 1_0",
            b"\r\ncontent-length:",
        ):
            with self.assertRaises(BadMessage):
                length_of(b"POST / HTTP/1.1" + head + b"\r\n\r\n")
        self.assertEqual(length_of(b"POST / HTTP/1.1\r\ncontent-length:7\r\n\r\n"), 7)


class Places(Case):
    """What has been passed on at each place."""

    def cut(self, at: str, orderly: bool) -> Tuple[bytes, bytes]:
        """Returns what came to the provider and to the client."""
        self.start(fault="cut", at=at, orderly=orderly)
        client = self.connect()
        client.sock.sendall(request())
        received, reset = self.received(client)
        client.sock.close()
        self.assertEqual(reset, not orderly, at)
        self.end()
        self.assertEqual(len(self.log("fault")), 1)
        self.assertEqual(self.log("answer"), [])
        return b"".join(self.got), received

    def test_cuts(self) -> None:
        half = len(BODY) // 2
        parts = {"request head": b"", "request": b"", "request body": request()[: half - len(BODY)]}
        for at in PLACES:
            for orderly in (False, True):
                with self.subTest(at=at, orderly=orderly):
                    got, received = self.cut(at, orderly)
                    self.assertEqual(got, parts.get(at, request()))
                    head, _, body = received.partition(b"\r\n\r\n")
                    self.assertEqual(head != b"", at in ("answer head", "answer body", "answer"))
                    wanted = {"answer body": ANSWER[: len(ANSWER) // 2], "answer": ANSWER}.get(
                        at, b""
                    )
                    self.assertEqual(body, wanted)

    def test_the_proxy_ends_after_the_provider_has_done_what_has_arrived(self) -> None:
        self.pause = 0.2
        self.start(fault="cut", at="arrived")
        client = self.connect()
        client.sock.sendall(request())
        self.received(client)
        self.proxy.close()
        self.assertEqual(self.answered, 1)

    def test_a_client_that_does_not_wait(self) -> None:
        for at in PLACES[:-1]:
            with self.subTest(at=at):
                self.start(fault="delay", at=at, ms=200)
                began = time.monotonic()
                client = self.connect()
                client.sock.sendall(request())
                time.sleep(0.05)
                client.sock.close()
                self.end()
                # It arrives all the same, and late if it had not arrived yet.
                self.assertEqual(self.got, [request()])
                if at in ("request head", "request"):
                    self.assertGreaterEqual(self.times[0] - began, 0.2)
                self.assertEqual([one["gone"] for one in self.log("fault")], [True])

    def test_a_client_that_waits(self) -> None:
        self.start(fault="delay", at="answered", ms=100)
        client = self.connect()
        self.assertEqual(self.exchange(client, request())[1], ANSWER)
        self.assertEqual([one["gone"] for one in self.log("fault")], [False])

    def hold(self, at: str, **how: Any) -> bytes:
        """Returns what came to the provider."""
        self.start(fault="hold", at=at, **how)
        client = self.connect()
        client.sock.sendall(request())
        self.assertTrue(self.killed.wait(10))
        before = list(self.got)
        client.sock.close()
        self.end()
        self.assertEqual([one["gone"] for one in self.log("fault")], [True])
        if at in ("request head", "request"):
            self.assertEqual(before, [])
        return b"".join(self.got)

    def test_a_client_that_is_killed(self) -> None:
        self.assertEqual(self.hold("request head"), b"")
        self.assertEqual(self.hold("request"), b"")
        self.assertEqual(self.hold("arrived"), request())
        self.assertEqual(self.hold("answered"), request())

    def test_a_request_that_arrives_after_its_client_was_killed(self) -> None:
        for at in ("request head", "request body", "request"):
            self.assertEqual(self.hold(at, late=True, ms=50), request())


class Changes(Case):
    def changed(self, **fault: Any) -> Tuple[bytes, bytes, bytes]:
        """Returns what came to the provider, and the head and body that came to the client."""
        self.start(**fault)
        client = self.connect()
        head, body = self.exchange(client, request())
        client.sock.close()
        self.end()
        self.assertEqual([one["fault"] for one in self.log("fault")], [fault["fault"]])
        self.assertEqual(self.log("answer"), [])
        return self.got[0], head, body

    def test_a_byte_is_altered(self) -> None:
        got, _, body = self.changed(fault="alter", of="request")
        self.assertEqual(body, ANSWER)
        self.assertEqual([a != b for a, b in zip(got, request())].count(True), 1)
        self.assertEqual(len(got), len(request()))
        self.assertEqual(got.partition(b"\r\n\r\n")[0], request().partition(b"\r\n\r\n")[0])
        got, _, body = self.changed(fault="alter", of="answer")
        self.assertEqual(got, request())
        self.assertEqual([a != b for a, b in zip(body, ANSWER)].count(True), 1)

    def test_headers_are_dropped_and_doubled(self) -> None:
        got, _, _ = self.changed(fault="drop", of="request", header="requestid")
        self.assertEqual(got, request().replace(b"requestID: r-1\r\n", b""))
        got, _, _ = self.changed(fault="double", of="request", header="sign")
        self.assertEqual(got, request().replace(b"sign: S\r\n", b"sign: S\r\nsign: S\r\n"))
        _, head, body = self.changed(fault="drop", of="answer", header="sign")
        self.assertEqual((re.findall(b"sign: .*", head), body), ([], ANSWER))
        _, head, body = self.changed(fault="double", of="answer", header="sign", value="B")
        self.assertEqual((re.findall(b"sign: .", head), body), ([b"sign: A", b"sign: B"], ANSWER))

    def test_a_header_that_is_not_there(self) -> None:
        self.start(fault="drop", of="request", header="algorithm")
        self.exchange(self.connect(), request())
        self.assertEqual(self.log("fault"), [])

    def test_a_redirect(self) -> None:
        for arrives in (False, True):
            self.start(fault="redirect", status=308, arrives=arrives)
            client = self.connect()
            head, body = self.exchange(client, request())
            self.assertEqual((head[:13], body), (b"HTTP/1.1 308 ", b""))
            host, port = re.search(rf"//(127\.0\.0\.2):(\d+){PATH}\r\n", head.decode()).groups()
            # The connection goes on.
            self.assertEqual(self.exchange(client, request())[1], ANSWER)
            self.assertEqual(self.log("redirected"), [])
            with socket.create_connection((host, int(port))) as follower:
                follower.sendall(request())
            client.sock.close()
            self.end()
            self.assertEqual(len(self.got), 1 + arrives)
            self.assertIn("r-1", self.log("redirected")[0]["head"])

    def test_a_connection_to_the_other_host_is_told(self) -> None:
        self.start()
        socket.create_connection(("127.0.0.2", self.proxy.elsewhere.port)).close()
        self.end()
        self.assertEqual(self.log("redirected")[0], {"event": "redirected", "head": ""})

    def test_an_earlier_answer(self) -> None:
        self.start({"addBatchCall": {"2": {"fault": "earlier"}}})
        client = self.connect()
        first = self.exchange(client, request(1))
        self.assertEqual(self.exchange(client, request(2)), first)
        self.assertIn(b"requestID: r-3", self.exchange(client, request(3))[0])
        self.assertEqual([one["n"] for one in self.log("fault")], [2])

    def test_the_earlier_answer_is_that_of_the_request_before(self) -> None:
        self.start({"addBatchCall": {"3": {"fault": "earlier"}}})
        client = self.connect()
        self.exchange(client, request(1))
        second = self.exchange(client, request(2))
        self.assertEqual(self.exchange(client, request(3)), second)

    def test_there_is_no_earlier_answer(self) -> None:
        self.start(fault="earlier")
        self.assertEqual(self.exchange(self.connect(), request())[1], ANSWER)
        self.assertEqual(self.log("fault"), [])


class Program(Case):
    def test_it_runs_by_itself(self) -> None:
        self.start()
        plan, log = self.path.with_name("plan"), self.path.with_name("other")
        plan.write_text('{"addBatchCall": {"1": {"fault": "alter", "of": "answer"}}}')
        program = [sys.executable, Path(__file__).with_name("proxy.py"), "--to", self.provider.port]
        command = [*program, "--plan", plan, "--log", log]
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        port = int(process.stdout.readline().split()[1])
        client = Connection(socket.create_connection(("127.0.0.1", port)))
        self.addCleanup(client.sock.close)
        self.assertNotEqual(self.exchange(client, request())[1], ANSWER)
        self.assertIn('"alter"', log.read_text())


class Plans(unittest.TestCase):
    def test_mistakes(self) -> None:
        for fault in (
            {"fault": "break"},
            {"fault": "cut"},
            {"fault": "cut", "at": "nowhere"},
            {"fault": "alter"},
            {"fault": "drop", "of": "answer"},
            {"fault": "redirect", "status": 200},
            {"fault": "earlier", "when": 1},
        ):
            with self.subTest(fault), self.assertRaises(BadPlan):
                Plan({"ping": {"1": fault}})
        for number in ("0", "-1", "first", "01"):
            with self.subTest(number), self.assertRaises(BadPlan):
                Plan({"ping": {number: {"fault": "earlier"}}})


if __name__ == "__main__":
    unittest.main()
