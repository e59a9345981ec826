"""mixpeek 0.14.0, the SDK of 23 December 2024, over its whole surface.

Run by `make vendor` in an environment that holds the SDK and nothing of understudy, as
`python mixpeek_0_14_0.py SERVER_URL FOLDER`; prints one line a step and `N passed, 0 failed`.
"""

from pathlib import Path

import speakeasy
from journey import run, step
from mixpeek import Mixpeek

MODEL = "vector_index"


def main(url: str, folder: Path) -> None:
    """The journey, in the order in which a customer takes it."""
    server = f"{url}/mixpeek"
    with Mixpeek(bearer_auth="sk_vendor_14", server_url=server) as client:
        ids = speakeasy.ingested(client, MODEL)
        found = speakeasy.assets(client, ids)
        interactions(client, found["video"])
        speakeasy.features(client, MODEL, ids, found)
        speakeasy.collections(client)
        speakeasy.namespaces(client, MODEL)
        speakeasy.organization(client)
        stranger = Mixpeek(bearer_auth="invalid-key", server_url=server)
        speakeasy.refusals(client, stranger, MODEL)
        speakeasy.farewell(client, ids)


def interactions(client: Mixpeek, feature_id: str) -> None:
    """Interactions, which only this release has, and `percolate`."""
    with step("note, read, list and delete an interaction"):
        made = client.search_interactions.create(
            feature_id=feature_id, interaction_type="click", position=2, session_id="s-1"
        )
        read = client.search_interactions.get_interaction(interaction_id=made.interaction_id)
        assert (read.feature_id, read.position) == (feature_id, 2)
        assert len(client.interactions.list(session_id="s-1", page_size=5)) == 1
        assert client.interactions.list(interaction_type="view") == []
        client.search_interactions.delete(interaction_id=made.interaction_id)
        assert client.interactions.list() == []

    with step("ingest with percolation"):
        task = client.ingest.text(
            collection="percolated",
            percolate={"enabled": True, "min_score": 0.5},
            feature_extractors={"embed": [{"type": "text", MODEL: "text", "value": "a car"}]},
        )
        assert task.message == "Text processing queued"
        speakeasy.waited(client, task.task_id)
        client.collections.delete(collection="percolated")


if __name__ == "__main__":
    run(main, "mixpeek")
