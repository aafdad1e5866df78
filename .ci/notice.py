#!/usr/bin/env python3
"""Writes NOTICE: what the shared and the static library contain besides our code, with its licences.

    .ci/notice.py            writes NOTICE
    .ci/notice.py --check    fails if NOTICE is not what this writes

The crates are those that cargo links on the usual systems, with the texts of their own packages.
Rust's standard library is described by the documents that come with rustc. They are compared only
if NOTICE was written with the same version of Rust, and if they are there.
"""

import difflib
import html
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTICE = ROOT / "NOTICE"
TARGETS = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
]
OURS = {"callbot", "callbot-core"}
STD_TITLE = "Rust's standard library, as of Rust "
# In the folder of the standard library, but only for test harnesses and procedural macros.
STD_UNUSED = {"getopts", "rustc-literal-escaper"}
RULE = "=" * 80

HEAD = """\
The shared and the static library contain, besides callbot, the software that is listed here. Who
passes on one of them, or a program that the static library is linked into, passes on these notices
with it. callbot's own licence is in LICENSE-MIT and LICENSE-APACHE.

The C functions in compiler_builtins are LLVM's, whose licence requires no notice in object code.

If a package can be had under several licences, callbot uses it under the one that is shown.

`.ci/notice.py` writes this file.
"""


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"FAILED: {' '.join(command)}\n{done.stderr}")
    return done.stdout


def tidy(text):
    """The text without what editors add, so that equal texts are found to be equal."""
    lines = [line.rstrip() for line in text.lstrip("\ufeff").expandtabs().splitlines()]
    return "\n".join(lines).strip("\n")


def linked_crates():
    """The crates in the libraries, as (name, version)."""
    crates = set()
    for target in TARGETS:
        tree = run("cargo", "tree", "--locked", "-p", "callbot", "--edges", "normal,no-proc-macro",
                   "--prefix", "none", "--format", "{p}", "--target", target)
        for line in tree.splitlines():
            name, version = line.split()[:2]
            crates.add((name, version.removeprefix("v")))
    return sorted(crate for crate in crates if crate[0] not in OURS)


def licence_files(crate, expression, names):
    """Which licence applies, and the names of the files that have its text."""
    def named(pattern):
        return [name for name in names if re.fullmatch(pattern, name, re.IGNORECASE)]

    applied, files = [], []
    parts = re.split(r"\bAND\b", expression)
    for part in parts:
        choices = [choice.strip(" ()") for choice in re.split(r"\bOR\b|/", part)]
        if "MIT" in choices and len(choices) > 1:
            licence, found = "MIT", named(r"LICEN[CS]E[-_.]MIT(\.\w+)?")
        elif len(parts) > 1:
            licence = choices[0]
            found = named(rf"LICEN[CS]E[-_.]{licence.split('-')[0]}(\.\w+)?")
        else:
            licence, found = part, named(r"(LICEN[CS]E|COPYING)([-_.].*)?")
        if len(found) == 1:
            applied.append(licence)
            files += found
    if len(files) == len(parts):
        return " AND ".join(applied), files
    sys.exit(f"FAILED: {crate}: no rule says which of its files are the licence ({expression}: "
             f"{', '.join(names)}); add one to .ci/notice.py")


def crate_notices():
    """(name, licence, text) of each crate in the libraries."""
    packages = json.loads(run("cargo", "metadata", "--locked", "--format-version", "1"))["packages"]
    packages = {(package["name"], package["version"]): package for package in packages}
    for crate in linked_crates():
        package = packages[crate]
        folder = pathlib.Path(package["manifest_path"]).parent
        names = sorted(path.name for path in folder.iterdir() if path.is_file())
        licence, files = licence_files(crate[0], package["license"] or "none", names)
        text = "\n\n".join(tidy((folder / name).read_text(encoding="utf-8")) for name in files)
        yield f"{crate[0]} {crate[1]}", licence, text


def std_crates(libraries):
    """The names of the crates in the standard library that are not of its own repository."""
    ours = {"alloc", "compiler_builtins", "core", "panic_abort", "panic_unwind", "proc_macro",
            "profiler_builtins", "std", "std_detect", "sysroot", "test", "unwind"}
    names = set()
    for path in libraries.glob("lib*.rlib"):
        name = path.name.removeprefix("lib").rsplit("-", 1)[0]
        if name not in ours and not name.startswith("rustc_std_workspace"):
            names.add(name)
    # Its functions are a part of compiler_builtins.
    return sorted(names | {"libm"})


def std_notices(sysroot):
    """What rustc's documents say of the standard library: (name, licence, text)."""
    documents = sysroot / "share/doc/rust"
    own = (documents / "COPYRIGHT-library.html").read_text(encoding="utf-8")
    blocks = re.findall(r"<b>File/Directory:</b>(.*?)(?=<b>File/Directory:|<h2)", own, re.DOTALL)
    for block in blocks:
        path = html.unescape(re.search(r"<code>(.*?)</code>", block)[1])
        licence = html.unescape(re.search(r"<b>License:</b>(.*?)</p>", block)[1]).strip()
        if "fuchsia" in path:
            continue
        holders = re.findall(r"<b>Copyright:</b>(.*?)</p>", block)
        text = "\n".join(f"Copyright {html.unescape(holder).strip()}" for holder in holders)
        licence = "MIT" if licence == "Apache-2.0 OR MIT" else licence
        text += "\n\n" + tidy((documents / "licenses" / f"{licence}.txt").read_text("utf-8"))
        yield "the standard library" if path == "." else path, licence, text

    everything = (documents / "COPYRIGHT.html").read_text(encoding="utf-8")
    for name in std_crates(sysroot / "lib/rustlib" / host() / "lib"):
        found = re.findall(rf"<h3>📦 ({name.replace('_', '[-_]')})-(\d[^<]*)</h3>(.*?)(?=<h3>|\Z)",
                           everything, re.DOTALL)
        if not found:
            sys.exit(f"FAILED: rustc's documents do not name {name}, of the standard library")
        # Those of the compiler are there as well, in other versions. Their texts are the same.
        title, _, block = max(found, key=lambda one: [int(n) for n in re.findall(r"\d+", one[1])])
        if title in STD_UNUSED:
            continue
        licence = html.unescape(re.search(r"<b>License:</b>(.*?)</p>", block)[1]).strip()
        texts = dict(re.findall(r"<summary><code>(.*?)</code></summary>\s*<pre>(.*?)</pre>", block,
                                re.DOTALL))
        licence, files = licence_files(title, licence, sorted(texts))
        yield title, licence, "\n\n".join(tidy(html.unescape(texts[file])) for file in files)


def host():
    return re.search(r"^host: (.*)$", run("rustc", "-vV"), re.MULTILINE)[1]


def section(title, notices):
    """Equal texts once, under the names of all that have them."""
    groups = {}
    for name, licence, text in notices:
        groups.setdefault((licence, text), []).append(name)
    lines = [RULE, title, RULE, ""]
    for (licence, text), names in groups.items():
        lines += [f"{name} ({licence})" for name in names]
        lines += ["", text, "", "-" * 80, ""]
    return "\n".join(lines[:-2])


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    release = re.search(r"^release: (.*)$", run("rustc", "-vV"), re.MULTILINE)[1]
    sysroot = pathlib.Path(run("rustc", "--print", "sysroot").strip())
    present = NOTICE.read_text(encoding="utf-8") if NOTICE.exists() else ""
    crates = section("Crates", crate_notices())
    title = STD_TITLE + release
    if (sysroot / "share/doc/rust/COPYRIGHT.html").exists() and (not check or title in present):
        std = section(title, std_notices(sysroot))
    elif check:
        print("not compared: the part of Rust's standard library, which is of another version of "
              f"Rust than this {release}, or whose documents are not here")
        std = present[present.find(f"{RULE}\n{STD_TITLE}"):].rstrip("\n")
    else:
        sys.exit("FAILED: this Rust has no share/doc/rust/COPYRIGHT.html, which the part of the "
                 "standard library is made from")
    wanted = "\n".join([HEAD, crates, std, ""])
    if not check:
        NOTICE.write_text(wanted, encoding="utf-8")
    elif wanted != present:
        sys.stdout.writelines(line + "\n" for line in difflib.unified_diff(
            present.splitlines(), wanted.splitlines(), "NOTICE", "wanted", n=1, lineterm=""))
        sys.exit("FAILED: NOTICE is not what the libraries contain; run .ci/notice.py")


main()
