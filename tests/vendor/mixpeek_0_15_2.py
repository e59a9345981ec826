"""mixpeek 0.15.2, the SDK of 29 December 2024, over its whole surface.

Run by `make vendor` in an environment that holds the SDK and nothing of understudy, as
`python mixpeek_0_15_2.py SERVER_URL FOLDER`; prints one line a step and `N passed, 0 failed`.
"""

from pathlib import Path

import speakeasy
from journey import run, step
from mixpeek import Mixpeek

MODEL = "embedding_model"


def main(url: str, folder: Path) -> None:
    """The journey, in the order in which a customer takes it."""
    server = f"{url}/mixpeek"
    with Mixpeek(token="sk_vendor_15", server_url=server) as client:
        ids = speakeasy.ingested(client, MODEL)
        found = speakeasy.assets(client, ids)
        names(client)
        speakeasy.features(client, MODEL, ids, found)
        speakeasy.collections(client)
        speakeasy.namespaces(client, MODEL)
        speakeasy.organization(client)
        speakeasy.refusals(client, Mixpeek(token="invalid-key", server_url=server), MODEL)
        world(server)
        speakeasy.farewell(client, ids)


def names(client: Mixpeek) -> None:
    """Models by their own names, which only this release has."""
    with step("make vectors with models by their own names"):
        embed = client.feature_extractors.extract_embeddings
        for name, length in (("openai-clip-vit-base-patch32", 512), ("vertex-multimodal", 1408)):
            made = embed(type_="text", embedding_model=name, value="a ferry")
            assert len(made.embedding.vector) == length


def world(server: str) -> None:
    """A namespace for the whole client, which this release takes and never sends."""
    nowhere = Mixpeek(token="sk_vendor_15", server_url=server, x_namespace="nowhere")
    with step("take a namespace for the whole client"), nowhere as client:
        assert client.collections.list().pagination.total == 1


if __name__ == "__main__":
    run(main, "mixpeek")
