"""What is seen: frames, faces and images as pictures, drawn when somebody fetches them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from understudy.contracts.json import Json
from understudy.mocks.call import Call
from understudy.mocks.generate.drawing import Box, picture
from understudy.mocks.generate.seeded import Seeded
from understudy.mocks.providers.imentiv.faces import Cast
from understudy.mocks.providers.imentiv.runs import Run
from understudy.mocks.providers.imentiv.scores import FACE, dominant, shown
from understudy.mocks.providers.imentiv.subject import cast_in, face_names, medium_of
from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

_SIDE = 160


@dataclass(frozen=True, slots=True)
class Place:
    """Where a head is in a picture, in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def json(self) -> Json:
        """As replies show it."""
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}

    def box(self, label: str) -> Box:
        """As it is drawn."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height, label)


def place_of(identity: str, head: int, frame: int, width: int, height: int) -> Place:
    """Where a head is: each has a part of the picture to itself, in which it sways a little."""
    noise = blake2b(f"{identity} {head}".encode("utf-8", "surrogatepass"), digest_size=4).digest()
    slot = (head - 1) % 4
    wide = max(1, round(width * (0.14 + noise[0] / 2550)))
    high = max(1, min(height, round(wide * 1.3)))
    sway = (frame * (3 + noise[1] % 5)) % 17 / 17
    x = round(width * (slot + 0.15 + 0.25 * sway) / 4)
    y = round((height - high) * (0.2 + noise[2] / 640))
    return Place(max(0, min(x, width - wide)), max(0, y), wide, high)


def folder_of(call: Call, video: Resource) -> str:
    """The URL below which the pictures of a video are: `original/3.png`, `frame/3.png`,
    `face/1.png`, `thumbnail.png`."""
    return call.folder(f"frames {video.id}", "image/png", _drawer(call, video))


def _drawer(call: Call, video: Resource) -> Callable[[str], bytes]:
    tenant = call.tenant

    def drawn(path: str) -> bytes:
        with tenant.lock:
            return _drawn(video, path)

    return drawn


def _drawn(video: Resource, path: str) -> bytes:
    kind, _, number = path.removesuffix(".png").partition("/")
    medium, draw = medium_of(video), Seeded("scene", video.id)
    if kind == "thumbnail" and not number:
        return picture(medium.width, medium.height, [], draw)
    if not number.isascii() or not number.isdigit() or video.fields["status"] != "completed":
        raise Refusal(Reason.UNKNOWN, f"there is no picture {path!r}")
    cast, at = cast_in(video), int(number)
    if kind == "face" and at in cast.faces:
        return picture(_SIDE, _SIDE, [Box(20, 20, _SIDE - 20, _SIDE - 20)], draw.child(at))
    if kind not in ("original", "frame") or not 1 <= at <= cast.frames:
        raise Refusal(Reason.UNKNOWN, f"there is no picture {path!r}")
    boxes = boxes_in(cast, video, at, labelled=kind == "frame")
    return picture(medium.width, medium.height, boxes, draw)


def boxes_in(cast: Cast, video: Resource, frame: int, *, labelled: bool) -> list[Box]:
    """The heads in a frame, with names and emotions if they are to be told."""
    medium, names = medium_of(video), face_names(video)
    return [
        place_of(medium.identity, run.origin, frame, medium.width, medium.height).box(
            _label(names, face, run, frame) if labelled else ""
        )
        for face, run in cast.seen(frame)
    ]


def _label(names: Mapping[int, str], face: int, run: Run, frame: int) -> str:
    scores = shown(FACE, run.at(frame))
    best = dominant(scores)
    return f"{names.get(face) or f'face {face}'}: {best} {scores[best]:.0%}"
