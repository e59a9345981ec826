"""The features that a task makes: which there will be, from what the task keeps of its request."""

from collections.abc import Iterator, Mapping

from understudy.contracts.json import Json
from understudy.mocks.ending import known
from understudy.mocks.generate.timeline import clips
from understudy.mocks.ids import Ids
from understudy.mocks.kind import elements, mapping, text
from understudy.mocks.store import Resource

INTERVAL = 10
_SHORTEST = 0.001
_COPIED = ("asset_id", "collection_id")


def features_for(task: Resource, asset: Resource, ids: Ids, at: float) -> list[Resource]:
    """The features of a task that is done; they carry a copy of the asset's metadata."""
    made: list[Resource] = []
    for own, settings in _parts(task):
        fields: dict[str, Json] = {
            "feature_id": ids.uuid(),
            "modality": task.hidden["modality"],
            **{name: asset.fields[name] for name in _COPIED},
            "metadata": dict(mapping(asset.fields["metadata"])),
            **own,
        }
        feature = Resource("features", text(fields["feature_id"]), fields, at, asset.parent)
        feature.hidden.update({"medium": task.hidden["medium"], "settings": settings})
        made.append(feature)
    return made


def _parts(task: Resource) -> Iterator[tuple[Mapping[str, Json], Mapping[str, Json]]]:
    """The fields that are a feature's own, and the settings that the rest follows from.

    Each entry cuts a video into segments anew; an image and a text have one part an entry.
    """
    for entry in map(mapping, elements(task.hidden["entries"])):
        if task.hidden["modality"] == "text":
            yield {"text": entry["value"]}, entry
        elif task.hidden["modality"] == "image":
            yield {}, entry
        else:
            asked = entry.get("interval_sec")
            interval = asked if isinstance(asked, int) else INTERVAL
            duration = known(task.hidden).duration
            for start, end in clips(0.0, duration, float(interval), shortest=_SHORTEST):
                yield {"start_time": start, "end_time": end, "interval_sec": interval}, entry
