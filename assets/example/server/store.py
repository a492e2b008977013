"""Tasks, in memory and in a file."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from server.due import DueState, due_state, parse_due

MAX_TITLE = 200


class TaskError(ValueError):
    """A task that cannot be as it was asked to be. Its message can be shown."""


@dataclass(frozen=True)
class Task:
    """Something to do."""

    id: int
    title: str
    done: bool = False
    due: date | None = None

    def state(self, today: date) -> DueState:
        return due_state(self.due, self.done, today)

    def to_json(self) -> dict[str, object]:
        """The task as it stands in the file."""
        due = self.due.isoformat() if self.due else None
        return {"id": self.id, "title": self.title, "done": self.done, "due": due}

    @classmethod
    def from_json(cls, fields: dict) -> Task:
        """Reads a task. One from before there were due dates has none."""
        return cls(
            id=int(fields["id"]),
            title=check_title(fields["title"]),
            done=bool(fields.get("done", False)),
            due=parse_due(fields.get("due")),
        )


def check_title(title: object) -> str:
    if not isinstance(title, str) or not title.strip():
        raise TaskError("title must be a text that is not empty")
    title = " ".join(title.split())
    if len(title) > MAX_TITLE:
        raise TaskError(f"title may have {MAX_TITLE} characters at most; this one has {len(title)}")
    return title


def urgency(task: Task) -> tuple:
    """Sorts what is due first to the top, then what has no date, then what is done."""
    return (task.done, task.due is None, task.due or date.min, task.id)


class TaskStore:
    """All tasks. Every change is on the disk before the method returns."""

    def __init__(self, path: Path, today: Callable[[], date] = date.today):
        self._path = path
        self._today = today
        self._lock = threading.Lock()
        self._tasks: dict[int, Task] = {}
        self._next_id = 1
        if path.exists():
            self._read()

    @property
    def today(self) -> date:
        return self._today()

    def list(self, state: DueState | None = None) -> list[Task]:
        """The tasks, most urgent first; with ``state``, only those in it."""
        today = self.today
        with self._lock:
            tasks = sorted(self._tasks.values(), key=urgency)
        return [task for task in tasks if state is None or task.state(today) is state]

    def add(self, title: object, due: object = None) -> Task:
        with self._lock:
            task = Task(self._next_id, check_title(title), due=parse_due(due))
            self._write({**self._tasks, task.id: task}, self._next_id + 1)
            return task

    def update(self, task_id: int, changes: dict) -> Task:
        """Changes the fields that are named and no others. Raises ``KeyError`` for no such task."""
        with self._lock:
            task = self._tasks[task_id]
            if "title" in changes:
                task = replace(task, title=check_title(changes["title"]))
            if "done" in changes:
                if not isinstance(changes["done"], bool):
                    raise TaskError("done must be true or false")
                task = replace(task, done=changes["done"])
            if "due" in changes:
                task = replace(task, due=parse_due(changes["due"]))
            self._write({**self._tasks, task_id: task}, self._next_id)
            return task

    def remove(self, task_id: int) -> None:
        """Raises ``KeyError`` for no such task."""
        with self._lock:
            tasks = dict(self._tasks)
            del tasks[task_id]
            self._write(tasks, self._next_id)

    def _read(self) -> None:
        content = json.loads(self._path.read_text(encoding="utf-8"))
        tasks = [Task.from_json(fields) for fields in content["tasks"]]
        self._tasks = {task.id: task for task in tasks}
        highest = max(self._tasks, default=0)
        self._next_id = max(int(content.get("next_id", 1)), highest + 1)

    def _write(self, tasks: dict[int, Task], next_id: int) -> None:
        """Replaces the file, then what is in memory: if the first fails, nothing has changed."""
        content = {"next_id": next_id, "tasks": [task.to_json() for task in tasks.values()]}
        folder = self._path.parent
        handle, name = tempfile.mkstemp(dir=folder, prefix=".tasks-", suffix=".json")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._tasks = tasks
        self._next_id = next_id
