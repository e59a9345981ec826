"""Pictures with boxes and labels drawn on them: what an analysis of a frame or an image shows."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from understudy.mocks.generate.seeded import Seeded

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Font = FreeTypeFont | ImageFont

Form = Literal["png", "jpeg"]
LARGEST = 4096
"""A picture is never wider or higher, in pixels; a larger one is drawn smaller."""

_COLOURS = ("#e4572e", "#29335c", "#4f9d69", "#a63d8f", "#17bebb", "#c99a02")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the whole picture, with what is written above it."""

    left: float
    top: float
    right: float
    bottom: float
    label: str = ""


def picture(
    width: int, height: int, boxes: Sequence[Box], draw: Seeded, form: Form = "png"
) -> bytes:
    """A file of that form: a seeded scene with a head in each box, framed and labelled."""
    kept = io.BytesIO()
    if form == "png":
        scene(width, height, boxes, draw).save(kept, "PNG")
    else:
        scene(width, height, boxes, draw).save(kept, "JPEG", quality=85)
    return kept.getvalue()


def scene(width: int, height: int, boxes: Sequence[Box], draw: Seeded) -> "Image":
    """The picture itself, of Pillow, in RGB."""
    # Pillow is loaded when the first picture is fetched, not when a server starts.
    from PIL import Image, ImageDraw, ImageFont

    scale = min(1.0, LARGEST / max(width, height, 1))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    top, bottom = (tuple(draw.integer(low, low + 90) for _ in range(3)) for low in (120, 20))
    made = Image.linear_gradient("L").resize(size)
    made = Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), made)
    pen = ImageDraw.Draw(made)
    font = ImageFont.load_default(max(10, size[1] // 24))
    line = max(1, size[1] // 180)
    for index, box in enumerate(boxes):
        colour = _COLOURS[index % len(_COLOURS)]
        left, right = sorted((box.left * scale, box.right * scale))
        upper, lower = sorted((box.top * scale, box.bottom * scale))
        if min(right - left, lower - upper) > 2 * line:
            head = (left + line, upper + line, right - line, lower - line)
            pen.ellipse(head, fill="#d8b49c")
        pen.rectangle((left, upper, right, lower), outline=colour, width=line)
        if box.label:
            _label(pen, (left, upper), box.label, colour, font)
    return made


def _label(pen: "ImageDraw", at: tuple[float, float], text: str, colour: str, font: "Font") -> None:
    """The text on a plate of the box's colour, above the box or, at the edge, within it."""
    left, upper, right, lower = pen.textbbox((0, 0), text, font=font)
    high = lower - upper + 4
    x, y = max(0.0, at[0]), max(0.0, at[1] - high)
    pen.rectangle((x, y, x + right - left + 6, y + high), fill=colour)
    pen.text((x + 3 - left, y + 2 - upper), text, fill="white", font=font)
