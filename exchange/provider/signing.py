"""The signing rule, and the headers of a request and of an answer."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Dict, List, Optional


class Refused(Exception):
    """A request that is not genuine. `verdict` is why, and `code` the retCode that tells the client."""

    def __init__(self, verdict: str, code: int) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.code = code


@dataclass(frozen=True)
class Account:
    uuid: str
    secret_key: str
    algorithm: str = "MD5"

    def sign(self, body: bytes, create_ts: str, request_id: str) -> str:
        raw = b"".join(
            [
                self.secret_key.encode("utf-8"),
                b"&body=" + body,
                b"&createTs=" + create_ts.encode("utf-8"),
                b"&requestID=" + request_id.encode("utf-8"),
                b"&uuid=" + self.uuid.encode("utf-8"),
            ]
        )
        if self.algorithm == "SHA256":
            return hashlib.sha256(raw).hexdigest().upper()
        # usedforsecurity=False: otherwise MD5 is refused on a FIPS system.
        return hashlib.md5(raw, usedforsecurity=False).hexdigest().upper()

    def headers(self, body: bytes, now: int, request_id: str) -> Dict[str, str]:
        """The headers that sign a body: those of a callback. An answer names the algorithm too."""
        create_ts = str(now)
        return {
            "requestID": request_id,
            "uuid": self.uuid,
            "createTs": create_ts,
            "sign": self.sign(body, create_ts, request_id),
        }


def check(account: Account, headers: Headers, body: bytes, now: int, freshness: int) -> None:
    """Raises Refused unless the headers are those of a genuine request with this body."""
    if headers.optional("sign") is None:
        raise Refused("header_missing sign", 6001)
    request_id, uuid = headers.one("requestID"), headers.one("uuid")
    create_ts, sign = headers.one("createTs"), headers.one("sign")
    if headers.optional("Content-Encoding") is not None:
        # Only importBatchCall may have it, and whether its signature covers the compressed bytes is
        # not published.
        raise Refused("encoding", 3)
    if not re.fullmatch(r"[!-~]+", request_id):
        raise Refused("header_malformed requestID", 3)
    if not re.fullmatch(r"[0-9]{1,12}", create_ts):
        raise Refused("header_malformed createTs", 3)
    if uuid != account.uuid:
        raise Refused("account", 6002)
    if (headers.optional("algorithm") or "MD5") != account.algorithm:
        raise Refused("algorithm", 6)
    if not hmac.compare_digest(sign.encode(), account.sign(body, create_ts, request_id).encode()):
        raise Refused("signature", 6)
    # No page names a clock tolerance, nor the code of a request that is too old.
    if abs(int(create_ts) - now) > freshness:
        raise Refused("stale", 4)


class Headers:
    """The headers of a request, each of which may come once."""

    def __init__(self, pairs: List[tuple[str, str]]) -> None:
        self.pairs = pairs

    def all(self, name: str) -> List[str]:
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def optional(self, name: str) -> Optional[str]:
        values = self.all(name)
        if len(values) > 1:
            raise Refused(f"header_duplicate {name}", 3)
        return values[0] if values else None

    def one(self, name: str) -> str:
        value = self.optional(name)
        if value is None:
            raise Refused(f"header_missing {name}", 2)
        return value
