"""Files that replies link to can be fetched by anybody, until they expire."""

import httpx2
from stage import client_of, new_index, new_video

from understudy.mocks import Fake

URL = "https://cdn.example/red-fox.mp4?duration=15"


def test_stream__playlist_and_pieces_are_there() -> None:
    """Every URL of a video's `hls` leads to a file of its kind, without a key."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        index = new_index(api, "films")
        video = new_video(fake, api, index, URL)
        hls = api.get(f"/indexes/{index}/videos/{video}").json()["hls"]
        with httpx2.Client(transport=fake.transport()) as anybody:
            playlist = anybody.get(hls["video_url"])
            assert playlist.headers["content-type"] == "application/vnd.apple.mpegurl"
            pieces = [line for line in playlist.text.splitlines() if line.startswith("http")]
            assert len(pieces) == 3
            assert anybody.get(pieces[0]).content[:1] == b"\x47"
            still = anybody.get(hls["thumbnail_urls"][0])
            assert still.content.startswith(b"\x89PNG")
            assert anybody.post(hls["video_url"]).status_code == 405


def test_link__expires_on_its_owners_clock() -> None:
    """A thumbnail is gone after an hour; an invented token never was."""
    with Fake("twelvelabs", time="manual") as fake, client_of(fake, "tlk") as api:
        index = new_index(api, "films")
        video = new_video(fake, api, index, URL)
        path = f"/indexes/{index}/videos/{video}"
        [url] = api.get(path).json()["hls"]["thumbnail_urls"]
        with httpx2.Client(transport=fake.transport()) as anybody:
            fake.clock.advance(3599)
            assert anybody.get(url).status_code == 200
            fake.clock.advance(1)
            assert anybody.get(url).status_code == 403
            assert api.get(path).json()["hls"]["thumbnail_urls"] == [url]
            assert anybody.get(url).status_code == 200
            assert anybody.get("https://api.twelvelabs.io/_media/nothing").status_code == 404
