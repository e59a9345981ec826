"""What a name means: a provider with all its versions, one version alone, or a file."""

import httpx2
import pytest
from click.testing import CliRunner

from understudy.cli import cli
from understudy.mocks import Fake
from understudy.mocks.errors import FakeError
from understudy.mocks.providers.catalogue import PROVIDERS, provide


@pytest.mark.parametrize("name", PROVIDERS)
def test_provider__every_version_can_be_had_alone(name: str) -> None:
    """A version's name is the provider with that document and no other, at the same mount."""
    whole = provide(name)
    for edition in whole.editions:
        alone = provide(edition.contract.name)
        assert alone.editions == (edition,)
        assert (alone.name, alone.mount) == (whole.name, whole.mount)
        assert alone.kinds.keys() == whole.kinds.keys()


def test_version__unknown_is_told_with_those_there_are() -> None:
    """The error names the versions."""
    with pytest.raises(FakeError, match=r"no version of twelvelabs; there are twelvelabs/v1\.3"):
        provide("twelvelabs/v9")


def test_version__withdrawn_and_gone_at_once_is_refused() -> None:
    """Nothing would be left to serve."""
    with pytest.raises(FakeError, match="withdrawn"):
        Fake("twelvelabs/v1.3-2025", retired="gone")


def test_serve__a_mistyped_version_is_told() -> None:
    """On the command line as well, before anything is served."""
    ran = CliRunner().invoke(cli, ["serve", "twelvelabs/v1.4"])
    assert ran.exit_code != 0
    assert "no version of twelvelabs" in (ran.output + str(ran.exception))


def test_current__leaves_what_is_not_withdrawn() -> None:
    """The union without the older state of v1.3; providers without one stay as they are."""
    names = [edition.contract.name for edition in provide("twelvelabs").current().editions]
    assert names == ["twelvelabs/v1.3", "twelvelabs/v1.2"]
    assert provide("mixpeek").current() == provide("mixpeek")


@pytest.mark.parametrize("name", ["twelvelabs/v1.3-2025", "twelvelabs/v1.2"])
def test_version__alone_can_remove_what_it_made(name: str) -> None:
    """What several versions store together is taken away by one of them as well."""
    older = name.endswith("v1.2")
    kind = "engine" if older else "model"
    model = {f"{kind}_name": "marengo2.7", f"{kind}_options": ["visual"]}
    base = f"https://api.twelvelabs.io/{'v1.2' if older else 'v1.3'}"
    fake = Fake(name)
    with fake, httpx2.Client(base_url=base, headers={"x-api-key": "any-key"}) as api:
        index = api.post("/indexes", json={"index_name": "films", f"{kind}s": [model]}).json()
        form = {"index_id": (None, index["_id"]), "video_url": (None, "https://x.example/a.mp4")}
        task = api.post("/tasks", files=form).json()["_id"]
        fake.clock.advance(1e5)
        video = api.get(f"/tasks/{task}").json()["video_id"]
        path = f"/indexes/{index['_id']}/videos/{video}"
        assert api.delete(path).status_code == 204
        assert api.get(path).status_code == 404
