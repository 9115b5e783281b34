"""Platforms of advertisements on this machine, which do as they are told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class FakePlatform:
    """Answers by path; ``misbehave`` says what the next calls get instead.

    A script is a tuple (status, body, headers), or ``close``: no answer at all.
    """

    def __init__(self):
        self.answers, self.scripts, self.calls = {}, [], []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.fake = self
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def misbehave(self, *scripts):
        self.scripts += scripts

    def answer(self, path, params):
        found = self.answers.get(path)
        if callable(found):
            found = found(params)
        if found is None:
            return 404, {"error": {"code": 100, "message": "Unknown"}}, {}
        return 200, found, {}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        fake = self.server.fake
        parts = urlsplit(self.path)
        params = {key: values[0] for key, values in parse_qs(parts.query).items()}
        fake.calls.append((parts.path, params, dict(self.headers)))
        script = fake.scripts.pop(0) if fake.scripts else None
        if script == "close":
            self.connection.close()
            return
        status, body, headers = script or fake.answer(parts.path, params)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
