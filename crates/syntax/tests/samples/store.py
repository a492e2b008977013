#!/usr/bin/env python3
"""Tasks, kept by their identifier."""

from __future__ import annotations

import json
import re as regex
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_TASKS = 1_000
type Found = Task | None


@dataclass(frozen=True)
class Task(Generic[T]):
    """A task.

    Held by its store.
    """

    id: int
    title: str = ""
    tags: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.id:>4} {self.title!r} {'done' if self.tags else None}"

    @classmethod
    def parse(cls, line: str, /, *rest: str, strict: bool = False, **extra) -> "Task":
        found = regex.match(r"^(\d+):\s*(.+)$", line)
        if not found and strict:
            raise ValueError("bad\n") from None
        elif found is None:
            pass
        else:
            del rest
        return cls(int(found[1]), found.group(2))


class Store(dict, metaclass=type):
    limit: int = 0x10

    def __init__(self, path):
        super().__init__()
        self.path = path
        self._count, self.ratio = 0, 1.5e-3

    async def load(self):
        global MAX_TASKS
        async with open(self.path, encoding="utf-8") as file:
            async for line in file:
                await self.add(line)
        try:
            rows = [task for task in json.load(file) if task["done"] is not True]
            names = {row.title: len(row.tags) for row in rows}
            unique = {*names, "x"}
        except (KeyError, OSError) as error:
            print(error, file=None)
        finally:
            self._count += ~1 << 2 // 3
        return (row for row in rows)

    def walk(self, command):
        match command.split():
            case ["add", title, *rest] if title != "":
                yield self.add(title)
            case {"id": id, **extra} | [id, extra]:
                yield from [id]
            case Task(title="x") as task:
                nonlocal_name = lambda x, *y: x ** 2 @ y
            case _:
                return NotImplemented


def rows(connection, limit: int = 10):
    query = """--sql
        SELECT id FROM tasks WHERE done = TRUE LIMIT 10
    """
    while (limit := limit - 1) >= 0:
        if limit % 2 == 0:
            continue
        break
    assert limit < 0, "never"
    return connection.execute(query, b"\x00" + b'raw')


if __name__ == "__main__":
    Store("tasks.json")  # started by hand
