"""twelvelabs 1.3.6, the SDK of late 2026, over all of its sections.

Run by `make vendor` in an environment that holds the SDK and nothing of understudy, as
`python twelvelabs_1_3_6.py SERVER_URL FOLDER`; prints one line a step and `N passed, 0 failed`.
What came after mid 2025 stands in `current/`.
"""

from pathlib import Path

import fern
from current import analyses, assets, connections, entities, knowledge, vectors
from journey import run, step
from twelvelabs import TwelveLabs
from twelvelabs.types import VideosListRequestDuration as Duration

SECTIONS = (assets, vectors, analyses, entities, connections, knowledge)


def main(url: str, folder: Path) -> None:
    """The journey, in the order in which a customer takes it."""
    client = TwelveLabs(api_key="tlk_vendor", base_url=f"{url}/twelvelabs/v1.3")
    index_id = fern.indexes(client, "marengo3.0")
    ids = fern.uploads(client, index_id, folder)
    fern.videos(client, index_id, ids, folder)
    ranges(client, index_id, ids)
    fern.searching(client, index_id, ids, folder)
    media(client, index_id, ids, folder)
    fern.embeddings(client, "marengo3.0", 512, folder)
    fern.embedding_tasks(client, "marengo3.0", 512, folder)
    for section in SECTIONS:
        section.steps(client, folder)
    fern.farewell(client, index_id, ids["film"])


def ranges(client: TwelveLabs, index_id: str, ids: dict[str, str]) -> None:
    """Bounds instead of single values."""

    with step("filter the videos by ranges"):
        for bounds, names in (
            (Duration(gte=50.0), {"fox"}),
            (Duration(gte=40.0, lte=60.0), {"fox", "ferry"}),
            (Duration(lte=12.0), {"film", "copy"}),
            (45.0, {"ferry"}),
        ):
            found = client.indexes.videos.list(index_id, duration=bounds)
            assert {each.id for each in found} == {ids[name] for name in names}, bounds


def media(client: TwelveLabs, index_id: str, ids: dict[str, str], folder: Path) -> None:
    """Searches that came after 1.0: words and pictures together, and what is said."""

    with step("search with options that the wrapper drops"):
        pages = client.search.query(
            index_id=index_id,
            search_options=["visual"],
            query_text="a red fox",
            threshold="high",
            adjust_confidence_level=0.9,
            sort_option="score",
            page_limit=3,
        )
        assert pages.items[0].video_id == ids["fox"]
        assert next(iter(pages)).rank == 1

    with step("search in what is said"):
        pages = client.search.query(
            index_id=index_id,
            search_options=["transcription"],
            query_text="fox",
            transcription_options=["lexical", "semantic"],
        )
        assert pages.items is not None

    with step("search by words and a picture together"):
        picture = (folder / "photo.jpeg").read_bytes()
        pages = client.search.query(
            index_id=index_id,
            search_options=["visual"],
            query_text="a red fox",
            query_media_type="image",
            query_media_file=("red-fox.jpeg", picture),
        )
        assert pages.items


if __name__ == "__main__":
    run(main)
