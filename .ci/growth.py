#!/usr/bin/env python3
"""Fails where a function's work grows faster than its input.

    .ci/growth.py PROGRAM    the program of fuzz/growth

The program calls each function twice with each input: the second input is twice as long. valgrind
counts the instructions of each call, so that the result is the same on a busy machine.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

# Twice the instructions, and something for a table that is made larger in between, or for sorting.
# Quadratic work takes four times as many.
MAX_GROWTH = 2.3
MEASURED = "callbot_growth::measured"


def main():
    with tempfile.TemporaryDirectory() as folder:
        dumps = pathlib.Path(folder) / "dump"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={dumps}",
             f"--zero-before={MEASURED}", f"--dump-after={MEASURED}", sys.argv[1]],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"FAILED: valgrind {sys.argv[1]}\n{done.stderr}")
        names = done.stdout.splitlines()
        counts = [count(pathlib.Path(f"{dumps}.{i}")) for i in range(1, 2 * len(names) + 1)]
    faster = 0
    for name, short, long in zip(names, counts[::2], counts[1::2]):
        growth = long / short
        if growth > MAX_GROWTH:
            faster += 1
            print(f"{growth:.2f} times the work for twice the input: {name} ({short}, {long})")
    if not names or faster > 0:
        sys.exit(f"FAILED: {faster} of {len(names)} inputs take work that grows faster than they do")
    print(f"the work for {len(names)} inputs grows no faster than they do")


def count(dump):
    return int(re.search(r"^summary: (\d+)$", dump.read_text(encoding="utf-8"), re.MULTILINE)[1])


main()
