# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action ``notify`` does: put on record what people are to be told, tell them, and say who was told."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.detached import detached
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import RUN_SPEC, timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import (
    Channel,
    DeliveryState,
    EventKind,
    Notice,
    Stage,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.run import RunKind, RunToken
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.store import Store
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify as plan
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify_events as events
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_channels import OPTIONS, SECRETS, channels
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import outbox
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.stores import answering_table, open_store
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.children import in_children
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.notify_send import Sender

T = TypeVar("T")

POLITE = 10  # how much later than the run what is sent beside it has its turn
BEHIND = 60.0  # seconds for what is sent beside a run
TO_LOOK = 4.0  # seconds for the outbox: without it people are told all the same
TO_SETTLE = 1.0  # seconds kept back to write down who was told
HIDDEN = SECRETS - {"username"} | {"headers"}
COMMON = ("name", "type", "min_level", "events", "secret_id", "trouble", "username")
CHANNEL_SPEC: dict[str, Any] = {
    name: {"type": "raw", "no_log": name in HIDDEN} for name in {*COMMON, *frozenset().union(*OPTIONS.values())}
}
"""Whatever was written there is taken: what a channel can't be used for is said of that channel, and of no other."""
AWS_OPTIONS = ("access_key", "secret_key", "session_token", "profile", "validate_certs", "aws_ca_bundle", "aws_config")


def argument_spec() -> dict[str, Any]:
    return {
        "workload": {"type": "str", "required": True},
        "lock": {"type": "str", "required": True},
        "table": {"type": "str", "required": True},
        "regions": {"type": "list", "elements": "str", "required": True},
        "channels": {"type": "list", "elements": "dict", "required": True, "options": CHANNEL_SPEC},
        "runbook": {"type": "str", "default": ""},
        "repeat_after": {"type": "float", "default": plan.REPEAT_AFTER},
        "run": RUN_SPEC,
        "stage": {"type": "str", "choices": [stage.value for stage in Stage]},
        "event": {"type": "str", "choices": ["refusal", "detection", "test"]},
        "kind": {"type": "str", "choices": [kind.value for kind in RunKind], "default": RunKind.FAILOVER.value},
        "target": {"type": "str", "default": ""},
        "unplanned": {"type": "bool", "default": False},
        "findings": {"type": "list", "elements": "dict", "default": []},
        "happened": {"type": "list", "elements": "str", "default": []},
        "wait": {"type": "bool", "default": True},
        "timeout": timeout_spec(10),
    }


def main() -> None:
    run(
        execute,
        argument_spec=argument_spec(),
        required_together=[("run", "stage")],
        mutually_exclusive=[("stage", "event")],
    )


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Tell people. No channel's trouble is an error here. Raises nothing that a run could be stopped by."""
    if context.check_mode or (options["run"] and not options["run"]["fence"]):
        return _result([], [])
    if not options["wait"]:
        detached(lambda: _tell_aside(options, context))
        return Result(changed=False, values={"sending": True, "deliveries": [], "lines": [], "untold": 0})
    return _tell(options, context)


def _tell_aside(options: Mapping[str, Any], context: Context) -> Result:
    """In a process of its own, which takes no turn away from the run beside it: on a small controller that is slow."""
    os.nice(POLITE)
    return _tell(options, _behind(options, context))


def _behind(options: Mapping[str, Any], context: Context) -> Context:
    """The context of a process of its own: with clients that no other process uses, and more time."""
    clients = Clients(context.clients.connection)
    return replace(context, clients=clients, deadline=Deadline.after(context.clock, BEHIND), warn=lambda _line: None)


def _tell(options: Mapping[str, Any], context: Context) -> Result:
    known = channels(options["channels"])
    now = context.clock.wall()
    if options["event"] == EventKind.TEST.value:
        test = events.told(options["workload"], EventKind.TEST, (), options["runbook"], now)
        sent = plan.routed(test, known)
        return _send_all(None, outbox.Taken([plan.claimed(sent, plan.due(sent, now), now)]), known, options, context)
    said: list[str] = []
    store, on_record = _record(options, context, said)
    fresh = _fresh(options, store, on_record, said, context)
    taken = outbox.take(store, fresh, on_record, known, options["repeat_after"], now)
    taken.held_back = [*said, *taken.held_back]
    return _send_all(store, taken, known, options, context)


def _record(options: Mapping[str, Any], context: Context, said: list[str]) -> tuple[Store | None, list[Notice]]:
    """The store and what is in the outbox; without one, people are told all the same."""
    try:
        return _soon(lambda: _look(options, context), "Reading the outbox", context)
    except DrError as error:
        said.append(f"the outbox can't be read: {error}")
        return None, []


def _look(options: Mapping[str, Any], context: Context) -> tuple[Store, list[Notice]]:
    if options["run"]:
        store = open_store(RunToken.from_options(options["run"]), context)
    else:
        _region, store = answering_table(options["table"], options["regions"], options["lock"], context)
    return store, list(store.read_notices(options["workload"], outbox.LOOKED_AT))


def _fresh(
    options: Mapping[str, Any],
    store: Store | None,
    on_record: Sequence[Notice],
    said: list[str],
    context: Context,
) -> list[Notice]:
    """What this call is about, and what killed runs left untold."""
    now = context.clock.wall()
    asked = _asked(options, store, now, context)
    found = [] if asked is None else [asked]
    # Beside a promotion only what can't wait.
    if store is None or not options["wait"]:
        return found
    where = (options["workload"], options["lock"], [*on_record, *found], options["runbook"], now)
    try:
        return [*found, *_soon(lambda: outbox.left_untold(store, *where), "Reading what is left untold", context)]
    except DrError as error:
        said.append(f"what killed runs left untold can't be read: {error}")
        return found


def _asked(options: Mapping[str, Any], store: Store | None, now: float, context: Context) -> Notice | None:
    workload, runbook, happened = options["workload"], options["runbook"], options["happened"]
    kind, target = RunKind(options["kind"]), options["target"]
    if options["event"] == EventKind.REFUSAL.value:
        findings = options["findings"] or [{"code": "error", "observed": each, "remedy": ""} for each in happened]
        return events.refused(workload, kind, target, options["unplanned"], findings, runbook, now)
    if options["event"]:
        return events.told(workload, EventKind(options["event"]), happened, runbook, now)
    if not options["stage"]:
        return None
    stage, run_id = Stage(options["stage"]), options["run"]["id"]
    noted = None
    if store is not None:
        with suppress(DrError):
            noted = _soon(lambda: outbox.of_record(store, run_id, stage, runbook, now), "Reading the run", context)
    return noted or events.unrecorded(workload, kind, run_id, stage, target, happened, runbook, now)


def _soon(job: Callable[[], T], what: str, context: Context) -> T:
    """Raises ``DrError`` where the table doesn't answer soon."""
    return within(job, context.deadline.sooner(context.clock, TO_LOOK), context.clock, what)


def _send_all(
    store: Store | None,
    taken: outbox.Taken,
    known: Sequence[Channel],
    options: Mapping[str, Any],
    context: Context,
) -> Result:
    """Each channel in a process of its own, all at once; then write down who was told."""
    mine = {channel.name: _claimed_for(channel, taken.notices) for channel in known}
    until = Deadline(context.deadline.at - TO_SETTLE)
    jobs = {
        channel.name: _job(channel, mine[channel.name], options, context, until)
        for channel in known
        if mine[channel.name]
    }
    seconds = until.remaining(context.clock)
    given = in_children(jobs, until, context.clock)
    settled = []
    for notice in taken.notices:
        errors = {
            name: given[name].get(notice.id, f"no answer within {seconds:.0f} s")
            for name, notices in mine.items()
            if notice in notices
        }
        after, trouble = outbox.settle(store, notice, errors, context.clock.wall())
        settled.append(after)
        if trouble:
            taken.held_back.append(trouble)
            store = None  # what it doesn't answer now needn't be asked for each
    return _result(settled, taken.held_back)


def _claimed_for(channel: Channel, notices: Sequence[Notice]) -> list[Notice]:
    wanted = (channel.name, DeliveryState.SENDING)
    return [each for each in notices if wanted in ((of.channel, of.state) for of in each.deliveries)]


def _job(
    channel: Channel, notices: Sequence[Notice], options: Mapping[str, Any], context: Context, until: Deadline
) -> Callable[[], Iterator[tuple[str, str]]]:
    def job() -> Iterator[tuple[str, str]]:
        connection = {name: options[name] for name in AWS_OPTIONS if options.get(name) is not None}
        seconds = max(1.0, until.remaining(context.clock) - 0.5)
        clients = Clients(context.clients.connection)
        sender = Sender(channel, clients, connection, options["regions"], seconds)
        for notice in notices:
            yield notice.id, sender.send(notice)

    return job


def _result(notices: Sequence[Notice], held_back: Sequence[str]) -> Result:
    deliveries = [
        {"notice": notice.id, "title": notice.title, **delivery.as_dict()}
        for notice in notices
        for delivery in notice.deliveries
    ]
    untold = sum(1 for each in deliveries if each["state"] != DeliveryState.SENT.value)
    shown = [*plan.lines(notices), *held_back]
    return Result(changed=False, values={"sending": False, "deliveries": deliveries, "lines": shown, "untold": untold})
