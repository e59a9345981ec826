"""A report as a PDF: a title, facts, a chart and a table."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.platypus.flowables import Flowable


@dataclass(frozen=True, slots=True)
class Paper:
    """What a report shows: `shares` are drawn as bars, `rows` stand below `heads`."""

    title: str
    facts: Mapping[str, str]
    caption: str
    shares: Mapping[str, float]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def printed(paper: Paper) -> bytes:
    """The PDF, the same bytes for the same paper."""
    # reportlab is loaded when the first report is made, not when a server starts.
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    styles = getSampleStyleSheet()
    told = [[Paragraph(_plain(cell), styles["BodyText"]) for cell in row] for row in paper.rows]
    grid = Table([[*paper.heads], *told], repeatRows=1)
    head = colors.HexColor("#29335c")
    grid.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), head),
                ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
                ("GRID", (0, 0), (-1, -1), 0.25, colors.grey),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    facts = [f"<b>{_plain(name)}</b>: {_plain(value)}" for name, value in paper.facts.items()]
    story: list[Flowable] = [
        Paragraph(_plain(paper.title), styles["Title"]),
        *(Paragraph(fact, styles["BodyText"]) for fact in facts),
        Spacer(1, 12),
        Paragraph(_plain(paper.caption), styles["Heading2"]),
        _chart(paper.shares),
        Spacer(1, 12),
        grid,
    ]
    kept = io.BytesIO()
    # `invariant`: no date and no random id in the file.
    SimpleDocTemplate(kept, pagesize=A4, title=paper.title, invariant=1).build(story)
    return kept.getvalue()


def _chart(shares: Mapping[str, float]) -> "Flowable":
    from reportlab.graphics.charts.barcharts import VerticalBarChart
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib import colors

    bars = VerticalBarChart()
    bars.x, bars.y, bars.width, bars.height = 30, 30, 400, 130
    bars.data = [tuple(shares.values())]
    bars.categoryAxis.categoryNames = list(shares)
    bars.valueAxis.valueMin = 0
    bars.bars[0].fillColor = colors.HexColor("#e4572e")
    drawing = Drawing(450, 180)
    drawing.add(bars)
    return drawing


def _plain(text: str) -> str:
    """The text without meaning to reportlab's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
