"""What a verified body is read as, and where it differs from the API's pages.

A plain reader: the tables below are the pages, and nothing is shared with the
library under test.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple, Union

# --- The pages ----------------------------------------------------------------

STRING, INTEGER, NUMBER, BOOLEAN = "a string", "an integer", "a number", "a boolean"
# A string of the digits of an integer.
DIGITS = "digits"

REQUIRED, OPTIONAL, EXAMPLE = "required", "optional", "example"


@dataclass(frozen=True)
class Row:
    """A field: its type is a name, an object's table, or a list of one table."""

    key: str
    type: Union[str, Tuple["Row", ...], List[Tuple["Row", ...]]]
    presence: str = EXAMPLE


Table = Tuple[Row, ...]


def rows(presence: str, **types: Any) -> Table:
    return tuple(Row(key, type_, presence) for key, type_ in types.items())


INTENT = rows(EXAMPLE, intentID=STRING, intentTag=STRING, intentName=STRING, intentLevel=INTEGER)
SMS = rows(EXAMPLE, smsSendTs=INTEGER, sysMessageID=STRING, smsContent=STRING)
AGENT = rows(
    EXAMPLE,
    agentName=STRING,
    agentGroup=STRING,
    agentCallStatus=INTEGER,
    agentCallElapsed=INTEGER,
    agentLabel=STRING,
    manualCallStart=INTEGER,
    manualCallAnswer=INTEGER,
    manualCallEnd=INTEGER,
    manualHangupBy=INTEGER,
)
DETAIL = rows(
    EXAMPLE,
    callID=STRING,
    callingNumber=STRING,
    lineAddress=STRING,
    callStatus=INTEGER,
    callStartTs=INTEGER,
    callAnswerTs=INTEGER,
    callEndTs=INTEGER,
    callDuration=INTEGER,
    callAudioUrl=STRING,
    hangupCause=STRING,
    termSipCode=STRING,
    intents=[INTENT],
    sms=[SMS],
    agent=AGENT,
    params=[rows(EXAMPLE, name=STRING, value=STRING)],
)
IDS = rows(
    REQUIRED,
    orderID=STRING,
    userPhone=STRING,
    userName=STRING,
    sceneID=STRING,
    userTaskID=STRING,
    taskID=STRING,
)
TASK_STAT = rows(
    REQUIRED,
    answerOrderCount=INTEGER,
    finishOrderCount=INTEGER,
    totalOrderCount=INTEGER,
    finishRate=NUMBER,
    totalAnswerCall=INTEGER,
    totalCall=INTEGER,
    answerRate=NUMBER,
)


def envelope(presence: str) -> Table:
    return rows(REQUIRED, retCode=INTEGER) + rows(presence, retMsg=STRING, responseID=STRING)


ANY_RESPONSE = envelope(EXAMPLE)

CALLBACKS: Dict[str, Table] = {
    "call": rows(REQUIRED, callbackType=INTEGER)
    + IDS
    + rows(REQUIRED, finish=BOOLEAN, other=STRING)
    + rows(EXAMPLE, callInfoDetail=DETAIL),
    "order": rows(REQUIRED, callbackType=DIGITS)
    + IDS
    + rows(EXAMPLE, finish=BOOLEAN, other=STRING, callInfoDetail=DETAIL),
    "task": rows(
        REQUIRED,
        callbackType=INTEGER,
        userTaskID=STRING,
        taskID=STRING,
        sceneID=STRING,
        taskStatus=INTEGER,
        createTs=INTEGER,
        taskStat=TASK_STAT,
    ),
}

RESPONSES: Dict[str, Table] = {
    # Any other path.
    "": ANY_RESPONSE,
    "addBatchCall": envelope(REQUIRED)
    + rows(REQUIRED, totalCount=INTEGER, successCount=INTEGER)
    + rows(OPTIONAL, errList=[rows(REQUIRED, phone=STRING, errMsg=STRING)]),
    "importBatchCall": ANY_RESPONSE,
    "exportBatchCall": ANY_RESPONSE
    + rows(
        EXAMPLE,
        totalCount=INTEGER,
        batchID=STRING,
        callList=[
            rows(
                EXAMPLE,
                orderID=STRING,
                userPhone=STRING,
                other=STRING,
                callID=STRING,
                callStatus=INTEGER,
                callStartTs=INTEGER,
                intents=[INTENT],
            )
        ],
    ),
    "stopOrder": envelope(REQUIRED)
    + rows(REQUIRED, totalCount=INTEGER)
    + rows(EXAMPLE, successCount=INTEGER, errList=[rows(EXAMPLE, orderID=STRING, errMsg=STRING)]),
    "createTask": ANY_RESPONSE,
    "createAndCall": ANY_RESPONSE,
    "updateTask": ANY_RESPONSE,
    "mgrTaskStatus": ANY_RESPONSE + rows(EXAMPLE, taskID=STRING, taskStatus=INTEGER),
    "listTask": ANY_RESPONSE
    + rows(
        EXAMPLE,
        taskData=[
            rows(
                EXAMPLE,
                userTaskID=STRING,
                taskID=STRING,
                sceneID=STRING,
                taskStatus=INTEGER,
                createTs=INTEGER,
                taskStat=TASK_STAT,
            )
        ],
    ),
    "listOrder": ANY_RESPONSE,
    "listCall": ANY_RESPONSE,
    "listOrderDetail": ANY_RESPONSE
    + rows(
        EXAMPLE,
        orderDetailList=[
            rows(
                EXAMPLE,
                orderID=STRING,
                userPhone=STRING,
                userName=STRING,
                sceneID=STRING,
                userTaskID=STRING,
                taskID=STRING,
                finish=BOOLEAN,
                other=STRING,
                callInfoDetailList=[DETAIL],
            )
        ],
    ),
    "ping": rows(
        REQUIRED, data=STRING, timestamp=INTEGER, code=INTEGER, msg=STRING, reqId=STRING
    ),
}

# What a message cannot be read without. Of the fields of a line, one is enough.
ESSENTIAL = {
    "call": [["callbackType"], ["orderID"]],
    "order": [["callbackType"], ["orderID"]],
    "task": [["callbackType"], ["userTaskID", "taskID"], ["taskStatus", "taskStat"]],
    "response": [["retCode"]],
    "ping": [["code"]],
}


# --- Reading ------------------------------------------------------------------

MAX_LISTED = 100
REPLACEMENT = "\ufffd"


class Unreadable(Exception):
    """The code of the error is its argument."""


class Repeated(dict):
    """An object with a duplicate key."""


def whole_pairs(text: str) -> str:
    return re.sub("[\ud800-\udfff]", REPLACEMENT, text)


def object_of(pairs: List[Tuple[str, Any]]) -> dict:
    value = dict(pairs)
    return value if len({whole_pairs(key) for key, _ in pairs}) == len(pairs) else Repeated(value)


def no_constant(name: str) -> None:
    raise Unreadable("content_json")


def keys_of(table: Table) -> Set[str]:
    """The keys of a table and of those in it."""
    keys = {row.key for row in table}
    for row in table:
        if not isinstance(row.type, str):
            keys |= keys_of(row.type[0] if isinstance(row.type, list) else row.type)
    return keys


# The keys that a pointer may show. Any other key may be a name or a phone number.
KNOWN = {key for table in [*CALLBACKS.values(), *RESPONSES.values()] for key in keys_of(table)}


def walk(value: Any, pointer: str = "", is_shown: bool = True) -> Iterator[Tuple[str, Any]]:
    """The values and keys of a document in their order, with their pointers.

    A pointer ends before the first key that is not known.
    """
    yield pointer, value
    if isinstance(value, dict):
        for key, each in value.items():
            is_known = is_shown and key in KNOWN
            inner = f"{pointer}/{key}" if is_known else pointer
            yield inner, key
            yield from walk(each, inner, is_known)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from walk(each, f"{pointer}/{index}" if is_shown else pointer, is_shown)


def type_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    for type_, name in [(str, "a string"), (dict, "an object"), (list, "an array")]:
        if isinstance(value, type_):
            return name
    return "a number"


def is_integer(value: Any) -> bool:
    is_int = isinstance(value, int) and not isinstance(value, bool)
    return is_int and -(2**63) <= value < 2**63


def is_integral(value: Any) -> bool:
    """Whether a number with a fraction or an exponent is an integer by its value."""
    return isinstance(value, Decimal) and value == value.to_integral_value() and is_integer(int(value))


def is_digits(value: Any) -> bool:
    is_plain = isinstance(value, str) and re.fullmatch(r"0|-?[1-9][0-9]*", value, re.ASCII)
    return bool(is_plain) and is_integer(int(value))


def is_number(value: Any) -> bool:
    if type_of(value) != "a number":
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def has_type(value: Any, type_: Any) -> bool:
    """Whether a value has the type of a page."""
    if type_ == INTEGER:
        return is_integer(value)
    if type_ == DIGITS:
        return is_digits(value)
    if type_ == NUMBER:
        return is_number(value)
    return type_of(value) == name_of(type_)


def name_of(type_: Any) -> str:
    if isinstance(type_, tuple):
        return "an object"
    if isinstance(type_, list):
        return "an array"
    return STRING if type_ == DIGITS else type_


def is_usable(value: Any, type_: Any) -> bool:
    """Whether an essential field can be read."""
    if type_ in (INTEGER, DIGITS):
        return is_integer(value) or is_integral(value) or is_digits(value)
    return has_type(value, type_)


def read(content: str, endpoint: Optional[str], body: bytes) -> List[str]:
    """The deviations of a message. `content` is a callback's kind or `response`.

    Raises `Unreadable` if it cannot be read.
    """
    text = body.decode("utf-8")
    has_mark = text.startswith("\ufeff")
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=object_of,
            parse_constant=no_constant,
            parse_float=Decimal,
        )
    except json.JSONDecodeError:
        raise Unreadable("content_json") from None
    if not isinstance(value, dict):
        raise Unreadable("content_json")
    if any(isinstance(each, Repeated) for _, each in walk(value)):
        raise Unreadable("content_repeated")

    table = RESPONSES[endpoint or ""] if content == "response" else CALLBACKS[content]
    types = {row.key: row.type for row in table}
    for keys in ESSENTIAL["ping" if endpoint == "ping" else content]:
        if not any(is_usable(value.get(key), types[key]) for key in keys):
            is_missing = all(value.get(key) is None for key in keys)
            raise Unreadable("content_missing" if is_missing else "content_wrong_type")

    found = ["byte-order mark before the body, skipped"] if has_mark else []
    found += compare(value, table, "", True)
    for pointer, each in walk(value):
        if isinstance(each, str) and whole_pairs(each) != each:
            place = f"{pointer}: " if pointer else ""
            found.append(f"{place}half of a surrogate pair, read as U+FFFD")
    return found


def compare(value: dict, table: Table, pointer: str, is_documented: bool) -> Iterator[str]:
    for row in table:
        is_required = is_documented and row.presence == REQUIRED
        each, path = value.get(row.key), f"{pointer}/{row.key}"
        if is_required and row.key not in value:
            yield f"{path}: missing"
        if row.key not in value or (each is None and not is_required):
            continue
        if not has_type(each, row.type):
            yield wrong(path, each, row.type)
            continue
        inside = is_documented and row.presence != EXAMPLE
        if isinstance(row.type, tuple):
            yield from compare(each, row.type, path, inside)
        elif isinstance(row.type, list):
            for index, element in enumerate(each):
                if isinstance(element, dict):
                    yield from compare(element, row.type[0], f"{path}/{index}", inside)
                else:
                    yield wrong(f"{path}/{index}", element, row.type[0])


def wrong(path: str, value: Any, type_: Any) -> str:
    expected, found = name_of(type_), type_of(value)
    more = " that is too large" if type_ == NUMBER and found == "a number" else ""
    return f"{path}: expected {expected}, found {found}{more}"


def listed(deviations: List[str]) -> bytes:
    """The file of a case: a line each, and how many more there are."""
    lines = deviations[:MAX_LISTED]
    if len(deviations) > MAX_LISTED:
        lines.append(f"and {len(deviations) - MAX_LISTED} more")
    return "".join(line + "\n" for line in lines).encode("utf-8")
