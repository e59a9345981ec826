"""`understudy serve --scenario`: the file is where every tenant begins."""

from pathlib import Path

import httpx2
import pytest
from live import live_server

from understudy.cli import main

SCENARIO = """\
scenario: 1
time: manual
now: 2025-09-01T08:00:00Z
play:
  - operation: create-index
    json: {index_name: films, models: [{model_name: marengo2.7, model_options: [visual]}]}
faults:
  - {kind: status, status: 503, operation: list-indexes, times: 1}
"""


def test_scenario__is_served(tmp_path: Path) -> None:
    """Clock, resources and faults; what the command line says counts more than the file."""
    path = tmp_path / "films.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    with live_server("twelvelabs", "--scenario", str(path), "--speed", "4") as live:
        headers = {"x-api-key": "any-key"}
        with httpx2.Client(base_url=f"{live.url}/twelvelabs/v1.3", headers=headers) as api:
            assert api.get("/indexes").status_code == 503
            assert [each["index_name"] for each in api.get("/indexes").json()["data"]] == ["films"]
        [clock] = httpx2.get(f"{live.url}/_understudy/clock").json()["clocks"]
        assert (clock["mode"], clock["speed"]) == ("manual", 4.0)
        assert clock["now"] == "2025-09-01T08:00:00.000Z"


def test_scenario__that_is_wrong_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line and what would have worked, before anything listens."""
    path = tmp_path / "films.yaml"
    path.write_text(SCENARIO.replace("kind: status,", "kind: statu,"), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["serve", "twelvelabs", "--port", "0", "--scenario", str(path)])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "films.yaml:8: at /faults/0/kind: 'statu' is not known here" in said
    assert "did you mean 'status'" in said
