"""Starts the service: ``python3 -m server``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from server.api import TaskServer
from server.store import TaskStore


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m server", description="The to-do service.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8765, help="the port to listen on")
    parser.add_argument("--file", type=Path, default=Path("tasks.json"), help="where tasks are kept")
    arguments = parser.parse_args()
    try:
        store = TaskStore(arguments.file)
        server = TaskServer((arguments.host, arguments.port), store)
    except (OSError, ValueError, KeyError) as error:
        print(f"could not start with {arguments.file}: {error}", file=sys.stderr)
        return 1
    print(f"todo is at http://{arguments.host}:{server.server_port}, tasks in {arguments.file}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
