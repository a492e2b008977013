"""The service's HTTP interface.

=======  ==============  =========================================================
GET      /tasks          {"today", "tasks": [...]}; ?due=STATE gives only those
POST     /tasks          {"title", "due"?} makes a task
PATCH    /tasks/ID       {"title"?, "done"?, "due"?} changes one; "due": null clears
DELETE   /tasks/ID       removes one
GET      anything else   the page in web/
=======  ==============  =========================================================
"""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from server.due import DueState
from server.store import Task, TaskStore

MAX_BODY = 64 * 1024
WEB = Path(__file__).resolve().parent.parent / "web"
PAGE_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}


class RequestError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: HTTPStatus, message: str):
        super().__init__(message)
        self.status = status


class TaskServer(ThreadingHTTPServer):
    """Serves one store."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], store: TaskStore):
        super().__init__(address, TaskHandler)
        self.store = store


class TaskHandler(BaseHTTPRequestHandler):
    server: TaskServer

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_PATCH(self) -> None:
        self._answer(self._patch)

    def do_DELETE(self) -> None:
        self._answer(self._delete)

    def _get(self) -> None:
        url = urlsplit(self.path)
        if url.path != "/tasks":
            self._send_page(url.path)
            return
        wanted = parse_qs(url.query).get("due", [None])[0]
        store = self.server.store
        tasks = [self._shown(task) for task in store.list(read_state(wanted))]
        self._send(HTTPStatus.OK, {"today": store.today.isoformat(), "tasks": tasks})

    def _post(self) -> None:
        if urlsplit(self.path).path != "/tasks":
            raise RequestError(HTTPStatus.NOT_FOUND, "tasks are added at /tasks")
        body = self._read_body()
        task = self.server.store.add(body.get("title"), body.get("due"))
        self._send(HTTPStatus.CREATED, self._shown(task))

    def _patch(self) -> None:
        task = self.server.store.update(self._task_id(), self._read_body())
        self._send(HTTPStatus.OK, self._shown(task))

    def _delete(self) -> None:
        self.server.store.remove(self._task_id())
        self._send(HTTPStatus.NO_CONTENT, None)

    def _answer(self, action) -> None:
        try:
            action()
        except RequestError as error:
            self._send(error.status, {"error": str(error)})
        except KeyError:
            self._send(HTTPStatus.NOT_FOUND, {"error": "there is no such task"})
        except ValueError as error:
            # TaskError and DueDateError, whose messages are meant to be read.
            self._send(HTTPStatus.BAD_REQUEST, {"error": str(error)})

    def _shown(self, task: Task) -> dict[str, object]:
        return {**task.to_json(), "due_state": task.state(self.server.store.today).value}

    def _task_id(self) -> int:
        prefix, _, number = urlsplit(self.path).path.rpartition("/")
        if prefix != "/tasks" or not number.isdecimal():
            raise RequestError(HTTPStatus.NOT_FOUND, "a task is at /tasks/NUMBER")
        return int(number)

    def _read_body(self) -> dict:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too long")
        try:
            body = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            raise RequestError(HTTPStatus.BAD_REQUEST, "the request is not JSON") from None
        if not isinstance(body, dict):
            raise RequestError(HTTPStatus.BAD_REQUEST, "the request must be a JSON object")
        return body

    def _send(self, status: HTTPStatus, body: object) -> None:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self._send_bytes(status, "application/json; charset=utf-8", content)

    def _send_bytes(self, status: HTTPStatus, content_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_page(self, path: str) -> None:
        name = unquote(path).lstrip("/") or "index.html"
        file = (WEB / name).resolve()
        content_type = PAGE_TYPES.get(file.suffix)
        if not file.is_relative_to(WEB) or content_type is None or not file.is_file():
            raise RequestError(HTTPStatus.NOT_FOUND, f"there is nothing at /{name}")
        self._send_bytes(HTTPStatus.OK, content_type, file.read_bytes())

    def log_message(self, format: str, *arguments: object) -> None:
        """Requests are not logged: the tasks of a team are nobody else's business."""


def read_state(wanted: str | None) -> DueState | None:
    if wanted is None:
        return None
    try:
        return DueState(wanted)
    except ValueError:
        known = ", ".join(state.value for state in DueState)
        raise RequestError(HTTPStatus.BAD_REQUEST, f"due must be one of: {known}") from None
