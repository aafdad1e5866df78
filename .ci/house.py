#!/usr/bin/env python3
"""Checks which file of a crate imports which: nothing from a level above, and no circle of files.

    .ci/house.py                checks the crates of HOUSE
    .ci/house.py --self-test    checks small crates with one known fault each

Every path in code counts, in `use` lines and outside of them, and is followed through re-exports to
the file that defines the item. Comments and strings do not count. A re-export is no part of a
circle, unless its file uses the item itself. Tests may form circles, and may use what `lib.rs`
makes public.
"""

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

# The wings of each crate, top level first. A wing is a folder or a file beside `lib.rs`. It imports
# from the levels below; the wings of a level that says TOGETHER import each other too.
APART, TOGETHER = "apart", "together"
HOUSE = {
    "core/src": [
        (APART, "lib http"),
        (APART, "error"),
        (APART, "batch verify testing diagnose replays"),
        (APART, "api"),
        (APART, "json"),
        (APART, "sign"),
        (APART, "check"),
    ],
    "src": [
        (APART, "lib"),
        (TOGETHER, "signer rules batch request content headers verifier verified outcome explanation replays phone testing version"),
        (TOGETHER, "abi status error"),
    ],
    "cli/src": [
        (APART, "main"),
        (TOGETHER, "usage arguments"),
        (TOGETHER, "sign check phone verify explain pages"),
        (APART, "account list headers violations"),
        (TOGETHER, "input output failure style clock random visible"),
    ],
}

TOKEN = re.compile(
    r"""
      \s+ | //[^\n]* | \d\w*
    | [bc]?r(?P<hashes>\#*)".*?"(?P=hashes) | [bc]?"(?:\\.|[^"\\])*"
    | b?'(?: \\u\{[^}]*\} | \\x.. | \\. | [^\\'\n] )'
    | '\w+
    | (?P<word> (?:r\#)?[^\W\d]\w* )
    | (?P<sign> :: | . )
    """,
    re.VERBOSE | re.DOTALL,
)
NAME = re.compile(r"[^\W\d]\w*$")
TEST = re.compile(r"(cfg\((all\(([^()]*,)?)?test[,)]|test$)")
ITEMS = {"struct", "enum", "union", "trait", "fn", "type", "const", "static", "macro_rules"}


class Source:
    """A file's words and signs, with the line of each, and which of them are tests."""

    def __init__(self, text, test):
        self.words, self.lines = [], []
        at, line = 0, 1
        while at < len(text):
            if text.startswith("/*", at):
                end = end_of_comment(text, at)
            else:
                match = TOKEN.match(text, at)
                end = match.end()
                if match["word"] or match["sign"]:
                    self.words.append(match[0].removeprefix("r#"))
                    self.lines.append(line)
            line += text.count("\n", at, end)
            at = end
        self.close = self.brackets()
        self.test = [test] * len(self.words)
        self.length = 0 if test else text.count("\n")
        for i, word in enumerate(self.words):
            if word == "#" and not self.test[i]:
                self.mark_test(i)

    def word(self, i):
        return self.words[i] if 0 <= i < len(self.words) else ""

    def is_name(self, i):
        return NAME.match(self.word(i)) is not None

    def brackets(self):
        """The index of the closing bracket for each opening one."""
        close, open_ = {}, []
        for i, word in enumerate(self.words):
            if word in ("(", "[", "{"):
                open_.append(i)
            elif word in (")", "]", "}") and open_:
                close[open_.pop()] = i
        return close

    def mark_test(self, start):
        """Marks the item with the attribute at `start` if it is built for tests only."""
        end = self.close.get(start + 1)
        if self.word(start + 1) != "[" or not end or not TEST.match("".join(self.words[start + 2 : end])):
            return
        i = end + 1
        while i < len(self.words) and self.words[i] not in (")", "]", "}"):
            last = self.words[i] in ("{", ";")
            i = self.close.get(i, i) + 1
            if last:
                break
        self.test[start:i] = [True] * (i - start)
        self.length -= self.lines[i - 1] - self.lines[start] + 1

    def path(self, i):
        """The path that begins with the word at `i`, if one does."""
        if not self.is_name(i) or self.word(i + 1) != "::" or self.word(i - 1) == "::":
            return None
        path = [self.words[i]]
        while self.word(i + 1) == "::" and self.is_name(i + 2):
            i += 2
            path.append(self.words[i])
        return path

    def tree(self, i, prefix, found):
        """Adds the (path, name, line) of each leaf of a `use` tree to `found`.

        Returns the index after the tree.
        """
        path = list(prefix)
        while True:
            word, line = self.word(i), self.lines[min(i, len(self.lines) - 1)]
            i += 1
            if word == "{":
                while self.word(i) not in ("}", ""):
                    i = self.tree(i, path, found)
                return i + 1
            if word != "*" and not NAME.match(word):
                return i  # a comma, the `::` of another crate, or the `$` of `$crate`
            path.append(word)
            if self.word(i) == "::":
                i += 1
                continue
            if word == "self":
                path.pop()
            name = path[-1]
            if self.word(i) == "as":
                name = self.word(i + 1)
                i += 2
            found.append((path, name, line))
            return i


def end_of_comment(text, at):
    """Where the block comment ends that begins at `at`. Such comments nest."""
    depth = 0
    for match in re.compile(r"/\*|\*/").finditer(text, at):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)


class Module:
    """A file, or a block `mod name { .. }` of one."""

    def __init__(self, file, path, parent):
        self.file, self.path, self.parent = file, path, parent
        self.children, self.uses, self.globs = {}, {}, []
        self.defined, self.public, self.words = set(), set(), set()

    def lookup(self, name, seen=()):
        """The module or `Item` that a name stands for here, or None."""
        if name in self.children:
            return self.children[name]
        if (self, name) in seen:
            return Item(self)
        seen = (*seen, (self, name))
        for path in self.uses.get(name, []):
            target = self.resolve(path, seen)
            if target is not None:
                return target
        if name in self.defined:
            return Item(self)
        for path in self.globs:
            target = self.resolve(path, seen)
            if isinstance(target, Module) and (target, name) not in seen:
                target = target.lookup(name, seen)
                if target is not None:
                    return target
        return None

    def resolve(self, path, seen=()):
        """What a path stands for here, or None for a path into another crate.

        A name that is not found counts as defined where it is looked for: a macro may make it.
        """
        at = {"crate": self.root(), "self": self, "super": self.parent}.get(path[0])
        at = at or self.lookup(path[0], seen)
        for name in path[1:]:
            if not isinstance(at, Module):
                break
            at = at.parent if name == "super" else at.lookup(name, seen) or Item(at)
        return at

    def root(self):
        return self if self.parent is None else self.parent.root()


class Item:
    """Something other than a module, defined in a module."""

    def __init__(self, module):
        self.file = module.file


class Use:
    """A path in the code of a module. `name` is what a `use` line makes of it; else it is empty."""

    def __init__(self, module, path, line, test, name="", reexport=False):
        self.module, self.path, self.line, self.test = module, path, line, test
        self.name, self.reexport = name, reexport

    def __str__(self):
        return f"{self.module.file}:{self.line}: {'::'.join(self.path)}"


class Crate:
    def __init__(self, folder, name, levels):
        self.folder, self.name = folder, name
        self.faults, self.uses, self.sizes, self.arrows = [], [], {}, {}
        self.level, self.together = {}, set()
        for number, (kind, wings) in enumerate(levels):
            for wing in wings.split():
                self.level[wing] = number
                if kind == TOGETHER:
                    self.together.add(number)
        # The first wing is the crate's root: a library's or a command's.
        self.root = self.load(f"{levels[0][1].split()[0]}.rs", (), None, False)
        for path in sorted(folder.rglob("*.rs")):
            file = f"{name}/{path.relative_to(folder).as_posix()}"
            if file not in self.sizes:
                self.faults.append(f"{file}: no module declares this file")
            elif self.wing(file) not in self.level:
                self.faults.append(f"{file}: no wing of the table in .ci/house.py has this file")
        for use in self.uses:
            self.check(use)
        self.circles = self.find_circles()
        for circle in self.circles:
            lines = [f"  {use} is defined in {target}" for use, target in circle]
            self.faults.append("\n".join(["a circle of files:", *lines]))

    def wing(self, file):
        return file.removeprefix(self.name + "/").split("/")[0].removesuffix(".rs")

    def load(self, file, path, parent, test):
        module = Module(f"{self.name}/{file}", path, parent)
        source = Source((self.folder / file).read_text(encoding="utf-8"), test)
        self.sizes[module.file] = source.length
        self.scan(source, module, 0, len(source.words))
        return module

    def scan(self, source, module, i, end):
        """Reads the modules, `use` lines and paths of a module from its words."""
        while i < end:
            word, line, test = source.words[i], source.lines[i], source.test[i]
            public = source.word(i - 1) == "pub"
            if word == "mod" and source.is_name(i + 1) and source.word(i + 2) in (";", "{"):
                self.child(source, module, i, public)
                i = source.close.get(i + 2, i + 2) + 1
                continue
            if word == "use":
                found = []
                reexport = public or source.word(i - 1) == ")"
                i = source.tree(i + 1, (), found)
                for path, name, line in found:
                    if name == "*":
                        module.globs.append(path[:-1])
                    else:
                        module.uses.setdefault(name, []).append(path)
                    if public:
                        module.public.add(name)
                    self.uses.append(Use(module, path, line, test, name, reexport))
                continue
            if word == "#" and source.word(i + 1) == "[" and source.word(i + 2) in ("path", "macro_use"):
                self.blind(module, line, source.word(i + 2))
            if (word, source.word(i + 1)) == ("include", "!"):
                self.blind(module, line, "include!")
            if word in ITEMS:
                name = i + 1 + (source.word(i + 1) == "!")
                module.defined.add(source.word(name))
            elif not test and source.word(i - 1) not in ("::", "."):
                module.words.add(word)
            path = source.path(i)
            if path:
                self.uses.append(Use(module, path, line, test))
            i += 1

    def child(self, source, module, i, public):
        name, path = source.word(i + 1), (*module.path, source.word(i + 1))
        if public:
            module.public.add(name)
        if source.word(i + 2) == "{":
            child = module.children[name] = Module(module.file, path, module)
            self.scan(source, child, i + 3, source.close[i + 2])
            return
        for file in ("/".join(path) + ".rs", "/".join(path) + "/mod.rs"):
            if (self.folder / file).exists():
                module.children[name] = self.load(file, path, module, source.test[i])

    def blind(self, module, line, what):
        self.faults.append(f"{module.file}:{line}: {what} hides what is imported; import by path")

    def check(self, use):
        """Checks the direction of one path, and notes the arrows that it makes between files."""
        if not use.name and isinstance(use.module.lookup(use.path[0]), Item):
            return  # the `use` line of this name counts
        glob = use.name == "*"
        target = use.module.resolve(use.path[:-1] if glob else use.path)
        if target is None:
            return
        if glob and isinstance(target, Module):
            for name in sorted(use.module.words & (target.defined | set(target.uses))):
                self.arrow(use, target.lookup(name))
        # The modules that the path names on its way count too.
        named = [use.module.resolve(use.path[:length]) for length in range(len(use.path) - 1, 0, -1)]
        for at in [target, *(module for module in named if module is not self.root)]:
            if self.is_up(use, at):
                break
        if not use.reexport or use.name in use.module.words:
            self.arrow(use, target)

    def arrow(self, use, target):
        """Notes that code needs an item. An imported module counts only for what is used of it."""
        if isinstance(target, Item) and not use.test and target.file != use.module.file:
            self.arrows.setdefault((use.module.file, target.file), use)

    def is_up(self, use, target):
        """Whether a path to this target is a fault, which is noted."""
        above, below = self.wing(use.module.file), self.wing(target.file)
        levels = self.level.get(above), self.level.get(below)
        if above == below or None in levels or levels[0] < levels[1]:
            return False
        if levels[0] == levels[1] and levels[0] in self.together:
            return False
        if use.test and use.path[0] == "crate" and self.root.public.intersection(use.path[1:2]):
            return False
        fault = f"{use}: {above} must not import {below} ({target.file})"
        if fault not in self.faults:
            self.faults.append(fault)
        return True

    def find_circles(self):
        """The shortest circle through each file that is in one, but for those that share an arrow
        with a shorter one: it may be the arrow that makes both.
        """
        after = {}
        for source, target in sorted(self.arrows):
            after.setdefault(source, []).append(target)
        found = []
        for start in after:
            came, queue = {}, [start]
            while queue and start not in came:
                file = queue.pop(0)
                for target in after.get(file, []):
                    if target not in came:
                        came[target] = file
                        queue.append(target)
            if start in came:
                files = [start]
                while len(files) == 1 or files[0] != start:
                    files.insert(0, came[files[0]])
                found.append([(self.arrows[pair], pair[1]) for pair in zip(files, files[1:])])
        circles, seen = [], set()
        for circle in sorted(found, key=len):
            uses = {use for use, _ in circle}
            if not uses & seen:
                circles.append(circle)
            seen |= uses
        return circles

    def summary(self):
        wings = Counter(self.wing(file) for file in self.sizes)
        lines = Counter()
        for file, size in self.sizes.items():
            lines[self.wing(file)] += size
        head = f"{self.name}: {len(self.sizes)} files, {len(self.arrows)} arrows, {len(wings)} wings"
        head += f", {len(self.circles)} circles, {len(self.faults)} faults; lines without tests: {lines.total()}"
        order = sorted(wings, key=lambda wing: (self.level.get(wing, -1), wing))
        return "\n".join([head, *(f"  {wing:9} {lines[wing]:5} lines in {wings[wing]} files" for wing in order)])


# --- The self-test ---

SMALL = [(APART, "lib"), (APART, "top"), (APART, "left right"), (TOGETHER, "low ground")]

# A crate without faults. Each case below puts files in place of some of it.
CLEAN = {
    "lib.rs": "mod top;\nmod left;\npub mod right;\npub mod low;\nmod ground;\npub use top::Top;\n",
    "top/mod.rs": """
mod part;
mod shape;
pub use part::Top;
pub(crate) use shape::Shape;
pub(crate) fn help() { left::Top; right.Shape; }
#[cfg(all(unix, test))]
fn f() -> (Top, Shape) {}
""",
    "top/part.rs": "use super::help;\npub struct Top;\nfn f() { help(); Top::new() }\n",
    "top/shape.rs": """
use super::{help, Top};
use crate::left::{self, Left};
use crate::low::{ground_of, inner::{deep::Deep, made}};
pub struct Shape;
""",
    "left.rs": r'''
//! Not an import: crate::top::Top
/* nor /* this */ crate::top::Top */
use alloc::vec::Vec;
use ::top::Other;
use Kind::*;
enum Kind { Low }
pub(in crate::left) struct Hidden;
pub struct Left<'a>(&'a str);
const TEXT: &str = "crate::top::Top \" crate::top::Top";
const RAW: &[u8] = br#"crate::top::Top" crate::top::Top"#;
const QUOTE: char = '"';
const OTHER: char = '\'';
const UNICODE: char = '\u{22}';
fn f() -> crate::low::inner::deep::Deep { crate::low::ground_of() }
#[cfg(test)]
mod tests {
    use super::*;
    use crate::Top; // public
    #[test]
    fn g() {
        crate::low::inner::Inner::new(super::f())
    }
}
''',
    "right.rs": "use crate::low;\n#[cfg(test)]\nuse crate::Top;\nfn f() { low::ground_of() }\n",
    "low/mod.rs": "pub mod inner;\nuse crate::ground::Ground;\npub fn ground_of() -> Ground {}\n#[cfg(test)]\nmod tests;\n",
    "low/inner.rs": "pub mod deep;\npub struct Inner;\nmacro_rules! made { () => {} }\npub(crate) use made;\n",
    "low/inner/deep.rs": "pub struct Deep;\n",
    "low/tests.rs": "use super::inner::Inner;\nuse crate::Top;\nuse crate::right::f;\n",
    "ground.rs": "pub struct Ground;\n#[cfg(test)]\nuse crate::low::ground_of;\n",
}
CASES = {
    "the clean crate": ({}, []),
    "up by use crate::": (
        {"left.rs": "\nuse crate::top::Top;\npub struct Left;\nfn f() { Top::new() }\n"},
        ["house/left.rs:2: crate::top::Top: left must not import top (house/top/part.rs)"],
    ),
    "up through lib.rs": (
        {"left.rs": "pub struct Left(crate::Top);\n"},
        ["house/left.rs:1: crate::Top: left must not import top (house/top/part.rs)"],
    ),
    "up by way of what a wing re-exports": (
        {
            "top/mod.rs": "mod part;\nmod shape;\npub use part::Top;\npub use crate::ground::Ground;\nfn help() {}\n",
            "low/mod.rs": "pub mod inner;\nuse crate::top::Ground;\npub fn ground_of() {}\n#[cfg(test)]\nmod tests;\n",
        },
        ["house/low/mod.rs:2: crate::top::Ground: low must not import top (house/top/mod.rs)"],
    ),
    "up by a path in code": (
        {"low/inner.rs": "pub mod deep;\npub struct Inner;\nfn f() {\n  let s = \"\n\";\n  crate::top::Top(s)\n}\n"},
        ["house/low/inner.rs:6: crate::top::Top: low must not import top (house/top/part.rs)"],
    ),
    "up by super::super::": (
        {"low/inner/deep.rs": "pub struct Deep;\nfn f() -> super::super::super::top::Top {}\n"},
        ["house/low/inner/deep.rs:2: super::super::super::top::Top: low must not import top (house/top/part.rs)"],
    ),
    "up by a path in a macro": (
        {"ground.rs": "macro_rules! m {\n  () => { $crate::top::help() }\n}\npub struct Ground;\n"},
        ["house/ground.rs:2: crate::top::help: ground must not import top (house/top/mod.rs)"],
    ),
    "up by a use in a macro": (
        {"ground.rs": "macro_rules! m {\n  () => { use $crate::top::help; }\n}\npub struct Ground;\n"},
        ["house/ground.rs:2: crate::top::help: ground must not import top (house/top/mod.rs)"],
    ),
    "up by a nested use tree and an alias": (
        {"ground.rs": "use crate::{\n  low::inner,\n  top::{\n    self as r,\n    help},\n};\npub struct Ground(r::Top);\n"},
        [
            "house/ground.rs:4: crate::top: ground must not import top (house/top/mod.rs)",
            "house/ground.rs:5: crate::top::help: ground must not import top (house/top/mod.rs)",
            "house/ground.rs:7: r::Top: ground must not import top (house/top/part.rs)",
        ],
    ),
    "up by a glob": (
        {"ground.rs": "use crate::top::*;\npub struct Ground;\n"},
        ["house/ground.rs:1: crate::top::*: ground must not import top (house/top/mod.rs)"],
    ),
    "up by a re-export": (
        {"low/mod.rs": "pub mod inner;\npub use crate::top::Top;\npub fn ground_of() {}\n#[cfg(test)]\nmod tests;\n"},
        ["house/low/mod.rs:2: crate::top::Top: low must not import top (house/top/part.rs)"],
    ),
    "up from a test, by a path that is not public": (
        {
            "lib.rs": CLEAN["lib.rs"] + "pub(crate) use left::Left;\n",
            "low/tests.rs": "use crate::Top;\nuse crate::left::Left;\nuse crate::Left;\n",
        },
        [
            "house/low/tests.rs:2: crate::left::Left: low must not import left (house/left.rs)",
            "house/low/tests.rs:3: crate::Left: low must not import left (house/left.rs)",
        ],
    ),
    "up after a test": (
        {"right.rs": "#[cfg(test)]\nmod tests { fn f() {} }\nuse crate::top::Top;\nfn f() {}\n"},
        ["house/right.rs:3: crate::top::Top: right must not import top (house/top/part.rs)"],
    ),
    "up where tests are left out": (
        {"right.rs": "#[cfg(not(test))]\nuse crate::Top;\nfn f() {}\n"},
        ["house/right.rs:2: crate::Top: right must not import top (house/top/part.rs)"],
    ),
    "sideways": (
        {"left.rs": "pub struct Left;\nfn g() { self::super::right::f() }\n"},
        ["house/left.rs:2: self::super::right::f: left must not import right (house/right.rs)"],
    ),
    "a circle of two files": (
        {
            "ground.rs": "use crate::low::inner::Inner;\npub struct Ground;\n",
            "low/inner.rs": "pub mod deep;\npub struct Inner(crate::ground::Ground);\n",
        },
        [
            "a circle of files:\n"
            "  house/ground.rs:1: crate::low::inner::Inner is defined in house/low/inner.rs\n"
            "  house/low/inner.rs:2: crate::ground::Ground is defined in house/ground.rs"
        ],
    ),
    "a circle of three files, through a re-export and a module's name": (
        {
            "low/mod.rs": "pub mod inner;\npub use inner::Inner;\npub fn ground_of() {}\n#[cfg(test)]\nmod tests;\n",
            "low/inner.rs": "pub mod deep;\npub struct Inner(deep::Deep);\n",
            "low/inner/deep.rs": "use crate::ground;\npub struct Deep;\nfn f() { ground::f() }\n",
            "ground.rs": "use crate::low;\nfn f() {}\npub struct Ground(low::Inner);\n",
        },
        [
            "a circle of files:\n"
            "  house/ground.rs:3: low::Inner is defined in house/low/inner.rs\n"
            "  house/low/inner.rs:2: deep::Deep is defined in house/low/inner/deep.rs\n"
            "  house/low/inner/deep.rs:3: ground::f is defined in house/ground.rs"
        ],
    ),
    "a circle through super::": (
        {
            "low/inner.rs": "pub mod deep;\nuse deep::Deep;\npub struct Inner;\n",
            "low/inner/deep.rs": "pub struct Deep(super::Inner);\n",
        },
        [
            "a circle of files:\n"
            "  house/low/inner.rs:2: deep::Deep is defined in house/low/inner/deep.rs\n"
            "  house/low/inner/deep.rs:1: super::Inner is defined in house/low/inner.rs"
        ],
    ),
    "a circle through a block": (
        {
            "low/inner.rs": "pub mod deep;\nmod block {\n  fn f() -> super::deep::Deep {}\n}\npub struct Inner;\n",
            "low/inner/deep.rs": "pub struct Deep(super::Inner);\n",
        },
        [
            "a circle of files:\n"
            "  house/low/inner.rs:3: super::deep::Deep is defined in house/low/inner/deep.rs\n"
            "  house/low/inner/deep.rs:1: super::Inner is defined in house/low/inner.rs"
        ],
    ),
    "a circle through a nested use tree": (
        {
            "low/inner/deep.rs": "pub struct Deep;\nuse crate::{ground::{self, Ground}};\n",
            "ground.rs": "use crate::{low::{inner::{self, deep::{\n  Deep as D}}, ground_of}};\npub struct Ground(D);\n",
            "low/mod.rs": "pub mod inner;\npub fn ground_of() {}\n#[cfg(test)]\nmod tests;\n",
        },
        [
            "a circle of files:\n"
            "  house/ground.rs:2: crate::low::inner::deep::Deep is defined in house/low/inner/deep.rs\n"
            "  house/low/inner/deep.rs:2: crate::ground::Ground is defined in house/ground.rs"
        ],
    ),
    "a circle through a glob of what another glob shows": (
        {
            "top/mod.rs": "mod part;\nmod shape;\npub use part::*;\npub(crate) fn help() {}\n",
            "top/part.rs": "use super::shape::*;\npub struct Top(Shape);\n",
            "top/shape.rs": "use crate::top::Top;\npub struct Shape;\n",
        },
        [
            "a circle of files:\n"
            "  house/top/part.rs:1: super::shape::* is defined in house/top/shape.rs\n"
            "  house/top/shape.rs:1: crate::top::Top is defined in house/top/part.rs"
        ],
    ),
    "a circle through an item that a macro makes, beside globs in a circle": (
        {
            "top/mod.rs": "mod part;\nmod shape;\npub use part::*;\npub use crate::low::*;\nfn f() { shape::f() }\n",
            "top/part.rs": "use super::*;\npub struct Top;\n",
            "top/shape.rs": "fn f() { crate::top::made() }\n",
        },
        [
            "a circle of files:\n"
            "  house/top/mod.rs:5: shape::f is defined in house/top/shape.rs\n"
            "  house/top/shape.rs:1: crate::top::made is defined in house/top/mod.rs"
        ],
    ),
    "a circle through an item that a glob of its parent shows": (
        {
            "top/mod.rs": "mod part;\nmod shape;\npub use part::Top;\npub use shape::Shape;\npub(crate) fn help() {}\n",
            "top/part.rs": "use super::*;\npub struct Top(Shape);\n",
            "top/shape.rs": "use super::Top;\npub struct Shape;\n",
        },
        [
            "a circle of files:\n"
            "  house/top/part.rs:1: super::* is defined in house/top/shape.rs\n"
            "  house/top/shape.rs:1: super::Top is defined in house/top/part.rs"
        ],
    ),
    "a circle through a re-export that its file uses": (
        {"top/mod.rs": "mod part;\nmod shape;\npub use part::Top;\npub(crate) fn help() -> Top {}\n"},
        [
            "a circle of files:\n"
            "  house/top/mod.rs:3: part::Top is defined in house/top/part.rs\n"
            "  house/top/part.rs:1: super::help is defined in house/top/mod.rs"
        ],
    ),
    "a file of no wing": (
        {"lib.rs": CLEAN["lib.rs"] + "mod attic;\n", "attic.rs": "use crate::top::Top;\n"},
        ["house/attic.rs: no wing of the table in .ci/house.py has this file"],
    ),
    "a file of no module": ({"low/old.rs": "\n"}, ["house/low/old.rs: no module declares this file"]),
    "imports that do not show": (
        {"ground.rs": '#[macro_use]\nmod m {}\n#[path = "x.rs"]\nmod x;\ninclude!("y.rs");\npub struct Ground;\n'},
        [
            "house/ground.rs:1: macro_use hides what is imported; import by path",
            "house/ground.rs:3: path hides what is imported; import by path",
            "house/ground.rs:5: include! hides what is imported; import by path",
        ],
    ),
}
CLEAN_SUMMARY = """house: 11 files, 11 arrows, 6 wings, 0 circles, 0 faults; lines without tests: 46
  lib           6 lines in 1 files
  top          14 lines in 3 files
  left         15 lines in 1 files
  right         2 lines in 1 files
  ground        1 lines in 1 files
  low           8 lines in 4 files"""


def self_test():
    failed = 0
    for name, (files, wanted) in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            for file, text in (CLEAN | files).items():
                path = Path(folder, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            crate = Crate(Path(folder), "house", SMALL)
        found = sorted(crate.faults)
        if not files:
            found, wanted = [*found, crate.summary()], [CLEAN_SUMMARY]
        if found != wanted:
            failed += 1
            print("\n".join([f"{name}: wanted", *wanted, "found", *found, ""]), file=sys.stderr)
    print(f"self-test: {len(CASES) - failed} of {len(CASES)} crates are judged as they should be")
    return failed == 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    if arguments:
        sys.exit(__doc__)
    root = Path(__file__).resolve().parent.parent
    crates = [Crate(root / name, name, levels) for name, levels in HOUSE.items()]
    for crate in crates:
        print("\n".join([*crate.faults, crate.summary()]))
    return not any(crate.faults for crate in crates)


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
