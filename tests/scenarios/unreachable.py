# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels that tell nobody, each in a way of its own: on loopback, but for a name that nobody has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

HOST = "127.0.0.1"
NOWHERE = "receiver.invalid"  # no name of that end is ever given out
KEY = "a-key-of-the-webhook-which-nobody-may-see"
PASSWORD = "hunter2-hunter2-hunter2"
TOKEN = "T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx"
MAIL = {"type": "mail", "host": HOST, "sender": "dr@example.com", "to": ["ops@example.com"]}
WEBHOOK = {"type": "webhook", "key": KEY}
GREETING = b"220 mail.example.com ESMTP\r\n"

Channel = Mapping[str, Any]
Stop = threading.Event


def busy(connection: socket.socket, _stop: Stop) -> None:
    """It answers 503 whatever is asked."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def silent(_connection: socket.socket, stop: Stop) -> None:
    """It takes the connection, and says nothing."""
    stop.wait()


def greeting(connection: socket.socket, stop: Stop) -> None:
    """An SMTP server that greets, and answers nothing."""
    connection.sendall(GREETING)
    stop.wait()


def dribbling(connection: socket.socket, stop: Stop) -> None:
    """It answers, a byte a second, so that no read ever times out."""
    for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 600:
        connection.sendall(bytes([letter]))
        if stop.wait(1.0):
            return


Manner = Callable[[socket.socket, Stop], None]


@contextmanager
def answering(manner: Manner) -> Iterator[int]:
    """A server of that manner; its port."""
    stop = Stop()
    with socket.create_server((HOST, 0), backlog=64) as server:
        server.settimeout(0.2)
        thread = threading.Thread(target=_serve, args=(server, manner, stop), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        stop.set()
        thread.join(5)


def _serve(server: socket.socket, manner: Manner, stop: Stop) -> None:
    while not stop.is_set():
        with suppress(OSError):  # a timeout among them: to look whether it is enough
            connection, _from = server.accept()
            threading.Thread(target=_answer, args=(connection, manner, stop), daemon=True).start()


def _answer(connection: socket.socket, manner: Manner, stop: Stop) -> None:
    with connection, suppress(OSError):
        manner(connection, stop)


@contextmanager
def ways_down() -> Iterator[dict[str, tuple[Channel, ...]]]:
    """The channels by how they are down; all together under ``everything``."""
    with ExitStack() as stack:
        port = {manner: stack.enter_context(answering(manner)) for manner in (busy, silent, greeting, dribbling)}
        ways: dict[str, tuple[Channel, ...]] = {
            "refused": (_hook("refused", 9), {**MAIL, "name": "refused mail", "port": 9}),
            "hanging": (_hook("hanging", port[silent]), _hook("dribbling", port[dribbling])),
            "5xx": (_hook("5xx", port[busy]),),
            "wrong name": (
                {**WEBHOOK, "name": "wrong name", "url": f"http://{NOWHERE}/hook"},
                {**MAIL, "name": "wrong mail name", "host": NOWHERE},
            ),
            "SMTP that never answers": (
                {**MAIL, "name": "silent mail", "port": port[silent]},
                {**MAIL, "name": "greeting mail", "port": port[greeting], "username": "dr", "password": PASSWORD},
            ),
            "AWS doesn't take it": (
                {"name": "topic", "type": "sns", "topics": ["arn:aws:sns:eu-west-1:123456789012:nowhere"]},
                {"name": "ses", "type": "ses", "sender": "nobody@example.com", "to": ["ops@example.com"]},
                {"name": "no secret", "type": "webhook", "secret_id": "shop/none"},
            ),
            "described wrongly": ({"name": "pigeon", "type": "pigeon"}, {"name": "bare", "type": "webhook"}),
            "denied by a proxy": ({"name": "chat", "type": "slack", "token": TOKEN},),
        }
        yield {**ways, "everything": tuple(each for channels in ways.values() for each in channels)}


def _hook(name: str, port: int) -> Channel:
    return {**WEBHOOK, "name": name, "url": f"http://{HOST}:{port}/hook"}
