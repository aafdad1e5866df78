"""The clients of the exchange, and how each is built. A new one is a line of `clients`."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List

ROOT = Path(__file__).resolve().parent.parent
CARGO = ["cargo", "build", "--quiet", "--locked", "--release"]
LIBRARIES = "-lcurl -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc".split()


@dataclass(frozen=True)
class Client:
    language: str
    program: Path
    # Builds the program, in this folder.
    command: List[Any]
    folder: Path = ROOT


def clients(target: Path) -> List[Client]:
    """Those that there are, for a library that was built in target."""
    out, rust = target / "exchange", target / "exchange-rust"
    c, cpp, library = out / "c", out / "cpp", target / "release/libcallbot.a"
    shared = ["-O1", "-g", "-pthread", "-I", "include"]
    cc = [os.environ.get("CC", "cc"), "-std=c99", *shared, *sources("examples/worker*.c")]
    cxx = [os.environ.get("CXX", "c++"), "-std=c++17", "-Wall", "-Wextra", "-Werror", *shared]
    cxx += sources("exchange/cpp/*.cpp")
    go = ["go", "build", "-o", out / "go", "./examples/exchange"]
    cargo = [*CARGO, "--manifest-path", "exchange/rust/Cargo.toml", "--target-dir", rust]
    return [
        Client("C", c, [*cc, library, *LIBRARIES, "-o", c]),
        Client("C++", cpp, [*cxx, library, *LIBRARIES, "-o", cpp]),
        Client("Go", out / "go", go, ROOT / "go"),
        Client("Rust", rust / "release/callbot-exchange", cargo),
    ]


def sources(pattern: str) -> List[Path]:
    return sorted(ROOT.glob(pattern))


def build(target: Path) -> List[Client]:
    """Builds the library and all clients."""
    (target / "exchange").mkdir(parents=True, exist_ok=True)
    subprocess.run([*CARGO, "-p", "callbot"], cwd=ROOT, check=True)
    environment = dict(os.environ, CGO_LDFLAGS=f"-L{target / 'release'}")
    for client in clients(target):
        subprocess.run(client.command, cwd=client.folder, env=environment, check=True)
    return clients(target)
