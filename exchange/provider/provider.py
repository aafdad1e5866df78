#!/usr/bin/env python3
"""The provider of the exchange: see exchange/README.md.

python3 exchange/provider/provider.py --scenario FILE --log FILE [--port PORT]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, Optional

import answers
import pages
import scenario
import signing
from callbacks import Sender
from store import Log, Store

PREFIX = "/callcentre/api/v3/"
MAX_BODY = 64 << 20
PAGE_502 = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n"


class Provider(ThreadingHTTPServer):
    daemon_threads = True
    # Clients may open many connections at once.
    request_queue_size = 1024

    def __init__(
        self, account: signing.Account, plan: scenario.Scenario, log_path: str, port: int = 0
    ) -> None:
        self.account = account
        self.plan = plan
        self.log = Log(log_path)
        self.store = Store(self.log)
        self.sender = Sender(account, plan.callbacks, self.store, self.now)
        super().__init__(("127.0.0.1", port), Handler)

    def now(self) -> int:
        return int(time.time()) + self.plan.clock

    def server_close(self) -> None:
        super().server_close()
        self.log.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone away is part of the exchange. Any other error is a fault of ours."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.log.write("error", error=repr(error))
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer goes out as one packet, without waiting for the next one.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Provider

    def log_message(self, *args: Any) -> None:
        """Says nothing: the log says more."""

    def do_POST(self) -> None:
        endpoint = self.path[len(PREFIX) :] if self.path.startswith(PREFIX) else ""
        # "" is a path that is none of the endpoints.
        self.endpoint = endpoint if endpoint in pages.PAGES else ""
        headers = signing.Headers(list(self.headers.items()))
        self.request_id = (headers.all("requestID") or [""])[0]
        try:
            body = self.read_body(headers)
            content = self.check(headers, body)
        except signing.Refused as refused:
            self.refuse(refused)
            return
        number, answer = self.server.plan.next(self.endpoint)
        self.perform(content, number, answer)

    def do_GET(self) -> None:
        self.endpoint, self.request_id = "", ""
        self.close_connection = True
        self.refuse(signing.Refused("method", 1))

    do_PUT = do_DELETE = do_HEAD = do_GET

    # --- What comes in ---

    def read_body(self, headers: signing.Headers) -> bytes:
        try:
            length = headers.optional("Content-Length")
        except signing.Refused:
            length = None
        if length is None or not re.fullmatch("[0-9]{1,12}", length) or int(length) > MAX_BODY:
            # Where the body ends is not known.
            self.close_connection = True
            raise signing.Refused("length", 3)
        body = self.rfile.read(int(length))
        if len(body) != int(length):
            self.close_connection = True
            raise signing.Refused("length", 3)
        return body

    def check(self, headers: signing.Headers, body: bytes) -> Dict[str, Any]:
        """Returns the content of a genuine request."""
        server = self.server
        if not self.endpoint:
            raise signing.Refused("path", 1)
        signing.check(server.account, headers, body, server.now(), server.plan.freshness)
        with server.store.lock:
            # requestID is documented as unique. Which code tells that it is not is not published.
            if self.request_id in server.store.request_ids:
                raise signing.Refused("request_id_again", 4)
            server.store.request_ids.add(self.request_id)
        return pages.read(self.endpoint, body)

    # --- What goes out ---

    def refuse(self, refused: signing.Refused) -> None:
        self.log(refused.verdict, refused.code)
        if refused.verdict == "length":
            self.send(400, b"", signed=False)
            return
        body = answers.failure(self.endpoint, refused.code, self.server.now())
        # There is no key for an account that does not exist, and an answer repeats the requestID.
        signed = refused.verdict != "account" and self.request_id != ""
        status = {"path": 404, "method": 405}.get(refused.verdict, 200)
        self.send(status, to_json(body), signed=signed)

    def perform(self, content: Dict[str, Any], number: int, answer: scenario.Answer) -> None:
        """Does what a genuine request wants, in the way that the scenario says."""
        server = self.server
        time.sleep(answer.delayBeforeMs / 1000)
        request = answers.Request(
            server.store, self.endpoint, content, self.request_id, server.now(), answer
        )
        body = self.body_of(request)
        code = body.get("retCode", body.get("code"))
        self.log("genuine", code, number, answer.answer, len(request.orders()))
        if code == 0 and self.endpoint in ("mgrTaskStatus", "addBatchCall", "importBatchCall"):
            server.sender.task_changed(content["userTaskID"])
        time.sleep(answer.delayMs / 1000)
        if answer.answer == "close":
            self.close_connection = True
        elif answer.answer == "page":
            self.send(502, PAGE_502, signed=False, content_type="text/html")
        else:
            key = "another" if answer.answer == "otherKey" else None
            signed = answer.answer != "unsigned"
            self.send(200, to_json(body), signed, other_key=key, clock=answer.clock)

    def body_of(self, request: answers.Request) -> Dict[str, Any]:
        answer, limit = request.answer, self.server.plan.max_orders
        if limit is not None and len(request.orders()) > limit:
            return answers.envelope(4001)
        if answer.answer == "code":
            request.take_despite_failure()
            body = answers.failure(request.endpoint, answer.retCode, request.now)
        elif answer.taken is not None:
            # Not what the request wants: `taken` orders of it, or nothing at all.
            request.take_despite_failure()
            body = answers.envelope(0)
        else:
            try:
                body = request.perform()
            except answers.Failure as failure:
                body = answers.failure(request.endpoint, failure.code, request.now)
        return {**body, **answer.counts}

    def log(
        self,
        verdict: str,
        code: Optional[int],
        number: Optional[int] = None,
        answer: Optional[str] = None,
        orders: int = 0,
    ) -> None:
        self.server.log.write(
            "request",
            endpoint=self.endpoint or None,
            requestID=self.request_id,
            verdict=verdict,
            n=number,
            answer=answer,
            retCode=code if answer not in ("page", "close") else None,
            orders=orders,
        )

    def send(
        self,
        status: int,
        body: bytes,
        signed: bool,
        content_type: str = "application/json",
        other_key: Optional[str] = None,
        clock: int = 0,
    ) -> None:
        account = self.server.account
        if other_key is not None:
            account = signing.Account(account.uuid, other_key, account.algorithm)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if signed:
            now = self.server.now() + clock
            for name, value in account.headers(body, now, self.request_id).items():
                self.send_header(name, value)
            self.send_header("algorithm", account.algorithm)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()


def to_json(value: Dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenario", required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    account = signing.Account(
        os.environ["CALLBOT_UUID"],
        os.environ["CALLBOT_SECRET_KEY"],
        os.environ.get("CALLBOT_ALGORITHM", "MD5"),
    )
    server = Provider(account, scenario.read(options.scenario), options.log, options.port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("listening", server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
