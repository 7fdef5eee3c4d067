# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends a notice to a channel, by the well-kept module that there is for it, or by ours.

Another collection's module is run as our own are, its real ``main()`` in a process that was forked for it: so its
arguments, secrets among them, are in no file and in no process list.
"""

from __future__ import annotations

import importlib
import json
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

from ansible.module_utils import basic

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.api import get_secret_value
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import secret_id_in
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.notice import Channel, ChannelType, Notice
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan import notify_text as text
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_channels import (
    SHOWN_NEVER,
    by_region,
    redacted,
    region_of,
    with_secret,
)
from ansible_collections.multiregion.aws_dr.plugins.modules import notify_webhook, sesv2_email
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.in_process import PROFILE, run_main

OF_ONE_TRY = 5.0  # seconds: what hangs is cut off, and the next topic or Region is tried
TRIES = 2

Arguments = Mapping[str, Any]


class NotSent(Exception):
    """Why a notice wasn't sent."""


class Sender:
    """Sends to one channel. ``connection`` is how AWS is reached, as module options.

    ``regions`` are asked in their order.
    """

    def __init__(
        self, channel: Channel, clients: Clients, connection: Arguments, regions: Sequence[str], seconds: float
    ) -> None:
        self._channel = channel
        self._clients = clients
        self._connection = dict(connection)
        self._regions = list(regions)
        self._seconds = seconds

    def send(self, notice: Notice) -> str:
        """Send it, a second time where the first failed. Gives what was wrong, without secrets; empty if nothing."""
        error = ""
        for _try in range(TRIES):
            try:
                self._ready()
                ways: Mapping[ChannelType | None, Callable[[Notice], None]] = {
                    ChannelType.MAIL: self._mail,
                    ChannelType.SES: self._ses,
                    ChannelType.WEBHOOK: self._webhook,
                    ChannelType.SLACK: self._slack,
                    ChannelType.SNS: self._sns,
                }
                ways[self._channel.type](notice)
            except NotSent as exc:
                error = str(exc)
            except Exception as exc:  # whatever another collection's module raises: the next channel is tried
                error = f"{type(exc).__name__}: {exc}"
            else:
                return ""
        return redacted(error, self._secrets())

    def _secrets(self) -> list[str]:
        found = [str(self._channel.settings[name]) for name in SHOWN_NEVER if self._channel.settings.get(name)]
        return found + [str(value) for value in dict(self._channel.settings.get("headers") or {}).values()]

    def _ready(self) -> None:
        """Read the channel's secret, once. Raises :class:`NotSent`."""
        secret_id = self._channel.settings.get("secret_id")
        if secret_id and not self._channel.trouble:
            self._channel = with_secret(self._channel, self._secret(str(secret_id)))
        if self._channel.trouble:
            raise NotSent(self._channel.trouble)

    def _secret(self, secret_id: str) -> Mapping[str, Any]:
        seen = "no Region is named"
        for region in self._regions:
            try:
                with at_most(OF_ONE_TRY):
                    content = get_secret_value(
                        self._clients.get("secretsmanager", region), secret_id_in(secret_id, region)
                    )
                values = json.loads(content)
            except ValueError:
                raise NotSent(f"the secret {secret_id} in {region} is no JSON") from None
            except CALL_ERRORS as exc:  # at_most's TimeoutError is an OSError
                seen = f"{error_code(exc)} in {region}"
                continue
            if not isinstance(values, dict):
                raise NotSent(f"the secret {secret_id} in {region} is no JSON object")
            return values
        raise NotSent(f"the secret {secret_id} can't be read: {seen}")

    def _mail(self, notice: Notice) -> None:
        settings = self._channel.settings
        as_html = settings.get("format") == "html"
        given = {
            **_of(settings, "host", "port", "username", "password"),
            "sender": settings["sender"],
            "to": settings["to"],
            "subject": text.title(notice),
            "body": text.as_html(notice) if as_html else text.plain(notice),
            "subtype": "html" if as_html else "plain",
            # A password goes through TLS or not at all.
            "secure": settings.get("secure") or ("starttls" if settings.get("password") else "try"),
            "timeout": max(1, int(OF_ONE_TRY)),
        }
        result = run_other("community.general.mail", given, 2 * OF_ONE_TRY)
        if result.get("result"):
            raise NotSent(f"not all recipients were accepted: {sorted(result['result'])}")

    def _slack(self, notice: Notice) -> None:
        given = {
            **_of(self._channel.settings, "token", "channel"),
            "msg": text.slack(notice),
            "color": text.COLOURS[notice.level],
            "link_names": 0,
            "username": "multiregion.aws_dr",
        }
        run_other("community.general.slack", given, OF_ONE_TRY)

    def _sns(self, notice: Notice) -> None:
        topics = self._channel.settings["topics"]
        error: Exception = NotSent("no topic is named")
        for topic in by_region([topics] if isinstance(topics, str) else topics, self._regions):
            given = {
                **self._connection,
                "region": region_of(topic) or self._regions[0],
                "topic": topic,
                "subject": text.subject(notice),
                "msg": text.plain(notice),
            }
            try:
                run_other("community.aws.sns", given, OF_ONE_TRY)
            except NotSent as exc:
                error = exc
            else:
                return
        raise error

    def _ses(self, notice: Notice) -> None:
        settings = self._channel.settings
        given = {
            **self._connection,
            **_of(settings, "sender", "to", "configuration_set"),
            "subject": text.title(notice),
            "text": text.plain(notice),
            "html": text.as_html(notice),
            "regions": settings.get("regions") or self._regions,
            "timeout": self._seconds,
        }
        _checked("sesv2_email", run_main(sesv2_email.main, given, None))

    def _webhook(self, notice: Notice) -> None:
        given = {
            **_of(self._channel.settings, "url", "key", "headers", "ca_path"),
            "body": text.payload(notice),
            "id": notice.id,
            "timeout": self._seconds,
        }
        _checked("notify_webhook", run_main(notify_webhook.main, given, None))


def _of(settings: Arguments, *names: str) -> dict[str, Any]:
    return {name: settings[name] for name in names if settings.get(name) is not None}


def run_other(name: str, arguments: Arguments, seconds: float) -> dict[str, Any]:
    """Run another collection's module here for so long at most; its result. Raises :class:`NotSent`."""
    module = other_module(name)
    with at_most(seconds):
        if hasattr(module, "AnsibleAWSModule"):
            return _checked(name, run_main(module.main, dict(arguments), None))
        return _checked(name, _run_plain(module, arguments))


def other_module(name: str) -> ModuleType:
    """The module of that full name. Raises :class:`NotSent` where its collection isn't installed."""
    namespace, collection, module = name.split(".")
    try:
        return importlib.import_module(f"ansible_collections.{namespace}.{collection}.plugins.modules.{module}")
    except ImportError as exc:
        remedy = f"ansible-galaxy collection install {namespace}.{collection}"
        raise NotSent(f"{name} isn't installed ({exc}): {remedy}, or leave the channel out") from exc


def _run_plain(module: Any, arguments: Arguments) -> dict[str, Any]:
    """Run the ``main()`` of a module that is built on AnsibleModule itself."""
    recorded: list[dict[str, Any]] = []

    class Recorder(basic.AnsibleModule):
        """An AnsibleModule that keeps its result in memory."""

        def _record_module_result(self, o: dict[str, Any]) -> None:
            recorded.append(o)

    before = (basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE, module.AnsibleModule)
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": dict(arguments)}).encode()
    basic._ANSIBLE_PROFILE, module.AnsibleModule = PROFILE, Recorder
    try:
        with suppress(SystemExit):  # how exit_json and fail_json end
            module.main()
    finally:
        basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE, module.AnsibleModule = before
    if not recorded:
        raise NotSent(f"{module.__name__} ended without a result")
    return recorded[-1]


def _checked(name: str, result: dict[str, Any]) -> dict[str, Any]:
    if result.get("failed"):
        raise NotSent(" ".join(str(result[key]) for key in ("msg", "error") if result.get(key)) or f"{name} failed")
    return result


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise ``TimeoutError`` in the midst of whatever lasts longer. Of a main thread only, which a fork has."""

    def ring(_number: int, _frame: Any) -> None:
        raise TimeoutError(f"no answer within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
