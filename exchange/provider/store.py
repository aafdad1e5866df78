"""The tasks and orders of the provider, and its log."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Dict, List, Optional

# taskStatus: the page's values.
WAITING, RUNNING, COMPLETED, PAUSED = 1, 2, 3, 5


class Log:
    """Lines of JSON, each written before the answer that it is about."""

    def __init__(self, path: str) -> None:
        self.file = open(path, "a", encoding="utf-8")
        self.lock = RLock()

    def write(self, event: str, **keys: Any) -> None:
        line = json.dumps({"event": event, **keys}, ensure_ascii=False)
        with self.lock:
            if not self.file.closed:
                self.file.write(line + "\n")
                self.file.flush()

    def close(self) -> None:
        with self.lock:
            self.file.close()


@dataclass
class Order:
    order_id: str
    phone: str
    other: str
    name: str
    params: List[Dict[str, str]]
    order_url: str
    call_url: str
    call_ids: List[str] = field(default_factory=list)
    stopped: bool = False
    finished: bool = False


@dataclass
class Task:
    user_task_id: str
    scene_id: str
    callback_url: Optional[str]
    created: int
    task_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: int = WAITING
    orders: Dict[str, Order] = field(default_factory=dict)
    # How many orders came by importBatchCall, and the last import's orders.
    batch: List[Order] = field(default_factory=list)
    batch_id: str = ""


class Store:
    """Everything that the provider knows. Whoever uses it holds `lock`."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.lock = RLock()
        self.tasks: Dict[str, Task] = {}
        self.request_ids: set[str] = set()
        # How often each orderID was taken, over all tasks.
        self.counts: Dict[str, int] = {}

    def create(self, task: Task) -> None:
        self.tasks[task.user_task_id] = task
        self.set_status(task, WAITING)

    def set_status(self, task: Task, status: int) -> None:
        task.status = status
        self.log.write("task", userTaskID=task.user_task_id, taskStatus=status)

    def take(self, task: Task, order: Order, request_id: str) -> None:
        """Takes an order. What happens to a repeated orderID is not published: it is taken again."""
        count = self.counts.get(order.order_id, 0) + 1
        self.counts[order.order_id] = count
        task.orders[order.order_id] = order
        self.log.write(
            "order",
            orderID=order.order_id,
            phone=order.phone,
            userTaskID=task.user_task_id,
            requestID=request_id,
            count=count,
        )
