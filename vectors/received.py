"""The cases of `response/` and `callback/`: what a verifier receives, and what it must say.

Each case is written down with its result. A second, plain verifier in this file
has to come to the same result, or nothing is written.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import content as reading
import content_cases
import length_extension
from signing import (
    SAMPLE_CREATE_TS,
    SAMPLE_REQUEST_ID,
    SAMPLE_SECRET_KEY,
    SAMPLE_UUID,
    Files,
    Folders,
    compact_json,
    join_auth_raw,
    md5_sign,
    require,
    sha256_sign,
)

Headers = Tuple[Tuple[bytes, bytes], ...]
Change = Callable[[Headers], Headers]

ALGORITHMS = ("MD5", "SHA256")
SIGN = {"MD5": md5_sign, "SHA256": sha256_sign}

# Seconds, unless a verifier is told otherwise.
MAX_AGE = 300
MAX_LEAD = 60

MAX_REQUEST_ID_LENGTH = 256

CREATE_TS = int(SAMPLE_CREATE_TS)
NOW = CREATE_TS + 10
OTHER_UUID = b"Xk20fh6yQwWSYZFpqkFwTskGXUbSxDtR"
OTHER_REQUEST_ID = b"00000000000000000000000000000002"


# --- A case -------------------------------------------------------------------


@dataclass(frozen=True)
class Request:
    """What a response has to answer."""

    request_id: bytes = SAMPLE_REQUEST_ID
    uuid: bytes = SAMPLE_UUID
    algorithm: str = "MD5"
    endpoint: str = "addBatchCall"


@dataclass(frozen=True)
class ReceivedCase:
    """A message as it was received, who receives it, and what must come of it."""

    name: str
    about: str
    expected: str
    content: str  # response, or which callback: call, order, task
    body: bytes
    headers: Headers
    secret_key: bytes
    uuid: bytes
    algorithm: str
    now: int
    request: Optional[Request]


def signed_headers(
    body: bytes,
    algorithm: str,
    *,
    secret_key: bytes = SAMPLE_SECRET_KEY,
    create_ts: bytes = SAMPLE_CREATE_TS,
    request_id: bytes = SAMPLE_REQUEST_ID,
    uuid: bytes = SAMPLE_UUID,
) -> Headers:
    raw = join_auth_raw(secret_key, body, create_ts, request_id, uuid)
    return (
        (b"Content-Type", b"application/json"),
        (b"requestID", request_id),
        (b"uuid", uuid),
        (b"createTs", create_ts),
        (b"sign", SIGN[algorithm](raw)),
    )


@dataclass(frozen=True)
class Kind:
    """Makes the cases of responses or of callbacks. Where nothing is said, all is genuine."""

    contents: Tuple[str, ...]
    body: bytes
    # Only responses carry the header, and only they answer a request.
    names_algorithm: bool

    def case(
        self,
        name: str,
        about: str,
        expected: str = "ok",
        *,
        content: Optional[str] = None,
        algorithm: str = "MD5",
        signed_with: Optional[str] = None,
        body: Optional[bytes] = None,
        received_body: Optional[bytes] = None,
        change: Change = lambda headers: headers,
        our_secret_key: bytes = SAMPLE_SECRET_KEY,
        now: int = NOW,
        request: Optional[Request] = None,
        **signed: bytes,
    ) -> ReceivedCase:
        """`algorithm`, `our_secret_key`, `now` and `request` are the verifier's;
        `signed_with`, `body` and what `signed_headers` takes are the sender's.
        `change` and `received_body` are what happens on the way."""
        sent = self.body if body is None else body
        headers = signed_headers(sent, signed_with or algorithm, **signed)
        if self.names_algorithm:
            headers += ((b"algorithm", algorithm.encode("ascii")),)
            request = request or Request(algorithm=algorithm)
        else:
            request = None
        return ReceivedCase(
            name=name,
            about=about,
            expected=expected,
            content=content or self.contents[0],
            body=sent if received_body is None else received_body,
            headers=change(headers),
            secret_key=our_secret_key,
            uuid=SAMPLE_UUID,
            algorithm=algorithm,
            now=now,
            request=request,
        )


# --- Bodies -------------------------------------------------------------------

RESPONSE: dict = {
    "retCode": 0,
    "retMsg": "success",
    "responseID": "b2f6c1de7d3a4d1c9f60a3f6f0f5a001",
    "totalCount": 3,
    "successCount": 2,
    "errList": [{"phone": "8613800000002", "errMsg": "\u53f7\u7801\u9519\u8bef"}],
}

FAILED_RESPONSE: dict = {
    "retCode": 6,
    "retMsg": "sign error",
    "responseID": "b2f6c1de7d3a4d1c9f60a3f6f0f5a002",
}

CALL: dict = {
    "callbackType": 1,
    "orderID": "order-20240913-000001",
    "userPhone": "8613800000001",
    "userName": "\u738b\u82b3",
    "sceneID": "scene-1",
    "userTaskID": "task-20240913-0001",
    "taskID": "7001",
    "finish": True,
    "other": "",
    "callInfoDetail": {
        "callID": "call-1",
        "callingNumber": "862100000000",
        "lineAddress": "192.0.2.7",
        "callStatus": 1,
        "callStartTs": 1726199900,
        "callAnswerTs": 1726199910,
        "callEndTs": 1726199990,
        "callDuration": 80,
        "callAudioUrl": "https://audio.example.com/call-1.wav",
        "hangupCause": "NORMAL_CLEARING",
        "termSipCode": "200",
        "intents": [
            {"intentID": "i1", "intentTag": "A", "intentName": "will pay", "intentLevel": 1}
        ],
        "sms": [{"smsSendTs": 1726199995, "sysMessageID": "m1", "smsContent": "Thank you"}],
        "agent": {
            "agentName": "agent-01",
            "agentGroup": "g",
            "agentCallStatus": 1,
            "agentCallElapsed": 20,
            "agentLabel": "",
            "manualCallStart": 1726199950,
            "manualCallAnswer": 1726199955,
            "manualCallEnd": 1726199975,
            "manualHangupBy": 0,
        },
        "params": [{"name": "amount", "value": "128.50"}],
    },
}

ORDER: dict = {key: value for key, value in CALL.items() if key != "callInfoDetail"}
ORDER["callbackType"] = "1"

TASK: dict = {
    "callbackType": 1,
    "userTaskID": "task-20240913-0001",
    "taskID": "7001",
    "sceneID": "scene-1",
    "taskStatus": 2,
    "createTs": 1726190000,
    "taskStat": {
        "answerOrderCount": 1,
        "finishOrderCount": 2,
        "totalOrderCount": 3,
        "finishRate": 0.67,
        "totalAnswerCall": 1,
        "totalCall": 4,
        "answerRate": 0.25,
    },
}

# {"retCode":0}, compressed. A constant, because the output of a compressor may
# change from one version to the next.
GZIP_BODY = bytes.fromhex("1f8b08000000000002ffab562a4a2d71ce4f4955b232a80500ef06e2500d000000")

CONTENTS = {"response": RESPONSE, "call": CALL, "order": ORDER, "task": TASK}

CALLBACKS = Kind(("call", "order", "task"), compact_json(CALL), names_algorithm=False)
RESPONSES = Kind(("response",), compact_json(RESPONSE), names_algorithm=True)


# --- What happens on the way --------------------------------------------------


def value_of(headers: Headers, name: bytes) -> bytes:
    return dict(headers)[name]


def valued(name: bytes, change: Callable[[bytes], bytes]) -> Change:
    return lambda headers: tuple(
        (each, change(value) if each == name else value) for each, value in headers
    )


def with_value(name: bytes, value: bytes) -> Change:
    return valued(name, lambda _: value)


def without(name: bytes) -> Change:
    return lambda headers: tuple(header for header in headers if header[0] != name)


def followed_by(name: bytes, value: bytes) -> Change:
    return lambda headers: headers + ((name, value),)


def renamed(rename: Callable[[bytes], bytes]) -> Change:
    return lambda headers: tuple((rename(name), value) for name, value in headers)


def flip_bit(data: bytes, index: int, bit: int = 0) -> bytes:
    index %= len(data)
    return data[:index] + bytes([data[index] ^ 1 << bit]) + data[index + 1 :]


def flip_hex_digit(sign: bytes, index: int) -> bytes:
    """One bit changed so that the digit is still one: the lowest bit that allows it."""
    for bit in range(4):
        flipped = flip_bit(sign, index, bit)
        if re.fullmatch(rb"[0-9A-F]+", flipped):
            return flipped
    raise AssertionError("every hex digit has such a bit")


def alternating_case(sign: bytes) -> bytes:
    text = sign.decode("ascii")
    return "".join(c.lower() if i % 2 else c for i, c in enumerate(text)).encode("ascii")


# --- Cases of both kinds ------------------------------------------------------


def genuine_cases(kind: Kind) -> Iterator[ReceivedCase]:
    for algorithm in ALGORITHMS:
        suffix = algorithm.lower()
        yield kind.case(f"genuine-{suffix}", f"Genuine, with {algorithm}.", algorithm=algorithm)
        yield kind.case(
            f"sign-lower-case-{suffix}",
            "The hex digits of sign are lower-case.",
            algorithm=algorithm,
            change=valued(b"sign", bytes.lower),
        )
        yield kind.case(
            f"sign-mixed-case-{suffix}",
            "The hex digits of sign are in both cases.",
            algorithm=algorithm,
            change=valued(b"sign", alternating_case),
        )
    for name, rename in [("lower", bytes.lower), ("upper", bytes.upper), ("odd", bytes.swapcase)]:
        yield kind.case(
            f"header-names-{name}-case",
            f"The names of the headers are in {name} case.",
            change=renamed(rename),
        )
    yield kind.case(
        "headers-in-reverse-order",
        "The headers come in another order.",
        change=lambda headers: headers[::-1],
    )


def changed_bit_cases(kind: Kind) -> Iterator[ReceivedCase]:
    """One bit of each part, for each algorithm."""
    header_parts = [
        ("create-ts", b"createTs", "verify_mismatch"),
        ("request-id", b"requestID", "verify_mismatch"),
        ("uuid", b"uuid", "verify_unknown_uuid"),
    ]
    for algorithm in ALGORITHMS:
        suffix = algorithm.lower()

        def changed(part: str, expected: str = "verify_mismatch", **change: Any) -> ReceivedCase:
            return kind.case(
                f"changed-bit-{part}-{suffix}",
                f"One bit is changed: {part}; {algorithm}.",
                expected,
                algorithm=algorithm,
                **change,
            )

        for place, index in [("first", 0), ("middle", len(kind.body) // 2), ("last", -1)]:
            body = flip_bit(kind.body, index)
            yield changed(f"body-{place}-byte", received_body=body)
        for part, header, expected in header_parts:
            change = valued(header, lambda value: flip_bit(value, -1))
            yield changed(part, expected, change=change)
        for place, index in [("first", 0), ("last", -1)]:
            change = valued(b"sign", lambda sign, index=index: flip_hex_digit(sign, index))
            yield changed(f"sign-{place}-digit", change=change)
        yield changed("secret-key", our_secret_key=flip_bit(SAMPLE_SECRET_KEY, -1))


def changed_body_cases(kind: Kind) -> Iterator[ReceivedCase]:
    """Bodies that mean the same as what was signed; signed ones that are no JSON."""
    value = json.loads(kind.body)
    changed = {
        "blanks": ("The body is written with blanks.", json.dumps(value, ensure_ascii=False)),
        "escapes": (
            "The body is written with escapes in place of the Chinese characters.",
            json.dumps(value, separators=(",", ":")),
        ),
        "sorted": (
            "The body is written with its keys sorted.",
            json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True),
        ),
    }
    for name, (about, text) in changed.items():
        body = text.encode("utf-8")
        require(body != kind.body, name, "the body is not changed")
        yield kind.case(
            f"body-anew-{name}",
            f"Changed on the way. {about}",
            "verify_mismatch",
            received_body=body,
        )
        yield kind.case(f"genuine-body-{name}", f"Genuine. {about}", body=body)
    on_the_way = {
        "newline-added": ("A newline is added to the body.", kind.body + b"\n"),
        "cut": ("The last byte of the body is lost.", kind.body[:-1]),
        "lost": ("The body is lost.", b""),
        "byte-order-mark-added": (
            "A byte order mark is put in front.",
            b"\xef\xbb\xbf" + kind.body,
        ),
        "compressed": ("The body is compressed; sign is over the plain one.", GZIP_BODY),
    }
    for name, (about, body) in on_the_way.items():
        yield kind.case(
            f"body-{name}", f"Changed on the way. {about}", "verify_mismatch", received_body=body
        )

    signed = {
        "blanks-around": (
            "Blanks and newlines around the JSON.",
            "ok",
            b" \r\n" + kind.body + b"\t\n",
        ),
        "gzip": (
            "The body is compressed; sign is over the compressed one.",
            "verify_not_utf8",
            GZIP_BODY,
        ),
        "latin-1": (
            "A byte of the body is no UTF-8.",
            "verify_not_utf8",
            kind.body[:-1] + b',"x":"\xe9"}',
        ),
        "utf-8-surrogate": (
            "The body holds a surrogate as if it were a character, which is no UTF-8.",
            "verify_not_utf8",
            kind.body[:-1] + b',"x":"\xed\xa0\x80"}',
        ),
        "utf-8-cut": (
            "The body ends within a character.",
            "verify_not_utf8",
            kind.body + b"\xe4\xb8",
        ),
        "utf-16": (
            "The body is UTF-16.",
            "verify_not_utf8",
            b"\xff\xfe" + kind.body.decode("utf-8").encode("utf-16-le"),
        ),
        "trailing-bytes": ("Something follows the JSON.", "content_json", kind.body + b"x"),
        "trailing-nul": ("A NUL follows the JSON.", "content_json", kind.body + b"\0"),
        "second-object": ("A second JSON object follows.", "content_json", kind.body + kind.body),
        "trailing-parts": (
            "What looks like the other parts of authRaw follows the JSON.",
            "content_json",
            kind.body + b"&createTs=1726200000&requestID=1&uuid=" + SAMPLE_UUID,
        ),
        "byte-order-mark": (
            "The body begins with a byte-order mark, which is skipped.",
            "ok",
            b"\xef\xbb\xbf" + kind.body,
        ),
        "empty": ("The body is empty.", "content_json", b""),
        "array": ("The body is an array.", "content_json", b"[" + kind.body + b"]"),
        "null": ("The body is null.", "content_json", b"null"),
        "string": (
            "The body is a string.",
            "content_json",
            compact_json(kind.body.decode("utf-8")),
        ),
        "cut-json": ("The JSON ends too early.", "content_json", kind.body[:-1]),
        "single-quotes": ("The body is no JSON.", "content_json", kind.body.replace(b'"', b"'")),
        "empty-object": ("The body is an object without fields.", "content_missing", b"{}"),
    }
    for name, (about, expected, body) in signed.items():
        yield kind.case(f"signed-{name}", f"Genuinely signed. {about}", expected, body=body)


def extended_cases(kind: Kind) -> Iterator[ReceivedCase]:
    """An attacker saw one genuine message, does not know the secret key, and makes another
    signature from its own (see `length_extension.py`)."""
    for algorithm in ALGORITHMS:
        suffix = algorithm.lower()
        seen = signed_headers(kind.body, algorithm)
        seen_sign = value_of(seen, b"sign")
        # All of authRaw but the secret key is known.
        behind_secret = join_auth_raw(
            b"", kind.body, SAMPLE_CREATE_TS, SAMPLE_REQUEST_ID, SAMPLE_UUID
        )
        behind_body = behind_secret[len(b"&body=" + kind.body) :]
        behind_create_ts = behind_body[len(b"&createTs=" + SAMPLE_CREATE_TS) :]

        def extended(
            part: str,
            about: str,
            expected: str,
            tail: bytes,
            *,
            guess: int = len(SAMPLE_SECRET_KEY),
            request: Optional[Request] = None,
            received: Callable[[bytes], Tuple[bytes, Dict[bytes, bytes]]],
        ) -> ReceivedCase:
            length = guess + len(behind_secret)
            padding, sign = length_extension.extend(algorithm, seen_sign, length, tail)
            body, values = received(padding)
            name = f"extended-{part}-{suffix}"
            # Whoever looks at the signature alone is taken in by some of them.
            values_of = {**dict(seen), **values}
            verifies = sign == SIGN[algorithm](
                join_auth_raw(
                    SAMPLE_SECRET_KEY,
                    body,
                    *(values_of[each] for each in (b"createTs", b"requestID", b"uuid")),
                )
            )
            should = expected in ("verify_not_utf8", "header_malformed")
            require(verifies == should, name, "the extended signature is not what it should be")
            return kind.case(
                name,
                f"A signature with {algorithm}, extended without knowing the secret key. {about}",
                expected,
                algorithm=algorithm,
                received_body=body,
                change=lambda sent: tuple(
                    (name, {**values, b"sign": sign}.get(name, value)) for name, value in sent
                ),
                request=request,
            )

        fresh = str(NOW).encode("ascii")
        new_body = kind.body
        new_tail = new_body + b"&createTs=" + fresh + b"&requestID=" + OTHER_REQUEST_ID
        new_tail += b"&uuid=" + SAMPLE_UUID
        new_values = {b"createTs": fresh, b"requestID": OTHER_REQUEST_ID}
        new_request = Request(OTHER_REQUEST_ID, algorithm=algorithm)

        def into_body(padding: bytes) -> Tuple[bytes, Dict[bytes, bytes]]:
            return kind.body + behind_body + padding + new_body, new_values

        yield extended(
            "body",
            "The signature verifies: the old parts and the padding stand in the body, "
            "and a new time and request id follow.",
            "verify_not_utf8",
            new_tail,
            request=new_request,
            received=into_body,
        )
        for guess in (16, 31, 33, 64):
            yield extended(
                f"body-guess-{guess}",
                f"The secret key's length is guessed wrongly, as {guess}.",
                "verify_mismatch",
                new_tail,
                guess=guess,
                request=new_request,
                received=into_body,
            )
        yield extended(
            "create-ts",
            "The body stays as it is; the old parts and the padding stand in createTs.",
            "header_malformed",
            b"&requestID=" + OTHER_REQUEST_ID + b"&uuid=" + SAMPLE_UUID,
            received=lambda padding: (
                kind.body,
                {
                    b"createTs": SAMPLE_CREATE_TS + behind_create_ts + padding,
                    b"requestID": OTHER_REQUEST_ID,
                },
            ),
        )
        yield extended(
            "request-id",
            "The body stays as it is; the old parts and the padding stand in requestID.",
            "header_malformed",
            b"x&uuid=" + SAMPLE_UUID,
            received=lambda padding: (
                kind.body,
                {b"requestID": SAMPLE_REQUEST_ID + b"&uuid=" + SAMPLE_UUID + padding + b"x"},
            ),
        )
        yield extended(
            "uuid",
            "The padding and more stand in uuid.",
            "header_malformed",
            b"x",
            received=lambda padding: (kind.body, {b"uuid": SAMPLE_UUID + padding + b"x"}),
        )
        yield extended(
            "uuid-without-padding",
            "The uuid only becomes longer; the padding, which no header can carry, is left out.",
            "verify_unknown_uuid",
            b"x",
            received=lambda _: (kind.body, {b"uuid": SAMPLE_UUID + b"x"}),
        )


def moved_border_cases(kind: Kind) -> Iterator[ReceivedCase]:
    """The same authRaw, cut into other parts."""
    inner_ts, inner_id = b"1726200001", b"inner"
    tail = b"&createTs=" + inner_ts + b"&requestID=" + inner_id + b"&uuid=" + SAMPLE_UUID
    body = kind.body + tail
    outer = b"&createTs=" + SAMPLE_CREATE_TS
    outer_id = b"&requestID=" + SAMPLE_REQUEST_ID
    splits = {
        "create-ts": {b"createTs": inner_ts + tail[len(b"&createTs=" + inner_ts) :] + outer},
        "request-id": {
            b"createTs": inner_ts,
            b"requestID": inner_id + b"&uuid=" + SAMPLE_UUID + outer + outer_id,
        },
        "uuid": {
            b"createTs": inner_ts,
            b"requestID": inner_id,
            b"uuid": SAMPLE_UUID + outer + outer_id + b"&uuid=" + SAMPLE_UUID,
        },
    }
    for part, values in splits.items():

        def moved(headers: Headers, values: Dict[bytes, bytes] = values) -> Headers:
            return tuple((name, values.get(name, value)) for name, value in headers)

        yield kind.case(
            f"moved-border-{part}",
            "The signed body ends with what looks like the other parts. "
            f"It is received without that, and {part} holds more instead.",
            "header_malformed",
            body=body,
            received_body=kind.body,
            change=moved,
        )
    yield kind.case(
        "moved-border-into-body",
        "The signed requestID holds what looks like the end of authRaw. "
        "What stands before that is received as part of the body: the signature verifies.",
        "content_json",
        request_id=b"1&uuid=x&createTs=1726200000&requestID=2",
        received_body=kind.body + b"&createTs=1726200000&requestID=1&uuid=x",
        change=with_value(b"requestID", b"2"),
        request=Request(b"2"),
    )
    text = "x&createTs=1&requestID=y&uuid=z"
    field = "retMsg" if kind is RESPONSES else "other"
    yield kind.case(
        "body-contains-later-fields",
        "Genuine. A text in the body looks like the other parts of authRaw.",
        body=compact_json({**json.loads(kind.body), field: text}),
    )


def algorithm_cases(kind: Kind) -> Iterator[ReceivedCase]:
    other_of = {"MD5": "SHA256", "SHA256": "MD5"}
    for algorithm, other in other_of.items():
        ours, theirs = algorithm.lower(), other.lower()
        named = with_value if kind.names_algorithm else followed_by
        yield kind.case(
            f"algorithm-{theirs}-to-{ours}-account",
            f"Signed with {other}, which the header says too. The account's is {algorithm}.",
            "verify_algorithm",
            algorithm=algorithm,
            signed_with=other,
            change=named(b"algorithm", other.encode("ascii")),
        )
        yield kind.case(
            f"algorithm-header-only-{theirs}-to-{ours}-account",
            f"Signed with {algorithm}, but the header says {other}.",
            "verify_algorithm",
            algorithm=algorithm,
            change=named(b"algorithm", other.encode("ascii")),
        )
        yield kind.case(
            f"algorithm-header-{ours}-signed-with-{theirs}",
            f"The header says {algorithm}, as it should, but {other} was used.",
            "verify_mismatch",
            algorithm=algorithm,
            signed_with=other,
            change=named(b"algorithm", algorithm.encode("ascii")),
        )
        yield kind.case(
            f"no-algorithm-header-{ours}-account",
            "Genuine. Without the header the account's algorithm holds.",
            algorithm=algorithm,
            change=without(b"algorithm"),
        )
        yield kind.case(
            f"no-algorithm-header-{theirs}-to-{ours}-account",
            f"Signed with {other}, without a header. The account's is {algorithm}.",
            "verify_mismatch",
            algorithm=algorithm,
            signed_with=other,
            change=without(b"algorithm"),
        )
        lower = named(b"algorithm", algorithm.lower().encode("ascii"))
        yield kind.case(
            f"algorithm-name-lower-case-{ours}",
            "Genuine. The algorithm's name is in lower case.",
            algorithm=algorithm,
            change=lower,
        )
    for name, value, expected in [
        ("unknown", b"SHA1", "verify_algorithm"),
        ("with-hyphen", b"MD-5", "verify_algorithm"),
        ("longer", b"MD5x", "verify_algorithm"),
        ("none", b"none", "verify_algorithm"),
        ("empty", b"", "header_malformed"),
        ("blank", b"MD5 ", "header_malformed"),
    ]:
        named = with_value if kind.names_algorithm else followed_by
        yield kind.case(
            f"algorithm-name-{name}",
            "The header names no algorithm that there is.",
            expected,
            change=named(b"algorithm", value),
        )


def account_cases(kind: Kind) -> Iterator[ReceivedCase]:
    yield kind.case(
        "uuid-other-account",
        "Genuinely signed with our secret key, but for another account.",
        "verify_unknown_uuid",
        uuid=OTHER_UUID,
    )
    yield kind.case(
        "uuid-other-case",
        "Genuinely signed with our secret key, but for the uuid in lower case.",
        "verify_unknown_uuid",
        uuid=SAMPLE_UUID.lower(),
    )
    yield kind.case(
        "uuid-shorter",
        "Genuinely signed with our secret key, but for the uuid without its end.",
        "verify_unknown_uuid",
        uuid=SAMPLE_UUID[:-1],
    )


def time_cases(kind: Kind) -> Iterator[ReceivedCase]:
    for name, now, expected in [
        ("same-second", CREATE_TS, "ok"),
        ("oldest", CREATE_TS + MAX_AGE, "ok"),
        ("too-old-by-one", CREATE_TS + MAX_AGE + 1, "verify_too_old"),
        ("newest", CREATE_TS - MAX_LEAD, "ok"),
        ("too-new-by-one", CREATE_TS - MAX_LEAD - 1, "verify_too_new"),
        ("now-zero", 0, "verify_too_new"),
        ("now-largest-signed", 2**63 - 1, "verify_too_old"),
    ]:
        yield kind.case(
            f"time-{name}",
            f"createTs is {CREATE_TS}, and now is {now}.",
            expected,
            now=now,
        )
    yield kind.case(
        "time-too-old-sign-wrong",
        "Too old, and the signature is wrong: the time is not looked at.",
        "verify_mismatch",
        now=CREATE_TS + MAX_AGE + 1,
        our_secret_key=b"another",
    )


def missing_field_cases(kind: Kind) -> Iterator[ReceivedCase]:
    """Only a message without its essentials cannot be read."""
    for content in kind.contents:
        value = CONTENTS[content]
        for path in documented_paths(content):
            name = "-".join(map(kebab, path))
            is_essential = path in [(key,) for key in ALONE[content]]
            yield kind.case(
                f"{content}-without-{name}",
                f"Genuinely signed, but without {'/'.join(path)}, which the page requires.",
                "content_missing" if is_essential else "ok",
                content=content,
                body=compact_json(without_path(value, path)),
            )
        for key in [OTHER_FIELD[content], *ALONE[content]]:
            is_essential = key in ALONE[content]
            name = f"{content}-{kebab(key)}"
            yield kind.case(
                f"{name}-wrong-type",
                f"Genuinely signed, but {key} is an array.",
                "content_wrong_type" if is_essential else "ok",
                content=content,
                body=compact_json({**value, key: [1]}),
            )
            yield kind.case(
                f"{name}-null",
                f"Genuinely signed, but {key} is null, which counts as missing.",
                "content_missing" if is_essential else "ok",
                content=content,
                body=compact_json({**value, key: None}),
            )
        essentials = [key for keys in reading.ESSENTIAL[content] for key in keys]
        yield kind.case(
            f"{content}-essentials-only",
            "Genuinely signed, with nothing but what the message cannot be read without.",
            content=content,
            body=compact_json({key: value[key] for key in essentials}),
        )


# The fields that a message cannot be read without, whatever else it has, and one that it can.
ALONE = {
    content: [keys[0] for keys in reading.ESSENTIAL[content] if len(keys) == 1]
    for content in CONTENTS
}
OTHER_FIELD = {"response": "retMsg", "call": "userName", "order": "taskID", "task": "sceneID"}


def documented_paths(content: str) -> Iterator[Tuple[str, ...]]:
    tables = {**reading.CALLBACKS, "response": reading.RESPONSES["addBatchCall"]}
    for row in tables[content]:
        if row.presence == reading.REQUIRED:
            yield (row.key,)
            if isinstance(row.type, tuple):
                yield from ((row.key, inner.key) for inner in row.type)


def kebab(key: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"-\1", key).lower()


def without_path(value: dict, path: Tuple[str, ...]) -> dict:
    head, *rest = path
    if rest:
        return {**value, head: without_path(value[head], tuple(rest))}
    return {key: each for key, each in value.items() if key != head}


def cases_of_both(kind: Kind) -> Iterator[ReceivedCase]:
    for cases in (
        genuine_cases,
        changed_bit_cases,
        changed_body_cases,
        extended_cases,
        moved_border_cases,
        algorithm_cases,
        account_cases,
        time_cases,
        missing_field_cases,
        missing_header_cases,
    ):
        yield from cases(kind)


def missing_header_cases(kind: Kind) -> Iterator[ReceivedCase]:
    for header in (b"requestID", b"uuid", b"createTs", b"sign"):
        name = kebab(header.decode("ascii"))
        yield kind.case(
            f"{name}-missing",
            f"The header {header.decode('ascii')} is missing.",
            "header_missing",
            change=without(header),
        )


# --- Cases of callbacks -------------------------------------------------------

# The headers are read by the same rules for both kinds. Their forms are spelled
# out here, for callbacks only.


def header_form_cases() -> Iterator[ReceivedCase]:
    kind = CALLBACKS
    create_ts_forms = [
        ("plus", b"+1726200000", "a sign"),
        ("minus", b"-1726200000", "a sign"),
        ("leading-blank", b" 1726200000", "a blank in front"),
        ("trailing-blank", b"1726200000 ", "a blank behind"),
        ("tab", b"\t1726200000", "a tab in front"),
        ("fraction", b"1726200000.0", "a fraction"),
        ("exponent", b"17262e5", "an exponent"),
        ("leading-zero", b"01726200000", "a leading zero"),
        ("zero", b"0", "no time: 0"),
        ("hexadecimal", b"0x66E3B940", "hexadecimal digits"),
        ("underscore", b"1_726_200_000", "underscores"),
        (
            "full-width",
            "\uff11\uff17\uff12\uff16\uff12\uff10\uff10\uff10\uff10\uff10".encode("utf-8"),
            "full-width digits",
        ),
        ("empty", b"", "nothing"),
        ("nul", b"1726200000\0", "a NUL behind"),
        ("one-more-than-64-bits", str(2**64).encode("ascii"), "one more than 64 bits hold"),
        ("20-digits", b"9" * 20, "twenty digits"),
        ("100-digits", b"1" * 100, "a hundred digits"),
        ("date", b"2024-09-13T04:00:00Z", "a date"),
    ]
    for name, value, about in create_ts_forms:
        yield kind.case(
            f"create-ts-{name}",
            f"Genuinely signed, but createTs has {about}.",
            "header_malformed",
            create_ts=value,
        )
    for name, value, about in [
        ("largest", str(2**64 - 1).encode("ascii"), "the largest that 64 bits hold"),
        ("largest-signed", str(2**63 - 1).encode("ascii"), "the largest that 63 bits hold"),
        ("milliseconds", b"1726200000000", "in milliseconds"),
    ]:
        yield kind.case(
            f"create-ts-{name}",
            f"Genuinely signed; createTs is {about}.",
            "verify_too_new",
            create_ts=value,
        )
    yield kind.case(
        "create-ts-smallest", "Genuinely signed; createTs is 1.", "verify_too_old", create_ts=b"1"
    )

    def zeros_behind(sign: bytes) -> bytes:
        return sign + b"0" * 32

    sign_forms: List[Tuple[str, str, str, Callable[[bytes], bytes]]] = [
        ("empty", "header_malformed", "is empty", lambda sign: b""),
        ("one-digit", "header_malformed", "has one digit", lambda sign: sign[:1]),
        ("odd", "header_malformed", "lacks its last digit", lambda sign: sign[:-1]),
        ("short", "header_malformed", "lacks its last two digits", lambda sign: sign[:-2]),
        ("long", "header_malformed", "has two digits more", lambda sign: sign + b"00"),
        ("longest", "header_malformed", "has 66 digits", lambda sign: sign + b"0" * 34),
        ("thousand-digits", "header_malformed", "has 1000 digits", lambda sign: sign[:8] * 125),
        ("not-hex", "header_malformed", "has a G", lambda sign: sign[:-1] + b"G"),
        ("prefix", "header_malformed", "begins with 0x", lambda sign: b"0x" + sign),
        ("prefix-same-length", "header_malformed", "begins with 0x", lambda sign: b"0x" + sign[2:]),
        ("blank", "header_malformed", "ends with a blank", lambda sign: sign + b" "),
        ("ampersand", "header_malformed", "ends with &", lambda sign: sign + b"&"),
        ("not-ascii", "header_malformed", "has a byte 0xC1", lambda sign: sign[:-1] + b"\xc1"),
        ("zeros-behind", "verify_mismatch", "of MD5 has 32 zeros behind it", zeros_behind),
        ("twice-in-one", "verify_mismatch", "of MD5 stands in it twice", lambda sign: sign * 2),
        ("all-zeros", "verify_mismatch", "is all zeros", lambda sign: b"0" * 32),
    ]
    for name, expected, about, change in sign_forms:
        yield kind.case(f"sign-{name}", f"sign {about}.", expected, change=valued(b"sign", change))
    yield kind.case(
        "sign-half-of-sha256-to-md5-account",
        "sign is the first half of that with SHA256; the account's is MD5.",
        "verify_mismatch",
        signed_with="SHA256",
        change=valued(b"sign", lambda sign: sign[:32]),
    )
    yield kind.case(
        "sign-half-of-sha256",
        "sign is the first half of what it should be.",
        "verify_mismatch",
        algorithm="SHA256",
        change=valued(b"sign", lambda sign: sign[:32]),
    )
    yield kind.case(
        "sign-half-of-sha256-and-zeros",
        "The second half of sign is zeros.",
        "verify_mismatch",
        algorithm="SHA256",
        change=valued(b"sign", lambda sign: sign[:32] + b"0" * 32),
    )

    for name, value, expected in [
        ("one-byte", b"x", "ok"),
        ("punctuation", b"-_.:/+=@!~{}\"'", "ok"),
        ("longest", b"r" * MAX_REQUEST_ID_LENGTH, "ok"),
        ("too-long", b"r" * (MAX_REQUEST_ID_LENGTH + 1), "header_malformed"),
        ("empty", b"", "header_malformed"),
        ("ampersand", b"1&2", "header_malformed"),
        ("ampersand-and-uuid", b"1&uuid=2", "header_malformed"),
        ("blank", b"1 2", "header_malformed"),
        ("trailing-blank", b"1 ", "header_malformed"),
        ("control", b"1\x7f", "header_malformed"),
        ("nul", b"1\0", "header_malformed"),
        ("not-ascii", "\u738b".encode("utf-8"), "header_malformed"),
        ("not-utf-8", b"\xff", "header_malformed"),
    ]:
        yield kind.case(
            f"request-id-{name}",
            f"Genuinely signed; requestID is {ascii(value.decode('latin-1'))[:60]}.",
            expected,
            request_id=value,
        )
    for name, value in [
        ("empty", b""),
        ("ampersand", SAMPLE_UUID + b"&x"),
        ("blank", SAMPLE_UUID + b" "),
    ]:
        yield kind.case(
            f"uuid-{name}",
            f"Genuinely signed, but the uuid is {ascii(value.decode('ascii'))}.",
            "header_malformed",
            uuid=value,
        )


def repeated_header_cases() -> Iterator[ReceivedCase]:
    kind = CALLBACKS
    genuine = dict(kind.case("", "").headers)
    for header in (b"requestID", b"uuid", b"createTs", b"sign"):
        name, text = kebab(header.decode("ascii")), header.decode("ascii")
        value = genuine[header]
        yield kind.case(
            f"{name}-twice-same",
            f"{text} comes twice, with the same value.",
            "header_repeated",
            change=followed_by(header, value),
        )
        other = flip_hex_digit(value, -1) if header == b"sign" else flip_bit(value, -1)
        yield kind.case(
            f"{name}-twice-second-wrong",
            f"{text} comes twice: first the right one, then another.",
            "header_repeated",
            change=followed_by(header, other),
        )
        yield kind.case(
            f"{name}-twice-first-wrong",
            f"{text} comes twice: first another, then the right one.",
            "header_repeated",
            change=lambda headers, h=header, o=other: ((h, o),) + headers,
        )
    yield kind.case(
        "sign-twice-in-other-case",
        "sign comes twice, with its name in another case.",
        "header_repeated",
        change=followed_by(b"SIGN", genuine[b"sign"]),
    )
    yield kind.case(
        "algorithm-twice",
        "algorithm comes twice, with the same value.",
        "header_repeated",
        change=lambda headers: headers + ((b"algorithm", b"MD5"),) * 2,
    )
    yield kind.case(
        "request-id-joined",
        "requestID came twice, and a proxy has joined its values with a comma.",
        "header_joined",
        change=valued(b"requestID", lambda value: value + b", " + value),
    )
    yield kind.case(
        "request-id-joined-without-blank",
        "requestID came twice, and a proxy has joined its values with a comma alone.",
        "header_joined",
        change=valued(b"requestID", lambda value: value + b"," + value),
    )
    yield kind.case(
        "sign-joined",
        "sign came twice, and a proxy has joined its values with a comma.",
        "header_joined",
        change=valued(b"sign", lambda value: value + b"," + value),
    )
    yield kind.case(
        "create-ts-joined",
        "createTs came twice, and a proxy has joined its values with a comma.",
        "header_joined",
        change=valued(b"createTs", lambda value: value + b", " + value),
    )
    yield kind.case(
        "uuid-joined",
        "uuid came twice, and a proxy has joined its values with a comma.",
        "header_joined",
        change=valued(b"uuid", lambda value: value + b"," + value),
    )
    yield kind.case(
        "algorithm-joined",
        "algorithm came twice, and a proxy has joined its values with a comma.",
        "header_joined",
        change=lambda headers: headers + ((b"algorithm", b"MD5,MD5"),),
    )
    yield kind.case(
        "request-id-with-comma",
        "Genuinely signed; requestID has a comma, as a proxy would write it.",
        "ok",
        request_id=b"r1,r1",
    )
    yield kind.case(
        "cgi-names",
        "The headers have their names in a CGI or WSGI environment.",
        "header_cgi_name",
        change=renamed(lambda name: b"HTTP_" + name.upper().replace(b"-", b"_")),
    )
    yield kind.case(
        "cgi-names-redirected",
        "The headers have their names in a CGI environment after an internal redirect.",
        "header_cgi_name",
        change=renamed(lambda name: b"REDIRECT_HTTP_" + name.upper().replace(b"-", b"_")),
    )
    yield kind.case(
        "sign-cgi-name",
        "Only sign has its name in a CGI environment.",
        "header_cgi_name",
        change=renamed(lambda name: b"HTTP_SIGN" if name == b"sign" else name),
    )
    yield kind.case(
        "cgi-names-redirected-twice",
        "The headers have their names in a CGI environment after two internal redirects.",
        "header_cgi_name",
        change=renamed(lambda name: b"REDIRECT_REDIRECT_HTTP_" + name.upper()),
    )
    yield kind.case(
        "cgi-names-with-hyphens",
        "A program has written the names of a CGI environment with hyphens.",
        "header_cgi_name",
        change=renamed(lambda name: b"HTTP-" + name.upper()),
    )
    yield kind.case(
        "cgi-names-word-by-word",
        "A program has separated the words of the names of a CGI environment.",
        "header_cgi_name",
        change=renamed(
            lambda name: {b"requestID": b"HTTP_REQUEST_ID", b"createTs": b"HTTP_CREATE_TS"}.get(
                name, b"HTTP_" + name.upper()
            )
        ),
    )
    yield kind.case(
        "cgi-names-beside-the-headers",
        "Genuine. Other values have the headers' names in a CGI environment.",
        change=lambda headers: headers + ((b"HTTP_SIGN", b"x"), (b"HTTP_UUID", b"a&b")),
    )
    yield kind.case(
        "other-header-twice",
        "Genuine. Headers that are none of ours come twice.",
        change=lambda headers: headers
        + ((b"X-Trace", b"a&b"), (b"x-trace", b""), (b"signature", b"x")),
    )
    yield kind.case(
        "request-id-misspelt",
        "The header is called request-id.",
        "header_missing",
        change=renamed(lambda name: b"request-id" if name == b"requestID" else name),
    )


def with_repeated_key(body: bytes, behind: bytes, keys: bytes = b'"new":1,"new":1,') -> bytes:
    assert behind in body
    return body.replace(behind, behind + keys, 1)


def callback_content_cases() -> Iterator[ReceivedCase]:
    kind = CALLBACKS
    for content in kind.contents:
        value = CONTENTS[content]
        for algorithm in ALGORITHMS:
            yield kind.case(
                f"{content}-{algorithm.lower()}",
                f"A genuine {content} callback, with {algorithm}.",
                content=content,
                algorithm=algorithm,
                body=compact_json(value),
            )
        for name, callback_type, expected in [
            ("number", 1, "ok"),
            ("string", "1", "ok"),
            ("unknown-number", 4711, "ok"),
            ("unknown-string", "4711", "ok"),
            ("zero", "0", "ok"),
            ("leading-zero", "007", "content_wrong_type"),
            ("minus-zero", "-0", "content_wrong_type"),
            ("word", "call", "content_wrong_type"),
            ("boolean", True, "content_wrong_type"),
        ]:
            yield kind.case(
                f"{content}-callback-type-{name}",
                f"callbackType is {json.dumps(callback_type)}.",
                expected,
                content=content,
                body=compact_json({**value, "callbackType": callback_type}),
            )
        more = {**value, "newField": {"a": [1, None, "\U0001f600"]}, "": 0}
        yield kind.case(
            f"{content}-unknown-fields",
            "Genuine, with fields that the pages do not have.",
            content=content,
            body=compact_json(more),
        )
    detail = {**CALL["callInfoDetail"], "callStatus": 4711, "hangupCause": "NEW", "new": [1]}
    yield kind.case(
        "call-unknown-values",
        "Genuine, with values that the pages do not have.",
        body=compact_json({**CALL, "callInfoDetail": detail}),
    )
    changed = {key: [value] for key, value in CALL["callInfoDetail"].items()}
    yield kind.case(
        "call-detail-other-types",
        "Genuine. What is known from an example only comes with other types.",
        body=compact_json({**CALL, "callInfoDetail": changed}),
    )
    yield kind.case(
        "call-detail-nulls",
        "Genuine. What is known from an example only is null.",
        body=compact_json({**CALL, "callInfoDetail": dict.fromkeys(CALL["callInfoDetail"])}),
    )
    yield kind.case(
        "order-with-call-detail",
        "Genuine, with callInfoDetail.",
        content="order",
        body=compact_json({**ORDER, "callInfoDetail": CALL["callInfoDetail"]}),
    )
    yield kind.case(
        "order-example-only-missing",
        "Genuine, without the fields that are known from an example only.",
        content="order",
        body=compact_json({k: v for k, v in ORDER.items() if k not in ("finish", "other")}),
    )
    yield kind.case(
        "task-status-unknown",
        "Genuine; the pages do not have this taskStatus.",
        content="task",
        body=compact_json({**TASK, "taskStatus": -4711}),
    )
    whole = {**TASK, "taskStat": {**TASK["taskStat"], "finishRate": 1, "answerRate": 0}}
    yield kind.case(
        "task-rates-without-fraction",
        "Genuine; the rates are whole numbers.",
        content="task",
        body=compact_json(whole),
    )
    yield kind.case(
        "call-as-order",
        "A genuine call callback, sent to the URL for orders: it has all fields of an order callback, and passes.",
        content="order",
        body=compact_json(CALL),
    )
    yield kind.case(
        "order-as-call",
        "A genuine order callback, sent to the URL for calls: an order callback has the fields of a call callback in the "
        "page's example, and passes.",
        content="call",
        body=compact_json(ORDER),
    )
    yield kind.case(
        "response-as-call",
        "A genuine response, sent to the URL for calls, without its algorithm header.",
        "content_missing",
        body=RESPONSES.body,
    )
    for name, content, place in [
        ("key", "call", b"{"),
        ("key-in-task-stat", "task", b'"taskStat":{'),
        ("key-in-agent", "call", b'"agent":{'),
        ("key-in-intents", "call", b'"intents":[{'),
    ]:
        yield kind.case(
            f"repeated-{name}",
            "A key stands twice.",
            "content_repeated",
            content=content,
            body=with_repeated_key(compact_json(CONTENTS[content]), place),
        )
    yield kind.case(
        "task-as-call",
        "A genuine task callback, sent to the URL for calls.",
        "content_missing",
        body=compact_json(TASK),
    )
    for endpoint, body in content_cases.REQUESTS.items():
        for content in kind.contents:
            yield kind.case(
                f"request-{kebab(endpoint)}-sent-back-as-{content}",
                f"Our own request to {endpoint}, sent back to us as a callback: the signature is our own.",
                "content_missing",
                content=content,
                body=compact_json(body),
            )
    yield from content_cases_of(kind, content_cases.call_cases(CALL), kind.contents[0])
    yield from content_cases_of(kind, content_cases.json_cases(compact_json(CALL)), "call")
    yield from content_cases_of(kind, content_cases.task_cases(TASK), "task")


def content_cases_of(
    kind: Kind, cases: content_cases.Cases, content: str, endpoint: str = "addBatchCall"
) -> Iterator[ReceivedCase]:
    for name, (about, expected, body) in cases.items():
        as_other = name.rsplit("-as-", 1)[-1]
        yield kind.case(
            kebab(name),
            about,
            expected,
            content=as_other if as_other in kind.contents else content,
            body=content_cases.as_bytes(body),
            request=Request(endpoint=endpoint),
        )


# --- Cases of responses -------------------------------------------------------


def other_request_cases() -> Iterator[ReceivedCase]:
    kind = RESPONSES
    for algorithm in ALGORITHMS:
        yield kind.case(
            f"other-request-id-{algorithm.lower()}",
            "A genuine answer, but to another request.",
            "verify_other_request",
            algorithm=algorithm,
            request=Request(OTHER_REQUEST_ID, algorithm=algorithm),
        )
    yield kind.case(
        "other-request-id-case",
        "The request's id differs in the case of a letter.",
        "verify_other_request",
        request_id=b"abc",
        request=Request(b"abC"),
    )
    yield kind.case(
        "other-request-id-longer",
        "The request's id begins like the response's.",
        "verify_other_request",
        request_id=b"abc",
        request=Request(b"abcd"),
    )
    yield kind.case(
        "other-request-uuid",
        "The request was another account's.",
        "verify_other_request",
        request=Request(uuid=OTHER_UUID),
    )
    for algorithm, other in [("MD5", "SHA256"), ("SHA256", "MD5")]:
        yield kind.case(
            f"other-request-algorithm-{other.lower()}",
            f"The request was signed with {other}, the response with {algorithm}.",
            "verify_other_request",
            algorithm=algorithm,
            request=Request(algorithm=other),
        )
    yield kind.case(
        "other-request-too-old",
        "Too old, and the answer to another request: the time comes first.",
        "verify_too_old",
        now=CREATE_TS + MAX_AGE + 1,
        request=Request(OTHER_REQUEST_ID),
    )
    for endpoint, body in content_cases.REQUESTS.items():
        yield kind.case(
            f"request-{kebab(endpoint)}-sent-back",
            f"The request to {endpoint} itself, sent back to us as its response: the signature is our own.",
            "content_missing",
            body=compact_json(body),
            request=Request(endpoint=endpoint),
        )
    yield kind.case(
        "callback-as-response",
        "A genuine callback with the request's id.",
        "content_missing",
        body=CALLBACKS.body,
        change=without(b"algorithm"),
    )


def response_content_cases() -> Iterator[ReceivedCase]:
    kind = RESPONSES
    plain = {key: value for key, value in RESPONSE.items() if key != "errList"}
    bodies = {
        "failed": ("A genuine failure, without the counts.", "ok", FAILED_RESPONSE),
        "no-err-list": ("Genuine, without errList.", "ok", plain),
        "err-list-empty": ("Genuine; errList is empty.", "ok", {**plain, "errList": []}),
        "err-list-null": ("Genuine; errList is null.", "ok", {**plain, "errList": None}),
        "err-list-object": (
            "errList is an object.",
            "ok",
            {**plain, "errList": {}},
        ),
        "err-list-of-strings": (
            "errList holds strings.",
            "ok",
            {**plain, "errList": ["8613800000002"]},
        ),
        "err-list-phone-missing": (
            "An element of errList lacks its phone.",
            "ok",
            {**plain, "errList": [*RESPONSE["errList"], {"errMsg": "x"}]},
        ),
        "err-list-phone-number": (
            "An element of errList has its phone as a number.",
            "ok",
            {**plain, "errList": [{"phone": 8613800000002, "errMsg": "x"}]},
        ),
        "ret-code-unknown": (
            "Genuine; the pages do not have this code.",
            "ok",
            {**plain, "retCode": -4711},
        ),
        "ret-code-string": (
            "retCode is a string.",
            "ok",
            {**plain, "retCode": "0"},
        ),
        "ret-code-fraction": (
            "retCode has a fraction.",
            "content_wrong_type",
            {**plain, "retCode": 0.5},
        ),
        "ret-code-boolean": (
            "retCode is a boolean.",
            "content_wrong_type",
            {**plain, "retCode": False},
        ),
        "unknown-fields": (
            "Genuine, with fields that the page does not have.",
            "ok",
            {**RESPONSE, "newField": {"a": [1, None]}},
        ),
    }
    for name, (about, expected, value) in bodies.items():
        yield kind.case(f"response-{name}", about, expected, body=compact_json(value))
    whole = compact_json(RESPONSE)
    yield kind.case(
        "repeated-ret-code",
        "A failure stands in front of the success: of two values, programs take another one each.",
        "content_repeated",
        body=with_repeated_key(whole, b"{", b'"retCode":6,'),
    )
    yield kind.case(
        "repeated-key-in-err-list",
        "An element of errList has a key twice.",
        "content_repeated",
        body=with_repeated_key(whole, b'"errList":[{'),
    )
    yield from content_cases_of(kind, content_cases.add_batch_cases(RESPONSE), "response")
    for endpoint in reading.RESPONSES:
        if endpoint != "addBatchCall":
            cases = content_cases.endpoint_cases(endpoint)
            yield from content_cases_of(kind, cases, "response", endpoint)


def callback_cases() -> Iterator[ReceivedCase]:
    yield from cases_of_both(CALLBACKS)
    yield from header_form_cases()
    yield from repeated_header_cases()
    yield from callback_content_cases()


def response_cases() -> Iterator[ReceivedCase]:
    yield from cases_of_both(RESPONSES)
    yield from other_request_cases()
    yield from response_content_cases()


# --- A plain verifier ---------------------------------------------------------

def stages(case: ReceivedCase) -> Tuple[str, Files]:
    """What a verifier says, and what it computes if it gets so far."""
    known = (b"requestid", b"uuid", b"createts", b"sign", b"algorithm")
    names = [name.lower() for name, _ in case.headers]
    if any(names.count(name) > 1 for name in known):
        return "header_repeated", {}
    for name in known[:4]:
        if name not in names:
            plain = [each.replace(b"_", b"").replace(b"-", b"") for each in names]
            is_cgi = any(
                re.fullmatch(rb"(redirect[_-])*http[_-].*", each, re.DOTALL)
                and re.fullmatch(rb"(redirect)*http" + name, short, re.DOTALL)
                for each, short in zip(names, plain)
            )
            return ("header_cgi_name" if is_cgi else "header_missing"), {}
    values = {name.lower(): value for name, value in case.headers}
    forms = {
        b"requestid": rb"[!-%%'-~]{1,%d}" % MAX_REQUEST_ID_LENGTH,
        b"uuid": rb"[!-%'-+\--~]+",
        b"createts": rb"[1-9][0-9]*",
        b"sign": rb"([0-9A-Fa-f]{32}){1,2}",
        b"algorithm": rb"[!-%'-+\--~]+",
    }
    for name, form in forms.items():
        if name in values and re.fullmatch(form, values[name]) is None:
            return ("header_joined" if b"," in values[name] else "header_malformed"), {}
    create_ts = int(values[b"createts"])
    if create_ts >= 2**64:
        return "header_malformed", {}
    named = values.get(b"algorithm", case.algorithm.encode("ascii"))
    if named.upper() != case.algorithm.encode("ascii"):
        return "verify_algorithm", {}
    if values[b"uuid"] != case.uuid:
        return "verify_unknown_uuid", {}
    raw = join_auth_raw(
        case.secret_key, case.body, values[b"createts"], values[b"requestid"], values[b"uuid"]
    )
    sign = SIGN[case.algorithm](raw)
    computed: Files = {"authRaw": raw, "sign": sign}
    result = result_after_sign(case, values, sign, create_ts)
    if result == "verify_mismatch" and re.fullmatch(rb"(.+),\1", values[b"requestid"]):
        return "header_joined", {}
    if result != "ok":
        return result, computed
    endpoint = case.request.endpoint if case.request else None
    try:
        deviations = reading.read(case.content, endpoint, case.body)
    except reading.Unreadable as error:
        return str(error), computed
    return "ok", {**computed, "expected.deviations": reading.listed(deviations)}


def result_after_sign(
    case: ReceivedCase, values: Dict[bytes, bytes], sign: bytes, create_ts: int
) -> str:
    if values[b"sign"].upper() != sign:
        return "verify_mismatch"
    try:
        case.body.decode("utf-8")
    except UnicodeDecodeError:
        return "verify_not_utf8"
    if case.now - create_ts > MAX_AGE:
        return "verify_too_old"
    if create_ts - case.now > MAX_LEAD:
        return "verify_too_new"
    if case.request is not None:
        answered = (values[b"requestid"], values[b"uuid"], case.algorithm)
        request = case.request
        if answered != (request.request_id, request.uuid, request.algorithm):
            return "verify_other_request"
    return "ok"


# --- Folders ------------------------------------------------------------------

VALID_ID = rb"[A-Za-z0-9\-_.:]{1,128}"


def validate(case: ReceivedCase, result: str) -> None:
    require(
        re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case.name) is not None,
        case.name,
        "the name is not kebab-case",
    )
    require(result == case.expected, case.name, f"it says {case.expected}, and is {result}")
    require(re.fullmatch(VALID_ID, case.uuid) is not None, case.name, "bad uuid")
    for name, value in case.headers:
        require(b": " not in name and b"\n" not in name + value, case.name, "bad header")
    if case.request is not None:
        for value in (case.request.request_id, case.request.uuid):
            require(re.fullmatch(VALID_ID, value) is not None, case.name, "bad request")


def received_files(case: ReceivedCase, computed: Files) -> Files:
    files = {
        "secretKey": case.secret_key,
        "uuid": case.uuid,
        "algorithm": case.algorithm.encode("ascii"),
        "now": str(case.now).encode("ascii"),
        "headers": b"".join(name + b": " + value + b"\n" for name, value in case.headers),
        "body": case.body,
        "expected": case.expected.encode("ascii"),
        "README": case.about.encode("ascii") + b"\n",
        **computed,
    }
    if case.request is None:
        return {**files, "kind": case.content.encode("ascii")}
    return {
        **files,
        "request.requestID": case.request.request_id,
        "request.uuid": case.request.uuid,
        "request.algorithm": case.request.algorithm.encode("ascii"),
        "request.endpoint": case.request.endpoint.encode("ascii"),
    }


def folders(cases: Iterator[ReceivedCase]) -> Folders:
    length_extension.self_test()
    found: Folders = {}
    for case in cases:
        result, computed = stages(case)
        validate(case, result)
        require(case.name not in found, case.name, "the name is used twice")
        found[case.name] = received_files(case, computed)
    return found


def callback_folders() -> Folders:
    return folders(callback_cases())


def response_folders() -> Folders:
    return folders(response_cases())
