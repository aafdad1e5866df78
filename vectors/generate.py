"""Write or check the test vectors in the folder of this file.

The program depends on the Python standard library only and shares no code with
the library under test. Its output depends on nothing but this file and the
modules beside it: no clock, no randomness, no input.

These source files are ASCII. Other characters are written as escapes, so that
no editor can change them.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, List

# Python writes no __pycache__ folder.
sys.dont_write_bytecode = True

import received
import request
from signing import (
    SAMPLE_CREATE_TS,
    SAMPLE_REQUEST_ID,
    SAMPLE_SECRET_KEY,
    SAMPLE_UUID,
    BadCase,
    Files,
    Folders,
    compact_json,
    join_auth_raw,
    md5_sign,
    require,
    sha256_sign,
)

ROOT = Path(__file__).resolve().parent

# Names in ROOT that this program does not write.
MODULES = [
    "content.py",
    "content_cases.py",
    "generate.py",
    "length_extension.py",
    "received.py",
    "request.py",
    "signing.py",
]
NOT_GENERATED = {"README.md", "api.json", "__pycache__", *MODULES}


# --- The signing rule ---------------------------------------------------------


@dataclass(frozen=True)
class SignatureCase:
    """The five inputs of one signature, and what the case is for."""

    name: str
    about: str
    body: bytes
    secret_key: bytes = SAMPLE_SECRET_KEY
    uuid: bytes = SAMPLE_UUID
    request_id: bytes = SAMPLE_REQUEST_ID
    create_ts: bytes = SAMPLE_CREATE_TS


def auth_raw(case: SignatureCase) -> bytes:
    return join_auth_raw(case.secret_key, case.body, case.create_ts, case.request_id, case.uuid)


def signature_files(case: SignatureCase) -> Files:
    raw = auth_raw(case)
    return {
        "secretKey": case.secret_key,
        "uuid": case.uuid,
        "requestID": case.request_id,
        "createTs": case.create_ts,
        "body": case.body,
        "authRaw": raw,
        "sign.MD5": md5_sign(raw),
        "sign.SHA256": sha256_sign(raw),
        "README": case.about.encode("ascii") + b"\n",
    }


# --- Checks on the cases themselves -------------------------------------------


def is_whitespace_or_control(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cc"


def is_valid_secret_key(value: bytes) -> bool:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text != "" and not any(map(is_whitespace_or_control, (text[0], text[-1])))


def validate(case: SignatureCase) -> None:
    require(
        re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case.name) is not None,
        case.name,
        "the name is not kebab-case",
    )
    require(is_valid_secret_key(case.secret_key), case.name, "bad secretKey")
    for field, value in (("uuid", case.uuid), ("requestID", case.request_id)):
        valid = re.fullmatch(rb"[A-Za-z0-9\-_.:]{1,128}", value) is not None
        require(valid, case.name, f"bad {field}")
    require(
        re.fullmatch(rb"[1-9][0-9]{0,10}", case.create_ts) is not None,
        case.name,
        "bad createTs",
    )


# --- Bodies -------------------------------------------------------------------

SAMPLE_BODY_SPACED = b'{"customerId": "1234", "appKey": "xxxxxx", "status": 1}'
SAMPLE_BODY_COMPACT = b'{"customerId":"1234","appKey":"xxxxxx","status":1}'

# SAMPLE_BODY_COMPACT four times over, compressed. A constant, because the
# output of a compressor may change from one version to the next.
GZIP_BODY = bytes.fromhex(
    "1f8b0800000000000203ab564a2e2d2ec9cf4d2df24c51b2523234323651d251"
    "4a2c28f04ead04f22bc00028525c9258525aac6465585b3d287500007b4de149"
    "c8000000"
)

ONE_MIB = 1024 * 1024


def text_body(text: str) -> bytes:
    return compact_json({"text": text})


def body_of_length(length: int) -> bytes:
    """A JSON object of exactly `length` bytes."""
    filler_length = length - len(text_body(""))
    if filler_length < 0:
        raise ValueError(f"no JSON text body is {length} bytes long")
    digits = "0123456789"
    return text_body("".join(digits[i % 10] for i in range(filler_length)))


def order(number: int, user_name: str, customer_name: str, other: str = "") -> dict:
    return {
        "orderID": f"order-20240913-{number:06d}",
        "userPhone": f"8613800{number:06d}",
        "other": other,
        "userName": user_name,
        "customerName": customer_name,
        "params": [
            {"name": "amount", "value": "128.50"},
            {"name": "dueDate", "value": "2024-09-20"},
        ],
    }


def add_batch_call(task_id: str, orders: List[dict]) -> bytes:
    return compact_json(
        {
            "productID": "callbot",
            "userTaskID": task_id,
            "callInfoList": {
                "orderCallbackUrl": "https://callback.example.com/order",
                "callCallbackUrl": "https://callback.example.com/call?from=callbot&v=1",
                "callList": orders,
            },
        }
    )


def small_add_batch_call() -> bytes:
    third = order(3, "agent-02", "Carol Example")
    third["params"] = []
    orders = [
        order(1, "agent-01", "Alice Example"),
        order(2, "agent-01", "Bob Example", other="second attempt"),
        third,
    ]
    return add_batch_call("task-20240913-0001", orders)


def large_add_batch_call(length: int) -> bytes:
    """An addBatchCall body of exactly `length` bytes with as many orders as fit.

    All orders are equally long. The bytes that remain go into `other` of the
    last order.
    """

    def body_with(count: int, filler: str) -> bytes:
        orders = [order(n, "agent-01", "Alice Example") for n in range(1, count + 1)]
        orders[-1]["other"] = filler
        return add_batch_call("task-20240913-0002", orders)

    length_of_one = len(body_with(1, ""))
    length_of_each_further = len(body_with(2, "")) - length_of_one
    further, remaining = divmod(length - length_of_one, length_of_each_further)
    return body_with(1 + further, "x" * remaining)


# --- Cases --------------------------------------------------------------------


def sample_cases() -> List[SignatureCase]:
    return [
        SignatureCase(
            "sample-spaced-json",
            "The provider's public sample with blanks in the JSON body. "
            "The signatures were known beforehand.",
            SAMPLE_BODY_SPACED,
        ),
        SignatureCase(
            "sample-compact-json",
            "The provider's public sample without blanks in the JSON body. "
            "The signatures were known beforehand.",
            SAMPLE_BODY_COMPACT,
        ),
    ]


def body_length_cases() -> List[SignatureCase]:
    """Bodies that are empty, small, near a hash block boundary, or large."""
    cases = [
        SignatureCase("body-empty", "The body is empty.", b""),
        SignatureCase("body-one-byte", "The body is one byte.", b"x"),
        SignatureCase(
            "body-one-mebibyte",
            "The body is 1,048,576 bytes long: an addBatchCall request with many orders.",
            large_add_batch_call(ONE_MIB),
        ),
    ]
    for length in (55, 56, 63, 64, 65, 119, 120):
        cases.append(
            SignatureCase(
                f"body-length-{length}",
                f"The body is {length} bytes long.",
                body_of_length(length),
            )
        )
    return cases


def secret_through_body_length_cases() -> List[SignatureCase]:
    """The secret key, `&body=` and the body end near a hash block boundary."""
    before_body = len(auth_raw(SignatureCase("", "", b"")).partition(b"&createTs=")[0])
    return [
        SignatureCase(
            f"secret-through-body-length-{length}",
            f"The secret key, `&body=` and the body together are {length} bytes long.",
            body_of_length(length - before_body),
        )
        for length in (55, 56, 63, 64, 65, 119, 120)
    ]


def auth_raw_length_cases() -> List[SignatureCase]:
    """The whole authRaw ends near a hash block boundary."""
    short = SignatureCase("", "", b"", b"k", b"u", b"r", b"1")
    without_body = len(auth_raw(short))
    return [
        replace(
            short,
            name=f"auth-raw-length-{length}",
            about=f"The whole authRaw is {length} bytes long.",
            body=body_of_length(length - without_body),
        )
        for length in (55, 56, 63, 64, 65, 119, 120, 127, 128, 129)
    ]


def body_text_cases() -> List[SignatureCase]:
    """Bodies that are valid UTF-8 but easily changed on the way."""
    return [
        SignatureCase(
            "body-add-batch-call",
            "The body is a realistic addBatchCall request; all names and numbers are made up.",
            small_add_batch_call(),
        ),
        SignatureCase(
            "body-chinese",
            "The body holds Chinese text as UTF-8.",
            text_body("\u4f60\u597d\uff0c\u4e16\u754c"),
        ),
        SignatureCase(
            "body-arabic",
            "The body holds Arabic text as UTF-8.",
            text_body("\u0645\u0631\u062d\u0628\u0627"),
        ),
        SignatureCase(
            "body-cyrillic",
            "The body holds Cyrillic text as UTF-8.",
            text_body("\u041f\u0440\u0438\u0432\u0435\u0442"),
        ),
        SignatureCase(
            "body-emoji",
            "The body holds emoji as UTF-8: a single code point, a skin tone, a flag "
            "and a family joined with zero-width joiners.",
            text_body(
                "\U0001f600 \U0001f44d\U0001f3fd \U0001f1e8\U0001f1f3 "
                "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
            ),
        ),
        SignatureCase(
            "body-json-escapes",
            "The body holds JSON escape sequences as text. "
            "They are signed as they are, neither decoded nor encoded again.",
            rb'{"text":"\" \\ \n \u0001 \ud83d\ude00"}',
        ),
        SignatureCase(
            "body-percent-escapes",
            "The body holds percent signs and plus signs. "
            "They are signed as they are, neither decoded nor encoded.",
            b"a=1+1&b=%20%26%3d&c=100%",
        ),
        SignatureCase(
            "body-control-characters",
            "The body holds the raw bytes 0x00 to 0x1F and 0x7F.",
            b'{"text":"' + bytes(range(0x20)) + b'\x7f"}',
        ),
        SignatureCase(
            "body-blanks-at-both-ends",
            "The body starts and ends with blanks, which are part of what is signed.",
            b" \t " + SAMPLE_BODY_COMPACT + b" \t ",
        ),
        SignatureCase(
            "body-trailing-newline",
            "The body ends with a newline, which is part of what is signed.",
            SAMPLE_BODY_COMPACT + b"\n",
        ),
        SignatureCase(
            "body-crlf",
            "The lines of the body end with CR LF.",
            b'{\r\n  "customerId": "1234",\r\n  "status": 1\r\n}\r\n',
        ),
        SignatureCase(
            "body-byte-order-mark",
            "The body starts with a UTF-8 byte order mark, which is part of what is signed.",
            b"\xef\xbb\xbf" + SAMPLE_BODY_COMPACT,
        ),
    ]


def body_binary_cases() -> List[SignatureCase]:
    """Bodies that are not UTF-8."""
    return [
        SignatureCase(
            "body-all-byte-values",
            "The body is each byte value from 0x00 to 0xFF once, which is not UTF-8.",
            bytes(range(256)),
        ),
        SignatureCase(
            "body-gzip",
            "The body is gzip data. It is signed as it is, not unpacked.",
            GZIP_BODY,
        ),
    ]


def body_delimiter_cases() -> List[SignatureCase]:
    """Bodies that contain other parts of authRaw."""
    secret_key = SignatureCase("", "", b"").secret_key
    return [
        SignatureCase(
            "body-contains-later-fields",
            "The body contains `&createTs=1&requestID=x&uuid=y`. Nothing is escaped.",
            b"before&createTs=1&requestID=x&uuid=y",
        ),
        SignatureCase(
            "body-contains-secret-key",
            "The body contains the secret key. Nothing is escaped or masked.",
            b'{"text":"' + secret_key + b'"}',
        ),
        SignatureCase(
            "body-contains-body-marker",
            "The body contains `&body=`. Nothing is escaped.",
            b"before&body=after",
        ),
    ]


def secret_key_cases() -> List[SignatureCase]:
    letters = b"abcdefghijklmnopqrstuvwxyz"
    long_key = bytes(letters[i % len(letters)] for i in range(200))
    return [
        SignatureCase(
            "secret-key-non-ascii",
            "The secret key holds Latin, Cyrillic, Chinese and emoji characters as UTF-8.",
            SAMPLE_BODY_COMPACT,
            secret_key="cl\u00e9-\u043a\u043b\u044e\u0447-\u5bc6\u94a5-\U0001f511".encode("utf-8"),
        ),
        SignatureCase(
            "secret-key-inner-blank-and-body-marker",
            "The secret key contains blanks and `&body=`. Nothing is escaped or removed.",
            SAMPLE_BODY_COMPACT,
            secret_key=b"two words&body=inner  key",
        ),
        SignatureCase(
            "secret-key-one-character",
            "The secret key is one character.",
            SAMPLE_BODY_COMPACT,
            secret_key=b"k",
        ),
        SignatureCase(
            "secret-key-200-bytes",
            "The secret key is 200 bytes long, more than three hash blocks.",
            SAMPLE_BODY_COMPACT,
            secret_key=long_key,
        ),
    ]


def id_cases() -> List[SignatureCase]:
    return [
        SignatureCase(
            "ids-one-byte",
            "uuid and requestID are one byte each, the shortest allowed.",
            SAMPLE_BODY_COMPACT,
            uuid=b"u",
            request_id=b"7",
        ),
        SignatureCase(
            "ids-128-bytes",
            "uuid and requestID are 128 bytes each, the longest allowed.",
            SAMPLE_BODY_COMPACT,
            uuid=b"Uu0123456789abcd" * 8,
            request_id=b"Rr9876543210WXYZ" * 8,
        ),
        SignatureCase(
            "ids-all-punctuation",
            "uuid and requestID contain each allowed punctuation character, also at both ends.",
            SAMPLE_BODY_COMPACT,
            uuid=b"-_.:Aa0:._-",
            request_id=b".:-_Zz9_-:.",
        ),
    ]


def create_ts_cases() -> List[SignatureCase]:
    abouts = {
        "1": "createTs is 1, the smallest allowed.",
        "2147483648": "createTs is 2147483648, one more than a signed 32-bit integer can hold.",
        "9999999999": "createTs is 9999999999, the largest with ten digits.",
        "99999999999": "createTs is 99999999999, the largest allowed.",
    }
    return [
        SignatureCase(
            f"create-ts-{value}",
            about,
            SAMPLE_BODY_COMPACT,
            create_ts=value.encode("ascii"),
        )
        for value, about in abouts.items()
    ]


def signature_cases() -> List[SignatureCase]:
    return [
        *sample_cases(),
        *body_length_cases(),
        *secret_through_body_length_cases(),
        *auth_raw_length_cases(),
        *body_text_cases(),
        *body_binary_cases(),
        *body_delimiter_cases(),
        *secret_key_cases(),
        *id_cases(),
        *create_ts_cases(),
    ]


# --- Known values -------------------------------------------------------------

KNOWN_SIGNATURES: Dict[str, Files] = {
    "sample-spaced-json": {
        "sign.MD5": b"0C5CCB060F0A05A9C513390519DC7B50",
        "sign.SHA256": b"A7AD94FA79DF1E86EF3B6E33C4F0E286A5FE9C37292D5C2F54311085BC66AEF2",
    },
    "sample-compact-json": {
        "sign.MD5": b"780117DCF681FFBA0315EDDA24C3A8E2",
        "sign.SHA256": b"4E31BB87AB0C4DEAF66D27A5542648863906C405774E9C403D611B214E7FA099",
    },
}


def require_known_signatures(folders: Folders) -> None:
    for case_name, known in KNOWN_SIGNATURES.items():
        for file_name, value in known.items():
            matches = folders[case_name][file_name] == value
            require(matches, case_name, f"{file_name} is not the known value")


def require_lengths(folders: Folders) -> None:
    """A case that names a length really has that length."""
    for case_name, files in folders.items():
        match = re.fullmatch(r"(.+)-length-([0-9]+)", case_name)
        if match is None:
            continue
        measured = {
            "body": files["body"],
            "secret-through-body": files["secretKey"] + b"&body=" + files["body"],
            "auth-raw": files["authRaw"],
        }[match[1]]
        require(len(measured) == int(match[2]), case_name, f"it has {len(measured)} bytes")
    length = len(folders["body-one-mebibyte"]["body"])
    require(length == ONE_MIB, "body-one-mebibyte", f"it has {length} bytes")


def signature_folders() -> Folders:
    folders: Folders = {}
    for case in signature_cases():
        validate(case)
        require(case.name not in folders, case.name, "the name is used twice")
        folders[case.name] = signature_files(case)
    require_known_signatures(folders)
    require_lengths(folders)
    return folders


# --- Kinds of vectors ---------------------------------------------------------

# To add a kind, write a function that returns its folders and add it here.
# The key is the name of the folder that holds the cases.
KINDS: Dict[str, Callable[[], Folders]] = {
    "callback": received.callback_folders,
    "request": request.request_folders,
    "response": received.response_folders,
    "signature": signature_folders,
}

Vectors = Dict[str, Folders]  # kind -> folders


def build_vectors() -> Vectors:
    return {kind: build() for kind, build in KINDS.items()}


def count(vectors: Vectors) -> int:
    return sum(len(folders) for folders in vectors.values())


def manifest(vectors: Vectors) -> bytes:
    lines = [f"{kind}/{name}" for kind, folders in vectors.items() for name in folders]
    return "".join(line + "\n" for line in sorted(lines)).encode("ascii")


# --- Disk ---------------------------------------------------------------------


def is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def is_plain_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def names_in(folder: Path) -> List[str]:
    return sorted(entry.name for entry in folder.iterdir())


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def describe_surplus(path: Path) -> str:
    return f"surplus {'folder' if is_plain_folder(path) else 'file'}: {label(path)}"


def remove(path: Path) -> None:
    if is_plain_folder(path):
        shutil.rmtree(path)
    else:
        path.unlink()


def prepare_folder(path: Path, wanted: List[str]) -> None:
    """Make the folder if it is missing, and remove unwanted entries from it."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    path.mkdir(exist_ok=True)
    for name in names_in(path):
        if name not in wanted:
            remove(path / name)


def write_file(path: Path, content: bytes) -> None:
    if path.is_symlink() or path.is_dir():
        remove(path)
    path.write_bytes(content)


def write_vectors(vectors: Vectors) -> None:
    for kind, folders in vectors.items():
        prepare_folder(ROOT / kind, list(folders))
        for case_name, files in folders.items():
            folder = ROOT / kind / case_name
            prepare_folder(folder, list(files))
            for file_name, content in files.items():
                write_file(folder / file_name, content)
    write_file(ROOT / "MANIFEST", manifest(vectors))


def first_difference(left: bytes, right: bytes) -> int:
    """The offset of the first byte that differs, or the shorter length."""
    pairs = zip(left, right)
    shorter = min(len(left), len(right))
    return next((i for i, (a, b) in enumerate(pairs) if a != b), shorter)


def compare_file(path: Path, expected: bytes) -> List[str]:
    if not is_plain_file(path):
        return [f"missing file: {label(path)}"]
    actual = path.read_bytes()
    if actual == expected:
        return []
    offset = first_difference(actual, expected)
    return [
        f"different file: {label(path)} (from byte offset {offset}; "
        f"{len(actual)} bytes on disk, {len(expected)} expected)"
    ]


def surplus_in(folder: Path, wanted: List[str]) -> List[str]:
    return [describe_surplus(folder / name) for name in names_in(folder) if name not in wanted]


def compare_case(folder: Path, files: Files) -> List[str]:
    if not is_plain_folder(folder):
        return [f"missing folder: {label(folder)}"]
    differences = surplus_in(folder, list(files))
    for file_name, content in files.items():
        differences += compare_file(folder / file_name, content)
    return differences


def compare_kind(folder: Path, folders: Folders) -> List[str]:
    if not is_plain_folder(folder):
        return [f"missing folder: {label(folder)}"]
    differences = surplus_in(folder, list(folders))
    for case_name, files in folders.items():
        differences += compare_case(folder / case_name, files)
    return differences


def compare_vectors(vectors: Vectors) -> List[str]:
    """One line per difference between the vectors and what is on disk."""
    differences = surplus_in(ROOT, [*NOT_GENERATED, "MANIFEST", *vectors])
    differences += compare_file(ROOT / "MANIFEST", manifest(vectors))
    for kind, folders in vectors.items():
        differences += compare_kind(ROOT / kind, folders)
    return sorted(differences)


# --- Command line -------------------------------------------------------------


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Write the test vectors, or check that they are up to date.",
        epilog="Without options all vectors are written and anything else in their folders is removed.",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; print one line per difference to what is on disk "
        "and exit with 1 if there is any",
    )
    return parser.parse_args()


def print_ascii(line: str) -> None:
    """Print the line on any terminal; a surplus file may have any name."""
    print(line.encode("ascii", "backslashreplace").decode("ascii"))


def main() -> int:
    arguments = parse_arguments()
    try:
        vectors = build_vectors()
    except BadCase as error:
        print(f"bad case: {error}", file=sys.stderr)
        return 1
    if not arguments.check:
        write_vectors(vectors)
        print(f"{count(vectors)} vectors, written")
        return 0
    differences = compare_vectors(vectors)
    for line in differences:
        print_ascii(line)
    if differences:
        return 1
    print(f"{count(vectors)} vectors, up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
