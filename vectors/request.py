"""The cases of `request/`: the JSON that a caller gives for an endpoint, and what becomes of it.

Each case is written down with its result: the exact body, or what is wrong. A second, plain
implementation of the API's pages in this file has to come to the same result, or nothing is
written.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union

from signing import (
    SAMPLE_CREATE_TS,
    SAMPLE_REQUEST_ID,
    SAMPLE_SECRET_KEY,
    SAMPLE_UUID,
    BadCase,
    Files,
    Folders,
    join_auth_raw,
    md5_sign,
    require,
    sha256_sign,
)

# --- What the pages say -------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A key of an object. A row without a type is known from an example only."""

    type: Any = None  # a name of TYPES, an Obj, or None for any JSON
    required: bool = True
    null: bool = False
    not_empty: bool = False
    constant: Optional[str] = None
    among: Optional[Tuple[int, int]] = None
    at_most: Optional[int] = None
    id: bool = False  # the caller's own ID, or a list of such IDs
    example: Optional["Obj"] = None  # the keys of the example's object, or of those in its list


@dataclass(frozen=True)
class Obj:
    rows: Dict[str, Row]
    open: bool = False


EXAMPLE = Row(required=False)
PRODUCT = Row("string", constant="callbot")
TASK_ID = Row("string", not_empty=True, id=True)
OPTIONAL_STRINGS = Row("strings", required=False)
STRINGS_OR_NULL = Row("strings", required=False, null=True)
DEL_CALL = Row("integer", required=False, among=(0, 1))


def examples(*keys: str, **nested: Obj) -> Dict[str, Row]:
    """Rows known from an example. The keys of `nested` end the list."""
    rows = {key: EXAMPLE for key in keys}
    rows.update({key: Row(required=False, example=obj) for key, obj in nested.items()})
    return rows


def open_object(*keys: str, **nested: Obj) -> Obj:
    return Obj(examples(*keys, **nested), open=True)


MANUAL = open_object("agentGroup", "dispatchType", "ratioCallRate", "predictCallRate")
SETTING = open_object(
    "strategyName", "startupType", "startupAt", "zoneSecond", "dialAtWeekDay", "dialAtUpHour",
    "dialAtDownHour", "maxCall", "taskName", "taskCallbackUrl", "maxRingTime", "routeID",
    manualCallSetting=MANUAL,
)  # fmt: skip
FUNC_FLAG = Obj(
    {
        **examples("taskKeep", "roundRedial", "wholeTTS", "smsEnable"),
        **examples(smsFuncFlag=open_object("smsID", "intentID", "intentName")),
        **examples("phoneEncrypt"),
    },
    open=True,
)
# createTask spells three of its keys otherwise: one has a blank at its end.
CREATE_SETTING = open_object(
    "strategyName", "startupType", "startupAt", "zoneSecond", "dialAtWeekDay", "dialAtUpHour ",
    "dialAtDownHour", "maxRingTime", "routeID",
    manualCallSetting=MANUAL,
)  # fmt: skip
CREATE_FUNC_FLAG = open_object(
    "taskKeep", "roundRedial", "wholeTTS", "smsEnable",
    smsFuncFlag=open_object("smsId", "intentId", "intentName"),
)  # fmt: skip

PARAM = Obj({"name": Row("string", not_empty=True), "value": Row("string", not_empty=True)})
ORDER = Obj(
    {
        "orderID": Row("string", not_empty=True, id=True),
        "userPhone": Row("phone"),
        "other": Row("string"),
        "userName": Row("string"),
        "customerName": Row("string"),
        "params": Row([PARAM]),
    }
)
CALL_INFO_LIST = Obj(
    {
        "orderCallbackUrl": Row("url"),
        "callCallbackUrl": Row("url"),
        "callList": Row([ORDER], not_empty=True),
    }
)
BATCH = Obj({"productID": PRODUCT, "userTaskID": TASK_ID, "callInfoList": Row(CALL_INFO_LIST)})
LIMITS = Obj(
    {
        "gt": Row("integer", required=False),
        "lt": Row("integer", required=False),
        "enable": Row("boolean", required=False),
    }
)

# They tell what a message from the provider is: a request that had one could be sent back as one.
KEYS_OF_MESSAGES = ("callbackType", "retCode")

REQUESTS: Dict[str, Obj] = {
    "addBatchCall": BATCH,
    "importBatchCall": BATCH,
    "exportBatchCall": Obj({"productID": PRODUCT, "userTaskID": TASK_ID}),
    "stopOrder": Obj(
        {
            "productID": PRODUCT,
            "userTaskID": TASK_ID,
            "orderIDs": Row("strings", not_empty=True, id=True),
            "delCall": DEL_CALL,
        }
    ),
    "createTask": Obj(
        {
            "account": EXAMPLE,
            "productID": PRODUCT,
            "userTaskID": TASK_ID,
            "sceneID": Row("string"),
            **examples(taskCreateSetting=CREATE_SETTING, funcFlag=CREATE_FUNC_FLAG),
            **examples("other", "taskCallbackUrl", "orderCallbackUrl"),
        },
        open=True,
    ),
    "createAndCall": Obj(
        {
            "productID": PRODUCT,
            "userTaskID": TASK_ID,
            "sceneID": EXAMPLE,
            **examples(taskCreateSetting=SETTING, funcFlag=FUNC_FLAG),
            "callInfoList": Row(CALL_INFO_LIST),
        },
        open=True,
    ),
    "updateTask": Obj(
        {
            "productID": PRODUCT,
            "userTaskID": Row("string", required=False, not_empty=True, id=True),
            "sceneID": Row("string", required=False),
            **examples(taskCreateSetting=SETTING, funcFlag=FUNC_FLAG),
        },
        open=True,
    ),
    "mgrTaskStatus": Obj(
        {
            "productID": PRODUCT,
            "userTaskID": TASK_ID,
            "taskOperate": Row("integer", among=(1, 3)),
            "delCall": DEL_CALL,
        }
    ),
    "listTask": Obj(
        {
            "productID": PRODUCT,
            "page": Row("integer"),
            "size": Row("integer"),
            "queryConditions": Row(
                Obj(
                    {
                        "taskStatus": Row("integers", required=False),
                        "taskName": OPTIONAL_STRINGS,
                        "sceneID": Row("string", required=False),
                        "userTaskID": Row("strings", required=False, id=True),
                        "startTs": Row("integer", required=False),
                        "endTs": Row("integer", required=False),
                    }
                )
            ),
        }
    ),
    "listOrder": Obj(
        {
            "productID": PRODUCT,
            "userTaskID": TASK_ID,
            "options": Row(
                Obj(
                    {
                        "orderID": Row("strings", required=False, null=True, id=True),
                        "intentID": STRINGS_OR_NULL,
                        "intentName": STRINGS_OR_NULL,
                        "intentTag": STRINGS_OR_NULL,
                        "intentLevel": EXAMPLE,
                        "finish": Row("integer", required=False, null=True),
                        "turnTime": Row(LIMITS, required=False, null=True),
                        "callDuration": EXAMPLE,
                        "callStatus": EXAMPLE,
                    }
                )
            ),
            "page": EXAMPLE,
            "size": EXAMPLE,
        }
    ),
    "listCall": Obj(
        {
            "productID": PRODUCT,
            "userTaskID": TASK_ID,
            "options": Row(
                Obj(
                    {
                        "callID": STRINGS_OR_NULL,
                        # The page's table has these two here, as if they were in a response.
                        **examples("callingNumber", "lineAddress"),
                        "intentID": STRINGS_OR_NULL,
                        **examples(
                            "intentName", "intentTag", "intentLevel", "turnTime", "callDuration",
                            "callStatus", "startTs", "endTs",
                        ),
                    }
                )
            ),
            "page": EXAMPLE,
            "size": EXAMPLE,
        }
    ),
    "listOrderDetail": Obj(
        {
            "productID": PRODUCT,
            "userTaskID": TASK_ID,
            "orderList": Row("strings", at_most=500, id=True),
        }
    ),
    "ping": Obj({"data": Row("string")}),
}  # fmt: skip

# --- A plain implementation ---------------------------------------------------


class Pairs(list):
    """An object: its keys and values as they stand, duplicates included."""


class Number(str):
    """A number as it is written."""


class Refused(Exception):
    """The document is not JSON."""


def parse(text: str) -> Any:
    def no_constant(_: str) -> Any:
        raise Refused

    try:
        return json.loads(
            text,
            object_pairs_hook=Pairs,
            parse_int=Number,
            parse_float=Number,
            parse_constant=no_constant,
        )
    except ValueError as error:
        raise Refused from error


def written(value: Any) -> str:
    """A value in the body's form."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{written(k)}:{written(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def type_of(value: Any) -> str:
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (Number, "number"), (str, "string"), (Pairs, "object")):
        if isinstance(value, kind):
            return name
    return "array"


def flaws_of(string: str) -> List[str]:
    """Why a string may not go out, in the order in which it is found."""
    half = re.search("[\ud800-\udfff]", string)
    nul = re.search("\0", string)
    found = [(half, "half_surrogate"), (nul, "nul_character")]
    return [code for _, code in sorted((m.start(), c) for m, c in found if m)]


def flaws(value: Any) -> List[str]:
    """Everything in a value of unknown content for which it is refused."""
    found: List[str] = []
    if isinstance(value, str):
        found += flaws_of(value)
    elif isinstance(value, Pairs):
        seen = set()
        for key, inner in value:
            found += flaws_of(key) or (["repeated_key"] if key in seen else [])
            seen.add(key)
            found += flaws(inner)
    elif isinstance(value, list):
        for inner in value:
            found += flaws(inner)
    return found


# Of the format characters (Cf), those that have a width: signs before Arabic, Syriac and Kaithi
# numbers, and what arranges hieroglyphs.
VISIBLE_FORMAT = re.compile(
    "[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]"
)
# Characters of other categories that nobody sees, by their names.
UNSEEN_NAMES = re.compile(
    "(MONGOLIAN FREE )?VARIATION SELECTOR.*|(HALFWIDTH )?HANGUL (CHOSEONG |JUNGSEONG )?FILLER"
    "|KHMER VOWEL INHERENT A[AQ]|COMBINING GRAPHEME JOINER"
    "|BRAILLE PATTERN BLANK"
)


def is_blank(char: str) -> bool:
    """Whether nobody sees a character: whitespace, or control, format and filling characters."""
    if char.isspace() or unicodedata.category(char) == "Cc":
        return True
    is_format = unicodedata.category(char) == "Cf" and not VISIBLE_FORMAT.match(char)
    return is_format or UNSEEN_NAMES.fullmatch(unicodedata.name(char, "")) is not None


def is_modifier(char: str) -> bool:
    """Whether a character changes how the one before it looks."""
    name = unicodedata.name(char, "")
    return "VARIATION SELECTOR" in name or name.startswith("TAG ") or name == "CANCEL TAG"


def blank_edges(string: str) -> int:
    """How many of the two edges nobody sees."""
    starts = string != "" and is_blank(string[0])
    rest = string[1:] if starts else string
    if rest == "" or not is_blank(rest[-1]):
        return int(starts)
    base = rest
    while base and is_modifier(base[-1]):
        base = base[:-1]
    is_seen = base != rest and base != "" and not base[-1].isascii() and not is_blank(base[-1])
    return int(starts) + int(not is_seen)


def is_integer(number: str) -> bool:
    return re.fullmatch("-?[0-9]+", number) is not None and -(2**63) <= int(number) < 2**63


class Check:
    """Holds a document against the pages, and collects what is wrong."""

    def __init__(self) -> None:
        self.wrong: List[str] = []

    def report(self, code: str, path: str) -> None:
        self.wrong.append(f"{code} {path}")

    def carried(self, value: Any, path: str) -> str:
        for code in flaws(value):
            self.report(code, path)
        return written(value)

    def object(self, obj: Obj, pairs: Pairs, path: str) -> str:
        known: Dict[str, str] = {}
        others: Dict[str, str] = {}
        for key, value in pairs:
            at = f"{path}/{key}"
            if key in known:
                self.report("repeated_key", at)
            elif key in obj.rows:
                known[key] = self.value(obj.rows[key], value, at)
            elif flaws_of(key):
                for code in flaws_of(key):
                    self.report(code, path)
                if obj.open:
                    self.carried(value, path)
            elif not obj.open or (path == "" and key in KEYS_OF_MESSAGES):
                self.report("unknown_key", path)
            elif key in others:
                self.report("repeated_key", path)
            else:
                others[key] = self.carried(value, path)
        for key, row in obj.rows.items():
            if row.constant is not None:
                known.setdefault(key, written(row.constant))
            if row.required and key not in known:
                self.report("missing_key", f"{path}/{key}")
        if obj is ORDER:
            self.order(pairs, path)
        members = [(key, known[key]) for key in obj.rows if key in known]
        return "{" + ",".join(f"{written(k)}:{v}" for k, v in members + list(others.items())) + "}"

    def order(self, pairs: Pairs, path: str) -> None:
        """What is wrong with an order comes after what is wrong with its JSON."""
        order = dict(pairs)
        order_id = order.get("orderID")
        if order_id == "":
            self.report("empty", f"{path}/orderID")
        elif isinstance(order_id, str) and not isinstance(order_id, Number):
            self.id(order_id, f"{path}/orderID")
        phone = order.get("userPhone")
        if isinstance(phone, str) and not isinstance(phone, Number) and phone.startswith("+"):
            self.report("phone_plus", f"{path}/userPhone")

    def value(self, row: Row, value: Any, path: str) -> str:
        found = type_of(value)
        if row.example and found == "object":
            return self.object(row.example, value, path)
        if row.example and found == "array":
            inner = [
                self.object(row.example, element, f"{path}/{i}")
                if isinstance(element, Pairs)
                else self.carried(element, f"{path}/{i}")
                for i, element in enumerate(value)
            ]
            return "[" + ",".join(inner) + "]"
        if row.type is None:
            return self.carried(value, path)
        if not (row.null and value is None):
            self.documented(row, value, found, path)
        if isinstance(row.type, Obj) and found == "object":
            return self.object(row.type, value, path)
        if isinstance(row.type, list) and found == "array":
            elements = [self.element(row.type[0], e, f"{path}/{i}") for i, e in enumerate(value)]
            if row.not_empty and not value:
                self.report("empty", path)
            return "[" + ",".join(elements) + "]"
        return written(value)

    def element(self, obj: Obj, value: Any, path: str) -> str:
        if isinstance(value, Pairs):
            return self.object(obj, value, path)
        self.report("wrong_type", path)
        return ""

    def documented(self, row: Row, value: Any, found: str, path: str) -> None:
        if isinstance(row.type, (Obj, list)):
            if found != ("object" if isinstance(row.type, Obj) else "array"):
                self.report("wrong_type", path)
        elif row.type in ("strings", "integers"):
            self.list(row, value, found, path)
        elif row.type == "integer":
            if found != "number":
                self.report("wrong_type", path)
            elif not is_integer(value):
                self.report("not_integer", path)
            elif row.among and not row.among[0] <= int(value) <= row.among[1]:
                self.report("out_of_range", path)
        elif row.type == "boolean":
            if found != "boolean":
                self.report("wrong_type", path)
        elif found == "number" and row.type == "phone":
            self.report("phone_json_number", path)
        elif found != "string":
            self.report("wrong_type", path)
        elif flaws_of(value):
            for code in flaws_of(value):
                self.report(code, path)
        elif row.constant not in (None, value):
            self.report("product_id", path)
        elif row.type == "url" and not value.startswith(("http://", "https://")):
            self.report("url_not_absolute", path)
        elif row.not_empty and value == "" and not path.endswith("/orderID"):
            self.report("empty", path)
        elif row.id and not path.endswith("/orderID"):
            self.id(value, path)

    def id(self, value: str, path: str) -> None:
        """An ID of the caller's own: its length in bytes, and what nobody sees at its edges."""
        if len(value.encode("utf-8", "surrogatepass")) > 4096:
            self.report("id_too_long", path)
            return
        for _ in range(blank_edges(value)):
            self.report("blank_edge", path)

    def list(self, row: Row, value: Any, found: str, path: str) -> None:
        if found != "array":
            self.report("wrong_type", path)
            return
        for i, element in enumerate(value):
            if type_of(element) != {"strings": "string", "integers": "number"}[row.type]:
                self.report("wrong_type", f"{path}/{i}")
            elif row.type == "strings" and flaws_of(element):
                for code in flaws_of(element):
                    self.report(code, f"{path}/{i}")
            elif row.type == "integers" and not is_integer(element):
                self.report("not_integer", f"{path}/{i}")
            elif row.id and element == "":
                self.report("empty", f"{path}/{i}")
            elif row.id:
                self.id(element, f"{path}/{i}")
        if row.not_empty and not value:
            self.report("empty", path)
        if row.at_most is not None and len(value) > row.at_most:
            self.report("too_many_elements", path)


def result_of(endpoint: str, text: str) -> Union[str, List[str]]:
    """The body, or what is wrong."""
    try:
        document = parse(text)
    except Refused:
        return ["json_syntax "]
    if not isinstance(document, Pairs):
        return ["wrong_type "]
    check = Check()
    body = check.object(REQUESTS[endpoint], document, "")
    return check.wrong or body


# --- The exported tables ------------------------------------------------------


def kind_of(row: Row) -> str:
    if isinstance(row.type, Obj):
        return "object"
    if isinstance(row.type, list):
        return "objects"
    return {None: "any", "url": "string", "phone": "string"}.get(row.type, row.type)


def exported(obj: Obj, path: str = "") -> Dict[str, Any]:
    """An object as `api.json` has it. That file leaves the strings of orders without rules."""
    rows = []
    for key, row in obj.rows.items():
        at = f"{path}/{key}"
        presence = "example" if row.type is None else "required" if row.required else "optional"
        made = {"key": key, "path": at, "presence": presence, "kind": kind_of(row)}
        if row.null:
            made["null"] = True
        if row.not_empty and obj not in (ORDER, PARAM, CALL_INFO_LIST):
            made["notEmpty"] = True
        if row.constant is not None:
            made["constant"] = row.constant
        if row.among is not None:
            made["range"] = list(row.among)
        if row.at_most is not None:
            made["atMost"] = row.at_most
        if row.id:
            made["id"] = True
        nested = row.type[0] if isinstance(row.type, list) else row.type
        if isinstance(nested, Obj):
            made["object"] = exported(nested, f"{at}/*" if made["kind"] == "objects" else at)
        elif row.example is not None:
            made["object"] = exported(row.example, f"{at}/*" if key == "smsFuncFlag" else at)
        rows.append(made)
    return {"open": obj.open, "rows": rows}


def require_exported_tables(api_json: bytes) -> None:
    """The library's tables are those of this file."""
    tables = json.loads(api_json)["requests"]
    require(list(tables) == list(REQUESTS), "api.json", f"it has the requests {list(tables)}")
    for endpoint, obj in REQUESTS.items():
        wanted = exported(obj)
        matches = tables[endpoint] == wanted
        require(matches, "api.json", f"{endpoint} is not as on its page: {json.dumps(wanted)}")


# --- The cases ----------------------------------------------------------------


@dataclass(frozen=True)
class RequestCase:
    endpoint: str
    name: str
    about: str
    json: str
    result: Union[str, List[str]]


URLS = '"orderCallbackUrl":"https://a.example/o","callCallbackUrl":"https://a.example/c"'
ORDER_1 = (
    '{"orderID":"1","userPhone":"8613800000001","other":"","userName":"\u738b\u82b3",'
    '"customerName":"","params":[{"name":"amount","value":"120.50"}]}'
)
ORDER_2 = (
    '{"orderID":"2","userPhone":"447700900123","other":"o","userName":"","customerName":"c",'
    '"params":[]}'
)
ORDER_OF_A_LINE = ORDER_1.replace('"1"', '"1\\r"')
BAD_ORDER = (
    '{"orderID":"","userPhone":"+8613800000001","other":"","userName":"","params":[{"name":"n"}]}'
)


def batch(calls: str, before: str = "", after: str = "") -> str:
    return (
        f'{{"productID":"callbot","userTaskID":"t1",{before}'
        f'"callInfoList":{{{URLS},"callList":[{calls}]}}{after}}}'
    )


def order_cases() -> List[RequestCase]:
    cases = []
    for endpoint in ("addBatchCall", "importBatchCall", "createAndCall"):
        cases += [
            RequestCase(
                endpoint,
                "blank-edges",
                "Line ends at the edges of IDs, as they come with lines of a file.",
                batch(f"{ORDER_OF_A_LINE},{ORDER_2}").replace('"t1"', '"t1\\n"'),
                ["blank_edge /userTaskID", "blank_edge /callInfoList/callList/0/orderID"],
            ),
            RequestCase(
                endpoint,
                "two-orders",
                "Two orders, already in the body's form.",
                batch(f"{ORDER_1},{ORDER_2}"),
                batch(f"{ORDER_1},{ORDER_2}"),
            ),
            RequestCase(
                endpoint,
                "loose",
                "Keys in another order, whitespace, escapes that need not be, and no productID.",
                '\n{ "callInfoList" : { "callList":[\t{ "params": [ { "value":"120.50" , '
                '"name":"\\u0061mount" } ], "customerName":"", "userName":"\\u738b\\u82b3", '
                '"other":"", "userPhone":"8613800000001", "orderID":"1" } ],\r\n'
                '"callCallbackUrl":"https:\\/\\/a.example\\/c", '
                '"orderCallbackUrl":"https://a.example/o" }, "userTaskID":"t1" } ',
                batch(ORDER_1),
            ),
            RequestCase(
                endpoint,
                "no-orders",
                "A batch without orders cannot be sent.",
                batch(""),
                ["empty /callInfoList/callList"],
            ),
            RequestCase(
                endpoint,
                "wrong-at-many-places",
                "Everything that is wrong is reported, each at its place.",
                '{"productID":"Callbot","userTaskID":"","callInfoList":{"orderCallbackUrl":"x",'
                f'"callList":[{ORDER_2},{BAD_ORDER},17]}}}}',
                [
                    "product_id /productID",
                    "empty /userTaskID",
                    "url_not_absolute /callInfoList/orderCallbackUrl",
                    "missing_key /callInfoList/callList/1/params/0/value",
                    "missing_key /callInfoList/callList/1/customerName",
                    "empty /callInfoList/callList/1/orderID",
                    "phone_plus /callInfoList/callList/1/userPhone",
                    "wrong_type /callInfoList/callList/2",
                    "missing_key /callInfoList/callCallbackUrl",
                ],
            ),
        ]
    cases += [
        RequestCase(
            "importBatchCall",
            "unknown-key",
            "A key that the page does not have is refused, since dropping it would lose data.",
            batch(ORDER_1, after=',"sceneID":"s"'),
            ["unknown_key "],
        ),
        RequestCase(
            "createAndCall",
            "page-example",
            "All keys of the page's example, in its order.",
            batch(
                ORDER_1,
                before='"sceneID":"s1","taskCreateSetting":{"strategyName":"\u9ed8\u8ba4\u7b56\u7565",'
                '"startupType":1,"startupAt":0,"zoneSecond":0,"dialAtWeekDay":"","dialAtUpHour":"",'
                '"dialAtDownHour":"","maxCall":0,"taskName":"","taskCallbackUrl":"","maxRingTime":0,'
                '"routeID":"","manualCallSetting":{"agentGroup":"","dispatchType":0,'
                '"ratioCallRate":0,"predictCallRate":0}},"funcFlag":{"taskKeep":false,'
                '"roundRedial":false,"wholeTTS":false,"smsEnable":false,"smsFuncFlag":[{"smsID":"",'
                '"intentID":["1"],"intentName":[]}],"phoneEncrypt":true},',
            ),
            batch(
                ORDER_1,
                before='"sceneID":"s1","taskCreateSetting":{"strategyName":"\u9ed8\u8ba4\u7b56\u7565",'
                '"startupType":1,"startupAt":0,"zoneSecond":0,"dialAtWeekDay":"","dialAtUpHour":"",'
                '"dialAtDownHour":"","maxCall":0,"taskName":"","taskCallbackUrl":"","maxRingTime":0,'
                '"routeID":"","manualCallSetting":{"agentGroup":"","dispatchType":0,'
                '"ratioCallRate":0,"predictCallRate":0}},"funcFlag":{"taskKeep":false,'
                '"roundRedial":false,"wholeTTS":false,"smsEnable":false,"smsFuncFlag":[{"smsID":"",'
                '"intentID":["1"],"intentName":[]}],"phoneEncrypt":true},',
            ),
        ),
        RequestCase(
            "createAndCall",
            "open",
            "Unknown keys follow the known ones in the order in which they came; those at the top "
            "follow the orders.",
            '{"x":{"b":1.50,"a":[ ]},"callInfoList":{"callList":[' + ORDER_1 + "]," + URLS + "},"
            '"funcFlag":{"new":1,"phoneEncrypt":false,"taskKeep":null},"account":"a",'
            '"userTaskID":"t1","sceneID":7}',
            batch(
                ORDER_1,
                before='"sceneID":7,"funcFlag":{"taskKeep":null,"phoneEncrypt":false,"new":1},',
                after=',"x":{"b":1.50,"a":[]},"account":"a"',
            ),
        ),
        RequestCase(
            "createAndCall",
            "call-info-list-is-closed",
            "callInfoList is documented, and so refuses unknown keys.",
            batch(ORDER_1).replace('"callList"', '"retry":3,"callList"'),
            ["unknown_key /callInfoList"],
        ),
        RequestCase(
            "createAndCall",
            "duplicate-keys",
            "Duplicate keys are refused at every depth, at the nearest place that the page has.",
            batch(
                ORDER_1,
                before='"sceneID":{"a":[{"b":1,"b":2}]},"funcFlag":{"new":{"c":1,"c":2},"taskKeep":1,'
                '"taskKeep":1},',
                after=',"x":1,"x":2,"userTaskID":"t1"',
            ),
            [
                "repeated_key /sceneID",
                "repeated_key /funcFlag",
                "repeated_key /funcFlag/taskKeep",
                "repeated_key ",
                "repeated_key /userTaskID",
            ],
        ),
    ]
    return cases


def task_cases() -> List[RequestCase]:
    setting = (
        '{"strategyName":"","startupType":0,"startupAt":0,"zoneSecond":0,"dialAtWeekDay":"",'
        '"dialAtUpHour ":"","dialAtDownHour":"","maxRingTime":0,"routeID":"",'
        '"manualCallSetting":{"agentGroup":"","dispatchType":0,"ratioCallRate":0,'
        '"predictCallRate":0}}'
    )
    sms = '{"smsId":"","intentId":["1"],"intentName":["\u597d"]}'
    flag = (
        '{"taskKeep":true,"roundRedial":true,"wholeTTS":true,"smsEnable":true,'
        f'"smsFuncFlag":[{sms},{sms}]}}'
    )
    page = (
        '{"account":"a","productID":"callbot","userTaskID":"t1","sceneID":"s1",'
        f'"taskCreateSetting":{setting},"funcFlag":{flag},"other":"o",'
        '"taskCallbackUrl":"https://a.example/t","orderCallbackUrl":"https://a.example/o"}'
    )
    return [
        RequestCase("createTask", "page-example", "All keys of the page's example.", page, page),
        RequestCase(
            "createTask",
            "minimal",
            "productID is added before the others.",
            '{"userTaskID":"t1","sceneID":""}',
            '{"productID":"callbot","userTaskID":"t1","sceneID":""}',
        ),
        RequestCase(
            "createTask",
            "keys-of-messages",
            "A key that tells what a message is does not go out. In an object inside it may.",
            '{"userTaskID":"t1","sceneID":"s1","callbackType":1,"orderID":"o","retCode":0,"code":0,'
            '"funcFlag":{"retCode":0,"callbackType":1}}',
            ["unknown_key ", "unknown_key "],
        ),
        RequestCase(
            "createTask",
            "account-first",
            "productID is added where the page has it, which is after account.",
            '{"sceneID":"s1","userTaskID":"t1","account":"a"}',
            '{"account":"a","productID":"callbot","userTaskID":"t1","sceneID":"s1"}',
        ),
        RequestCase(
            "createTask",
            "key-with-a-space",
            "dialAtUpHour ends with a space in the page's examples. Without it the key is one that "
            "the page does not have, and follows the others.",
            '{"userTaskID":"t1","sceneID":"s1","taskCreateSetting":{"dialAtUpHour":"9",'
            '"routeID":"r","dialAtUpHour ":"8"}}',
            '{"productID":"callbot","userTaskID":"t1","sceneID":"s1","taskCreateSetting":{'
            '"dialAtUpHour ":"8","routeID":"r","dialAtUpHour":"9"}}',
        ),
        RequestCase(
            "createTask",
            "keys-of-its-own-case",
            "smsId and intentId come first here; smsID and intentID are other keys.",
            '{"userTaskID":"t1","sceneID":"s1","funcFlag":{"smsFuncFlag":[{"smsID":1,"intentID":2,'
            '"intentId":3,"smsId":4},5,[{"smsID":1,"smsId":2}]]}}',
            '{"productID":"callbot","userTaskID":"t1","sceneID":"s1","funcFlag":{"smsFuncFlag":['
            '{"smsId":4,"intentId":3,"smsID":1,"intentID":2},5,[{"smsID":1,"smsId":2}]]}}',
        ),
        RequestCase(
            "createTask",
            "any-values",
            "What the page shows in an example only may have any value, written as it came.",
            '{"userTaskID":"t1","sceneID":"s1","account":null,"other":{"b":[ -0.0 , 1E+2 ],'
            '"a":123456789012345678901234567890},"taskCreateSetting":7,"funcFlag":[ {"wholeTTS":1,'
            '"taskKeep":2} , "\\u0041\\/\\u001F" ],"taskCallbackUrl":false}',
            '{"account":null,"productID":"callbot","userTaskID":"t1","sceneID":"s1",'
            '"taskCreateSetting":7,"funcFlag":[{"taskKeep":2,"wholeTTS":1},"A/\\u001f"],'
            '"other":{"b":[-0.0,1E+2],"a":123456789012345678901234567890},'
            '"taskCallbackUrl":false}',
        ),
        RequestCase(
            "createTask",
            "wrong-at-many-places",
            "Documented keys are held to the page, and open objects refuse duplicate keys and half "
            "of a surrogate pair.",
            '{"productID":null,"sceneID":1,"other":{"a":"\\ud83d"},"funcFlag":{"x":1,"x":2},'
            '"taskCreateSetting":{"dialAtUpHour ":"","dialAtUpHour ":""},'
            '"taskCallbackUrl":[{"a":{"b":1,"b":1}}]}',
            [
                "wrong_type /productID",
                "wrong_type /sceneID",
                "half_surrogate /other",
                "repeated_key /funcFlag",
                "repeated_key /taskCreateSetting/dialAtUpHour ",
                "repeated_key /taskCallbackUrl",
                "missing_key /userTaskID",
            ],
        ),
        RequestCase(
            "updateTask",
            "nothing",
            "The page does not say what is required.",
            "{}",
            '{"productID":"callbot"}',
        ),
        RequestCase(
            "updateTask",
            "settings",
            "The same settings as for createAndCall.",
            '{"funcFlag":{"smsFuncFlag":[{"intentID":[],"smsID":"1"}],"smsEnable":true},'
            '"userTaskID":"t1","sceneID":"s1","taskCreateSetting":{"maxCall":2,"dialAtUpHour":"9",'
            '"taskCallbackUrl":"https://a.example/t"}}',
            '{"productID":"callbot","userTaskID":"t1","sceneID":"s1","taskCreateSetting":{'
            '"dialAtUpHour":"9","maxCall":2,"taskCallbackUrl":"https://a.example/t"},"funcFlag":{'
            '"smsEnable":true,"smsFuncFlag":[{"smsID":"1","intentID":[]}]}}',
        ),
        RequestCase(
            "updateTask",
            "wrong-types",
            "What is given must have the type of the page.",
            '{"productID":"x","userTaskID":5,"sceneID":null}',
            ["product_id /productID", "wrong_type /userTaskID", "wrong_type /sceneID"],
        ),
        RequestCase(
            "mgrTaskStatus",
            "start",
            "1 starts a task.",
            '{"taskOperate":1,"userTaskID":"t1"}',
            '{"productID":"callbot","userTaskID":"t1","taskOperate":1}',
        ),
        RequestCase(
            "mgrTaskStatus",
            "complete-and-delete",
            "3 completes a task.",
            '{"productID":"callbot","userTaskID":"t1","taskOperate":3,"delCall":1}',
            '{"productID":"callbot","userTaskID":"t1","taskOperate":3,"delCall":1}',
        ),
        RequestCase(
            "mgrTaskStatus",
            "out-of-range",
            "The page lists 1 to 3, and 0 and 1.",
            '{"userTaskID":"t1","taskOperate":4,"delCall":-1}',
            ["out_of_range /taskOperate", "out_of_range /delCall"],
        ),
        RequestCase(
            "mgrTaskStatus",
            "not-integers",
            "An integer has neither fraction nor exponent, and no quotes.",
            '{"userTaskID":"t1","taskOperate":1.0,"delCall":"1"}',
            ["not_integer /taskOperate", "wrong_type /delCall"],
        ),
    ]


def stop_cases() -> List[RequestCase]:
    return [
        RequestCase(
            "stopOrder",
            "two-orders",
            "Already in the body's form.",
            '{"productID":"callbot","userTaskID":"t1","orderIDs":["1","2"],"delCall":0}',
            '{"productID":"callbot","userTaskID":"t1","orderIDs":["1","2"],"delCall":0}',
        ),
        RequestCase(
            "stopOrder",
            "loose",
            "Keys in another order, whitespace, escapes that need not be, and no productID.",
            '{ "orderIDs" : [ "\\u0031" , "\\u4e2d\\na" ] ,\n "userTaskID" : "t\\/1" }\n',
            '{"productID":"callbot","userTaskID":"t/1","orderIDs":["1","\u4e2d\\na"]}',
        ),
        RequestCase(
            "stopOrder",
            "blank-edges",
            "Line ends, a byte-order mark and a zero-width space at the edges of IDs; inside of one they are the caller's own.",
            '{"userTaskID":"t1\\r\\n","orderIDs":["1","\\ufeff2","3\\u200b4"," 5 "]}',
            [
                "blank_edge /userTaskID",
                "blank_edge /orderIDs/1",
                "blank_edge /orderIDs/3",
                "blank_edge /orderIDs/3",
            ],
        ),
        RequestCase(
            "stopOrder",
            "unseen-edges",
            "Fillers, variation selectors and tags at the edges of IDs. They belong to an emoji, a Chinese or a Mongolian character before them.",
            '{"userTaskID":"\\u3164t","orderIDs":["1\\ufe0f","\\u2764\\ufe0f","\\u845b\\udb40\\udd00",'
            '"\\u1820\\u180b","\\u115fx","x\\u2800","x\\udb40\\udc41","\\ufff9x\\ufffb","\\ufe0f"]}',
            ["blank_edge /userTaskID"]
            + [f"blank_edge /orderIDs/{i}" for i in (0, 4, 5, 6, 7, 7, 8)],
        ),
        RequestCase(
            "stopOrder",
            "id-too-long",
            "An ID of 4,096 bytes, and one that is surely something else.",
            '{"userTaskID":"t1","orderIDs":["' + "x" * 4096 + '","' + "\u4e2d" * 1366 + '"]}',
            ["id_too_long /orderIDs/1"],
        ),
        RequestCase(
            "stopOrder",
            "no-orders",
            "The page does not say what an empty list stops, so it is refused.",
            '{"userTaskID":"t1","orderIDs":[]}',
            ["empty /orderIDs"],
        ),
        RequestCase(
            "stopOrder",
            "empty-ids",
            "No order has an empty ID.",
            '{"userTaskID":"t1","orderIDs":["","a","","\\u200b"]}',
            ["empty /orderIDs/0", "empty /orderIDs/2", "blank_edge /orderIDs/3"],
        ),
        RequestCase(
            "stopOrder",
            "empty-document",
            "All that is required is missing; productID is added.",
            "{}",
            ["missing_key /userTaskID", "missing_key /orderIDs"],
        ),
        RequestCase(
            "stopOrder",
            "wrong-at-many-places",
            "Everything that is wrong is reported, each at its place.",
            '{"orderIDs":["1",2,null,"3",{}],"productID":"CALLBOT","note":[1],"delCall":2,'
            '"userTaskID":"t1","delCall":0}',
            [
                "wrong_type /orderIDs/1",
                "wrong_type /orderIDs/2",
                "wrong_type /orderIDs/4",
                "product_id /productID",
                "unknown_key ",
                "out_of_range /delCall",
                "repeated_key /delCall",
            ],
        ),
        RequestCase(
            "stopOrder",
            "null",
            "null is no value where the page does not say so.",
            '{"userTaskID":null,"orderIDs":null,"delCall":null}',
            ["wrong_type /userTaskID", "wrong_type /orderIDs", "wrong_type /delCall"],
        ),
        RequestCase("stopOrder", "array", "Not an object.", "[]", ["wrong_type "]),
        RequestCase(
            "stopOrder",
            "strings-that-may-not-go-out",
            "Half of a surrogate pair and U+0000, in values and in keys that no page has.",
            '{"userTaskID":"t\\u0000","orderIDs":["1\\ud83d","2","\\u00003\\ude00"],"\\udc00":1,'
            '"delCall\\u0000":0}',
            [
                "nul_character /userTaskID",
                "half_surrogate /orderIDs/0",
                "nul_character /orderIDs/2",
                "half_surrogate /orderIDs/2",
                "half_surrogate ",
                "nul_character ",
            ],
        ),
        RequestCase(
            "createTask",
            "strings-that-may-not-go-out",
            "Half of a surrogate pair and U+0000 in open objects and in values of any type.",
            '{"userTaskID":"t","sceneID":"s","x\\ud83d":{"\\u0000":["\\ud83d"]},"other":["\\u0000"],'
            '"x\\ud83e":1}',
            [
                "half_surrogate ",
                "nul_character ",
                "half_surrogate ",
                "nul_character /other",
                "half_surrogate ",
            ],
        ),
        RequestCase(
            "importBatchCall",
            "strings-that-may-not-go-out",
            "Half of a surrogate pair and U+0000 in orders.",
            '{"productID":"callbot","userTaskID":"t1","callInfoList":{"orderCallbackUrl":'
            '"https://example.com/order","callCallbackUrl":"https://example.com/call","callList":['
            '{"orderID":"1","userPhone":"14155550100","other":"a\\u0000","userName":"Mia\\ud83d",'
            '"customerName":"","params":[{"name":"p\\udc00","value":"\\u0000"}]},'
            '{"orderID":"2","userPhone":"14155550101","other":"","userName":"Mia\\ud83d\\ude00",'
            '"customerName":"","params":[]}]}}',
            [
                "nul_character /callInfoList/callList/0/other",
                "half_surrogate /callInfoList/callList/0/userName",
                "half_surrogate /callInfoList/callList/0/params/0/name",
                "nul_character /callInfoList/callList/0/params/0/value",
            ],
        ),
        RequestCase("stopOrder", "not-json", "Not JSON.", '{"userTaskID":t1}', ["json_syntax "]),
        RequestCase(
            "exportBatchCall",
            "task",
            "productID is added.",
            '{"userTaskID":"t1"}',
            '{"productID":"callbot","userTaskID":"t1"}',
        ),
        RequestCase(
            "exportBatchCall",
            "empty-task",
            "The ID of the task is not empty.",
            '{"userTaskID":"","productID":"callbot","batchID":"b"}',
            ["empty /userTaskID", "unknown_key "],
        ),
        RequestCase("ping", "data", "ping has no productID.", '{"data":"x"}', '{"data":"x"}'),
        RequestCase("ping", "empty-data", "data may be empty.", '{"data":""}', '{"data":""}'),
        RequestCase(
            "ping",
            "product-id",
            "ping has no productID.",
            '{"productID":"callbot"}',
            ["unknown_key ", "missing_key /data"],
        ),
    ]


def query_cases() -> List[RequestCase]:
    ids = [json.dumps(str(i)) for i in range(501)]
    listed = '{"productID":"callbot","userTaskID":"t1","orderList":[' + ",".join(ids[:500]) + "]}"
    return [
        RequestCase("listOrderDetail", "500-orders", "The most that the page allows.", listed, listed),
        RequestCase(
            "listOrderDetail",
            "501-orders",
            "One more than the page allows.",
            listed.replace('["0"', '["500","0"'),
            ["too_many_elements /orderList"],
        ),
        RequestCase(
            "listOrderDetail",
            "no-orders",
            "The page does not refuse an empty list.",
            '{"userTaskID":"t1","orderList":[]}',
            '{"productID":"callbot","userTaskID":"t1","orderList":[]}',
        ),
        RequestCase(
            "listOrderDetail",
            "empty-id",
            "No order has an empty ID.",
            '{"userTaskID":"t1","orderList":[""]}',
            ["empty /orderList/0"],
        ),
        RequestCase(
            "listTask",
            "all-conditions",
            "Keys in another order.",
            '{"queryConditions":{"endTs":2,"startTs":1,"userTaskID":["t1"],"sceneID":"s1",'
            '"taskName":["a","b"],"taskStatus":[1,5]},"size":100,"page":1}',
            '{"productID":"callbot","page":1,"size":100,"queryConditions":{"taskStatus":[1,5],'
            '"taskName":["a","b"],"sceneID":"s1","userTaskID":["t1"],"startTs":1,"endTs":2}}',
        ),
        RequestCase(
            "listTask",
            "no-conditions",
            "The conditions are required, and may be empty.",
            '{"productID":"callbot","page":1,"size":100,"queryConditions":{}}',
            '{"productID":"callbot","page":1,"size":100,"queryConditions":{}}',
        ),
        RequestCase(
            "listTask",
            "wrong-at-many-places",
            "The conditions are documented, and so refuse unknown keys.",
            '{"page":"1","queryConditions":{"taskStatus":[1,"2",3.5],"taskName":"a",'
            '"status":1,"startTs":99999999999999999999,"sceneID":null}}',
            [
                "wrong_type /page",
                "wrong_type /queryConditions/taskStatus/1",
                "not_integer /queryConditions/taskStatus/2",
                "wrong_type /queryConditions/taskName",
                "unknown_key /queryConditions",
                "not_integer /queryConditions/startTs",
                "wrong_type /queryConditions/sceneID",
                "missing_key /size",
            ],
        ),
        RequestCase(
            "listOrder",
            "all-options",
            "What the page documents, and what it shows in an example only.",
            '{"page":1,"size":"100","userTaskID":"t1","options":{"callStatus":[1],'
            '"callDuration":{"lt": 2,"gt":1},"turnTime":{"enable":true,"lt":5,"gt":0},"finish":1,'
            '"intentLevel":[1],"intentTag":[],"intentName":["a"],"intentID":["1"],"orderID":["1"]}}',
            '{"productID":"callbot","userTaskID":"t1","options":{"orderID":["1"],"intentID":["1"],'
            '"intentName":["a"],"intentTag":[],"intentLevel":[1],"finish":1,"turnTime":{"gt":0,'
            '"lt":5,"enable":true},"callDuration":{"lt":2,"gt":1},"callStatus":[1]},"page":1,'
            '"size":"100"}',
        ),
        RequestCase(
            "listOrder",
            "null-options",
            "null is kept where the page says that it may stand for a value.",
            '{"productID":"callbot","userTaskID":"t1","options":{"orderID":null,"intentID":null,'
            '"intentName":null,"intentTag":null,"finish":null,"turnTime":null,"callStatus":null}}',
            '{"productID":"callbot","userTaskID":"t1","options":{"orderID":null,"intentID":null,'
            '"intentName":null,"intentTag":null,"finish":null,"turnTime":null,"callStatus":null}}',
        ),
        RequestCase(
            "listOrder",
            "wrong-at-many-places",
            "finish is an integer here, and a boolean in callbacks.",
            '{"userTaskID":"t1","options":{"orderID":[null],"finish":true,"turnTime":{"gt":"1",'
            '"enable":1,"min":0},"order":1},"total":1}',
            [
                "wrong_type /options/orderID/0",
                "wrong_type /options/finish",
                "wrong_type /options/turnTime/gt",
                "wrong_type /options/turnTime/enable",
                "unknown_key /options/turnTime",
                "unknown_key /options",
                "unknown_key ",
            ],
        ),
        RequestCase(
            "listCall",
            "all-options",
            "callingNumber and lineAddress are in the page's table of options.",
            '{"productID":"callbot","userTaskID":"t1","options":{"endTs":2,"startTs":1,'
            '"callStatus":[1],"callDuration":{"gt":1},"turnTime":null,"intentLevel":[],'
            '"intentTag":[],"intentName":[],"intentID":null,"lineAddress":1,"callingNumber":"2",'
            '"callID":["c1"]},"page":1,"size":100}',
            '{"productID":"callbot","userTaskID":"t1","options":{"callID":["c1"],'
            '"callingNumber":"2","lineAddress":1,"intentID":null,"intentName":[],"intentTag":[],'
            '"intentLevel":[],"turnTime":null,"callDuration":{"gt":1},"callStatus":[1],"startTs":1,'
            '"endTs":2},"page":1,"size":100}',
        ),
        RequestCase(
            "listCall",
            "wrong-at-many-places",
            "options is required, and callID a list of strings.",
            '{"userTaskID":"t1","options":{"callID":[1],"intentID":"1","orderID":["1"]}}',
            [
                "wrong_type /options/callID/0",
                "wrong_type /options/intentID",
                "unknown_key /options",
            ],
        ),
        RequestCase(
            "listCall",
            "no-options",
            "options is required.",
            '{"userTaskID":"t1"}',
            ["missing_key /options"],
        ),
    ]


def files_of(case: RequestCase) -> Files:
    files = {
        "endpoint": case.endpoint.encode("ascii"),
        "json": case.json.encode("utf-8"),
        "secretKey": SAMPLE_SECRET_KEY,
        "uuid": SAMPLE_UUID,
        "requestID": SAMPLE_REQUEST_ID,
        "createTs": SAMPLE_CREATE_TS,
        "README": case.about.encode("ascii") + b"\n",
    }
    if isinstance(case.result, str):
        body = case.result.encode("utf-8")
        raw = join_auth_raw(
            SAMPLE_SECRET_KEY, body, SAMPLE_CREATE_TS, SAMPLE_REQUEST_ID, SAMPLE_UUID
        )
        files |= {"body": body, "sign.MD5": md5_sign(raw), "sign.SHA256": sha256_sign(raw)}
    else:
        files["violations"] = "".join(f"{line}\n" for line in case.result).encode("ascii")
    return files


def request_folders() -> Folders:
    folders: Folders = {}
    for case in order_cases() + task_cases() + stop_cases() + query_cases():
        name = f"{case.endpoint}-{case.name}"
        require(name not in folders, name, "the name is given twice")
        found = result_of(case.endpoint, case.json)
        if found != case.result:
            raise BadCase(f"{name}: stated {case.result!r}, found {found!r}")
        folders[name] = files_of(case)
    require_exported_tables((Path(__file__).resolve().parent / "api.json").read_bytes())
    missing = REQUESTS.keys() - {name.split("-")[0] for name in folders}
    require(not missing, "request", f"no cases for {sorted(missing)}")
    return folders
