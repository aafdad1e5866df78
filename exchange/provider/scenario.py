"""What the provider of a run does, read from a file: see exchange/README.md."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from threading import Lock
from typing import Any, Dict, FrozenSet, List, Optional, Type, TypeVar

from pages import PAGES

ANSWERS = ("success", "partial", "code", "page", "unsigned", "otherKey", "close")
SEQUENCES = ("inOrder", "reversed", "shuffled")
# The answers after which all orders of the request are taken, unless `taken` says otherwise.
TAKE_ALL = ("success", "partial", "page", "unsigned", "otherKey", "close")

T = TypeVar("T")


class BadScenario(Exception):
    """The scenario has a mistake."""


@dataclass(frozen=True)
class Answer:
    answer: str = "success"
    phones: FrozenSet[str] = frozenset()
    orders: FrozenSet[str] = frozenset()
    retCode: int = 0
    taken: Optional[int] = None
    counts: Dict[str, Any] = field(default_factory=dict)
    delayBeforeMs: int = 0
    delayMs: int = 0
    clock: int = 0
    times: int = 1

    def refuses(self, order: Dict[str, Any]) -> bool:
        return order["userPhone"] in self.phones or order["orderID"] in self.orders

    def taken_of(self, orders: int) -> int:
        if self.taken is None:
            return orders if self.answer in TAKE_ALL else 0
        return min(self.taken, orders)


@dataclass(frozen=True)
class Callbacks:
    calls: int = 1
    copies: int = 1
    newRequestIDs: bool = False
    sequence: str = "inOrder"
    delayMs: int = 0
    lateMs: int = 0
    parallel: int = 1
    tries: int = 5


class Scenario:
    """The answers are handed out one by one; several threads may ask at once."""

    def __init__(self, value: Dict[str, Any]) -> None:
        known = {"clock", "freshness", "maxOrders", "answers", "callbacks"}
        refuse_unknown(value, known, "the scenario")
        self.clock: int = value.get("clock", 0)
        self.freshness: int = value.get("freshness", 300)
        self.max_orders: Optional[int] = value.get("maxOrders")
        self.callbacks: Optional[Callbacks] = None
        if "callbacks" in value:
            self.callbacks = build(Callbacks, value["callbacks"])
            if self.callbacks.sequence not in SEQUENCES:
                raise BadScenario(f"sequence: {self.callbacks.sequence}")
        answers = value.get("answers", {})
        refuse_unknown(answers, set(PAGES), "answers")
        self.answers: Dict[str, List[Answer]] = {
            endpoint: [build_answer(one) for one in several]
            for endpoint, several in answers.items()
        }
        self.given = {endpoint: 0 for endpoint in PAGES}
        self.lock = Lock()

    def next(self, endpoint: str) -> tuple[int, Answer]:
        """Counts a genuine request. Returns its number and what it gets."""
        with self.lock:
            self.given[endpoint] += 1
            number = self.given[endpoint]
        last = 0
        for answer in self.answers.get(endpoint, []):
            last += answer.times
            if answer.times == 0 or number <= last:
                return number, answer
        return number, Answer()


def build_answer(value: Dict[str, Any]) -> Answer:
    sets = {key: frozenset(value.get(key, [])) for key in ("phones", "orders")}
    answer = build(Answer, {**value, **sets})
    if answer.answer not in ANSWERS:
        raise BadScenario(f"answer: {answer.answer}")
    return answer


def build(kind: Type[T], value: Dict[str, Any]) -> T:
    refuse_unknown(value, {one.name for one in fields(kind)}, kind.__name__)  # type: ignore
    return kind(**value)


def refuse_unknown(value: Dict[str, Any], known: set[str], where: str) -> None:
    unknown = set(value) - known
    if unknown:
        raise BadScenario(f"{where}: unknown {', '.join(sorted(unknown))}")


def read(path: str) -> Scenario:
    with open(path, encoding="utf-8") as file:
        return Scenario(json.load(file))
