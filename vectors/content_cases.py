"""The cases of what can be read, and of what is sent otherwise than the pages say.

Bodies are written as text where a JSON writer would not write them so.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, Tuple

from signing import compact_json

# Body by name: what it is about, what comes of it, and the body.
Cases = Dict[str, Tuple[str, str, Any]]


def edited(body: bytes, old: str, new: str) -> bytes:
    before, after = old.encode("utf-8"), new.encode("utf-8")
    assert body.count(before) == 1, old
    return body.replace(before, after)


def as_bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else compact_json(body)


# --- Any message --------------------------------------------------------------


def json_cases(body: bytes) -> Cases:
    """What is JSON and what is not, behind the first brace of a genuine body."""

    def starts(text: str) -> bytes:
        return b"{" + text.encode("utf-8") + b"," + body[1:]

    nested = "[" * 200 + "]" * 200
    objects = '{"a":' * 200 + "0" + "}" * 200
    invalid = {
        "nan": ('"new":NaN', "NaN is a number in JavaScript only."),
        "infinity": ('"new":-Infinity', "Infinity is a number in JavaScript only."),
        "leading-zero": ('"new":01', "A number has a leading zero."),
        "plus": ('"new":+1', "A number has a plus."),
        "no-digit-after-point": ('"new":1.', "A number ends with its point."),
        "no-digit-before-point": ('"new":.5', "A number begins with its point."),
        "exponent-without-digits": ('"new":1e', "A number ends with its exponent."),
        "minus-only": ('"new":-', "A number is a minus only."),
        "line-feed-in-string": ('"new":"\n"', "A string holds a line feed without escape."),
        "nul-in-string": ('"new":"\0"', "A string holds a NUL without escape."),
        "unknown-escape": ('"new":"\\x41"', "A string has an escape that JSON has not."),
        "short-escape": ('"new":"\\u12"', "A string has an escape of two digits."),
        "upper-case-literal": ('"new":True', "true is written as in Python."),
        "cut-literal": ('"new":nul', "null is cut."),
        "no-value": ('"new":', "A key has no value."),
        "no-key": (":1", "A value has no key."),
        "key-without-quotes": ("new:1", "A key has no quotes."),
        "number-as-key": ("1:1", "A key is a number."),
        "empty-member": ("", "A comma stands where a member should."),
        "trailing-comma-in-array": ('"new":[1,]', "An array ends with a comma."),
        "trailing-comma-in-object": ('"new":{"a":1,}', "An object ends with a comma."),
        "unclosed-array": ('"new":[1', "An array is not closed."),
        "wrong-bracket": ('"new":[1}', "An array ends with a brace."),
        "colon-in-array": ('"new":["a":1]', "An array has a colon."),
        "comment": ('/* c */"new":1', "There is a comment."),
        "no-break-space": ('"new":\u00a01', "Whitespace that JSON has not."),
    }
    repeated = {
        "unknown-object": ('"new":{"a":1,"a":1}', "An unknown object has a key twice."),
        "unknown-array": ('"new":[0,[{"b":{"a":1,"":2,"a":3}}]]', "So has one inside of lists."),
        "after-escapes": ('"new":{"a":1,"\\u0061":1}', "Two keys are equal without escapes."),
        "below-private-keys": (
            '"8613800000001":{"zhangwei":{"a":1,"a":2}}',
            "It is below a phone number and a name, which no error may show.",
        ),
        "private-key": (
            '"zhangwei":1,"zhangwei":2',
            "A name comes twice as a key, which no error may show.",
        ),
        "halves-of-pairs": (
            '"new":{"\\ud800":1,"\\udfff":1}',
            "Two keys are equal where halves of surrogate pairs are read as U+FFFD.",
        ),
        "large-object": (
            '"new":{' + ",".join(f'"k{i % 99}":{i}' for i in range(100)) + "}",
            "One of a hundred keys comes twice.",
        ),
        "empty-key": ('"new":{"":1,"":1}', "The empty key comes twice."),
    }
    odd = {
        "nested-arrays": (f'"new":{nested}', "Arrays in arrays, 200 deep."),
        "nested-objects": (f'"new":{objects}', "Objects in objects, 200 deep."),
        "numbers": (
            '"new":[0,-0,0.0,1e5,1E+5,1e-5,123456789012345678901234567890,1e400]',
            "Numbers in every form.",
        ),
        "escapes": ('"new":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', "Every escape."),
        "escaped-key": ('"\\u006eew\\n":1', "A key has escapes."),
        "half-of-pair": ('"new":"a\\ud83d"', "The first half of a surrogate pair stands alone."),
        "second-half-of-pair": ('"new":"\\ude00b"', "The second half stands alone."),
        "halves-reversed": ('"new":"\\ude00\\ud83d"', "Both halves, in the wrong order."),
        "half-before-pair": ('"new":"\\ud83d\\ud83d\\ude00"', "A half stands before a whole pair."),
        "half-before-escape": ('"new":"\\ud83d\\n\\ud83d\\u0041"', "Halves stand before escapes."),
        "half-in-key": ('"\\ud83d":"\\ud83d"', "A key and its value each have a half."),
        "half-nested": (
            '"new":[0,{"a/b~c":[[],"\\ud83d"]}]',
            "A half stands deep inside of an unknown field.",
        ),
        "half-below-private-keys": (
            '"8613800000001":[{"zhangwei":"\\ud83d"}],"\u738b\u82b3\\ud83d":{"other":"\\ud83d"}',
            "Halves stand below a phone number and a name, which no pointer shows.",
        ),
        "half-below-known-keys": (
            '"errList":[{"params":[0,{"code":"\\ud83d"}]},'
            '{"x":["\\ud83d"],"phone":"\\ud83d"},["\\ud83d"]]',
            "Halves stand below keys that other messages have, and below an unknown one.",
        ),
    }
    cases: Cases = {}
    for name, (text, about) in invalid.items():
        cases[f"json-{name}"] = (about, "content_json", starts(text))
    for name, (text, about) in repeated.items():
        cases[f"repeated-in-{name}"] = (about, "content_repeated", starts(text))
    for name, (text, about) in odd.items():
        cases[f"odd-{name}"] = (f"Genuine. {about}", "ok", starts(text))
    return cases


# --- Callbacks ----------------------------------------------------------------


def call_cases(call: dict) -> Cases:
    detail = call["callInfoDetail"]
    body = compact_json(call)
    names = ["userName", "userPhone", "sceneID", "userTaskID", "taskID", "other", "finish"]

    def detailed(**changes: Any) -> dict:
        return {**call, "callInfoDetail": {**detail, **changes}}

    many = [{"intentLevel": "x"}, 0] * 60
    integers = '"callStatus":%s,"callStartTs":%s,"callAnswerTs":%s,"callEndTs":%s,"callDuration":%s'
    shown = integers % (1, 1726199900, 1726199910, 1726199990, 80)
    return {
        "call-all-null": (
            "Genuine. All is null but what the message cannot be read without.",
            "ok",
            {**call, **dict.fromkeys([*names, "callInfoDetail"])},
        ),
        "call-all-other-types": (
            "Genuine. All has another type but what the message cannot be read without.",
            "ok",
            {**call, **{name: {"a": 1} for name in names}, "callInfoDetail": 7},
        ),
        "call-phone-number": (
            "Genuine. The phone is a number.",
            "ok",
            {**call, "userPhone": 8613800000001},
        ),
        "call-finish-as-number": ("Genuine. finish is 1.", "ok", {**call, "finish": 1}),
        "call-order-id-number": (
            "orderID is a number.",
            "content_wrong_type",
            {**call, "orderID": 1},
        ),
        "call-order-id-empty": ("Genuine. orderID is empty.", "ok", {**call, "orderID": ""}),
        "call-order-id-half-of-pair": (
            "Genuine. orderID has half of a surrogate pair.",
            "ok",
            edited(body, '"order-20240913-000001"', '"o\\ud83d"'),
        ),
        "call-integers-as-strings": (
            "Genuine. The integers are strings of their digits.",
            "ok",
            edited(body, shown, integers % ('"1"', '"0"', '"-3"', '"9223372036854775807"', '"80"')),
        ),
        "call-integers-as-other-strings": (
            "Genuine. The integers are strings that are no plain digits.",
            "ok",
            edited(body, shown, integers % ('"01"', '"+1"', '" 1"', '"1.0"', '""')),
        ),
        "call-integers-of-other-forms": (
            "Genuine. The integers have fractions, exponents, or more than 64 bits.",
            "ok",
            edited(body, shown, integers % ("1.0", "1e3", 2**63, -(2**63) - 1, "-0")),
        ),
        "call-integers-largest": (
            "Genuine. The integers are the largest and smallest of 64 bits.",
            "ok",
            edited(body, shown, integers % (2**63 - 1, -(2**63), '"-9223372036854775808"', 0, -1)),
        ),
        "call-callback-type-fraction": (
            "callbackType is 1.5.",
            "content_wrong_type",
            edited(body, '"callbackType":1', '"callbackType":1.5'),
        ),
        "call-callback-type-integral-fraction": (
            "Genuine. callbackType is 1.0.",
            "ok",
            edited(body, '"callbackType":1', '"callbackType":1.0'),
        ),
        "call-callback-type-exponent": (
            "Genuine. callbackType is 1e0.",
            "ok",
            edited(body, '"callbackType":1', '"callbackType":1e0'),
        ),
        "call-callback-type-too-large": (
            "callbackType needs more than 64 bits.",
            "content_wrong_type",
            edited(body, '"callbackType":1', f'"callbackType":{2**63}'),
        ),
        "call-rows-of-other-types": (
            "Genuine. Of the elements of a list, only one is an object.",
            "ok",
            detailed(intents=[None, 1, "x", [], {"intentID": "i", "new": 1}, True]),
        ),
        "call-lists-of-other-types": (
            "Genuine. What should be lists are none.",
            "ok",
            detailed(intents={}, sms="", params=None),
        ),
        "call-many-deviations": (
            "Genuine. There are more deviations than are listed.",
            "ok",
            detailed(intents=many),
        ),
        "call-as-task": (
            "A genuine call callback, sent to the URL for tasks.",
            "content_missing",
            call,
        ),
    }


def task_cases(task: dict) -> Cases:
    stat = task["taskStat"]

    def without(*keys: str) -> dict:
        return {key: value for key, value in task.items() if key not in keys}

    def rated(finish: Any, answer: Any) -> dict:
        return {**task, "taskStat": {**stat, "finishRate": finish, "answerRate": answer}}

    counts = {key: str(value) for key, value in stat.items()}
    return {
        "task-rates-null": ("Genuine. A rate of nothing is null.", "ok", rated(None, None)),
        "task-rates-as-strings": ("Genuine. The rates are strings.", "ok", rated("0.67", "-1")),
        "task-rates-as-other-strings": (
            "Genuine. The rates are strings that are no plain digits.",
            "ok",
            rated("67 %", "1e0"),
        ),
        "task-rates-too-large": (
            "Genuine. A rate is larger than any double, and one has an exponent.",
            "ok",
            edited(compact_json(task), '"finishRate":0.67', '"finishRate":1e999').replace(
                b'"answerRate":0.25', b'"answerRate":25e-2'
            ),
        ),
        "task-counts-as-strings": (
            "Genuine. All figures are strings.",
            "ok",
            {**task, "taskStat": counts},
        ),
        "task-stat-null": ("Genuine. taskStat is null.", "ok", {**task, "taskStat": None}),
        "task-stat-empty": ("Genuine. taskStat is empty.", "ok", {**task, "taskStat": {}}),
        "task-stat-array": ("Genuine. taskStat is an array.", "ok", {**task, "taskStat": [stat]}),
        "task-status-string": (
            "Genuine. taskStatus is a string.",
            "ok",
            {**task, "taskStatus": "2"},
        ),
        "task-without-status-and-stat": (
            "Neither taskStatus nor taskStat: nothing is said about the task.",
            "content_missing",
            without("taskStatus", "taskStat"),
        ),
        "task-status-wrong-type-without-stat": (
            "taskStatus is a boolean, and there is no taskStat.",
            "content_wrong_type",
            {**without("taskStat"), "taskStatus": True},
        ),
        "task-stat-wrong-type-without-status": (
            "taskStat is an array, and there is no taskStatus.",
            "content_wrong_type",
            {**without("taskStatus"), "taskStat": []},
        ),
        "task-stat-empty-without-status": (
            "Genuine. taskStat is empty, and there is no taskStatus.",
            "ok",
            {**without("taskStatus"), "taskStat": {}},
        ),
        "task-without-both-ids": (
            "Neither userTaskID nor taskID: nobody knows which task it is.",
            "content_missing",
            without("userTaskID", "taskID"),
        ),
        "task-ids-are-numbers": (
            "Both IDs are numbers.",
            "content_wrong_type",
            {**task, "userTaskID": 1, "taskID": 2},
        ),
        "task-one-id-is-a-number": (
            "Genuine. Of both IDs one is a number.",
            "ok",
            {**task, "userTaskID": 1},
        ),
        "task-as-order": (
            "A genuine task callback, sent to the URL for orders.",
            "content_missing",
            task,
        ),
    }


# Bodies of our own requests, of every endpoint.
REQUESTS: Dict[str, dict] = {
    "addBatchCall": {
        "productID": "callbot",
        "userTaskID": "t",
        "callInfoList": {
            "orderCallbackUrl": "https://a.example/",
            "callCallbackUrl": "https://a.example/",
            "callList": [
                {
                    "orderID": "1",
                    "userPhone": "8613800000001",
                    "other": "",
                    "userName": "",
                    "customerName": "",
                    "params": [],
                }
            ],
        },
    },
    "exportBatchCall": {"productID": "callbot", "userTaskID": "t"},
    "stopOrder": {"productID": "callbot", "userTaskID": "t", "orderIDs": ["1"], "delCall": 0},
    "createTask": {
        "account": "a",
        "productID": "callbot",
        "userTaskID": "t",
        "sceneID": "s",
        "taskCreateSetting": {"startupType": 0, "dialAtUpHour ": ""},
        "other": "",
        "taskCallbackUrl": "https://a.example/",
    },
    "createAndCall": {
        "productID": "callbot",
        "userTaskID": "t",
        "sceneID": "s",
        "taskCreateSetting": {"taskName": "n"},
        "funcFlag": {},
        "callInfoList": {"callList": []},
    },
    "updateTask": {
        "productID": "callbot",
        "userTaskID": "t",
        "sceneID": "s",
        "taskCreateSetting": {"maxCall": 1},
    },
    "mgrTaskStatus": {"productID": "callbot", "userTaskID": "t", "taskOperate": 1, "delCall": 0},
    "listTask": {
        "productID": "callbot",
        "page": 1,
        "size": 100,
        "queryConditions": {"taskStatus": [2], "userTaskID": ["t"]},
    },
    "listOrder": {
        "productID": "callbot",
        "userTaskID": "t",
        "options": {"orderID": ["1"], "finish": 1},
        "page": 1,
        "size": 100,
    },
    "listCall": {
        "productID": "callbot",
        "userTaskID": "t",
        "options": {"callID": ["c"]},
        "page": 1,
        "size": 100,
    },
    "listOrderDetail": {"productID": "callbot", "userTaskID": "t", "orderList": ["1"]},
    "ping": {"data": "x"},
}
REQUESTS["importBatchCall"] = REQUESTS["addBatchCall"]


# --- Responses ----------------------------------------------------------------


def add_batch_cases(response: dict) -> Cases:
    refused = response["errList"][0]

    def with_list(err_list: Any) -> dict:
        return {**response, "errList": err_list}

    return {
        "response-ret-code-not-plain": (
            "retCode is a string that is not plain digits.",
            "content_wrong_type",
            {**response, "retCode": "00"},
        ),
        "response-ret-code-integral-fraction": (
            "Genuine. retCode is 0.0.",
            "ok",
            edited(compact_json(response), '"retCode":0', '"retCode":0.0'),
        ),
        "response-ret-code-exponent": (
            "Genuine. retCode is 0e0.",
            "ok",
            edited(compact_json(response), '"retCode":0', '"retCode":0e0'),
        ),
        "response-ret-code-too-large": (
            "retCode needs more than 64 bits.",
            "content_wrong_type",
            {**response, "retCode": 2**63},
        ),
        "response-ret-code-code": (
            "The code has ping's name.",
            "content_missing",
            {"code": 0, "msg": "success", "reqId": "x"},
        ),
        "response-counts-as-strings": (
            "Genuine. The counts are strings.",
            "ok",
            {**response, "totalCount": "3", "successCount": "2"},
        ),
        "response-counts-null": (
            "Genuine. The counts are null.",
            "ok",
            {**response, "totalCount": None, "successCount": None},
        ),
        "response-err-list-rows": (
            "Genuine. Of the elements of errList, some are objects.",
            "ok",
            with_list([refused, None, 1, {}, {"phone": None, "errMsg": 4}, {**refused, "new": 1}]),
        ),
        "response-err-list-null-row": ("Genuine. errList holds null.", "ok", with_list([None])),
    }


RESPONSES: Dict[str, dict] = {
    "importBatchCall": {},
    "exportBatchCall": {
        "totalCount": 1,
        "batchID": "b-1",
        "callList": [
            {
                "orderID": "1",
                "userPhone": "8613800000001",
                "other": "",
                "callID": "c-1",
                "callStatus": 0,
                "callStartTs": 1726199900,
                "intents": [
                    {"intentID": "i", "intentTag": "A", "intentName": "n", "intentLevel": 1}
                ],
            }
        ],
    },
    "stopOrder": {
        "totalCount": 2,
        "successCount": 1,
        "errList": [{"orderID": "2", "errMsg": "not found"}],
    },
    "createTask": {},
    "createAndCall": {},
    "updateTask": {},
    "mgrTaskStatus": {"taskID": "7001", "taskStatus": 2},
    "listTask": {
        "taskData": [
            {
                "userTaskID": "t",
                "taskID": "7001",
                "sceneID": "s",
                "taskStatus": 2,
                "createTs": 1726190000,
                "taskStat": {
                    "answerOrderCount": 1,
                    "finishOrderCount": 2,
                    "totalOrderCount": 3,
                    "finishRate": 0.67,
                    "totalAnswerCall": 1,
                    "totalCall": 4,
                },
            }
        ],
    },
    "listOrder": {},
    "listCall": {},
    "listOrderDetail": {
        "orderDetailList": [
            {
                "orderID": "1",
                "userPhone": "8613800000001",
                "userName": "",
                "sceneID": "s",
                "userTaskID": "t",
                "taskID": "7001",
                "finish": True,
                "other": "",
                "callInfoDetailList": [
                    {
                        "callID": "c-1",
                        "callStatus": 1,
                        "intents": [{}],
                        "sms": [{}],
                        "params": [{}],
                        "recordDetail": [{}],
                        "agent": {"agentName": None, "manualCallStart": None, "manualHangupBy": 0},
                    }
                ],
            }
        ],
    },
}


def endpoint_cases(endpoint: str) -> Cases:
    """The response to an endpoint. Empty for any other path."""
    name = endpoint or "any-path"
    if endpoint == "ping":
        known: dict = {"data": "x", "timestamp": 1726200000, "code": 0, "msg": "ok", "reqId": "r"}
        code = "code"
    else:
        head = {"retCode": 0, "retMsg": "success", "responseID": "r"}
        known, code = {**head, **RESPONSES.get(endpoint, {})}, "retCode"
    others = {key: 1 if isinstance(value, str) else "x" for key, value in known.items()}
    lists = {key: [0, None, {}] for key, value in known.items() if isinstance(value, list)}
    return {
        name: ("Genuine.", "ok", {**known, "new": [1]}),
        f"{name}-code-only": ("Genuine, with nothing but its code.", "ok", {code: 4711}),
        f"{name}-code-string": ("Genuine. The code is a string.", "ok", {**known, code: "0"}),
        f"{name}-code-null": ("The code is null.", "content_missing", {**known, code: None}),
        f"{name}-code-boolean": ("The code is true.", "content_wrong_type", {**known, code: True}),
        f"{name}-all-null": (
            "Genuine. All is null but the code.",
            "ok",
            {**dict.fromkeys(known), code: 0},
        ),
        f"{name}-other-types": (
            "Genuine. All has another type but the code, and lists hold anything.",
            "ok",
            {**others, **lists, code: 0},
        ),
    }
