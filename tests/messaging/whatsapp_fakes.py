"""A Graph API on this machine that does as it is told, and keeps a ledger."""

import hashlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PHONE_NUMBER_ID = "106540352242922"
BUSINESS_ACCOUNT_ID = "102290129340398"
APP_SECRET = "secret of the app"
TOKEN = "token-of-the-system-user"


def graph_error(code, message="Error", **more):
    return {"error": {"code": code, "message": message, "type": "X", **more}}


class FakeGraph:
    """Answers as Meta does; ``misbehave`` says what the next calls get instead.

    A script is one of: a tuple (status, body, headers); ``hang``; ``close``, no answer
    at all; ``half`` of the body; ``drip``, a byte now and then; or a function of the
    call, which may do something first and returns a script or None.
    """

    def __init__(self):
        self.calls = []
        self.accepted = []
        self.media = {}
        self.scripts = []
        self.answers = {}
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.fake = self
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *__):
        self.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def misbehave(self, *scripts):
        self.scripts += scripts

    def add_media(self, media_id, content, mimetype, **more):
        self.media[media_id] = {"content": content, "mimetype": mimetype, **more}

    # What Meta does
    # --------------

    def answer(self, method, path, headers, body):
        """Return status and body of a good answer."""
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, graph_error(190, "Invalid OAuth access token")
        parts = path.strip("/").split("/")
        if parts[0] == "download":
            return 200, self.media[parts[1]]["content"]
        parts = parts[1:]  # the version
        if parts[-1] == "messages" and method == "POST":
            return 200, self._accept(json.loads(body))
        if parts[-1] == "media" and method == "POST":
            return 200, {"id": str(7000 + len(self.calls))}
        if parts[-1] == "subscribed_apps":
            return 200, {"data": [{"whatsapp_business_api_data": {"id": "1"}}]}
        if parts[-1] in self.media:
            return 200, self._describe(parts[-1])
        if parts[-1] == PHONE_NUMBER_ID:
            return 200, {
                "display_phone_number": "+1 555-078-3881",
                "verified_name": "Our Company",
                "quality_rating": "GREEN",
                "id": PHONE_NUMBER_ID,
            }
        return 400, graph_error(100, "Unsupported get request")

    def _accept(self, message):
        with self.lock:
            self.accepted.append(message)
            reference = f"wamid.{len(self.accepted)}.{message['to']}"
        message["reference"] = reference
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": message["to"], "wa_id": message["to"]}],
            "messages": [{"id": reference}],
        }

    def _describe(self, media_id):
        media = self.media[media_id]
        return {
            "id": media_id,
            "url": media.get("url") or f"{self.url}/download/{media_id}",
            "mime_type": media["mimetype"],
            "sha256": media.get("sha256")
            or hashlib.sha256(media["content"]).hexdigest(),
            "file_size": media.get("file_size") or len(media["content"]),
        }


class Handler(BaseHTTPRequestHandler):
    """Reads a call, and does with it what the script says."""

    def log_message(self, *args):
        pass

    def do_GET(self):
        self._do("GET")

    def do_POST(self):
        self._do("POST")

    def _do(self, method):
        fake = self.server.fake
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        with fake.lock:
            fake.calls.append((method, path, body))
            script = fake.scripts.pop(0) if fake.scripts else None
        if callable(script):
            script = script(fake, method, path, self.headers, body)
        if script == "close":
            self._hang_up()
        elif script == "hang":
            time.sleep(4)
        elif isinstance(script, tuple):
            self._send(*script)
        else:
            answer = fake.answer(method, path, self.headers, body)
            self._send(*answer, cut=script)

    def _send(self, status, answer, headers=(), cut=None):
        if not isinstance(answer, bytes):
            answer = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        try:
            self._send_body(answer, cut)
        except OSError:
            pass  # the other side has had enough

    def _send_body(self, answer, cut):
        if cut == "drip":
            for byte in answer:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.2)
        elif cut == "half":
            self.wfile.write(answer[: len(answer) // 2])
            self._hang_up()
        else:
            self.wfile.write(answer)

    def _hang_up(self):
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
