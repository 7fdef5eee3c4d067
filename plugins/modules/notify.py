# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documentation of the action plugin of this name."""

from __future__ import annotations

DOCUMENTATION = r"""
module: notify
version_added: 0.1.0
author: multiregion.aws_dr contributors (@multiregion)
short_description: Tell people what happens to a workload
description:
  - Tells each of O(channels) that is to hear of it what a run is at (O(stage)), or what was found (O(event)), and
    sends what earlier runs couldn't send or had no time to.
  - What is told comes from the run's record, and is kept in the state table's outbox until it was sent, or a day has
    passed. The same cause is told once.
  - Each channel is a process of its own, all at once, and is ended when O(timeout) has passed. No channel's trouble
    makes the task fail; RV(untold) counts them.
  - It runs on the controller, and uses C(community.general.mail), C(community.general.slack) and C(community.aws.sns)
    for the channels of those kinds. Who has none of these needs neither collection.
  - Reports no change, as nothing of the workload has changed.
options:
  workload:
    description: The workload.
    type: str
    required: true
  lock:
    description: What its runs lock, the global cluster's identifier.
    type: str
    required: true
  table:
    description: Name of the state table.
    type: str
    required: true
  regions:
    description:
      - The Regions in which the table, secrets, topics and SES are asked, in this order. The one that may be lost
        comes last.
    type: list
    elements: str
    required: true
  channels:
    description:
      - Whom to tell. What can't be used is said in RV(lines), and keeps no other from being used.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: What it is called. A delivery is tried again to the channel of that name.
        type: raw
      type:
        description: One of V(mail), V(ses), V(webhook), V(slack), V(sns).
        type: raw
      min_level:
        description: It hears of events from this level up. One of V(info) (the default), V(warning), V(critical).
        type: raw
      events:
        description: It hears of these events only.
        type: raw
      secret_id:
        description:
          - Name or ARN of a secret in Secrets Manager, with C(token), C(key), C(url), C(username) or C(password) as
            JSON. A replica is read in the first of O(regions) that answers.
        type: raw
      host:
        description: Of V(mail), the SMTP server.
        type: raw
      port:
        description: Of V(mail), its port.
        type: raw
      username:
        description: Of V(mail), who signs in.
        type: raw
      password:
        description: Of V(mail), with what. It is sent over TLS, unless O(channels[].secure) says otherwise.
        type: raw
      secure:
        description:
          - Of V(mail), as P(community.general.mail#module) takes it. With a password V(starttls), else V(try).
        type: raw
      format:
        description: Of V(mail), V(plain) or V(html).
        type: raw
      sender:
        description: Of V(mail) and V(ses), the address it comes from.
        type: raw
      to:
        description: Of V(mail) and V(ses), the addresses it goes to.
        type: raw
      configuration_set:
        description: Of V(ses), the configuration set.
        type: raw
      regions:
        description: Of V(ses), the Regions to send from; default is O(regions).
        type: raw
      url:
        description: Of V(webhook), where to post.
        type: raw
      key:
        description: Of V(webhook), the key that it is signed with.
        type: raw
      headers:
        description: Of V(webhook), further headers.
        type: raw
      ca_path:
        description: Of V(webhook), the certificates to trust.
        type: raw
      token:
        description: Of V(slack), an incoming webhook's C(T.../B.../...), or a bot's C(xoxb-...).
        type: raw
      channel:
        description: Of V(slack), the channel; needed with a bot's token.
        type: raw
      topics:
        description: Of V(sns), the topics' ARNs, one a Region. The first that takes it is enough.
        type: raw
      trouble:
        description: Why it can't be used, set by the action itself.
        type: raw
  runbook:
    description: A link that is in each message.
    type: str
    default: ""
  repeat_after:
    description: Seconds after which the same refusal or detection is told again.
    type: float
    default: 3600.0
  run:
    description: The run that it is about, as P(multiregion.aws_dr.run_open#module) returned it.
    type: dict
  stage:
    description: How far that run is. V(failed) is told once for each attempt.
    type: str
    choices: [promoting, ended, failed]
  event:
    description:
      - What was found, where no run is open. V(test) goes to every channel, and is neither kept nor tried again
        later.
    type: str
    choices: [refusal, detection, test]
  kind:
    description: What was refused, or what O(run) is, should its record not be there to be read.
    type: str
    choices: [failover, failback, drill, region_return]
    default: failover
  target:
    description: The Region that it was to go to.
    type: str
    default: ""
  unplanned:
    description: Whether it was an unplanned one.
    type: bool
    default: false
  findings:
    description: What it was refused for.
    type: list
    elements: dict
    default: []
  happened:
    description: What was found, in words, nothing secret.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Whether to wait for the deliveries. If not, a process beside the run makes them, for a minute at most, and
        writes into the outbox and the journal who was told.
    type: bool
    default: true
  timeout:
    description: Seconds that all channels have together.
    type: float
    default: 10.0
attributes:
  action:
    description: Is an action plugin, which runs on the controller only.
    support: full
  check_mode:
    description: Can run in C(check_mode), where it tells nobody.
    support: full
  diff_mode:
    description: There is no difference to show.
    support: none
  idempotent:
    description: The same cause is told once.
    support: full
"""

EXAMPLES = r"""
- name: Tell people how the run ended
  multiregion.aws_dr.notify:
    workload: shop
    lock: shop
    table: aws-dr-state
    regions: [eu-west-1, eu-central-1]
    run: "{{ opened.run }}"
    stage: ended
    channels:
      - name: oncall
        type: webhook
        url: https://hooks.example.com/dr
        secret_id: shop/notify
        min_level: warning
"""

RETURN = r"""
sending:
  description: Whether a process beside the run is at it still.
  returned: success
  type: bool
deliveries:
  description: Each message's deliveries with their C(state), C(attempts) and C(error).
  returned: success
  type: list
  elements: dict
untold:
  description: How many deliveries weren't made.
  returned: success
  type: int
lines:
  description: The same for people.
  returned: success
  type: list
  elements: str
"""
