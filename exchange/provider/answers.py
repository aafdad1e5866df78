"""What each endpoint does, and the body of its answer.

The pages of importBatchCall, createTask, createAndCall, updateTask, listOrder and listCall do not
show the answer's body. Those that take orders are answered like addBatchCall here, and the others by
retCode, retMsg and responseID alone.
"""

from __future__ import annotations

import uuid
from typing import Any, Callable, Dict, List

from scenario import Answer
from store import COMPLETED, PAUSED, RUNNING, WAITING, Order, Store, Task

Body = Dict[str, Any]

MESSAGES = {
    0: "success",
    1: "general error",
    2: "a parameter is missing",
    3: "a parameter has the wrong format",
    4: "a parameter has an invalid value",
    4001: "too many array elements",
    5: "under maintenance",
    5001: "internal server error",
    6: "the signature is wrong",
    6001: "the signature is missing",
    6002: "the account does not exist",
    6003: "no permission",
    7: "system busy",
}


class Failure(Exception):
    """The request is genuine, but fails with a retCode."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def envelope(code: int) -> Body:
    return {
        "retCode": code,
        "retMsg": MESSAGES.get(code, "failed"),
        "responseID": uuid.uuid4().hex,
    }


def failure(endpoint: str, code: int, now: int) -> Body:
    return ping_body("", code, now) if endpoint == "ping" else envelope(code)


def ping_body(data: str, code: int, now: int) -> Body:
    """ping names its members otherwise than all other endpoints."""
    return {
        "data": data,
        "timestamp": now,
        "code": code,
        "msg": MESSAGES.get(code, "failed"),
        "reqId": uuid.uuid4().hex,
    }


class Request:
    """A genuine request, and what the scenario has for it."""

    def __init__(
        self, store: Store, endpoint: str, body: Body, request_id: str, now: int, answer: Answer
    ) -> None:
        self.store = store
        self.endpoint = endpoint
        self.body = body
        self.request_id = request_id
        self.now = now
        self.answer = answer

    def task(self) -> Task:
        task = self.store.tasks.get(self.body["userTaskID"])
        if task is None:
            raise Failure(4)
        return task

    def orders(self) -> List[Body]:
        """The orders that it adds."""
        return self.body["callInfoList"]["callList"] if "callInfoList" in self.body else []

    def perform(self) -> Body:
        with self.store.lock:
            return ENDPOINTS[self.endpoint](self)

    # --- Tasks ---

    def ping(self) -> Body:
        return ping_body(self.body["data"], 0, self.now)

    def create_task(self) -> Body:
        self.create(self.body.get("taskCallbackUrl"))
        return envelope(0)

    def create_and_call(self) -> Body:
        setting = self.body.get("taskCreateSetting")
        self.create(setting.get("taskCallbackUrl") if isinstance(setting, dict) else None)
        return self.add()

    def create(self, callback_url: Any) -> None:
        # userTaskID must be unique. Which code tells that it is not is not published.
        if self.body["userTaskID"] in self.store.tasks:
            raise Failure(4)
        url = callback_url if isinstance(callback_url, str) and callback_url else None
        self.store.create(Task(self.body["userTaskID"], self.body["sceneID"], url, self.now))

    def update_task(self) -> Body:
        if self.task().status not in (WAITING, PAUSED):
            raise Failure(4)
        return envelope(0)

    def mgr_task_status(self) -> Body:
        task = self.task()
        status = {1: RUNNING, 2: PAUSED, 3: COMPLETED}[self.body["taskOperate"]]
        if task.status == COMPLETED and status != COMPLETED:
            raise Failure(4)
        if task.status != status:
            self.store.set_status(task, status)
        return {**envelope(0), "taskID": task.task_id, "taskStatus": task.status}

    def list_task(self) -> Body:
        conditions = self.body["queryConditions"]
        ids, statuses = conditions.get("userTaskID"), conditions.get("taskStatus")
        found = [
            task
            for task in self.store.tasks.values()
            if (not ids or task.user_task_id in ids) and (not statuses or task.status in statuses)
        ]
        begin = max(self.body["page"] - 1, 0) * self.body["size"]
        page = found[begin : begin + self.body["size"]]
        return {**envelope(0), "taskData": [task_data(task) for task in page]}

    # --- Orders ---

    def add(self) -> Body:
        task, orders = self.task(), self.orders()
        if task.status == COMPLETED:
            raise Failure(4)
        refused = [order for order in orders if self.answer.refuses(order)]
        taken = [order for order in orders if not self.answer.refuses(order)]
        self.take(task, taken)
        for order in refused:
            self.store.log.write(
                "refused",
                orderID=order["orderID"],
                phone=order["userPhone"],
                requestID=self.request_id,
            )
        errors = [{"phone": one["userPhone"], "errMsg": "no route"} for one in refused]
        counts = {"totalCount": len(orders), "successCount": len(taken)}
        return {**envelope(0), **counts, **({"errList": errors} if errors else {})}

    def take(self, task: Task, orders: List[Body]) -> List[Order]:
        urls = self.body["callInfoList"]
        taken = []
        for order in orders:
            taken.append(
                Order(
                    order["orderID"],
                    order["userPhone"],
                    order["other"],
                    order["userName"],
                    order["params"],
                    urls["orderCallbackUrl"],
                    urls["callCallbackUrl"],
                )
            )
            self.store.take(task, taken[-1], self.request_id)
        if self.endpoint == "importBatchCall":
            task.batch, task.batch_id = taken, uuid.uuid4().hex
        return taken

    def take_despite_failure(self) -> None:
        """Takes the orders that the scenario says, of a request whose answer is a failure."""
        with self.store.lock:
            orders = self.orders()
            task = self.store.tasks.get(self.body.get("userTaskID", ""))
            if task is not None and orders:
                self.take(task, orders[: self.answer.taken_of(len(orders))])

    def export(self) -> Body:
        task = self.task()
        calls = [
            {
                "orderID": order.order_id,
                "userPhone": order.phone,
                "other": order.other,
                "callID": order.call_ids[-1] if order.call_ids else "",
                "callStatus": 0,
                "callStartTs": 0,
                "intents": [],
            }
            for order in task.batch
        ]
        head = {"totalCount": len(calls), "batchID": task.batch_id}
        return {**envelope(0), **head, "callList": calls}

    def stop(self) -> Body:
        task, ids = self.task(), self.body["orderIDs"]
        errors = [
            {"orderID": order_id, "errMsg": "no such order"}
            for order_id in ids
            if order_id not in task.orders
        ]
        for order_id in ids:
            if order_id in task.orders:
                task.orders[order_id].stopped = True
        counts = {"totalCount": len(ids), "successCount": len(ids) - len(errors)}
        return {**envelope(0), **counts, "errList": errors}

    def query(self) -> Body:
        self.task()
        return envelope(0)

    def list_order_detail(self) -> Body:
        task = self.task()
        ids = dict.fromkeys(self.body["orderList"])
        details = [order_detail(task, task.orders[one]) for one in ids if one in task.orders]
        return {**envelope(0), "orderDetailList": details}


ENDPOINTS: Dict[str, Callable[[Request], Body]] = {
    "ping": Request.ping,
    "createTask": Request.create_task,
    "createAndCall": Request.create_and_call,
    "updateTask": Request.update_task,
    "mgrTaskStatus": Request.mgr_task_status,
    "addBatchCall": Request.add,
    "importBatchCall": Request.add,
    "exportBatchCall": Request.export,
    "stopOrder": Request.stop,
    "listTask": Request.list_task,
    "listOrder": Request.query,
    "listCall": Request.query,
    "listOrderDetail": Request.list_order_detail,
}


def task_data(task: Task) -> Body:
    return {
        "userTaskID": task.user_task_id,
        "taskID": task.task_id,
        "sceneID": task.scene_id,
        "taskStatus": task.status,
        "createTs": task.created,
        "taskStat": task_stat(task),
    }


def task_stat(task: Task) -> Body:
    orders = task.orders.values()
    total, finished = len(orders), sum(order.finished for order in orders)
    calls = sum(len(order.call_ids) for order in orders)
    return {
        "answerOrderCount": finished,
        "finishOrderCount": finished,
        "totalOrderCount": total,
        "finishRate": round(finished / total, 2) if total else 0.0,
        "totalAnswerCall": calls,
        "totalCall": calls,
        "answerRate": 1.0 if calls else 0.0,
    }


def about_order(task: Task, order: Order) -> Body:
    """What listOrderDetail and the callbacks say of an order."""
    return {
        "orderID": order.order_id,
        "userPhone": order.phone,
        "userName": order.name,
        "sceneID": task.scene_id,
        "userTaskID": task.user_task_id,
        "taskID": task.task_id,
        "finish": order.finished,
        "other": order.other,
    }


def about_call(order: Order, call_id: str) -> Body:
    return {
        "callID": call_id,
        "callStatus": 1,
        "callStartTs": 0,
        "callAnswerTs": 0,
        "callEndTs": 0,
        "callDuration": 0,
        "callAudioUrl": "",
        "hangupCause": "",
        "termSipCode": "200",
        "intents": [],
        "sms": [],
        "params": order.params,
    }


def order_detail(task: Task, order: Order) -> Body:
    calls = [about_call(order, call_id) for call_id in order.call_ids]
    return {**about_order(task, order), "callInfoDetailList": calls}
