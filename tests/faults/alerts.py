"""What Prometheus is shown, and which alerts of `ops/prometheus-alerts.yml` it then has. For `promtool test rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DAY = 86_400


@dataclass(frozen=True)
class Case:
    """`series`: name and labels to values as promtool writes them (one a minute, from the moment 0 of its clock). At
    each minute in `calm` the alert is not there, at `fires` it is, with these labels beside its severity."""

    alert: str
    series: Mapping[str, str]
    calm: tuple[int, ...]
    fires: int
    labels: Mapping[str, str] = field(default_factory=dict)


CASES = (
    Case("LagesbildNere", {'up{job="lagesbild"}': "1x5 0x10"}, (5, 7), 9, {"job": "lagesbild"}),
    Case("LagesbildDatabasNere", {"lagesbild_database_up": "1x5 0x10"}, (5, 6), 8),
    Case(
        "LagesbildSkrivbaraNere",  # one process may not have noticed yet
        {'lagesbild_primary_up{instance="a"}': "1x5 0x20", 'lagesbild_primary_up{instance="b"}': "1x9 0x20"},
        (5, 8),
        12,
    ),
    Case(
        "LagesbildFel",  # nobody has asked anything at first; 2 % are faults at last
        {
            'lagesbild_requests_total{status="200"}': "0x20 0+98x60",
            'lagesbild_requests_total{status="503"}': "0x50 0+2x60",
        },
        (10, 40),
        75,
    ),
    Case(
        "LagesbildLangsam",
        {
            'lagesbild_request_seconds_bucket{kind="view", le="1"}': "0+10x30 300+8x60",
            'lagesbild_request_seconds_bucket{kind="view", le="2.5"}': "0+10x30 300+10x60",
            'lagesbild_request_seconds_bucket{kind="view", le="+Inf"}': "0+10x30 300+10x60",
        },
        (25,),
        70,
    ),
    Case("LagesbildWebbprocesserDor", {"lagesbild_worker_starts_total": "2x5 4x10 4+2x10"}, (5, 15), 24),
    Case("LagesbildManadSaknas", {"lagesbild_newest_month_timestamp_seconds": f"{-84 * DAY}x5 {-86 * DAY}x5"}, (4,), 8),
    Case("LagesbildImportSaknas", {"lagesbild_last_import_timestamp_seconds": f"{-39 * DAY}x5 {-41 * DAY}x5"}, (4,), 8),
    Case(
        "LagesbildPrognosEfter",
        {
            "lagesbild_newest_month_timestamp_seconds": "1000x6000",
            "lagesbild_forecast_until_timestamp_seconds": "1000x10 900x5990",
        },
        (5, 1000),
        2900,
    ),
    Case(
        "LagesbildPrognosSaknas",
        {
            'lagesbild_database_up{instance="a"}': "1x3000",
            'lagesbild_last_forecast_timestamp_seconds{instance="a"}': "5x100",
        },
        (50, 1000),
        1600,
        {"instance": "a"},
    ),
    Case(
        "LagesbildKorningMisslyckades", {'lagesbild_jobs_failed{kind="import"}': "0x5 1x5"}, (4,), 8, {"kind": "import"}
    ),
    Case(
        "LagesbildKorningTarInteSlut",
        {'lagesbild_job_unfinished_timestamp_seconds{kind="prognoser"}': "0x400"},
        (359,),
        362,
        {"kind": "prognoser"},
    ),
    Case(
        "LagesbildLaskopianAnvandsInte",
        {'lagesbild_replica_in_use{instance="a"}': "1x5 0x40", 'lagesbild_replica_in_use{instance="b"}': "1x10 0x40"},
        (5, 20),
        30,
    ),
)


def rule_tests(rules: list[dict[str, Any]], file: str) -> dict[str, Any]:
    """The cases as promtool reads them. `file` is that of the rules."""
    by_name = {r["alert"]: r for r in rules}

    def expected(case: Case) -> dict[str, Any]:
        rule = by_name[case.alert]
        said = {k: v.replace("{{ $labels.kind }}", case.labels.get("kind", "")) for k, v in rule["annotations"].items()}
        return {"exp_labels": {**rule["labels"], **case.labels}, "exp_annotations": said}

    def asked(case: Case) -> list[dict[str, Any]]:
        calm = [{"eval_time": f"{m}m", "alertname": case.alert, "exp_alerts": []} for m in case.calm]
        return [*calm, {"eval_time": f"{case.fires}m", "alertname": case.alert, "exp_alerts": [expected(case)]}]

    return {
        "rule_files": [file],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": s, "values": v} for s, v in case.series.items()],
                "alert_rule_test": asked(case),
            }
            for case in CASES
        ],
    }
