"""The bodies of requests, as the API's pages have them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from signing import Refused

# --- The kinds of values ------------------------------------------------------

STRING, INTEGER, BOOLEAN, ANY = "a string", "an integer", "a boolean", "anything"
PHONE, URL = "a phone number", "a URL"


@dataclass(frozen=True)
class Key:
    """A key of an object. `kind` is one of the kinds above, an Object, or a list of one of them."""

    kind: Any = ANY
    required: bool = True
    null: bool = False
    empty: bool = True
    among: Optional[Tuple[Any, ...]] = None
    at_most: Optional[int] = None


@dataclass(frozen=True)
class Object:
    keys: Dict[str, Key]
    # What a page shows in an example only may have further keys.
    open: bool = False


PRODUCT = Key(STRING, among=("callbot",))
ID = Key(STRING, empty=False)
OPTIONAL_STRINGS = Key([STRING], required=False, null=True)
OPTIONAL = Key(required=False)
DEL_CALL = Key(INTEGER, required=False, among=(0, 1))

CALL_INFO_LIST = Object(
    {
        "orderCallbackUrl": Key(URL),
        "callCallbackUrl": Key(URL),
        "callList": Key(
            [
                Object(
                    {
                        "orderID": ID,
                        "userPhone": Key(PHONE),
                        "other": Key(STRING),
                        "userName": Key(STRING),
                        "customerName": Key(STRING),
                        "params": Key([Object({"name": ID, "value": Key(STRING)})]),
                    }
                )
            ],
            empty=False,
        ),
    }
)
BATCH = Object({"productID": PRODUCT, "userTaskID": ID, "callInfoList": Key(CALL_INFO_LIST)})
LIMITS = Object(
    {
        "gt": Key(INTEGER, required=False),
        "lt": Key(INTEGER, required=False),
        "enable": Key(BOOLEAN, required=False),
    }
)


def options(*keys: str) -> Object:
    """The query conditions of listOrder and listCall."""
    known = {
        "orderID": OPTIONAL_STRINGS,
        "callID": OPTIONAL_STRINGS,
        "intentID": OPTIONAL_STRINGS,
        "intentName": OPTIONAL_STRINGS,
        "intentTag": OPTIONAL_STRINGS,
        "finish": Key(INTEGER, required=False, null=True),
        "turnTime": Key(LIMITS, required=False, null=True),
        "callDuration": Key(LIMITS, required=False, null=True),
    }
    return Object({key: known.get(key, OPTIONAL) for key in keys}, open=True)


PAGES: Dict[str, Object] = {
    "ping": Object({"data": Key(STRING)}),
    "createTask": Object({"productID": PRODUCT, "userTaskID": ID, "sceneID": ID}, open=True),
    "createAndCall": Object(
        {
            "productID": PRODUCT,
            "userTaskID": ID,
            "sceneID": ID,
            "callInfoList": Key(CALL_INFO_LIST),
        },
        open=True,
    ),
    "updateTask": Object({"productID": PRODUCT, "userTaskID": ID}, open=True),
    "mgrTaskStatus": Object(
        {
            "productID": PRODUCT,
            "userTaskID": ID,
            "taskOperate": Key(INTEGER, among=(1, 2, 3)),
            "delCall": DEL_CALL,
        }
    ),
    "addBatchCall": BATCH,
    "importBatchCall": BATCH,
    "exportBatchCall": Object({"productID": PRODUCT, "userTaskID": ID}),
    "stopOrder": Object(
        {
            "productID": PRODUCT,
            "userTaskID": ID,
            "orderIDs": Key([STRING], empty=False),
            "delCall": DEL_CALL,
        }
    ),
    "listTask": Object(
        {
            "productID": PRODUCT,
            "page": Key(INTEGER),
            "size": Key(INTEGER),
            "queryConditions": Key(
                Object(
                    {
                        "taskStatus": Key([INTEGER], required=False, null=True),
                        "taskName": OPTIONAL_STRINGS,
                        "sceneID": Key(STRING, required=False, null=True),
                        "userTaskID": OPTIONAL_STRINGS,
                        "startTs": Key(INTEGER, required=False, null=True),
                        "endTs": Key(INTEGER, required=False, null=True),
                    }
                )
            ),
        }
    ),
    "listOrder": Object(
        {
            "productID": PRODUCT,
            "userTaskID": ID,
            "options": Key(
                options(
                    "orderID", "intentID", "intentName", "intentTag", "intentLevel", "finish",
                    "turnTime", "callDuration", "callStatus",
                )  # fmt: skip
            ),
            "page": OPTIONAL,
            "size": OPTIONAL,
        }
    ),
    "listCall": Object(
        {
            "productID": PRODUCT,
            "userTaskID": ID,
            "options": Key(
                options(
                    "callID", "intentID", "intentName", "intentTag", "intentLevel", "turnTime",
                    "callDuration", "callStatus", "startTs", "endTs",
                )  # fmt: skip
            ),
            "page": OPTIONAL,
            "size": OPTIONAL,
        }
    ),
    "listOrderDetail": Object(
        {"productID": PRODUCT, "userTaskID": ID, "orderList": Key([STRING], at_most=500)}
    ),
}

# --- Reading ------------------------------------------------------------------


def read(endpoint: str, body: bytes) -> Dict[str, Any]:
    """Returns a body's object. Raises Refused unless it is what the endpoint's page documents."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("body_utf8", 3) from None
    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise Refused("body_json", 3) from None
    check(PAGES[endpoint], value, "")
    return value


def unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate key")
    return value


def no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def fail(code: int, pointer: str, why: str) -> Refused:
    return Refused(f"body_page {pointer}: {why}", code)


def check(kind: Any, value: Any, pointer: str) -> None:
    if isinstance(kind, Object):
        check_object(kind, value, pointer)
    elif isinstance(kind, list):
        if not isinstance(value, list):
            raise fail(3, pointer, "not an array")
        for index, element in enumerate(value):
            check(kind[0], element, f"{pointer}/{index}")
    elif kind in (STRING, PHONE, URL):
        if not isinstance(value, str):
            raise fail(3, pointer, "not a string")
        if kind == PHONE and not re.fullmatch(r"[1-9][0-9]{6,14}", value, re.ASCII):
            raise fail(4, pointer, "not a country code and a number without any symbol")
        if kind == URL and not re.fullmatch(r"https?://[^\s/?#]+[^\s]*", value):
            raise fail(4, pointer, "not a URL")
    elif kind == INTEGER and (not isinstance(value, int) or isinstance(value, bool)):
        raise fail(3, pointer, "not an integer")
    elif kind == BOOLEAN and not isinstance(value, bool):
        raise fail(3, pointer, "not a boolean")


def check_object(kind: Object, value: Any, pointer: str) -> None:
    if not isinstance(value, dict):
        raise fail(3, pointer, "not an object")
    for name in value:
        if name not in kind.keys and not kind.open:
            raise fail(4, pointer, "a key that the page does not have")
    for name, key in kind.keys.items():
        check_key(key, name, value, f"{pointer}/{name}")


def check_key(key: Key, name: str, of: Dict[str, Any], pointer: str) -> None:
    if name not in of:
        if key.required:
            raise fail(2, pointer, "missing")
        return
    value = of[name]
    if value is None and key.null:
        return
    check(key.kind, value, pointer)
    if not key.empty and not value:
        raise fail(4, pointer, "empty")
    if key.among is not None and value not in key.among:
        raise fail(4, pointer, "not one of the page's values")
    if key.at_most is not None and len(value) > key.at_most:
        raise fail(4001, pointer, f"more than {key.at_most}")
