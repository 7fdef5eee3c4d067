# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control process of one lab: started by `lab up`, which reads from its output how it goes."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable

from lab.background import Background
from lab.data.journal import Journal
from lab.data.network import NetworkThread
from lab.data.plane import Plane
from lab.data.processes import PidRecords, Processes
from lab.settings import (
    ADMIN_PORT,
    API_PORT,
    APPLICATION_PORT,
    DNS_PORT,
    POSTGRES_PORT,
    PROXY_PORT,
    REGIONS,
    SERVER_PORT,
    VALKEY_PORT,
    Instance,
)

READY = "ready"
FAILED = "failed: "
STEP = "step: "
DATABASE_PORTS = (POSTGRES_PORT, APPLICATION_PORT, SERVER_PORT)


def tell(line: str) -> None:
    """Tell `lab up`."""
    print(line, flush=True)


def step(line: str) -> None:
    """Tell `lab up` what is being done."""
    tell(STEP + line)


def check_ports(instance: Instance) -> None:
    """Raise OSError naming the first address that another program holds, before anything is started."""
    wanted = [(instance.aws_address, PROXY_PORT), (instance.aws_address, ADMIN_PORT), (instance.dns_address, DNS_PORT)]
    for region in REGIONS:
        wanted += [(instance.address(region), port) for port in (*DATABASE_PORTS, API_PORT, VALKEY_PORT)]
        wanted += [(instance.wan_address(region), port) for port in (SERVER_PORT, VALKEY_PORT)]
    for address in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                raise OSError(_why(error, *address)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{host}:{port} is in use by another program: end it, or take another --instance"
    return f"{host}:{port} can't be had ({error}): on macOS, 'sudo ifconfig lo0 alias {host}' first"


def run(plane: Plane, scale: float, stopping: threading.Event) -> None:
    """Start everything, serve until told to go down, end everything. Raises whatever keeps it from starting."""
    step("the databases, caches and APIs of both Regions, and the WAN between them")
    databases = Background(plane.start)
    undo: list[Callable[[], None]] = [databases.wait, plane.stop]
    try:
        from lab.control.world import World  # moto takes seconds to import: the databases start meanwhile

        world = World(plane, scale, step, stopping)
        undo.insert(0, world.stop)
        world.start()
        databases.join()
        world.serve()
        tell(READY)
        with open(os.devnull, "w") as nobody:  # `lab up` goes now, and its pipe with it
            os.dup2(nobody.fileno(), sys.stdout.fileno())
        stopping.wait()
    finally:
        for end in undo:
            end()


def main() -> int:
    parser = argparse.ArgumentParser(prog="lab.control.main", description=__doc__.splitlines()[0])
    parser.add_argument("--instance", type=int, required=True)
    parser.add_argument("--scale", type=float, required=True)
    options = parser.parse_args()
    instance, stopping = Instance(options.instance), threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopping.set())
    records = PidRecords(instance.pid_dir)
    records.add("control", os.getpid())
    try:
        check_ports(instance)
        run(Plane(instance, Processes(records), NetworkThread(), Journal()), options.scale, stopping)
    except Exception as error:  # whatever it is, `lab up` has to say it
        traceback.print_exc()
        tell(f"{FAILED}{error}")
        return 1
    finally:
        records.remove("control")
    return 0


if __name__ == "__main__":
    outcome = main()
    sys.stdout.flush()
    os._exit(outcome)  # threads that hang in a fault end with us
