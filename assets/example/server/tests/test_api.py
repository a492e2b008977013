import json
import tempfile
import threading
import unittest
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

from server.api import TaskServer
from server.store import TaskStore

TODAY = date(2026, 3, 14)


class Api(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        store = TaskStore(Path(folder.name) / "tasks.json", today=lambda: TODAY)
        self.server = TaskServer(("127.0.0.1", 0), store)
        thread = threading.Thread(target=self.server.serve_forever)
        thread.start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.shutdown)

    def call(self, method, path, body=None):
        """Returns the status and the answer."""
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        content = body if isinstance(body, (bytes, type(None))) else json.dumps(body)
        connection.request(method, path, content)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.getheader("Content-Type", "").startswith("application/json"):
            answer = json.loads(answer) if answer else None
        return response.status, answer

    def test_a_task_lives_its_life(self):
        status, task = self.call("POST", "/tasks", {"title": "Invoice", "due": "2026-03-15"})
        self.assertEqual(status, 201)
        self.assertEqual(
            task,
            {"id": 1, "title": "Invoice", "done": False, "due": "2026-03-15", "due_state": "soon"},
        )
        _, task = self.call("PATCH", "/tasks/1", {"due": "2026-03-13"})
        self.assertEqual(task["due_state"], "overdue")
        _, task = self.call("PATCH", "/tasks/1", {"done": True})
        self.assertEqual(task["due_state"], "none")
        self.assertEqual(self.call("DELETE", "/tasks/1"), (204, None))
        self.assertEqual(self.call("GET", "/tasks"), (200, {"today": "2026-03-14", "tasks": []}))

    def test_only_what_is_overdue(self):
        self.call("POST", "/tasks", {"title": "Late", "due": "2026-01-01"})
        self.call("POST", "/tasks", {"title": "Undated"})
        _, answer = self.call("GET", "/tasks?due=overdue")
        self.assertEqual([task["title"] for task in answer["tasks"]], ["Late"])
        status, answer = self.call("GET", "/tasks?due=yesterday")
        self.assertEqual(status, 400)
        self.assertIn("overdue, today, soon", answer["error"])

    def test_wrong_requests_are_answered_in_words(self):
        self.call("POST", "/tasks", {"title": "Kept"})
        cases = [
            ("POST", "/tasks", {"title": "x", "due": "tomorrow"}, 400, "due must be a date"),
            ("POST", "/tasks", {"due": "2026-03-15"}, 400, "title must be"),
            ("POST", "/tasks", b"{not json", 400, "not JSON"),
            ("POST", "/tasks", b"[]", 400, "JSON object"),
            ("POST", "/other", {"title": "x"}, 404, "/tasks"),
            ("PATCH", "/tasks/1", {"done": "yes"}, 400, "true or false"),
            ("PATCH", "/tasks/99", {"done": True}, 404, "no such task"),
            ("DELETE", "/tasks/one", None, 404, "/tasks/NUMBER"),
        ]
        for method, path, body, expected, words in cases:
            with self.subTest(path=path, body=body):
                status, answer = self.call(method, path, body)
                self.assertEqual(status, expected)
                self.assertIn(words, answer["error"])
        _, answer = self.call("GET", "/tasks")
        self.assertEqual([task["title"] for task in answer["tasks"]], ["Kept"])

    def test_the_page_is_served_and_nothing_outside_it(self):
        status, page = self.call("GET", "/")
        self.assertEqual(status, 200)
        self.assertIn(b"<title>Todo</title>", page)
        for path in ["/../server/api.py", "/%2e%2e/README.md", "/package.json", "/missing.html"]:
            self.assertEqual(self.call("GET", path)[0], 404, path)


if __name__ == "__main__":
    unittest.main()
