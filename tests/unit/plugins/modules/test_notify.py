# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action: whatever the inventory says of a channel, it ends well and says so."""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import MagicMock

import pytest
import yaml
from ansible import constants
from ansible.playbook.task import Task

from ansible_collections.multiregion.aws_dr.plugins.action.notify import ActionModule, as_taken
from ansible_collections.multiregion.aws_dr.plugins.modules import notify
from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import notify_main
from ansible_collections.multiregion.aws_dr.tests.scenarios.receivers import hooks
from ansible_collections.multiregion.aws_dr.tests.unit.extensions.lab.ports import free_port

# As with ANSIBLE_INJECT_INVOCATION=true: the arguments are in the result, too. Before 2.20 they always are.
ASKED_FOR = (
    {"_ansible_inject_invocation": True}
    if "INJECT_INVOCATION" in constants.config.get_configuration_definitions()
    else {}
)
KEY = "a key of the webhook, which nobody may see"


def tell(channels: Any, **more: Any) -> dict[str, Any]:
    task = Task()
    task.action, task.check_mode, task.async_val = "multiregion.aws_dr.notify", False, 0
    where = {"workload": "shop", "lock": "shop", "table": "t", "regions": ["eu-west-1"], "region": "eu-west-1"}
    task.args = {**where, "channels": channels, "event": "test", "timeout": 5, **more}
    parts = {name: MagicMock() for name in ("connection", "play_context", "loader", "shared_loader_obj")}
    parts["play_context"].connection, parts["play_context"].become = "ssh", False
    action = ActionModule(task, templar=MagicMock(), **parts)
    action._update_module_args = lambda name, arguments, variables: arguments.update(ASKED_FOR)
    return dict(action.run(task_vars={"aws_dr_in_process": False}))


def test_it_runs_on_the_controller_whatever_the_connection() -> None:
    with hooks(free_port(), KEY) as taken:
        result = tell([{"name": "hook", "type": "webhook", "url": taken.url, "key": KEY}])
    assert (result["ran"], result["untold"], len(taken.taken)) == ("in process", 0, 1)


def test_no_secret_is_in_its_result() -> None:
    with hooks(free_port(), "another key, which is long") as taken:
        settings = {"url": taken.url, "key": KEY, "headers": {"Authorization": "Bearer hunter2-hunter2"}}
        result = tell([{"name": "hook", "type": "webhook", **settings}])
    assert result["untold"] == 1
    assert result["invocation"]["module_args"]["workload"] == "shop"
    for secret in (KEY, taken.url, "hunter2-hunter2"):
        assert secret not in str(result)


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ("hook", "no list"),
        (["hook"], "no dictionary"),
        ([{"name": "x", "type": "webhook", "colour": 1}], "no channel takes colour"),
        ([{"name": "x", "type": "webhook", "url": ["nonsense"], "key": KEY}], "ValueError"),
        ([{"name": "x", "type": "mail", "host": "127.0.0.1", "port": "smtp", "sender": "a", "to": "b"}], "port"),
        ([{"name": "x", "type": "webhook", "trouble": "of its own"}], "no channel takes trouble"),
    ],
)
def test_a_channel_that_is_described_wrongly_fails_nothing(channels: Any, said: str) -> None:
    result = tell(channels)
    assert not result.get("failed"), result
    assert result["untold"] == 1
    assert re.search(said, " ".join(result["lines"])), result["lines"]


def test_without_channels_nobody_is_told() -> None:
    assert tell(None)["deliveries"] == []
    assert as_taken(None) == []


def test_its_documentation_has_its_options() -> None:
    documented = yaml.safe_load(notify.DOCUMENTATION)["options"]
    assert set(documented) == set(notify_main.argument_spec())
    assert set(documented["channels"]["suboptions"]) == set(notify_main.CHANNEL_SPEC)
    for name, option in notify_main.argument_spec().items():
        assert documented[name].get("default") == option.get("default"), name
        assert documented[name].get("choices") == option.get("choices"), name
