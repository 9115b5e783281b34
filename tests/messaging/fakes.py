"""Servers that really listen on 127.0.0.1, and misbehave on command.

Each keeps a ledger of what it has accepted: the other half of the books of the outbox.
What it does with a message is told by the address or number it is for: a list of
actions, one an attempt; when they are used up, it accepts.
"""

import json
import os
import re
import signal
import socketserver
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ADDRESS = re.compile(rb"<([^>]*)>")


class Fake:
    """What all of them have in common."""

    def __init__(self):
        self.actions = {}
        self.default = []
        self.accepted = []
        self.connections = 0
        self.victim = None  # the process an action kills
        self.on_accept = None
        self.lock = threading.Lock()
        self.server = None
        self.port = 0

    def start(self):
        self.server = self._new_server(self.port)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def stop(self):
        """Be down: connections are refused."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def next_action(self, recipient):
        with self.lock:
            todo = self.actions.get(recipient) or self.default
            return todo.pop(0) if todo else ("accept",)

    def accept(self, recipient, reference):
        with self.lock:
            self.accepted.append((recipient, reference))
        if self.on_accept:
            self.on_accept(recipient, reference)

    def kill(self):
        os.kill(self.victim, signal.SIGKILL)

    @property
    def recipients(self):
        return Counter(recipient for recipient, __ in self.accepted)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class FakeSmtp(Fake):
    """Actions: ``accept``; ``rcpt``/``data`` with code and text; ``drop_rcpt``,
    ``drop_data`` (before it is accepted), ``drop_accepted``; ``hang_data``;
    ``kill_before``, ``kill_after`` (it is accepted)."""

    def _new_server(self, port):
        fake = self

        class Handler(_SmtpHandler):
            smtp = fake

        return _Server(("127.0.0.1", port), Handler)


class _SmtpHandler(socketserver.StreamRequestHandler):
    smtp = None

    def say(self, code, text):
        self.wfile.write(b"%d %s\r\n" % (code, text.encode()))

    def handle(self):
        with self.smtp.lock:
            self.smtp.connections += 1
        try:
            self._converse()
        except (ConnectionError, BrokenPipeError, ValueError):
            pass

    def _converse(self):
        self.say(220, "fake")
        recipient, action = None, ("accept",)
        while line := self.rfile.readline():
            command = line[:4].upper()
            if command in (b"EHLO", b"HELO"):
                self.say(250, "fake")
            elif command == b"RCPT":
                recipient = ADDRESS.search(line)[1].decode()
                action = self.smtp.next_action(recipient)
                if action[0] == "drop_rcpt":
                    return
                if action[0] == "rcpt":
                    self.say(*action[1:])
                else:
                    self.say(250, "ok")
            elif command == b"DATA":
                if action[0] == "drop_command":
                    return
                if not self._receive(recipient, action):
                    return
            elif command == b"QUIT":
                self.say(221, "bye")
                return
            else:
                self.say(250, "ok")

    def _receive(self, recipient, action):
        """Take the text of a message; return whether the connection goes on."""
        self.say(354, "go on")
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line
        reference = re.search(rb"(?im)^Message-Id:\s*(<[^>]*>)", text)
        reference = reference[1].decode() if reference else ""
        kind = action[0]
        if kind == "data":
            self.say(*action[1:])
            return True
        if kind == "drop_data":
            return False
        if kind == "hang_data":
            time.sleep(action[1])
            return False
        if kind == "kill_before":
            self.smtp.kill()
            return False
        self.smtp.accept(recipient, reference)
        if kind == "kill_after":
            self.smtp.kill()
            return False
        if kind == "drop_accepted":
            return False
        if kind == "slow":
            time.sleep(action[1])
        self.say(250, "2.0.0 accepted")
        return True


class FakeIap(Fake):
    """Odoo's service for SMS. Actions: ``accept``; ``state`` with one; ``http`` with a
    code and headers; ``garbage``, ``half``, ``hang``, ``drop``, ``redirect`` with a
    place, all of them after the message is accepted when ``accepted`` follows."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def _new_server(self, port):
        fake = self

        class Handler(_IapHandler):
            iap = fake

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        return server


class _IapHandler(BaseHTTPRequestHandler):
    iap = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        with self.iap.lock:
            self.iap.connections += 1
        length = int(self.headers["Content-Length"])
        params = json.loads(self.rfile.read(length))["params"]
        [message] = params["messages"]
        [number] = message["numbers"]
        action = self.iap.next_action(number["number"])
        if action[0] == "accept" or "accepted" in action:
            self.iap.accept(number["number"], number["uuid"])
        try:
            getattr(self, f"do_{action[0]}")(number, *action[1:])
        except ConnectionError:
            pass

    def answer(self, state, number):
        self.send({"result": [{"uuid": number["uuid"], "state": state}]})

    def send(self, content, code=200, headers=(), length=None):
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(length or len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_accept(self, number, *__):
        self.answer("success", number)

    def do_state(self, number, state, *__):
        self.answer(state, number)

    def do_http(self, number, code, headers=(), *__):
        self.send(b"no", code, headers)

    def do_garbage(self, number, *__):
        self.send(b"\x00<html>?")

    def do_half(self, number, *__):
        self.send(b'{"result": [{"uu', length=500)
        self.close_connection = True
        self.connection.close()

    def do_hang(self, number, seconds, *__):
        time.sleep(seconds)
        self.close_connection = True

    def do_drop(self, number, *__):
        self.close_connection = True
        self.connection.close()

    def do_kill(self, number, *__):
        self.iap.kill()
        self.close_connection = True

    def do_redirect(self, number, place, *__):
        self.send(b"", 307, [("Location", place)])
