"""A hub on localhost that behaves, and misbehaves, as told: what the tests of fetching talk to."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import socket
import threading
import time

from minbert.config import BertConfig
from minbert.known_weights import KnownFile, KnownWeights

REVISION = "0123456789abcdef0123456789abcdef01234567"


def fake_known(contents: dict[str, bytes], name: str = "pretend", wheel=None) -> KnownWeights:
    """A row for the table: a small release with the given files."""
    files = tuple(
        KnownFile(file, "vocabulary" if "vocab" in file else "weights", len(body), hashlib.sha256(body).hexdigest()) for file, body in contents.items()
    )
    return KnownWeights(name, "made up", (f"someone/{name}",), REVISION, BertConfig(hidden_size=24), files, wheel)


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves `server.contents`; `server.mode` says how badly."""

    def log_message(self, *arguments):
        pass

    def _body(self) -> bytes:
        return self.server.contents.get(self.path.rsplit("/", 1)[-1], b"")

    def _start(self, length: int) -> None:
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha1(self._body()).hexdigest()}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _refused(self) -> bool:
        self.server.requests.append((self.command, self.path))
        status = {"404": 404, "500": 500}.get(self.server.mode)
        if status:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
        return bool(status)

    def do_HEAD(self):
        if not self._refused():
            self._start(len(self._body()) + (10 if self.server.mode == "lies about length" else 0))

    def do_GET(self):
        if self._refused():
            return
        body, mode = self._body(), self.server.mode
        self._start(len(body))
        if mode == "wrong bytes":
            body = body[::-1]
        if mode == "cut off":
            body = body[: len(body) // 2]  # and no Range: whoever resumes starts again, for ever
            self.close_connection = True
        if mode == "slow":
            for start in range(0, len(body), len(body) // 7):
                self.wfile.write(body[start:start + len(body) // 7])
                self.wfile.flush()
                time.sleep(0.08)
        elif mode == "stalls":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.server.stop.wait(20)
        else:
            self.wfile.write(body)


@contextlib.contextmanager
def hub(contents: dict[str, bytes], mode: str = "fine"):
    """A running server; yields it with `.url` and `.requests`."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.contents, server.mode, server.requests, server.stop = contents, mode, [], threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def blackhole():
    """An address that accepts connections and never says a word; yields its url."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def closed_port() -> str:
    """The url of a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
