#!/usr/bin/env python3
"""Compares how the C library and Python's json read the same documents.

    fuzz/differential.py LIBRARY [COUNT [SEED]]

It makes COUNT documents, nearly right for some endpoint, and signs each of them with the shared
library LIBRARY. The plain implementation of the API's pages in vectors/request.py, which reads with
Python's json, has to accept the same documents, with the same bytes, and to refuse the others for
the same reasons at the same places. The same seed makes the same documents.

REFUSED has what Python's json accepts and the library refuses on purpose. Each of these must occur.
"""

import ctypes
import random
import sys
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "vectors"))

import request  # noqa: E402

REFUSED = {
    "nul_character": "U+0000 in a string or key",
    "half_surrogate": "half of a surrogate pair, as an escape",
    "repeated_key": "a duplicate key, of which Python takes the last",
    "unknown_key": "a key that a closed object does not have",
    "not JSON": "NaN, Infinity and -Infinity, which Python reads as numbers",
}
NOT_JSON = {"json_syntax", "json_incomplete", "json_trailing_bytes"}
NOT_NUMBERS = ["NaN", "Infinity", "-Infinity"]

# What stands inside of strings. The last ones are not JSON.
PIECES = [
    "x", " ", "/", "\u00e9", "\u4e2d", "\U0001f600", "\u2028", "\\n", "\\t", "\\\"", "\\\\", "\\/", "\\b", "\\u0041",
    "\\u00e9", "\\u001F", "\\ud83d\\ude00", "\\uD83D\\uDE00",
]  # fmt: skip
FLAWS = ["\\u0000", "\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\ud83d\\u0041", "\\ud83d\\ud83d\\ude00"]
BROKEN = ["\\x41", "\\u12", "\\u00g0", "\\U0041", "\x01", "\n", "\t", "\0", "\\", "\\'", "\\ud83d\\u12"]
NUMBERS = [
    "0", "1", "2", "3", "4", "-0", "-1", "7", "1.0", "1e2", "-1.5E+3", "0.1e-9", "1e999", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "123456789012345678901234567890",
]  # fmt: skip
NO_NUMBERS = ["01", "-", "+1", "1.", ".5", "1e", "0x10", "1_0", "- 1", *NOT_NUMBERS]
LITERALS = ["null", "true", "false"]
NO_LITERALS = ["nul", "True", "tru e", "None", "'x'", "undefined", ""]
# Put or removed outside of strings.
STRUCTURE = "{}[]:, 0-e.tfn\x00\x0b\u00a0\ufeff/#"


class Maker:
    """Makes documents: text, since most of what is tried is not JSON."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.orders = 0

    def one_in(self, n):
        return self.random.randrange(n) == 0

    def pick(self, usual, others, n=300):
        """One of `usual`, or of `others` once in `n` times."""
        return self.random.choice(others if self.one_in(n) else usual)

    def blank(self):
        return self.pick(["", "", "", " ", "\n", "\r\n\t"], ["\u00a0", "\x0b", "\ufeff", "/**/"], 2000)

    def string(self):
        if self.one_in(12):
            return '""'
        # Visible at both ends, so that it may be an ID.
        inner = [self.pick(PIECES, self.pick([FLAWS], [BROKEN], 3), 60) for _ in range(self.random.randrange(5))]
        return f'"a{"".join(inner)}b"'

    def key(self, key):
        """A key of a table, in any spelling."""
        if self.one_in(20):
            at = self.random.randrange(len(key))
            return f'"{key[:at]}\\u{ord(key[at]):04x}{key[at + 1:]}"'
        return f'"{key}"'

    def any(self, depth=0):
        kind = self.random.randrange(6 if depth < 4 else 4)
        if kind == 0:
            return self.pick(NUMBERS, NO_NUMBERS)
        if kind == 1:
            return self.pick(LITERALS, NO_LITERALS)
        if kind in (2, 3):
            return self.string()
        inner = range(self.random.randrange(4))
        if kind == 4:
            return self.joined("[", "]", [self.any(depth + 1) for _ in inner])
        keys = ['"a"', '"\\u0061"', '"b"', '"c"', '"\\u0063x"']
        return self.members([(self.pick(keys, [self.string()], 4), self.any(depth + 1)) for _ in inner])

    def joined(self, opening, closing, parts):
        comma = "," if not self.one_in(3000) else ",,"
        return opening + comma.join(self.blank() + part + self.blank() for part in parts) + closing

    def members(self, pairs):
        return self.joined("{", "}", [f"{key}{self.blank()}:{self.blank()}{value}" for key, value in pairs])

    def object(self, obj, is_order=False):
        pairs = []
        for key, row in obj.rows.items():
            # The reference takes the last of two orderIDs or phones where it looks into an order.
            may_change = not is_order
            if not row.required and self.one_in(2) or may_change and self.one_in(40):
                continue
            pairs.append((self.key(key), self.value(key, row)))
            if may_change and self.one_in(60):
                again = self.value(key, row) if row.type == "url" else self.any()
                pairs.append((self.key(key), again))
            if self.one_in(60):
                pairs.append((self.pick(['"zhangwei"', '"x"', f'"{key.upper()}"'], [self.string()], 3), self.any()))
        if self.one_in(3):
            self.random.shuffle(pairs)
        return self.members(pairs)

    def value(self, key, row):
        if row.type in ("url", "phone"):
            return self.pick(
                ['"https://example.com/a"', '"http:\\/\\/b.example"'] if row.type == "url" else ['"14155550100"'],
                ['"example.com"'] if row.type == "url" else ['"+14155550100"', "14155550100", "null"],
                20,
            )
        if isinstance(row.type, list):
            if row.type[0] is request.ORDER:
                return self.joined("[", "]", [self.order() for _ in range(self.random.randrange(1, 4))])
            return self.joined("[", "]", [self.param(i) for i in range(self.random.randrange(3))])
        if self.one_in(25):
            return self.any()
        if isinstance(row.type, request.Obj):
            return self.object(row.type)
        if row.example:
            # The library tells the element only, where an example's object is in a list.
            if key == "smsFuncFlag":
                return self.joined("[", "]", [self.object(row.example), self.any()])
            return self.object(row.example)
        if row.type is None:
            return self.any()
        elements = range(self.random.randrange(4))
        return {
            "string": lambda: f'"{row.constant}"' if row.constant else self.string(),
            "integer": lambda: self.random.choice("0123"),
            "boolean": lambda: self.pick(["true", "false"], NO_LITERALS),
            "strings": lambda: self.joined("[", "]", [self.string() for _ in elements]),
            "integers": lambda: self.joined("[", "]", [self.pick(NUMBERS, NO_NUMBERS) for _ in elements]),
        }[row.type]()

    def order(self):
        self.orders += 1
        order = self.object(request.ORDER, is_order=True)
        # IDs are unique: the reference does not compare them.
        return order.replace('"a', f'"{self.orders}a', 1) if order.startswith('{"orderID":"a') else self.any_order()

    def any_order(self):
        members = [(self.key("orderID"), f'"{self.orders}"'), ('"userPhone"', '"14155550100"')]
        members += [(f'"{key}"', self.string()) for key in ("other", "userName", "customerName")]
        params = [self.param(i) for i in range(self.random.randrange(3))]
        members.append(('"params"', self.joined("[", "]", params)))
        if self.one_in(3):
            self.random.shuffle(members)
        return self.members(members)

    def param(self, index):
        return self.members([('"name"', f'"p{index}"'), ('"value"', self.string())])

    def changed(self, text):
        """The document with one character outside of strings put in, removed or replaced."""
        places, inside, escaped = [], False, False
        for at, c in enumerate(text):
            if not inside and c != '"':
                places.append(at)
            if c == '"' and not escaped:
                inside = not inside
            escaped = inside and c == "\\" and not escaped
        if not places:
            return text
        at = self.random.choice(places)
        put = self.random.choice([*STRUCTURE, ""])
        return text[:at] + put + text[at + self.random.randrange(2) :]

    def document(self):
        endpoint = self.random.choice(list(request.REQUESTS))
        text = self.blank() + self.object(request.REQUESTS[endpoint]) + self.blank()
        if self.one_in(4):
            text = self.changed(text)
        if self.one_in(40):
            text = text[: self.random.randrange(len(text) + 1)]
        return endpoint, text


class Str(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("len", ctypes.c_size_t)]

    def bytes(self):
        return ctypes.string_at(self.data, self.len)


def lent(string):
    """A string of this program, which has to live as long as the result is used."""
    data = string if isinstance(string, bytes) else string.encode()
    lent = Str(ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p), len(data))
    lent.owner = data
    return lent


class Library:
    def __init__(self, path):
        self.c = ctypes.CDLL(path)
        for name in ("request_body", "error_violation_code", "error_violation_path"):
            getattr(self.c, f"callbot_{name}").restype = Str
        self.c.callbot_error_violation_count.restype = ctypes.c_size_t
        self.signer = ctypes.c_void_p()
        strings = [lent(string) for string in (request.SAMPLE_UUID, request.SAMPLE_SECRET_KEY)]
        status = self.c.callbot_signer_new(*strings, 0, ctypes.byref(self.signer), None)
        assert status == 0, status

    def result_of(self, endpoint, text):
        """The body, or the violations."""
        made, error = ctypes.c_void_p(), ctypes.c_void_p()
        strings = [lent(string) for string in (endpoint, text, "r1")]
        outputs = (ctypes.byref(made), ctypes.byref(error))
        if self.c.callbot_request_from_json(self.signer, *strings, ctypes.c_int64(1726200000), *outputs) == 0:
            body = self.c.callbot_request_body(made).bytes().decode()
            self.c.callbot_request_free(made)
            return body
        found = []
        for i in range(self.c.callbot_error_violation_count(error)):
            index = ctypes.c_size_t(i)
            code = self.c.callbot_error_violation_code(error, index).bytes().decode()
            path = self.c.callbot_error_violation_path(error, index).bytes().decode()
            found.append(f"{code} {path}")
        self.c.callbot_error_free(error)
        return found


def compared(result):
    """A result as both sides have it. What is not JSON is that, wherever it is noticed."""
    if isinstance(result, str):
        return result
    codes = {line.split(" ")[0] for line in result}
    if codes & (NOT_JSON | {"json_byte_order_mark", "json_utf16"}):
        return ["not JSON"]
    # The library tells that there are no orders if nothing else is wrong.
    return sorted(line for line in result if line != "empty /callInfoList/callList") or result


def main(library, count=20_000, seed=0):
    maker, library = Maker(int(seed)), Library(library)
    seen = Counter()
    for _ in range(int(count)):
        endpoint, text = maker.document()
        given = compared(library.result_of(endpoint, text))
        wanted = compared(request.result_of(endpoint, text))
        if given != wanted:
            sys.exit(f"{endpoint} {text!r}\nthe library: {given}\nPython:      {wanted}")
        if isinstance(given, str):
            seen["accepted"] += 1
        else:
            seen.update({line.split(" ")[0] if line != "not JSON" else line for line in given})
            seen["NaN or Infinity"] += given == ["not JSON"] and any(n in text for n in NOT_NUMBERS)
    print(f"{count} documents: no difference; {dict(seen.most_common())}")
    missing = [name for name in ("accepted", "NaN or Infinity", *REFUSED) if not seen[name]]
    if missing:
        sys.exit(f"none of the documents is of these kinds: {missing}")


if __name__ == "__main__":
    main(*sys.argv[1:])
