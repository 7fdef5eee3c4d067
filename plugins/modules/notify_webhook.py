#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: notify_webhook
version_added: 0.1.0
short_description: Post a message that its receiver can check
description:
  - Posts O(body) to O(url), signed with HMAC-SHA256, and again after a growing pause where the receiver is busy or
    silent.
  - The header C(X-AWS-DR-Signature) is C(v1=) and the hexadecimal HMAC, with O(key), of the header
    C(X-AWS-DR-Timestamp) (seconds since the epoch), a dot, and the body as it arrived. A receiver should refuse what
    is older than five minutes.
  - The header C(X-AWS-DR-Id) is O(id), the same in each try, so that a receiver can tell a message that it has
    already.
  - It asks nothing of AWS.
options:
  url:
    description:
      - Where to post it. No redirect is followed. Never shown, as with many receivers its path is the secret.
    type: str
    required: true
  key:
    description: The key shared with the receiver, at least 16 characters.
    type: str
    required: true
  body:
    description: The message, JSON.
    type: str
    required: true
  id:
    description: What tells this message from others.
    type: str
    default: ""
  headers:
    description: Further headers. Never shown.
    type: dict
    default: {}
  ca_path:
    description: File with the certificates to trust for an C(https) URL, instead of the system's.
    type: path
  retries:
    description: How often it is tried again. A receiver that says that the message is wrong is not asked again.
    type: int
    default: 5
  timeout:
    description: Seconds for all tries together.
    type: float
    default: 60.0
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
- name: Tell our own receiver
  multiregion.aws_dr.notify_webhook:
    url: https://hooks.example.com/dr
    key: "{{ vaulted_key }}"
    id: "shop-{{ opened.run.id }}"
    body: "{{ {'workload': 'shop', 'state': 'failing over'} | to_json }}"
"""

RETURN = r"""
status:
  description: The receiver's HTTP status. Null in check mode.
  returned: success
  type: int
attempts:
  description: How many tries it took.
  returned: success
  type: int
calls:
  description: The changing AWS calls. Always empty.
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

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result, run
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import timeout_spec
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.notify_channels import SHORTEST_KEY
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.webhook import Hook, deliver


def execute(options: Mapping[str, Any], context: Context) -> Result:
    """Send it. Raises ``DrError``."""
    if len(options["key"]) < SHORTEST_KEY:
        seen = f"the key has fewer than {SHORTEST_KEY} characters"
        raise DrError("Signing the webhook", seen, "Give a longer one: openssl rand -hex 32.")
    if context.check_mode:
        return Result(changed=True, values={"status": None, "attempts": 0})
    hook = Hook(options["url"], options["key"], options["body"], options["id"], options["headers"], options["ca_path"])
    done = deliver(hook, options["retries"], context.deadline, context.clock, context.progress)
    return Result(changed=True, values={"status": done.status, "attempts": done.attempts})


def main() -> None:
    run(
        execute,
        argument_spec={
            "url": {"type": "str", "required": True, "no_log": True},
            "key": {"type": "str", "required": True, "no_log": True},
            "body": {"type": "str", "required": True},
            "id": {"type": "str", "default": ""},
            "headers": {"type": "dict", "default": {}, "no_log": True},
            "ca_path": {"type": "path"},
            "retries": {"type": "int", "default": 5},
            "timeout": timeout_spec(60),
        },
    )


if __name__ == "__main__":
    main()
