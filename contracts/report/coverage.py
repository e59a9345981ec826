"""A coverage for people (a table, a page) and for programs."""

import json
from collections.abc import Iterator
from html import escape

from understudy.contracts.coverage import Coverage, Share
from understudy.contracts.surface import KINDS, Item, Kind

FORMATS = ("text", "json", "html")
_NAMES: dict[Kind, str] = {
    "operation": "operations",
    "status": "statuses",
    "parameter": "parameters",
    "field": "body fields",
    "value": "listed values",
    "move": "lifecycle moves",
}
_SHOWN = 10
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem;text-align:left;"
    "border-bottom:1px solid #8884}td.n{text-align:right}summary{cursor:pointer}"
    "code{font-size:.9em}"
)


def render(coverage: Coverage, form: str) -> str:
    """The coverage in one of `FORMATS`; ValueError for any other name."""
    if form == "text":
        return "".join(f"{line}\n" for line in _text(coverage))
    if form == "json":
        return json.dumps(coverage.values()) + "\n"
    if form == "html":
        return "\n".join(_page(coverage)) + "\n"
    raise ValueError(f"format {form!r} is unknown; there are {', '.join(FORMATS)}")


def _text(coverage: Coverage) -> Iterator[str]:
    for name, share in sorted(coverage.shares.items()):
        yield name
        for kind in KINDS:
            done, total = share.of(kind)
            if not total:
                continue
            yield f"  {_NAMES[kind]:<16}{done:>5} of {total:<5}{100 * done / total:>5.0f} %"
            yield from _missing(share, kind)
    yield f"{coverage.percent:.1f} % of everything declared"


def _missing(share: Share, kind: Kind) -> Iterator[str]:
    """The first of what was never used, where it is worth a line: operations and moves."""
    if kind not in ("operation", "move"):
        return
    missing = share.missing(kind)
    for item in missing[:_SHOWN]:
        yield f"    never: {_named(item)}"
    if len(missing) > _SHOWN:
        yield f"    and {len(missing) - _SHOWN} more"


def _page(coverage: Coverage) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width"><title>Contract coverage</title>'
    yield f"<style>{_STYLE}</style>"
    yield f"<h1>Contract coverage: {coverage.percent:.1f} %</h1>"
    for name, share in sorted(coverage.shares.items()):
        yield f"<h2>{escape(name)}</h2>"
        yield "<table><tr><th>what<th>used<th>declared<th>%</tr>"
        for kind in KINDS:
            done, total = share.of(kind)
            if total:
                cells = "".join(
                    f'<td class="n">{cell}' for cell in (done, total, f"{100 * done / total:.0f}")
                )
                yield f"<tr><td>{_NAMES[kind]}{cells}</tr>"
        yield "</table>"
        for kind in KINDS:
            missing = share.missing(kind)
            if missing:
                yield f"<details><summary>{len(missing)} {_NAMES[kind]} never used</summary><ul>"
                yield from (f"<li><code>{escape(_named(item))}</code>" for item in missing)
                yield "</ul></details>"
    yield "</html>"


def _named(item: Item) -> str:
    return f"{item.subject} {item.name}".rstrip()
