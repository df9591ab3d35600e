"""Health, readiness, metrics, security headers and request ids, as an operator's machines see them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families


@pytest.fixture
def outside(server: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def test_health_and_readiness_need_no_caller(start_server: Callable[..., Any], database_kind: str) -> None:
    url = start_server(database_kind).url  # one of its own: other tests take the shared one's keys away
    for base in ("", "/api/v1"):
        assert httpx.get(f"{url}{base}/health", trust_env=False).json()["status"] == "ok"
        ready = httpx.get(f"{url}{base}/health/ready", trust_env=False).json()
        assert (ready["status"], ready["database"], ready["queue"], ready["secrets"]) == ("ok", "ok", "ok", "ok")


def test_every_answer_carries_a_request_id_and_the_security_headers(outside: httpx.Client) -> None:
    for path in ("/health", "/api/v1/integrations", "/nowhere"):
        headers = outside.get(path).headers
        assert re.fullmatch(r"req_[0-9a-z]{26}", headers["x-request-id"])
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
    problem = outside.get("/api/v1/integrations")
    assert problem.json()["request_id"] == problem.headers["x-request-id"]


def test_metrics_count_executions_by_outcome(outside: httpx.Client, client: httpx.Client, emulator: Any) -> None:
    integration = client.post("/integrations", json={"name": "Counted"}).json()
    request = {"method": "GET", "endpoint": f"{emulator.url}/v1/validations"}
    action = client.post(f"/integrations/{integration['id']}/actions", json={"name": "Ask", "request": request}).json()

    def counted() -> float:
        told = outside.get("/metrics").text
        found = re.search(r'recado_executions_total\{kind="live",outcome="auth_failed"\} ([\d.]+)', told)
        return float(found[1]) if found else 0.0

    before = counted()
    assert client.post(f"/actions/{action['id']}/executions", json={}).json()["outcome"] == "auth_failed"
    assert counted() == before + 1
    told = outside.get("/metrics").text
    for name in (
        "recado_call_seconds_bucket",
        "recado_calls_in_flight 0",
        "recado_writer_queue",
        "recado_results_unwritten 0",
    ):
        assert name in told
    assert 'recado_call_seconds_bucket{le="+Inf"}' in told


def test_prometheus_understands_every_line_of_the_metrics(outside: httpx.Client) -> None:
    answer = outside.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert {name: found[name].type for name in ("recado_executions", "recado_call_seconds", "recado_info")} == {
        "recado_executions": "counter", "recado_call_seconds": "histogram", "recado_info": "gauge",
    }  # fmt: skip
    assert all(family.documentation and family.samples for family in found.values() if "executions" not in family.name)
    process = {name: found[name].samples[0].value for name in found if name.startswith("process_")}
    assert 10 * 2**20 < process["process_resident_memory_bytes"] < process["process_virtual_memory_bytes"]
    assert 0 < process["process_open_fds"] < process["process_max_fds"]
    assert process["process_cpu_seconds"] > 0
    assert abs(process["process_start_time_seconds"] - psutil.Process().create_time()) < 60
    bounds = [sample.labels["le"] for sample in found["recado_call_seconds"].samples if sample.name.endswith("_bucket")]
    assert bounds == sorted(bounds, key=float)
    assert bounds[-1] == "+Inf"


def test_metrics_can_be_kept_behind_a_token(start_server: Callable[..., Any]) -> None:
    server = start_server(metrics_token="only-prometheus-knows")
    with httpx.Client(base_url=server.url, trust_env=False) as outside:
        assert outside.get("/metrics").status_code == 401
        assert outside.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 401
        answer = outside.get("/metrics", headers={"authorization": "Bearer only-prometheus-knows"})
        assert answer.status_code == 200
        assert "recado_info" in answer.text


def test_a_stranger_learns_nothing_but_that_a_key_is_needed(outside: httpx.Client) -> None:
    answer = outside.get("/api/v1/integrations")
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
