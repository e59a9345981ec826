"""What is larger than the fake takes is refused, in the envelope, by every upload."""

import pytest
from stage import client_of, refused

from understudy.mocks import Fake
from understudy.mocks.limits import Limits

SMALL = Limits(upload=1000, text=200, body=2000)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/search", "query_media_file"),
        ("/embed", "image_file"),
        ("/embed/tasks", "video_file"),
        ("/tasks", "video_file"),
    ],
)
def test_upload__too_large(path: str, file: str) -> None:
    """A file over the bound, and a text over its own, are 413."""
    with Fake("twelvelabs", limits=SMALL) as fake, client_of(fake, "tlk") as api:
        response = api.post(path, files={file: ("a.mp4", bytes(1001))})
        refused(response, 413, "request_too_large")
        response = api.post(path, files={"index_id": (None, "x" * 201)})
        refused(response, 413, "request_too_large")
