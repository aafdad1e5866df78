"""Length extension of MD5 and SHA-256: an attack, written out to be tested against.

Both hashes end by showing their whole inner state. Whoever knows H(message) and
the length of the message, but not the message, can go on from that state and
compute H(message + padding + suffix) for a suffix of their choice. A signature
with the secret in front of the text falls to this.

The compression functions are written from RFC 1321 and FIPS 180-4, because
hashlib cannot start from a given state. Run the file to test it against
hashlib; `generate.py` does so each time.
"""

from __future__ import annotations

import hashlib
import math
import struct
from dataclasses import dataclass
from typing import Callable, List, Tuple

BLOCK = 64
MASK = 0xFFFFFFFF

State = Tuple[int, ...]


def rotate_left(value: int, count: int) -> int:
    return (value << count | value >> (32 - count)) & MASK


def rotate_right(value: int, count: int) -> int:
    return rotate_left(value, 32 - count)


def added(left: State, right: State) -> State:
    return tuple((a + b) & MASK for a, b in zip(left, right))


# --- MD5, RFC 1321 ------------------------------------------------------------

MD5_START: State = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
MD5_SINES = [int(abs(math.sin(i + 1)) * 2**32) for i in range(64)]
MD5_SHIFTS = [
    *[7, 12, 17, 22] * 4,
    *[5, 9, 14, 20] * 4,
    *[4, 11, 16, 23] * 4,
    *[6, 10, 15, 21] * 4,
]


def md5_compress(state: State, block: bytes) -> State:
    words = struct.unpack("<16I", block)
    a, b, c, d = state
    for i in range(64):
        if i < 16:
            mixed, word = b & c | ~b & d, i
        elif i < 32:
            mixed, word = d & b | ~d & c, (5 * i + 1) % 16
        elif i < 48:
            mixed, word = b ^ c ^ d, (3 * i + 5) % 16
        else:
            mixed, word = c ^ (b | ~d), 7 * i % 16
        total = (a + mixed + MD5_SINES[i] + words[word]) & MASK
        a, b, c, d = d, (b + rotate_left(total, MD5_SHIFTS[i])) & MASK, b, c
    return added(state, (a, b, c, d))


# --- SHA-256, FIPS 180-4 ------------------------------------------------------


def first_primes(count: int) -> List[int]:
    primes: List[int] = []
    candidate = 2
    while len(primes) < count:
        if all(candidate % prime for prime in primes):
            primes.append(candidate)
        candidate += 1
    return primes


def root_fraction(value: int, root: int) -> int:
    """The first 32 bits of the fraction of a square (2) or cube (3) root."""
    scaled = value << (32 * root)
    low, high = 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**root <= scaled else (low, middle)
    return low & MASK


SHA256_START: State = tuple(root_fraction(prime, 2) for prime in first_primes(8))
SHA256_CONSTANTS = [root_fraction(prime, 3) for prime in first_primes(64)]


def sha256_compress(state: State, block: bytes) -> State:
    words = list(struct.unpack(">16I", block))
    for i in range(16, 64):
        x, y = words[i - 15], words[i - 2]
        low = rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3
        high = rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10
        words.append((words[i - 16] + low + words[i - 7] + high) & MASK)
    a, b, c, d, e, f, g, h = state
    for constant, word in zip(SHA256_CONSTANTS, words):
        high = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)
        first = h + high + (e & f ^ ~e & g) + constant + word
        low = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)
        second = low + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (first + second) & MASK, a, b, c, (d + first) & MASK, e, f, g
    return added(state, (a, b, c, d, e, f, g, h))


# --- Hashing from a given state -----------------------------------------------


@dataclass(frozen=True)
class Hash:
    name: str  # as hashlib has it
    start: State
    compress: Callable[[State, bytes], State]
    byte_order: str  # for struct

    def digest_of(self, state: State) -> bytes:
        return struct.pack(f"{self.byte_order}{len(self.start)}I", *state)

    def state_of(self, digest: bytes) -> State:
        return struct.unpack(f"{self.byte_order}{len(self.start)}I", digest)

    def padding(self, length: int) -> bytes:
        """What the hash itself appends to a message of `length` bytes."""
        zeros = b"\x00" * (-(length + 9) % BLOCK)
        return b"\x80" + zeros + struct.pack(f"{self.byte_order}Q", length * 8)

    def resume(self, state: State, done: int, rest: bytes) -> bytes:
        """The digest of `done` bytes that led to `state`, and then `rest`."""
        padded = rest + self.padding(done + len(rest))
        for at in range(0, len(padded), BLOCK):
            state = self.compress(state, padded[at : at + BLOCK])
        return self.digest_of(state)


HASHES = {
    "MD5": Hash("md5", MD5_START, md5_compress, "<"),
    "SHA256": Hash("sha256", SHA256_START, sha256_compress, ">"),
}


def extend(algorithm: str, sign: bytes, length: int, suffix: bytes) -> Tuple[bytes, bytes]:
    """From the hex digest of an unknown message of `length` bytes: the padding
    that has to follow it, and the hex digest of message + padding + suffix."""
    hash_ = HASHES[algorithm]
    padding = hash_.padding(length)
    state = hash_.state_of(bytes.fromhex(sign.decode("ascii")))
    digest = hash_.resume(state, length + len(padding), suffix)
    return padding, digest.hex().upper().encode("ascii")


# --- Self-test ----------------------------------------------------------------


def real_digest(hash_: Hash, message: bytes) -> bytes:
    # usedforsecurity=False: otherwise MD5 is refused on a FIPS system.
    return hashlib.new(hash_.name, message, usedforsecurity=False).digest()


def self_test() -> None:
    """Compare with hashlib: whole messages, and extended ones."""
    text = bytes(i * 7 % 256 for i in range(3 * BLOCK))
    for algorithm, hash_ in HASHES.items():
        for length in range(len(text) + 1):
            message = text[:length]
            expected = real_digest(hash_, message)
            if hash_.resume(hash_.start, 0, message) != expected:
                raise AssertionError(f"{algorithm} of {length} bytes differs from hashlib")
            suffix = text[: length % 70]
            sign = expected.hex().encode("ascii")
            padding, extended = extend(algorithm, sign, length, suffix)
            whole = real_digest(hash_, message + padding + suffix)
            if extended != whole.hex().upper().encode("ascii"):
                raise AssertionError(
                    f"{algorithm} extended from {length} bytes differs from hashlib"
                )


if __name__ == "__main__":
    self_test()
    print("length extension agrees with hashlib")
