# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The `lab` command: two Regions of AWS on this machine, for rehearsals."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from lab import lifecycle
from lab.client import Admin, LabError, proxy_answers
from lab.settings import API_PORT, DNS_PORT, REGIONS, THIRD, Instance, client_environment

Options = argparse.Namespace
SERVICES = ("postgres", "api", "valkey")
FAULT_FIELDS = ("service", "action", "region", "seconds", "status", "code", "pid", "tree", "skip", "times")
FAULT_KINDS = ("latency", "throttle", "error", "black_hole", "refuse", "lost_answer", "kill")


def say(line: str) -> None:
    print(f"lab: {line}", flush=True)


def do_up(instance: Instance, options: Options) -> int:
    lifecycle.up(instance, options.scale, say)
    return do_status(instance, options)


def do_down(instance: Instance, _options: Options) -> int:
    lifecycle.down(instance, say)
    return 0


def do_clean(_instance: Instance, _options: Options) -> int:
    lifecycle.clean(say)
    return 0


def do_reset(instance: Instance, _options: Options) -> int:
    lifecycle.reset(instance)
    say("as seeded")
    return 0


def do_status(instance: Instance, _options: Options) -> int:
    status = Admin(instance).status(lifecycle.STATUS_TIMEOUT)
    lines = [f"lab {instance.id}, scale {status['scale']}: {instance.state_dir}"]
    for region, found in status["regions"].items():
        lag = "unknown" if found["lag_ms"] is None else f"{found['lag_ms']:.0f} ms"
        role = found["role"] + (f", lag {lag}" if found["role"] == "replica" else "")
        lines.append(f"  {region}: {'LOST' if found['lost'] else role}")
        lines += [f"    {name:9}{found[name]['address']:22}{_state(found[name])}" for name in SERVICES]
    wan = status["wan"]
    rate = "" if wan["rate"] is None else f", {wan['rate']:.0f} bytes/s"
    lines.append(f"  WAN: {'CUT' if wan['cut'] else 'up'}, {wan['delay'] * 1000:.0f} ms one way{rate}")
    lines.append(f"  name server {instance.dns_address}:{DNS_PORT}, AWS behind {instance.proxy_url}")
    lines += [f"  ISOLATED: {region}" for region in status["isolated"]]
    lines += [f"  fault {json.dumps(fault)}" for fault in status["api_faults"]]
    lines += [f"  {region} has {units} units of compute" for region, units in status["capacity"].items()]
    lines += [f"  NOT RUNNING: {name}" for name in status["missing"]]
    print("\n".join(lines))
    return 0


def _state(service: dict[str, Any]) -> str:
    """A service's state; of a cache, also what it is and how far behind."""
    words = [service["state"], service.get("role", "")]
    if service.get("lag_seconds") is not None:
        words.append(f"lag {service['lag_seconds']:.2f} s")
    return ", ".join(filter(None, words))


def do_exec(instance: Instance, options: Options) -> int:
    """Run a command that can reach the lab and nothing of AWS."""
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise LabError("lab exec needs a command: lab exec -- aws sts get-caller-identity")
    if not proxy_answers(instance):
        raise LabError(f"AWS's proxy at {instance.proxy_url} doesn't answer: start it with 'lab up'")
    environment = client_environment(instance, os.environ)
    program = shutil.which(command[0], path=environment.get("PATH"))
    if program is None:
        raise LabError(f"there is no command {command[0]}")
    sys.stdout.flush()
    os.execve(program, command, environment)


def do_fault(instance: Instance, options: Options) -> int:
    spec = {name: getattr(options, name) for name in options.fields}
    if options.kind == "api":
        spec = {"fault": {**spec, "kind": options.how}}
    answer = Admin(instance).fault({"kind": options.kind, **spec})
    say(f"fault {options.kind} {answer.get('id', '')}".rstrip())
    return 0


def do_heal(instance: Instance, options: Options) -> int:
    Admin(instance).heal({"kind": options.kind, **{name: getattr(options, name) for name in options.fields}})
    say(f"healed {options.kind}")
    return 0


def do_load(instance: Instance, options: Options) -> int:
    if options.act == "start":
        Admin(instance).status(lifecycle.STATUS_TIMEOUT)
        lifecycle.start_load(instance, options.rate, options.clients, options.seconds)
        say(f"{options.rate:.0f} writes a second to api.shop.example:{API_PORT}")
    elif options.act == "stop":
        say("load stopped" if lifecycle.stop_load(instance) else "no load runs")
    else:
        # psycopg is loaded for this one only: the other commands have to be quick
        from lab.load.report import report

        found = report(instance, lifecycle.load_log(instance), Admin(instance).events())
        print(json.dumps(asdict(found), indent=2))
    return 0


def do_journal(instance: Instance, options: Options) -> int:
    admin = Admin(instance)
    entries = admin.events() if options.what == "events" else admin.calls()
    for entry in entries:
        print(json.dumps(entry))
    return 0


Sub = Any  # argparse keeps the type of its sub-parsers to itself


def _kind(sub: Sub, name: str, fields: Sequence[str] = (), **texts: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = sub.add_parser(name, **texts)
    parser.set_defaults(kind=name, fields=tuple(fields))
    return parser


def _fault_parser(sub: Sub) -> None:
    region = _kind(sub, "region", ("region", "mode"), help="lose a Region: WAN cut, kill -9 of all, its endpoints gone")
    region.add_argument("region", choices=REGIONS)
    region.add_argument("--mode", choices=("refuse", "hang"), default="refuse", help="how its AWS endpoints answer")
    partition = _kind(sub, "partition", ("witness",), help="both Regions live on and don't see each other")
    partition.add_argument("--witness", choices=REGIONS, help="which of them still sees the global tables' witness")
    isolate = _kind(sub, "isolate", ("region",), help="a Region's global tables don't see the other Regions'")
    isolate.add_argument("region", choices=(*REGIONS, THIRD))
    for name, text in (("kill", "kill -9 a process"), ("freeze", "stop a process in its tracks")):
        process = _kind(sub, name, ("service", "region"), help=text)
        process.add_argument("service", choices=SERVICES)
        process.add_argument("region", choices=REGIONS)
    wan = _kind(sub, "wan", ("delay", "rate"), help="change the WAN")
    wan.add_argument("--delay", type=float, help="seconds one way")
    wan.add_argument("--rate", type=float, help="bytes a second")
    capacity = _kind(sub, "capacity", ("region", "units"), help="a Region has no more instances, tasks, environments")
    capacity.add_argument("region", choices=REGIONS)
    capacity.add_argument("--units", type=int, default=0, help="how many it has in all, those that run included")
    snapshot = _kind(sub, "snapshot", ("region",), help="AWS takes no snapshot of a lost primary there")
    snapshot.add_argument("region", choices=REGIONS)
    api = _kind(sub, "api", (*FAULT_FIELDS,), help="break AWS calls")
    api.add_argument("how", choices=FAULT_KINDS)
    for name in ("service", "action", "region"):
        api.add_argument(f"--{name}", default="*")
    api.add_argument("--seconds", type=float, help="of latency")
    api.add_argument("--status", type=int, help="of error")
    api.add_argument("--code", help="of error, as the service names it")
    api.add_argument("--pid", type=int, help="of kill: the process to end once the call has taken effect")
    api.add_argument("--tree", action="store_true", help="of kill: and all that it started")
    api.add_argument("--skip", type=int, help="how many calls pass before it hits")
    api.add_argument("--times", type=int, help="how many calls it hits")


def _heal_parser(sub: Sub) -> None:
    for name, text in (
        ("region", "the Region is back"),
        ("process", "start and thaw a Region's processes"),
        ("snapshot", "AWS takes snapshots there again"),
    ):
        _kind(sub, name, ("region",), help=text).add_argument("region", choices=REGIONS)
    isolate = _kind(sub, "isolate", ("region",), help="a Region's global tables see the others again")
    isolate.add_argument("region", choices=(*REGIONS, THIRD))
    for name, text in (
        ("partition", "they see each other"),
        ("wan", "as it was"),
        ("capacity", "there is enough"),
        ("all", "everything"),
    ):
        _kind(sub, name, help=text)
    _kind(sub, "api", ("id",), help="end one API fault, or all").add_argument("id", type=int, nargs="?")


def _load_parser(sub: Sub) -> None:
    start = sub.add_parser("start", help="write orders through public DNS, open loop")
    start.add_argument("--rate", type=float, default=200.0, help="writes a second")
    start.add_argument("--clients", type=int, default=20)
    start.add_argument("--seconds", type=float, default=900.0, help="it ends by itself after this long")
    sub.add_parser("stop", help="end it")
    sub.add_parser("report", help="outage, lost rows, writers: JSON")


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lab", description=__doc__)
    default = os.environ.get("AWS_DR_LAB_INSTANCE", "0")
    parser.add_argument(
        "--instance", type=int, default=default, help="which lab, when several run (default: %(default)s)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, act: Callable[[Instance, Options], int], text: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=text)
        made.set_defaults(act_on=act)
        return made

    up = command("up", do_up, "start it, or heal a half-dead one")
    up.add_argument("--scale", type=float, default=0.0, help="AWS's times are multiplied by this, 0 to 1")
    up.add_argument("--instance", type=int, default=argparse.SUPPRESS)
    command("status", do_status, "what runs where")
    command("exec", do_exec, "run a command on it").add_argument("command", nargs=argparse.REMAINDER)
    command("reset", do_reset, "back to the seeded state")
    _fault_parser(command("fault", do_fault, "break something").add_subparsers(required=True, metavar="WHAT"))
    _heal_parser(command("heal", do_heal, "mend something").add_subparsers(required=True, metavar="WHAT"))
    _load_parser(command("load", do_load, "clients that write").add_subparsers(required=True, dest="act"))
    command("show", do_journal, "what happened, a JSON object a line").add_argument("what", choices=("events", "calls"))
    command("down", do_down, "end it")
    command("clean", do_clean, "remove the files of all labs that are down")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    options = build_parser().parse_args(arguments)
    try:
        return int(options.act_on(Instance(options.instance), options))
    except (LabError, OSError, ValueError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
