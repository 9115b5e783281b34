"""Services that misbehave, on this machine."""

import json
import socket
import struct
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.addons.lead_management.models.base import graph

HOST = "127.0.0.1"


class Answers:
    """What a fake says, one answer after the other; the last one stays."""

    def __init__(self):
        self.queue = []
        self.calls = []

    def next(self):
        return self.queue.pop(0) if len(self.queue) > 1 else self.queue[0]


@contextmanager
def http_fake():
    """Run a server; yield its address and its :class:`Answers`.

    An answer is a tuple (status, body, headers), or a function of the handler.
    """
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            answers.calls.append((self.command, self.path, body, dict(self.headers)))
            answer = answers.next()
            if callable(answer):
                answer(self)
                return
            status, data, headers = (*answer, {})[:3]
            content = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with (
        patch.object(graph, "FAKE_HOSTS", {HOST}),
        patch.object(graph, "READ_TIMEOUT", 0.3),
        patch.object(graph, "CONNECT_TIMEOUT", 0.3),
        patch.object(graph, "TOTAL_TIMEOUT", 0.6),
    ):
        try:
            yield f"http://{HOST}:{server.server_port}", answers
        finally:
            server.shutdown()
            server.server_close()


def hang(handler):
    """Say nothing until nobody waits any more."""
    time.sleep(0.5)


def drip(handler):
    """Say a letter at a time."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for __ in range(8):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.15)


@contextmanager
def dns_fake(answer):
    """Run a name server; yield its address.

    :param answer: function of the question that returns the packet, or None
    """
    talk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    talk.bind((HOST, 0))
    talk.settimeout(0.1)
    done = threading.Event()

    def serve():
        while not done.is_set():
            try:
                data, address = talk.recvfrom(4096)
            except OSError:
                continue
            packet = answer(data)
            if packet is not None:
                talk.sendto(packet, address)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"dns://{HOST}:{talk.getsockname()[1]}"
    finally:
        done.set()
        thread.join()
        talk.close()


def dns_answer(question, records=(), code=0):
    """Return a packet: ``records`` are pairs of a type and its data."""
    head = question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(records), 0, 0)
    body = b"".join(
        b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
        for kind, data in records
    )
    return head + question[12:] + body
