"""Connections, and the messages of HTTP on them."""

from __future__ import annotations

import re
import select
import socket
import struct
import threading
import time
from typing import Callable, List, Optional

MAX_HEAD, MAX_BODY = 1 << 16, 64 << 20
# Longer than any client waits: one that does not end by itself is a mistake of the run.
PATIENCE = 30


class BadMessage(Exception):
    """A message that the proxy cannot read."""


class Connection:
    """A socket, from which messages of HTTP are read."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.rest = b""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read_head(self) -> bytes:
        """Returns a head with its empty line, or b"" at the end of the connection."""
        while b"\r\n\r\n" not in self.rest:
            if len(self.rest) > MAX_HEAD:
                raise BadMessage("the head is too large")
            data = self.sock.recv(65536)
            if not data:
                return b""
            self.rest += data
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def read(self, length: int) -> bytes:
        """Returns so many bytes, or fewer at the end of the connection."""
        while len(self.rest) < length:
            data = self.sock.recv(65536)
            if not data:
                break
            self.rest += data
        body, self.rest = self.rest[:length], self.rest[length:]
        return body

    def has_gone(self, seconds: float) -> bool:
        """Reports whether the other side closes the connection within this time."""
        end = time.monotonic() + seconds
        while True:
            if not select.select([self.sock], [], [], max(end - time.monotonic(), 0))[0]:
                return False
            try:
                data = self.sock.recv(65536)
            except OSError:
                return True
            if not data:
                return True
            self.rest += data

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self) -> None:
        """Closes it with a FIN. With unread bytes close() would send an RST."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
            self.has_gone(1)
        except OSError:
            pass
        self.sock.close()


class Listener:
    """Accepts connections, each in a thread of its own."""

    def __init__(self, host: str, port: int, serve: Callable[[Connection], None]) -> None:
        self.serve = serve
        self.listener = socket.create_server((host, port), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.threads: List[threading.Thread] = []
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    def accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return  # it was closed
            thread = threading.Thread(target=self.serve, args=(Connection(sock),), daemon=True)
            self.threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Ends when each connection has ended."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.accepting.join()
        for thread in self.threads:
            thread.join(PATIENCE)
            if thread.is_alive():
                raise TimeoutError("a connection of the proxy has not ended")


def value_of(head: bytes, name: str) -> Optional[str]:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.decode("latin-1").partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return None


def length_of(head: bytes) -> int:
    length = value_of(head, "Content-Length")
    if length is None or not re.fullmatch("[0-9]{1,12}", length) or int(length) > MAX_BODY:
        raise BadMessage("a message without a length")
    return int(length)
