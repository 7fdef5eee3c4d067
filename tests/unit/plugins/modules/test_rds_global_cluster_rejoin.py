# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two databases that a detach has left become one on a small AWS; carried on after any interruption."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import find_global_cluster
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence_record import FenceRecord
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import refusal
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.rejoin import CALLS, Act
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import rejoin as work
from ansible_collections.multiregion.aws_dr.plugins.modules import rds_global_cluster_rejoin as module

from .regional import HOME, STANDBY, Bench, RegionalAws, error

OLD, WRITER = f"shop-{HOME}", f"shop-{STANDBY}"
DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": None, "sslrootcert": None}
DEFAULTS: dict[str, Any] = {
    "workload": "shop",
    "home": HOME,
    "standby": STANDBY,
    "database": DATABASE,
    "table": "aws-dr-state",
    "poll_interval": 5.0,
    "resolvers": [],
    "timeout": 3600.0,
}
CHANGES = {
    "add_tags_to_resource": 1,
    "remove_from_global_cluster": 1,
    "delete_global_cluster": 1,
    "create_global_cluster": 1,
    "modify_db_instance": 2,
    "modify_db_cluster": 1,
    "create_db_cluster": 1,
    "create_db_instance": 2,
    "remove_tags_from_resource": 1,
}
KEPT = FenceRecord("shop", HOME, "fenced", snapshot="lost-shop", snapshot_state="kept")


def arn(name: str, region: str) -> str:
    return f"arn:aws:rds:{region}:1:cluster:{name}"


class Aws(RegionalAws):
    """RDS after a detach: home is alone in the global cluster, and the standby Region's cluster writes by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.members: list[tuple[str, str]] | None = [(OLD, HOME)]
        self.protected = False
        self.slow = 0.0  # seconds until a member that was taken out is seen to have left
        self.leaves_at: tuple[float, list[tuple[str, str]]] | None = None
        self.clusters: dict[str, dict[str, dict[str, Any]]] = {HOME: {}, STANDBY: {}}
        self.instances: dict[str, dict[str, dict[str, Any]]] = {HOME: {}, STANDBY: {}}
        self.fence: FenceRecord | None = KEPT
        tags = {"team": "shop", "aws:cloudformation:stack-name": "shop"}
        self._cluster(HOME, OLD, tags, DBSubnetGroup="db-home", BackupRetentionPeriod=7, KmsKeyId="key-home")
        self._cluster(STANDBY, WRITER, {"multiregion.aws_dr/detached-from": "shop"}, EngineVersion="16.6")
        for number in (1, 2):
            self._instance(HOME, f"{OLD}-{number}", OLD, "db.r6g.large")
        self._instance(STANDBY, f"{WRITER}-1", WRITER, "db.r6g.large")

    def _cluster(self, region: str, name: str, tags: dict[str, str], **values: Any) -> None:
        self.clusters[region][name] = {
            "Engine": "aurora-postgresql",
            "EngineVersion": "16.4",
            "Port": 5432,
            "Status": "available",
            **values,
            "tags": dict(tags),
        }

    def _instance(self, region: str, name: str, cluster: str, kind: str) -> None:
        self.instances[region][name] = {
            "DBInstanceIdentifier": name,
            "DBClusterIdentifier": cluster,
            "DBInstanceStatus": "available",
            "DBInstanceClass": kind,
            "PromotionTier": 1,
        }

    # What is read

    def describe_global_clusters(self, region: str, **given: str) -> dict[str, Any]:
        if self.leaves_at is not None and self.clock.now >= self.leaves_at[0]:
            self.members, self.leaves_at = self.leaves_at[1], None
        if self.members is None or (self.members and region not in [where for _name, where in self.members]):
            raise error("GlobalClusterNotFoundFault")
        members = [
            {"DBClusterArn": arn(name, where), "IsWriter": number == 0}
            for number, (name, where) in enumerate(self.members)
        ]
        return {
            "GlobalClusters": [
                {
                    **given,
                    "Status": "available",
                    "GlobalClusterMembers": members,
                }
            ]
        }

    def describe_db_clusters(self, region: str, **given: str) -> dict[str, Any]:
        found, wanted = self.clusters[region], given.get("DBClusterIdentifier")
        return {
            "DBClusters": [
                {
                    **{key: value for key, value in found[name].items() if key != "tags"},
                    "DBClusterArn": arn(name, region),
                    "TagList": [{"Key": key, "Value": value} for key, value in found[name]["tags"].items()],
                }
                for name in ([wanted] if wanted else found)
            ]
        }

    def describe_db_instances(self, region: str) -> dict[str, Any]:
        return {"DBInstances": list(self.instances[region].values())}

    # What changes something

    def _tags(self, resource: str) -> dict[str, str]:
        region, name = resource.split(":")[3], resource.split(":")[-1]
        tags: dict[str, str] = self.clusters[region][name]["tags"]
        return tags

    def add_tags_to_resource(self, _region: str, **given: Any) -> None:
        self._tags(given["ResourceName"]).update({tag["Key"]: tag["Value"] for tag in given["Tags"]})

    def remove_tags_from_resource(self, _region: str, **given: Any) -> None:
        for key in given["TagKeys"]:
            self._tags(given["ResourceName"]).pop(key, None)

    def remove_from_global_cluster(self, _region: str, **given: str) -> dict[str, Any]:
        name = given["DbClusterIdentifier"].split(":")[-1]
        if self.members is None or name not in [each for each, _where in self.members]:
            raise error("DBClusterNotFoundFault")
        self.leaves_at = (self.clock.now + self.slow, [each for each in self.members if each[0] != name])
        return {"GlobalCluster": {}}

    def delete_global_cluster(self, _region: str, **_given: str) -> dict[str, Any]:
        if self.members is None:
            raise error("GlobalClusterNotFoundFault")
        if self.members or self.protected:
            raise error("InvalidGlobalClusterStateFault")
        self.members = None
        return {"GlobalCluster": {}}

    def create_global_cluster(self, region: str, **given: str) -> dict[str, Any]:
        if self.members is not None:
            raise error("GlobalClusterAlreadyExistsFault")
        self.members = [(given["SourceDBClusterIdentifier"].split(":")[-1], region)]
        return {"GlobalCluster": {}}

    def modify_db_instance(self, region: str, **given: Any) -> dict[str, Any]:
        instance = self.instances[region].pop(given["DBInstanceIdentifier"], None)
        if instance is None:
            raise error("DBInstanceNotFound")
        new = given["NewDBInstanceIdentifier"]
        self.instances[region][new] = {**instance, "DBInstanceIdentifier": new}
        return {"DBInstance": {}}

    def modify_db_cluster(self, region: str, **given: Any) -> dict[str, Any]:
        old, new = given["DBClusterIdentifier"], given["NewDBClusterIdentifier"]
        if old not in self.clusters[region]:
            raise error("DBClusterNotFoundFault")
        self.clusters[region][new] = self.clusters[region].pop(old)
        for instance in self.instances[region].values():
            instance["DBClusterIdentifier"] = new if instance["DBClusterIdentifier"] == old else old
        return {"DBCluster": {}}

    def create_db_cluster(self, region: str, **given: Any) -> dict[str, Any]:
        name = given["DBClusterIdentifier"]
        if name in self.clusters[region]:
            raise error("DBClusterAlreadyExistsFault")
        assert self.members is not None
        self.members.append((name, region))
        tags = {tag["Key"]: tag["Value"] for tag in given.pop("Tags", [])}
        self._cluster(region, name, tags, **{**given, "DBSubnetGroup": given["DBSubnetGroupName"]})
        return {"DBCluster": {}}

    def create_db_instance(self, region: str, **given: Any) -> dict[str, Any]:
        name = given["DBInstanceIdentifier"]
        if name in self.instances[region]:
            raise error("DBInstanceAlreadyExists")
        self._instance(region, name, given["DBClusterIdentifier"], given["DBInstanceClass"])
        return {"DBInstance": {}}


class Rejoining(Bench):
    aws: Aws


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Rejoining:
    aws = Aws()

    class Store:
        def __init__(self, *_given: Any) -> None:
            pass

        def read_fence(self, workload: str, region: str) -> FenceRecord | None:
            assert (workload, region) == ("shop", HOME)
            return aws.fence

    monkeypatch.setattr(work, "TableStore", Store)
    monkeypatch.setattr(module.WriterGate, "prove", lambda _self: aws.calls.append(("get_proof", STANDBY)))
    return Rejoining(module, aws, DEFAULTS, monkeypatch)


def check_joined(aws: Aws) -> None:
    assert aws.members == [(WRITER, STANDBY), (OLD, HOME)]
    assert "multiregion.aws_dr/detached-from" not in aws.clusters[STANDBY][WRITER]["tags"]
    kept = [name for name in aws.clusters[HOME] if name != OLD]
    assert len(kept) == 1 and kept[0].startswith(f"{OLD}-kept-")
    belongs = [(name.split("-kept-")[0], each["DBClusterIdentifier"]) for name, each in aws.instances[HOME].items()]
    assert sorted(belongs) == sorted((f"{OLD}-{number}", owner) for number in (1, 2) for owner in (OLD, kept[0]))


def test_it_is_foretold_then_done_then_done_already(bench: Rejoining) -> None:
    aws = bench.aws
    foretold = bench.run(check_mode=True)
    assert foretold.changed and aws.changes() == [] and foretold.values["refusals"] == []
    done = bench.run()
    assert done.changed and done.calls == foretold.calls
    assert done.values["rejoin"]["steps"] == foretold.values["rejoin"]["steps"]
    assert [action for action, _region in aws.changes()] == [
        name for name, times in CHANGES.items() for _n in range(times)
    ]
    check_joined(aws)
    (kept,) = done.values["rejoin"]["kept"]
    assert kept["snapshot"] == "lost-shop" and len(kept["instances"]) == 2
    before = len(aws.changes())
    again = bench.run()
    assert not again.changed and again.values["rejoin"]["joined"] and len(aws.changes()) == before


def test_the_new_secondary_is_like_the_old_primary_in_the_writers_version(bench: Rejoining) -> None:
    bench.run()
    new = bench.aws.clusters[HOME][OLD]
    assert (new["EngineVersion"], new["DBSubnetGroup"], new["BackupRetentionPeriod"], new["KmsKeyId"]) == (
        *("16.6", "db-home", 7, "key-home"),
    )
    assert new["tags"] == {"team": "shop"}


def test_each_step_is_in_the_journal_and_goes_through_the_region_that_it_is_of(bench: Rejoining) -> None:
    steps = bench.run().values["rejoin"]["steps"]
    assert [line["step"] for line in bench.journal] == steps
    regions = {line["calls"][0]["action"]: line["calls"][0]["region"] for line in bench.journal}
    assert {
        region for action, region in regions.items() if action in ("CreateGlobalCluster", "RemoveTagsFromResource")
    } == {STANDBY}
    assert set(regions) == set(CALLS.values())
    assert all(line["outcome"] == "done" for line in bench.journal)


@pytest.mark.parametrize("action", CHANGES)
def test_after_an_answer_that_was_lost_it_goes_on(bench: Rejoining, action: str) -> None:
    bench.aws.lost.add(action)
    bench.run()
    check_joined(bench.aws)


@pytest.mark.parametrize("action", CHANGES)
def test_a_run_that_was_refused_is_carried_on_by_the_next(bench: Rejoining, action: str) -> None:
    bench.aws.faults[action] = [error("AccessDenied")]
    with pytest.raises(DrError) as caught:
        bench.run()
    assert len(caught.value.made) == len(bench.aws.changes()) - 1
    bench.run()
    check_joined(bench.aws)
    assert {name: [each for each, _region in bench.aws.changes()].count(name) for name in CHANGES} == {
        **CHANGES,
        action: CHANGES[action] + 1,
    }


def test_nothing_is_done_while_the_old_primary_is_not_settled(bench: Rejoining) -> None:
    bench.aws.fence = FenceRecord("shop", HOME, "owed")
    assert bench.refused() == ["old_primary_not_settled"]
    checked = bench.run(check_mode=True)
    assert [each["code"] for each in checked.values["refusals"]] == ["old_primary_not_settled"]


def test_nothing_is_done_unless_the_standby_region_takes_a_write(
    bench: Rejoining, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Any) -> None:
        raise Refused((refusal("writer_not_proved", "read-only", "Promote it."),))

    monkeypatch.setattr(module.WriterGate, "prove", refuse)
    assert bench.refused() == ["writer_not_proved"]


def test_a_protected_global_cluster_is_said_so_and_not_asked_for_ever(bench: Rejoining) -> None:
    bench.aws.protected = True
    with pytest.raises(DrError) as caught:
        bench.run()
    assert not isinstance(caught.value, TimedOut) and "InvalidGlobalClusterStateFault" in str(caught.value)
    bench.aws.protected = False
    bench.run()
    check_joined(bench.aws)


def test_a_region_that_does_not_answer_is_an_error(bench: Rejoining) -> None:
    bench.aws.dead.add(HOME)
    with pytest.raises(DrError):
        bench.run()
    assert bench.aws.changes() == []


def test_one_region_is_not_joined_to_itself(bench: Rejoining) -> None:
    with pytest.raises(Refused) as caught:
        bench.run(home=STANDBY)
    assert [each.code for each in caught.value.findings] == ["same_region_twice"]
    assert bench.aws.changes() == []


def test_every_act_has_a_call() -> None:
    assert set(CALLS) == set(Act)


def test_a_step_that_does_not_show_yet_is_waited_for_and_not_made_again(bench: Rejoining) -> None:
    bench.aws.slow = 12.0
    bench.run()
    check_joined(bench.aws)
    assert [action for action, _region in bench.aws.changes()].count("remove_from_global_cluster") == 1


@pytest.mark.parametrize("stopped_at", ["delete_global_cluster", "modify_db_cluster", "create_db_cluster"])
def test_while_home_is_in_no_global_cluster_its_old_primary_is_known_there(bench: Rejoining, stopped_at: str) -> None:
    bench.aws.faults[stopped_at] = [error("AccessDenied")]
    with pytest.raises(DrError):
        bench.run()
    stand_in: Any = bench.aws
    for region in (HOME, STANDBY):
        found = find_global_cluster(stand_in, region, "shop")
        assert found is not None and found.member(region) is not None
