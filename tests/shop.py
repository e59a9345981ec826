"""A small contract whose jobs have a lifecycle, and exchanges with it told in a line each."""

import json
from typing import Any

from understudy.contracts.exchange import Exchange, Headers, Request, Response

KEY = Headers([("x-api-key", "k"), ("content-type", "application/json")])
JOBS: dict[str, Any] = {
    "lifecycles": {
        "job": {
            "status": "status",
            "initial": "waiting",
            "stages": [{"status": "waiting"}, {"status": "working"}, {"status": "storing"}],
            "terminal": ["ready", "failed"],
            "success": "ready",
            "failure": {"status": "failed", "from": ["working"]},
            "transitions": {
                "waiting": ["working"],
                "working": ["storing", "failed"],
                "storing": ["ready"],
                "ready": [],
                "failed": [],
            },
            "progress": {"field": "percent"},
        }
    }
}


def operation(name: str, **more: Any) -> dict[str, Any]:
    """An operation without more rules than its place."""
    return {"operationId": name, "responses": {"default": {"description": "x"}}, **more}


ID = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
_OF_SHOP = {"name": "jobs", "action": "read", "id": "id", "parent": "shop_id"}
SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example/v1"}],
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-api-key"}}
    },
    "security": [{"key": []}],
    "x-resources": {
        "jobs": {
            "schema": "#/x",
            "id": {"field": "job_id", "form": "uuid"},
            "created": "made",
            "updated": "changed",
            "lifecycle": "job",
        }
    },
    "paths": {
        "/shops/{id}": {"delete": operation("close-shop", parameters=ID)},
        "/jobs": {
            "post": operation(
                "create-job",
                requestBody={"content": {"application/json": {"schema": {}}}},
                **{"x-resource": {"name": "jobs", "action": "create"}},
            ),
            "get": operation(
                "list-jobs",
                **{
                    "x-resource": {"name": "jobs", "action": "list"},
                    "x-paging": {"style": "page-number", "items": "data"},
                },
            ),
        },
        "/jobs/{id}": {
            "get": operation(
                "read-job",
                parameters=ID,
                **{"x-resource": {"name": "jobs", "action": "read", "id": "id"}},
            ),
            "delete": operation(
                "delete-job",
                parameters=ID,
                **{"x-resource": {"name": "jobs", "action": "delete", "id": "id"}},
            ),
        },
        "/shops/{shop_id}/jobs/{id}": {
            "get": operation(
                "read-job-of-shop",
                parameters=[*ID, {**ID[0], "name": "shop_id"}],
                **{"x-resource": _OF_SHOP},
            ),
        },
        "/jobs/{id}/parts": {
            "delete": operation(
                "less-of-job",
                parameters=ID,
                **{
                    "x-traces": [
                        {
                            "lifecycle": "job",
                            "act": "restart",
                            "status": "/status",
                            "asked": "$request.path.id",
                        }
                    ]
                },
            )
        },
        "/jobs/{id}/again": {
            "post": operation(
                "again",
                parameters=ID,
                **{
                    "x-traces": [
                        {
                            "lifecycle": "job",
                            "act": "restart",
                            "status": "/status",
                            "progress": "/percent",
                            "asked": "$request.path.id",
                        }
                    ]
                },
            )
        },
        "/jobs/{id}/pages/{page}": {
            "get": operation(
                "page",
                parameters=[*ID, {**ID[0], "name": "page"}],
                **{
                    "x-traces": [
                        {
                            "lifecycle": "job",
                            "act": "part",
                            "status": "/status",
                            "asked": ["$request.path.id", "$request.path.page"],
                        }
                    ]
                },
            )
        },
        "/stop": {
            "post": operation(
                "stop",
                requestBody={"content": {"application/json": {"schema": {}}}},
                **{
                    "x-traces": [
                        {"lifecycle": "job", "act": "delete", "asked": "$request.body#/ids"}
                    ]
                },
            )
        },
    },
}


def said(
    line: str,
    answer: Any = None,
    *,
    status: int = 200,
    body: Any = None,
    at: float | None = None,
    **headers: str,
) -> Exchange:
    """An exchange from `METHOD /path` to its JSON answer; `headers` are those of the reply."""
    method, path = line.split()
    content = b"" if answer is None else json.dumps(answer).encode()
    asked = b"" if body is None else json.dumps(body).encode()
    lines = [(name.replace("_", "-"), value) for name, value in headers.items()]
    kind = Headers([("content-type", "application/json"), *lines])
    reply = Response(status, kind, content)
    return Exchange(Request(method, path, "", KEY, asked), reply, at=at)


def job(status: str, **more: Any) -> dict[str, Any]:
    """A job as its reading shows it."""
    return {"job_id": "j", "status": status, **more}


def looks(*statuses: str) -> list[Exchange]:
    """Readings of the job, one for each status."""
    return [said("GET /jobs/j", job(status)) for status in statuses]
