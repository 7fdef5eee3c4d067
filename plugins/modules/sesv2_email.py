#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: sesv2_email
version_added: 0.1.0
short_description: Send an e-mail through Amazon SES
description:
  - Sends a message with a text and an HTML body through the first of O(regions) whose SES accepts it.
  - Where a Region gave no answer the message may have been sent from there, and is sent again from the next one. Told
    twice is better than not told.
options:
  sender:
    description: The address it comes from, verified in each of O(regions).
    type: str
    required: true
  to:
    description: Who gets it.
    type: list
    elements: str
    required: true
  subject:
    description: The subject, on one line.
    type: str
    required: true
  text:
    description: The message as text.
    type: str
    required: true
  html:
    description: The message as HTML.
    type: str
    default: ""
  configuration_set:
    description: The configuration set that it belongs to.
    type: str
    default: ""
  regions:
    description: The Regions to send it from, the first that works. The one that may be lost belongs at the end.
    type: list
    elements: str
    required: true
  timeout:
    description: Seconds after which the task fails.
    type: float
    default: 30.0
attributes:
  check_mode:
    details: Nothing is sent.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Each time it is called it sends the message.
extends_documentation_fragment:
  - multiregion.aws_dr.attributes
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
author:
  - multiregion.aws_dr contributors (@multiregion)
"""

EXAMPLES = r"""
- name: Tell the operators
  multiregion.aws_dr.sesv2_email:
    sender: dr@example.com
    to: [ops@example.com]
    subject: shop fails over
    text: The promotion of eu-west-1 was asked for.
    regions: [eu-west-1, eu-central-1]
"""

RETURN = r"""
message_id:
  description: What SES calls the message. Null in check mode.
  returned: success
  type: str
sent_from:
  description: The Region that accepted it. Null in check mode.
  returned: success
  type: str
calls:
  description: The changing AWS calls that were made, or in check mode would be.
  returned: success
  type: list
  elements: dict
timing:
  description: When the task started and ended.
  returned: success
  type: dict
  contains:
    started:
      description: Seconds since the epoch.
      type: float
    ended:
      description: Seconds since the epoch.
      type: float
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.sesv2 import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call

TEXTS = ("subject", "text", "html", "configuration_set")


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Send it from the first Region that takes it. Raises ``DrError`` of the last one that was asked."""
    regions = list(options["regions"])
    if not regions or not options["to"]:
        raise DrError("Sending the e-mail", "regions or to is empty", "Name at least one of each.")
    if context.check_mode:
        values = {"message_id": None, "sent_from": None}
        return Result(changed=True, values=values, calls=(Call("sesv2", "SendEmail", regions[0]),))
    for number, region in enumerate(regions):
        share = context.deadline.remaining(context.clock) / (len(regions) - number)
        try:
            sent = _send(options, region, share, context)
        except CALL_ERRORS as exc:
            tried = f"sesv2:SendEmail in {region}"
            error = exc if isinstance(exc, DrError) else aws_error(exc, tried)
        else:
            made = Call("sesv2", "SendEmail", region)
            return Result(changed=True, values={"message_id": sent, "sent_from": region}, calls=(made,))
    raise error


def _send(options: Mapping[str, Any], region: str, seconds: float, context: Context) -> str:
    texts = [options[name] for name in TEXTS]
    return within(
        lambda: api.send_email(context.clients.get("sesv2", region), options["sender"], options["to"], *texts),
        context.deadline.sooner(context.clock, seconds),
        context.clock,
        f"sesv2:SendEmail in {region}",
    )


def main() -> None:
    run(
        execute,
        argument_spec={
            "sender": {"type": "str", "required": True},
            "to": {"type": "list", "elements": "str", "required": True},
            "subject": {"type": "str", "required": True},
            "text": {"type": "str", "required": True},
            "html": {"type": "str", "default": ""},
            "configuration_set": {"type": "str", "default": ""},
            "regions": {"type": "list", "elements": "str", "required": True},
            "timeout": timeout_spec(30),
        },
    )


if __name__ == "__main__":
    main()
