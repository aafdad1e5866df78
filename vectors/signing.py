"""The signing rule, and what the parts of `generate.py` share."""

from __future__ import annotations

import hashlib
import json
from typing import Dict

Files = Dict[str, bytes]  # file name -> content
Folders = Dict[str, Files]  # case name -> files

# The provider's public sample.
SAMPLE_SECRET_KEY = b"u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr"
SAMPLE_UUID = b"Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"
SAMPLE_REQUEST_ID = b"00000000000000000000000000000001"
SAMPLE_CREATE_TS = b"1726200000"


def join_auth_raw(
    secret_key: bytes, body: bytes, create_ts: bytes, request_id: bytes, uuid: bytes
) -> bytes:
    return b"".join(
        [
            secret_key,
            b"&body=",
            body,
            b"&createTs=",
            create_ts,
            b"&requestID=",
            request_id,
            b"&uuid=",
            uuid,
        ]
    )


def md5_sign(raw: bytes) -> bytes:
    # usedforsecurity=False: otherwise MD5 is refused on a FIPS system.
    digest = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    return digest.upper().encode("ascii")


def sha256_sign(raw: bytes) -> bytes:
    return hashlib.sha256(raw).hexdigest().upper().encode("ascii")


def compact_json(value: object) -> bytes:
    """JSON without blanks, in the order given, non-ASCII characters as UTF-8."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8")


class BadCase(Exception):
    """A case is wrong."""


def require(condition: bool, case_name: str, message: str) -> None:
    if not condition:
        raise BadCase(f"{case_name}: {message}")
