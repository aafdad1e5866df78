#!/usr/bin/env python3
"""The proxy of the exchange, which breaks what goes through it: see exchange/README.md.

python3 exchange/proxy/proxy.py --to PORT --plan FILE --log FILE [--port PORT]
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Tuple

from plan import NOTHING, PLACES, Plan
from wire import PATIENCE, Connection, Listener, length_of, value_of

sys.path.append(str(Path(__file__).resolve().parent.parent / "provider"))
from store import Log  # noqa: E402


class Cut(Exception):
    """The connection to the client has been closed."""


class Proxy:
    """Stands between a client and the provider at `to`. `held` is called where a client is to be
    killed."""

    def __init__(
        self, to: int, plan: Plan, log: Log, held: Callable[[], None] = lambda: None, port: int = 0
    ) -> None:
        self.to = to
        self.plan = plan
        self.log = log
        self.held = held
        self.counts: Dict[str, int] = {}
        # The last answer of each endpoint.
        self.earlier: Dict[str, bytes] = {}
        self.lock = threading.Lock()
        self.elsewhere = Listener("127.0.0.2", 0, self.record)
        self.listener = Listener("127.0.0.1", port, self.serve)
        self.port = self.listener.port

    def close(self) -> None:
        """Ends when each request has arrived, or has been lost."""
        self.listener.close()
        self.elsewhere.close()

    def record(self, connection: Connection) -> None:
        """The other host of a redirect: whatever comes there should not."""
        try:
            head = connection.read_head()
        except OSError:
            head = b""
        self.log.write("redirected", head=head.decode("latin-1"))
        connection.close()

    def serve(self, client: Connection) -> None:
        try:
            while True:
                head = client.read_head()
                if not head:
                    break
                Exchange(self, client, head).run()
        except (Cut, OSError):
            pass  # the client has gone, or its connection was cut
        except Exception as error:
            self.log.write("error", error=repr(error))
        client.close()

    def count(self, endpoint: str) -> int:
        with self.lock:
            self.counts[endpoint] = self.counts.get(endpoint, 0) + 1
            return self.counts[endpoint]


class Exchange:
    """A request and its answer."""

    def __init__(self, proxy: Proxy, client: Connection, head: bytes) -> None:
        self.proxy = proxy
        self.client = client
        self.head = head
        self.path = head.split(b" ", 2)[1].decode("latin-1")
        self.endpoint = self.path.rpartition("/")[2]
        self.number = proxy.count(self.endpoint)
        self.fault = proxy.plan.get(self.endpoint, self.number)
        self.request_id = value_of(head, "requestID")
        self.body = b""
        self.provider: Optional[Connection] = None
        self.arrived = False

    def write(self, event: str, **keys: Any) -> None:
        named = {"endpoint": self.endpoint, "n": self.number, "requestID": self.request_id}
        self.proxy.log.write(event, **named, **keys)

    def run(self) -> None:
        try:
            self.request()
            if self.is_fault("redirect") and not self.fault.arrives:
                head, body = b"", b""
            else:
                head, body = self.read_answer()
            self.answer(head, body)
        finally:
            if self.provider is not None:
                self.provider.sock.close()

    def is_fault(self, kind: str, of: str = "") -> bool:
        return self.fault.fault == kind and self.fault.of == of

    # --- The request ---

    def request(self) -> None:
        length = length_of(self.head)
        self.write("request")
        self.read_body(length)
        self.at("request")
        if self.is_fault("redirect") and not self.fault.arrives:
            return
        head, body = self.change("request", self.head, self.body)
        passed = 0 if self.provider is None else len(self.head) + length // 2
        self.to_provider((head + body)[passed:])
        self.arrived = True
        self.at("arrived")

    def read_body(self, length: int) -> None:
        self.at("request head")
        if self.fault.at == "request body":
            self.body = self.client.read(length // 2)
            self.to_provider(self.head + self.body)
            self.at("request body")
        self.body += self.client.read(length - len(self.body))
        if len(self.body) != length:
            raise Cut

    def to_provider(self, data: bytes) -> None:
        if self.provider is None:
            self.provider = Connection(socket.create_connection(("127.0.0.1", self.proxy.to)))
        self.provider.sock.sendall(data)

    # --- The answer ---

    def read_answer(self) -> Tuple[bytes, bytes]:
        """Reads the provider's answer. Both are empty if it closes the connection instead."""
        assert self.provider is not None
        head = self.provider.read_head()
        return head, self.provider.read(length_of(head)) if head else b""

    def answer(self, head: bytes, body: bytes) -> None:
        client = self.client.sock
        whole = head + body
        self.at("answered")
        if self.is_fault("redirect"):
            # To the same path of another host.
            to = f"http://127.0.0.2:{self.proxy.elsewhere.port}{self.path}"
            lines = f"HTTP/1.1 {self.fault.status} Redirect\r\nLocation: {to}\r\n"
            head, body = (lines + "Content-Length: 0\r\n\r\n").encode(), b""
            self.write_fault()
        if not head:
            raise Cut
        if self.is_fault("earlier") and self.endpoint in self.proxy.earlier:
            head, body = self.proxy.earlier[self.endpoint], b""
            self.write_fault()
        self.proxy.earlier[self.endpoint] = whole
        head, body = self.change("answer", head, body)
        client.sendall(head)
        self.at("answer head")
        client.sendall(body[: len(body) // 2])
        self.at("answer body")
        if self.fault is NOTHING:
            self.write("answer")
        client.sendall(body[len(body) // 2 :])
        self.at("answer")
        if (value_of(head, "Connection") or "").lower() == "close":
            raise Cut

    # --- Faults ---

    def write_fault(self, **keys: Any) -> None:
        self.write("fault", fault=self.fault.fault, at=self.fault.at, **keys)

    def at(self, place: str) -> None:
        """Does what the plan has for this place."""
        fault = self.fault
        if fault.at != place:
            return
        if fault.fault == "cut":
            self.write_fault()
            self.client.close() if fault.orderly else self.client.reset()
            self.end()
        if fault.fault == "delay":
            end = time.monotonic() + fault.ms / 1000
            gone = self.client.has_gone(fault.ms / 1000)
            time.sleep(max(end - time.monotonic(), 0))
            # Whether the client did not wait for so long.
            self.write_fault(gone=gone)
        if fault.fault == "hold":
            self.proxy.held()
            self.write_fault(gone=self.client.has_gone(PATIENCE))
            if not fault.late:
                self.end()
            time.sleep(fault.ms / 1000)

    def end(self) -> None:
        """Ends the exchange, after the provider has done what has arrived there."""
        if self.arrived and PLACES.index(self.fault.at) < PLACES.index("answered"):
            self.read_answer()
        raise Cut

    def change(self, of: str, head: bytes, body: bytes) -> Tuple[bytes, bytes]:
        """Returns a message as it is passed on."""
        if self.is_fault("alter", of) and body:
            self.write_fault()
            middle = len(body) // 2
            body = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        for kind in ("drop", "double"):
            if not self.is_fault(kind, of) or value_of(head, self.fault.header) is None:
                continue
            self.write_fault()
            lines = []
            for line in head[:-4].split(b"\r\n"):
                same = line.partition(b":")[0].lower() == self.fault.header.lower().encode()
                if not same or kind == "double":
                    lines.append(line)
                if same and kind == "double":
                    value = self.fault.value.encode() or line.partition(b":")[2].strip()
                    lines.append(line.partition(b":")[0] + b": " + value)
            head = b"\r\n".join(lines) + b"\r\n\r\n"
        return head, body


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=int, required=True)
    parser.add_argument("--plan", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    plan = Plan(json.loads(Path(options.plan).read_text(encoding="utf-8")))
    proxy = Proxy(options.to, plan, Log(options.log), port=options.port)
    print("listening", proxy.port, flush=True)
    proxy.listener.accepting.join()


if __name__ == "__main__":
    main()
