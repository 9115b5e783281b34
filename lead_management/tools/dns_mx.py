"""Asks a name server whether a domain takes mail: the few lines of DNS it needs."""

import secrets
import socket
import struct
from pathlib import Path

A, MX, AAAA = 1, 15, 28
NXDOMAIN = 3
TIMEOUT = 2
RESOLV = Path("/etc/resolv.conf")


class NoNameServer(Exception):
    """Nobody answered, or nothing that can be understood."""


def takes_mail(domain, server=None, timeout=TIMEOUT):
    """Return whether mail for a domain can be delivered somewhere.

    :param domain: in ASCII
    :param server: pair of address and port; by default that of this machine
    :return: True; False when the domain is not there, or says that it takes none
    :raise NoNameServer: when it is not known

    A domain without MX takes mail where its address leads.
    """
    server = server or get_server()
    found = ask(domain, MX, server, timeout)
    if found is None:
        return False
    if found:
        # RFC 7505: "." is said by whoever takes none
        return any(host != "." for host in found)
    return any(ask(domain, kind, server, timeout) for kind in (A, AAAA))


def get_server():
    """Return the name server of this machine.

    :raise NoNameServer: when there is none
    """
    try:
        lines = RESOLV.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoNameServer(str(error)) from error
    for line in lines:
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver" and ":" not in words[1]:
            return words[1], 53
    raise NoNameServer("no name server")


def ask(domain, kind, server, timeout=TIMEOUT):
    """Return the answers of a kind, or None when there is no such domain."""
    number = secrets.randbelow(2**16)
    question = make_question(number, domain, kind)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as talk:
        talk.settimeout(timeout)
        try:
            talk.connect(server)
            talk.send(question)
            data = talk.recv(4096)
        except OSError as error:
            raise NoNameServer(type(error).__name__) from error
    try:
        return read_answer(number, question, data)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise NoNameServer("not understood") from error


def make_question(number, domain, kind):
    """Return the packet that asks for a kind of records of a domain.

    >>> make_question(1, "a.example", MX)[12:]
    b'\\x01a\\x07example\\x00\\x00\\x0f\\x00\\x01'
    """
    head = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0)
    labels = b"".join(
        bytes([len(label)]) + label.encode("ascii") for label in domain.split(".")
    )
    return head + labels + b"\0" + struct.pack(">HH", kind, 1)


def read_answer(number, question, data):
    """Return what a packet answers to a question; None when there is no such domain."""
    got, flags, __, answers, __, __ = struct.unpack(">HHHHHH", data[:12])
    code = flags & 0xF
    if got != number or not flags & 0x8000 or data[12 : len(question)] != question[12:]:
        raise NoNameServer("another answer")
    if code == NXDOMAIN:
        return None
    if code or flags & 0x0200:  # failed, or cut off
        raise NoNameServer(f"code {code}")
    asked = struct.unpack(">H", question[-4:-2])[0]
    place, found = len(question), []
    for __ in range(min(answers, 50)):
        place = skip_name(data, place)
        kind, __, __, length = struct.unpack(">HHIH", data[place : place + 10])
        place += 10
        if kind == asked:
            host = read_name(data, place + 2) if kind == MX else "address"
            found.append(host)
        place += length
    return found


def skip_name(data, place):
    """Return where a name ends."""
    while data[place]:
        if data[place] >= 0xC0:
            return place + 2
        place += data[place] + 1
    return place + 1


def read_name(data, place):
    """Return the first label of a name, which says whether it is one."""
    length = data[place]
    if not length:
        return "."
    return (
        data[place + 1 : place + 1 + length].decode("latin-1") if length < 0xC0 else "…"
    )
