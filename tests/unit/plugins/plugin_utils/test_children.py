# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.children import in_children

CLOCK = SystemClock()
FOREVER = 3600


def good() -> Iterator[tuple[str, str]]:
    yield "a", ""
    yield "b", f"from {os.getpid()}"


def hangs_after_one() -> Iterator[tuple[str, str]]:
    yield "a", ""
    time.sleep(FOREVER)


def breaks() -> Iterator[tuple[str, str]]:
    yield "a", ""
    raise RuntimeError("broken")


def test_each_job_is_a_process_of_its_own_and_says_what_it_gave() -> None:
    given = in_children({"one": good, "two": good}, Deadline.after(CLOCK, 10), CLOCK)
    pids = {given[name]["b"] for name in ("one", "two")}
    assert len(pids) == 2 and f"from {os.getpid()}" not in pids


def test_one_that_hangs_is_killed_at_the_deadline_and_what_it_gave_before_counts() -> None:
    began = time.monotonic()
    given = in_children({"hangs": hangs_after_one, "good": good}, Deadline.after(CLOCK, 0.5), CLOCK)
    assert time.monotonic() - began < 3
    assert given["hangs"] == {"a": ""}
    assert set(given["good"]) == {"a", "b"}


def test_one_that_breaks_harms_nobody() -> None:
    given = in_children({"breaks": breaks, "good": good}, Deadline.after(CLOCK, 10), CLOCK)
    assert given["breaks"] == {"a": ""} and len(given["good"]) == 2


def test_no_process_is_left() -> None:
    in_children({"hangs": hangs_after_one, "good": good}, Deadline.after(CLOCK, 0.2), CLOCK)
    left = subprocess.run(
        ["ps", "-o", "pid=,stat=", "--ppid", str(os.getpid())], text=True, capture_output=True, check=False
    ).stdout
    assert "Z" not in left


def test_what_the_parent_had_open_closes_nothing_of_the_child() -> None:
    """An object of the parent's that is let go in the child closes its own number, not one that the child uses."""
    ours = [socket.socket() for _each in range(5)]

    def job() -> Iterator[tuple[str, str]]:
        made = [socket.socketpair() for _each in range(5)]
        while ours:
            ours.pop()
        for sender, receiver in made:
            sender.send(b"x")
            yield str(sender.fileno()), receiver.recv(1).decode()

    given = in_children({"job": job}, Deadline.after(CLOCK, 10), CLOCK)["job"]
    assert list(given.values()) == ["x"] * 5
