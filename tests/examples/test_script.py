"""A plain script with requests, run as it is: no port, no waiting, no change to it."""

import time

import pytest
from tests.examples.upload_script import index_film

from understudy.mocks import Fake

pytestmark = pytest.mark.understudy("twelvelabs")


def test_script__runs_offline(understudy: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    """It waits for six hundred seconds of the fake's time, and sees what it would have seen."""
    began, clock = time.perf_counter(), understudy.clock.now()

    video = index_film("tlk_example", "https://media.example/film.mp4?duration=1080")

    assert video
    assert understudy.clock.now() - clock == 600.0
    assert time.perf_counter() - began < 300
    said = capsys.readouterr().out.split()
    assert list(dict.fromkeys(said)) == ["uploading", "pending", "indexing", "ready"]


def test_script__tells_of_a_failure(understudy: Fake) -> None:
    """A film that cannot be indexed ends the script with its own words."""
    with pytest.raises(SystemExit, match="could not be indexed"):
        index_film("tlk_example", "https://media.example/understudy-fail.mp4")
    assert understudy.clock.pending() == []
