"""What a due date is, and how urgent it makes a task."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import Enum

# date.fromisoformat also takes 20260314 and 2026-W11-6, which would not come back as they were sent.
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

SOON = timedelta(days=3)
"""How far ahead a due date counts as soon."""


class DueState(Enum):
    """How urgent a task is. The clients show it in their own way."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


class DueDateError(ValueError):
    """A due date that is not a date. Its message can be shown to whoever sent it."""


def parse_due(value: object) -> date | None:
    """Reads a due date as clients send it: ``YYYY-MM-DD``, or ``None`` for no date."""
    if value is None:
        return None
    problem = f"due must be a date like 2026-03-14, or null; got {value!r}"
    if not isinstance(value, str) or not DATE.fullmatch(value):
        raise DueDateError(problem)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise DueDateError(problem) from None


def due_state(due: date | None, done: bool, today: date) -> DueState:
    """Tells how urgent a task is on the day ``today``. What is done is not urgent."""
    if due is None or done:
        return DueState.NONE
    if due < today:
        return DueState.OVERDUE
    if due == today:
        return DueState.TODAY
    if due - today <= SOON:
        return DueState.SOON
    return DueState.LATER
