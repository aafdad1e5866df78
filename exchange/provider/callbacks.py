"""The callbacks: signed messages to the URLs that the client gave."""

from __future__ import annotations

import http.client
import json
import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, Callable, Dict, List, Optional
from urllib.parse import urlsplit

from answers import about_call, about_order, task_stat
from scenario import Callbacks
from signing import Account
from store import RUNNING, Order, Store, Task

# How long an answer to a callback is waited for, and the pause before it is sent again. Whether and
# when the real provider sends one again is not published.
TIMEOUT_SECONDS = 10
PAUSE_SECONDS = 0.2


@dataclass
class Message:
    """A callback. Its copies are the same bytes, unless the scenario wants new requestIDs."""

    kind: str
    url: str
    order_id: Optional[str]
    call_id: Optional[str]
    body: bytes
    headers: Dict[str, str]


class Sender:
    def __init__(
        self,
        account: Account,
        callbacks: Optional[Callbacks],
        store: Store,
        now: Callable[[], int],
    ) -> None:
        self.account = account
        self.callbacks = callbacks
        self.store = store
        self.now = now
        # The tasks whose callbacks are being sent, and whether there is more to do for each.
        self.tasks: Dict[str, bool] = {}
        self.lock = Lock()
        # The same sequence in each run.
        self.random = random.Random(1)

    def task_changed(self, user_task_id: str) -> None:
        """A task was started, or has new orders."""
        if self.callbacks is None:
            return
        with self.lock:
            is_running = user_task_id in self.tasks
            self.tasks[user_task_id] = True
        if not is_running:
            Thread(target=self.run, args=(self.callbacks, user_task_id), daemon=True).start()

    def run(self, how: Callbacks, user_task_id: str) -> None:
        """Sends the callbacks of a task until there is nothing more to do for now."""
        time.sleep(how.delayMs / 1000)
        while True:
            with self.lock:
                if not self.tasks[user_task_id]:
                    del self.tasks[user_task_id]
                    return
                self.tasks[user_task_id] = False
            messages = self.due(how, user_task_id)
            if messages:
                self.send_all(how, messages)
                self.store.log.write("callbacks", userTaskID=user_task_id, count=len(messages))

    def due(self, how: Callbacks, user_task_id: str) -> List[Message]:
        """The orders of a running task whose callbacks were not sent have finished now."""
        with self.store.lock:
            task = self.store.tasks[user_task_id]
            if task.status != RUNNING:
                return []
            messages = []
            for order in task.orders.values():
                if not order.finished and not order.stopped:
                    messages += self.of_order(how, task, order)
            if messages and task.callback_url:
                messages.append(self.of_task(task, task.callback_url))
            return messages

    def of_order(self, how: Callbacks, task: Task, order: Order) -> List[Message]:
        messages = []
        for number in range(how.calls):
            order.call_ids.append(uuid.uuid4().hex)
            order.finished = number + 1 == how.calls
            messages.append(self.message("call", order.call_url, task, order))
        order.finished = True
        messages.append(self.message("order", order.order_url, task, order))
        return messages

    def message(self, kind: str, url: str, task: Task, order: Order) -> Message:
        # The pages show callbackType as an integer for calls, and as a string for orders.
        callback_type: Any = 1 if kind == "call" else "1"
        call_id = order.call_ids[-1] if order.call_ids else ""
        content = {
            "callbackType": callback_type,
            **about_order(task, order),
            "callInfoDetail": about_call(order, call_id),
        }
        return self.signed(kind, url, content, order.order_id, call_id)

    def of_task(self, task: Task, url: str) -> Message:
        content = {
            "callbackType": 1,
            "userTaskID": task.user_task_id,
            "taskID": task.task_id,
            "sceneID": task.scene_id,
            "taskStatus": task.status,
            "createTs": task.created,
            "taskStat": task_stat(task),
        }
        return self.signed("task", url, content, None, None)

    def signed(
        self,
        kind: str,
        url: str,
        content: Dict[str, Any],
        order_id: Optional[str],
        call_id: Optional[str],
    ) -> Message:
        body = json.dumps(content, ensure_ascii=False).encode("utf-8")
        headers = self.account.headers(body, self.now(), uuid.uuid4().hex)
        return Message(kind, url, order_id, call_id, body, headers)

    # --- Sending ---

    def send_all(self, how: Callbacks, messages: List[Message]) -> None:
        for copy in range(1, how.copies + 1):
            if copy > 1:
                time.sleep(how.lateMs / 1000)
                if how.newRequestIDs:
                    for one in messages:
                        one.headers = self.account.headers(one.body, self.now(), uuid.uuid4().hex)
            with ThreadPoolExecutor(how.parallel) as pool:
                for one in self.in_sequence(how, messages):
                    pool.submit(self.send, how, one, copy)

    def in_sequence(self, how: Callbacks, messages: List[Message]) -> List[Message]:
        if how.sequence == "reversed":
            return messages[::-1]
        if how.sequence == "shuffled":
            return self.random.sample(messages, len(messages))
        return messages

    def send(self, how: Callbacks, message: Message, copy: int) -> None:
        for attempt in range(1, how.tries + 1):
            if attempt > 1:
                time.sleep(PAUSE_SECONDS)
            status = post(message)
            self.store.log.write(
                "callback",
                kind=message.kind,
                orderID=message.order_id,
                callID=message.call_id,
                requestID=message.headers["requestID"],
                copy=copy,
                status=status,
                **{"try": attempt},
            )
            if status == 200:
                return


def post(message: Message) -> Optional[int]:
    """Sends a callback. Returns the status of the answer, or None if there is none."""
    url = urlsplit(message.url)
    # Nothing leaves this machine.
    if url.scheme != "http" or url.hostname != "127.0.0.1":
        return None
    connection = http.client.HTTPConnection("127.0.0.1", url.port or 80, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", url.path or "/", message.body, message.headers)
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
