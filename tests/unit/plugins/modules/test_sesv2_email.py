# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.modules import sesv2_email
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import LOST, SteppedClock, context, refused

OPTIONS: dict[str, Any] = {
    "sender": "dr@example.com",
    "to": ["ops@example.com"],
    "subject": "shop",
    "text": "It fails over.",
    "html": "<p>It fails over.</p>",
    "configuration_set": "",
    "regions": ["eu-west-1", "eu-central-1"],
}


class Ses:
    """SES in each Region: what it was sent, and what it answers instead."""

    def __init__(self, **errors: Exception) -> None:
        self.errors = {name.replace("_", "-"): error for name, error in errors.items()}
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def get(self, service: str, region: str) -> Any:
        assert service == "sesv2"
        ses = self

        class Client:
            def send_email(self, **arguments: Any) -> dict[str, str]:
                ses.sent.append((region, arguments))
                if region in ses.errors:
                    raise ses.errors[region]
                return {"MessageId": f"id-{region}"}

        return Client()


def send(ses: Ses, check_mode: bool = False, **more: Any) -> Result:
    return sesv2_email.execute({**OPTIONS, **more}, context(SteppedClock(), ses, [], check_mode, 5.0))


def test_it_is_sent_with_both_bodies_from_the_first_region() -> None:
    ses = Ses()
    result = send(ses)
    assert result.values == {"message_id": "id-eu-west-1", "sent_from": "eu-west-1"}
    assert result.calls == (Call("sesv2", "SendEmail", "eu-west-1"),)
    ((_region, arguments),) = ses.sent
    assert set(arguments["Content"]["Simple"]["Body"]) == {"Text", "Html"}
    assert "ConfigurationSetName" not in arguments


def test_without_html_it_has_one_body_and_a_configuration_set_is_named() -> None:
    ses = Ses()
    send(ses, html="", configuration_set="dr")
    arguments = ses.sent[0][1]
    assert (set(arguments["Content"]["Simple"]["Body"]), arguments["ConfigurationSetName"]) == ({"Text"}, "dr")


@pytest.mark.parametrize("error", [LOST, refused("MessageRejected"), refused("TooManyRequestsException")])
def test_where_one_region_does_not_take_it_the_next_does(error: Exception) -> None:
    ses = Ses(eu_west_1=error)
    assert send(ses).values["sent_from"] == "eu-central-1"
    assert [region for region, _arguments in ses.sent] == ["eu-west-1", "eu-central-1"]


def test_where_none_takes_it_the_last_ones_error_is_said() -> None:
    with pytest.raises(DrError, match=r"SendEmail in eu-central-1: MessageRejected"):
        send(Ses(eu_west_1=LOST, eu_central_1=refused("MessageRejected")))


def test_check_mode_says_the_call_and_sends_nothing() -> None:
    ses = Ses()
    result = send(ses, check_mode=True)
    assert (result.changed, ses.sent, result.values["message_id"]) == (True, [], None)
    assert result.calls == (Call("sesv2", "SendEmail", "eu-west-1"),)


@pytest.mark.parametrize("empty", ["to", "regions"])
def test_nobody_or_nowhere_is_an_error(empty: str) -> None:
    with pytest.raises(DrError, match="empty"):
        send(Ses(), **dict[str, Any]({empty: []}))
