import itertools
import json
import tempfile
import unittest
from datetime import date
from pathlib import Path
from unittest import mock

from server.due import DueDateError, DueState
from server.store import TaskError, TaskStore

TODAY = date(2026, 3, 14)


class Store(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "tasks.json"

    def open(self) -> TaskStore:
        return TaskStore(self.path, today=lambda: TODAY)

    def titles(self, state=None):
        return [task.title for task in self.open().list(state)]

    def test_tasks_survive_a_restart(self):
        store = self.open()
        store.add("Water the plants", "2026-03-20")
        store.add("  Call   Zoë ")
        store.update(2, {"done": True})
        self.assertEqual(self.open().list(), store.list())
        self.assertEqual(self.titles(), ["Water the plants", "Call Zoë"])

    def test_a_file_from_before_due_dates_is_read(self):
        self.path.write_text('{"tasks": [{"id": 7, "title": "Old", "done": false}]}', encoding="utf-8")
        store = self.open()
        self.assertIsNone(store.list()[0].due)
        self.assertEqual(store.add("New").id, 8)

    def test_a_due_date_is_set_changed_and_cleared(self):
        store = self.open()
        store.add("Invoice")
        self.assertEqual(store.update(1, {"due": "2026-03-31"}).due, date(2026, 3, 31))
        self.assertEqual(store.update(1, {"title": "Invoice, March"}).due, date(2026, 3, 31))
        self.assertIsNone(store.update(1, {"due": None}).due)

    def test_a_wrong_date_changes_nothing(self):
        store = self.open()
        store.add("Invoice", "2026-03-31")
        before = self.path.read_bytes()
        with self.assertRaises(DueDateError):
            store.update(1, {"title": "Other", "due": "2026-02-30"})
        with self.assertRaises(DueDateError):
            store.add("Another", "soon")
        self.assertEqual(self.path.read_bytes(), before)
        self.assertEqual(self.titles(), ["Invoice"])

    def test_what_is_due_first_stands_first_in_whatever_order_it_was_added(self):
        tasks = [("late", "2026-03-01"), ("next", "2026-03-15"), ("far", "2027-01-01"), ("undated", None)]
        for order in itertools.permutations(tasks):
            self.path.unlink(missing_ok=True)
            store = self.open()
            done = store.add("done", "2026-01-01")
            store.update(done.id, {"done": True})
            for title, due in order:
                store.add(title, due)
            self.assertEqual(self.titles(), ["late", "next", "far", "undated", "done"])

    def test_only_the_tasks_in_one_state(self):
        store = self.open()
        for title, due in [("a", "2026-03-13"), ("b", "2026-03-14"), ("c", "2026-03-17"), ("d", "2026-03-18")]:
            store.add(title, due)
        found = {state: self.titles(state) for state in DueState}
        self.assertEqual(list(found.values()), [["a"], ["b"], ["c"], ["d"], []])

    def test_when_the_disk_is_full_nothing_changes(self):
        store = self.open()
        store.add("Kept")
        before = self.path.read_bytes()
        with mock.patch("os.fsync", side_effect=OSError("no space left")), self.assertRaises(OSError):
            store.add("Lost")
        self.assertEqual([task.title for task in store.list()], ["Kept"])
        self.assertEqual(self.path.read_bytes(), before)
        self.assertEqual([file.name for file in self.path.parent.iterdir()], ["tasks.json"])

    def test_titles_are_checked(self):
        for title in [None, "", "   ", 7, "x" * 201]:
            with self.subTest(title=title), self.assertRaises(TaskError):
                self.open().add(title)

    def test_ids_are_not_used_twice(self):
        store = self.open()
        store.add("First")
        store.remove(1)
        self.assertEqual(self.open().add("Second").id, 2)
        self.assertEqual(json.loads(self.path.read_text(encoding="utf-8"))["next_id"], 3)


if __name__ == "__main__":
    unittest.main()
