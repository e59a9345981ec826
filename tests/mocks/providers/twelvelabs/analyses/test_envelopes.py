"""Which refusals of analyses are flat, which are nested, and which have no body."""

import httpx2
import pytest
from analyses_stage import VIDEO, Body, api_of
from stage import NOBODY

from understudy.mocks import Fake

FLAT, NESTED = {"code", "message", "docs_url"}, {"error"}
TASK, BATCH = f"/analyze/tasks/{NOBODY}", f"/analyze/batches/{NOBODY}"


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("POST", "/analyze", FLAT),
        ("GET", "/analyze/tasks?status=asleep", FLAT),
        ("POST", "/analyze/tasks", NESTED),
        ("GET", TASK, NESTED),
        ("DELETE", TASK, NESTED),
        ("POST", f"{TASK}/cancel", NESTED),
        ("GET", "/analyze/batches?status=asleep", NESTED),
        ("POST", "/analyze/batches", NESTED),
        ("GET", BATCH, NESTED),
        ("DELETE", BATCH, NESTED),
        ("POST", f"{BATCH}/cancel", NESTED),
        ("GET", f"{BATCH}/results", NESTED),
    ],
)
def test_refusal__form(
    fake: Fake, api: httpx2.Client, method: str, path: str, form: set[str]
) -> None:
    """Trap: tasks and batches nest theirs, the list of tasks and a wrong key do not."""
    body: Body | None = {"prompt": ""} if method == "POST" and "cancel" not in path else None
    refused = api.request(method, path, json=body)
    assert refused.status_code in (400, 404)
    assert set(refused.json()) == form
    with api_of(fake, "invalid-key") as other:
        wrong = other.request(method, path, json=body)
    assert wrong.status_code == 401
    assert set(wrong.json()) == FLAT


@pytest.mark.parametrize(
    ("operation", "path", "status"),
    [
        ("create-analysis-task", "/analyze/tasks", 500),
        ("cancel-analysis-task", f"{TASK}/cancel", 500),
        ("create-analysis-batch", "/analyze/batches", 503),
        ("create-analysis-batch", "/analyze/batches", 504),
    ],
)
def test_failure__asked_for(
    fake: Fake, api: httpx2.Client, operation: str, path: str, status: int
) -> None:
    """What the service fails with is nested too; SDK 1.3.6 parses 503 and 504 so."""
    fake.faults.add("status", operation=operation, status=status, times=1)
    failed = api.post(path, json={"video": VIDEO, "prompt": "Who?"})
    assert failed.status_code == status
    assert set(failed.json()["error"]) == {"code", "message"}
