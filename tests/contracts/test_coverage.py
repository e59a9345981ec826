"""Coverage counts what is declared and was used, adds up over runs, and shows what is missing."""

import json
from typing import Any

import pytest

from understudy.contracts.contract import Contract
from understudy.contracts.coverage import Coverage, CoverageError
from understudy.contracts.exchange import Headers, Request
from understudy.contracts.lifecycle import load_lifecycles
from understudy.contracts.operation import Reading
from understudy.contracts.report.coverage import FORMATS, render
from understudy.contracts.surface import Item

SIZE = {"enum": ["s", "m"]}
SHOP: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/goods": {
            "get": {
                "operationId": "list",
                "parameters": [
                    {"name": "size", "in": "query", "schema": {"type": "array", "items": SIZE}},
                    {"name": "page", "in": "query", "schema": {"type": "integer"}},
                ],
                "responses": {"200": {"description": "x"}, "4XX": {"description": "x"}},
            },
            "post": {
                "operationId": "add",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Goods"}}
                    }
                },
                "responses": {"201": {"description": "x"}},
            },
        }
    },
    "components": {
        "schemas": {
            "Goods": {
                "type": "object",
                "properties": {
                    "size": SIZE,
                    "id": {"type": "string", "readOnly": True},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Goods"}},
                },
            }
        }
    },
}
LIFE: dict[str, Any] = {
    "job": {
        "stages": [{"status": "on"}],
        "terminal": ["off"],
        "success": "off",
        "transitions": {"on": ["off"], "off": []},
    }
}


@pytest.fixture
def shop() -> Contract:
    """A contract with a list that is filtered and a body that contains itself."""
    return Contract.load(SHOP, name="shop")


@pytest.fixture
def coverage(shop: Contract) -> Coverage:
    """Nothing used yet."""
    made = Coverage()
    made.declare(shop, load_lifecycles({"lifecycles": LIFE}))
    return made


def see(coverage: Coverage, shop: Contract, request: Request, status: int) -> None:
    """One exchange."""
    reading = shop.read(request)
    assert isinstance(reading, Reading)
    coverage.see("shop", reading, status)


def test_surface__is_all_that_is_declared(coverage: Coverage) -> None:
    """Every kind, the read-only field left out, a schema within itself followed once."""
    assert sorted(coverage.shares["shop"].declared) == sorted(
        [
            Item("operation", "add"),
            Item("operation", "list"),
            Item("status", "list", "200"),
            Item("status", "list", "4XX"),
            Item("status", "add", "201"),
            Item("parameter", "list", "query size"),
            Item("parameter", "list", "query page"),
            Item("value", "list", "query size=s"),
            Item("value", "list", "query size=m"),
            Item("field", "add", "/size"),
            Item("field", "add", "/parts"),
            Item("value", "add", "/size=s"),
            Item("value", "add", "/size=m"),
            Item("move", "job", "on -> off"),
        ]
    )


def test_see__counts_what_was_used(coverage: Coverage, shop: Contract) -> None:
    """Parameters and values of the query, the status by its range, fields of the body."""
    see(coverage, shop, Request("GET", "/goods", "size=s&size=m"), 404)
    body = json.dumps({"size": "s", "parts": [{"size": "m"}], "more": 1}).encode()
    kind = Headers([("content-type", "application/json")])
    see(coverage, shop, Request("POST", "/goods", "", kind, body), 201)
    share = coverage.shares["shop"]
    assert [share.of(kind) for kind in ("operation", "status", "parameter", "field", "value")] == [
        (2, 2), (2, 3), (1, 2), (2, 2), (3, 4),
    ]  # fmt: skip
    assert share.missing("value") == [Item("value", "add", "/size=m")]
    assert share.missing("parameter") == [Item("parameter", "list", "query page")]
    coverage.moved("shop", "job", "on", "off")
    coverage.moved("shop", "job", "off", "on")
    assert share.of("move") == (1, 1)
    assert coverage.percent == pytest.approx(100 * 11 / 14)


def test_add__puts_runs_together(coverage: Coverage, shop: Contract) -> None:
    """What either run has used counts; the order does not matter."""
    other = Coverage()
    other.declare(shop, load_lifecycles({"lifecycles": LIFE}))
    see(coverage, shop, Request("GET", "/goods"), 200)
    other.count("shop", "add", 201, times=3)
    one, two = Coverage(), Coverage()
    for merged, runs in ((one, (coverage, other)), (two, (other, coverage))):
        for run in runs:
            merged.add(json.loads(json.dumps(run.values())))
    assert one.values() == two.values()
    assert one.shares["shop"].of("operation") == (2, 2)
    assert one.shares["shop"].uses[Item("operation", "add")] == 3


@pytest.mark.parametrize(
    "wrong", [[], {"shop": {}}, {"shop": {"declared": [["x", "y", "z"]], "uses": []}}, None]
)
def test_add__of_what_is_no_coverage(wrong: Any) -> None:
    """The error says what would have been one."""
    with pytest.raises(CoverageError, match="understudy check --coverage"):
        Coverage().add(wrong)


def test_report__names_what_was_never_used(coverage: Coverage, shop: Contract) -> None:
    """The table tells numbers and missing operations; the page everything missing."""
    see(coverage, shop, Request("GET", "/goods"), 200)
    text = render(coverage, "text")
    assert "operations          1 of 2       50 %" in text and "never: add" in text
    page = render(coverage, "html")
    assert "<code>add /parts</code>" in page and "on -&gt; off" in page
    assert json.loads(render(coverage, "json")) == coverage.values()
    assert list(coverage.lines()) == [
        "shop: 1 of 2 operations, 1 of 3 statuses, 0 of 2 parameters, 0 of 2 fields,"
        " 0 of 4 values, 0 of 1 moves"
    ]
    with pytest.raises(ValueError, match="'xml' is unknown"):
        render(coverage, "xml")
    assert FORMATS == ("text", "json", "html")
