#!/usr/bin/env python3
"""Writes what `callbot sign` must print for examples/batch.json, with nothing of callbot in it.

Run it again when examples/batch.json changes: python3 cli/tests/data/sign.py
"""

import hashlib
import json
from pathlib import Path

UUID = "Vh71ym3yQwWSYZFpqkFwTskGXUbSxDtR"
SECRET_KEY = "u7Mf3zUNOkg4lMV9a0E6cHSgIkK22GSr"
REQUEST_ID = "00000000000000000000000000000001"
CREATE_TS = "1726200000"

HERE = Path(__file__).resolve().parent


def main():
    batch = json.loads((HERE / "../../../examples/batch.json").read_text(encoding="utf-8"))
    body = json.dumps(batch, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    for algorithm, digest in [("MD5", hashlib.md5), ("SHA256", hashlib.sha256)]:
        signed = b"".join(
            [SECRET_KEY.encode(), b"&body=", body, f"&createTs={CREATE_TS}&requestID={REQUEST_ID}&uuid={UUID}".encode()]
        )
        head = [
            "POST /callcentre/api/v3/addBatchCall",
            f"requestID: {REQUEST_ID}",
            f"uuid: {UUID}",
            f"createTs: {CREATE_TS}",
            f"sign: {digest(signed).hexdigest().upper()}",
            f"algorithm: {algorithm}",
            "Content-Type: application/json",
            "",
            "",
        ]
        file = HERE / f"sign.{algorithm.lower()}.expected"
        file.write_bytes("\n".join(head).encode() + body)


if __name__ == "__main__":
    main()
