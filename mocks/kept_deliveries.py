"""A tenant's deliveries as plain values, and back."""

from dataclasses import asdict
from typing import cast, get_args

from understudy.contracts.json import Json
from understudy.mocks.clock import LATEST
from understudy.mocks.deliveries import Deliveries
from understudy.mocks.delivery import Attempt, Delivery, Parcel, State
from understudy.mocks.node import Node
from understudy.mocks.sending import Post
from understudy.mocks.signature import HEADER


def kept(deliveries: Deliveries) -> dict[str, Json]:
    """The log and what is to be sent; what is due stands in the agenda."""
    post = deliveries.post
    return {
        "log": [_delivery(each) for each in deliveries],
        "ids": post.ids,
        "lines": post.lines,
        "dropped": post.dropped,
        "back": [[id, line] for id, line in post.back],
        "outbox": [_parcel(each) for each in post.outbox],
    }


def read(node: Node, deliveries: Deliveries, tenant: str) -> None:
    """Fill deliveries that are empty with these values; what is held back comes later."""
    log = [_read_delivery(each, tenant) for each in node.at("log").items()]
    ids = {each.id for each in log}
    parcels: list[Parcel] = []
    for each in node.at("outbox").items():
        parcel = _read_parcel(each, tenant)
        if parcel.delivery not in ids:
            each.at("delivery").wrong(f"there is no delivery {parcel.delivery!r} in the log")
        parcels.append(parcel)
    ids_taken, lines, dropped = (node.at(name).whole() for name in ("ids", "lines", "dropped"))
    deliveries.resume(log, Post(ids_taken, lines, dropped, (), tuple(parcels)))


def read_back(node: Node, deliveries: Deliveries, due: set[tuple[str, int]]) -> None:
    """Hold back what is due and was held back."""
    for each in node.at("back").items():
        line = each.at(0).text(), each.at(1).whole()
        if line not in due:
            each.wrong(f"{line!r} is not due in the agenda")
        deliveries.hold_back([line])


def _delivery(delivery: Delivery) -> dict[str, Json]:
    return {
        "id": delivery.id,
        "provider": delivery.provider,
        "url": delivery.url,
        "body": delivery.body.decode(),
        "event": delivery.event,
        "about": delivery.about,
        "at": delivery.at,
        "state": delivery.state,
        "signature": delivery.signature,
        "attempts": [
            cast(
                "dict[str, Json]", {**asdict(each), "headers": [list(one) for one in each.headers]}
            )
            for each in delivery.attempts
        ],
    }


def _read_delivery(node: Node, tenant: str) -> Delivery:
    return Delivery(
        node.at("id").text(),
        tenant,
        node.at("provider").text(),
        node.at("url").text(),
        node.at("body").text().encode(),
        node.at("event").text(),
        node.at("about").text(),
        node.at("at").number(0, LATEST),
        cast(State, node.at("state").one_of(get_args(State))),
        [_attempt(each) for each in node.at("attempts").items()],
        node.at("signature").text() if node.has("signature") else HEADER,
    )


def _attempt(node: Node) -> Attempt:
    status = node.at("status")
    return Attempt(
        node.at("number").whole(1),
        node.at("at").number(0, LATEST),
        _lines(node.at("headers")),
        None if status.value is None else status.whole(100, 999),
        node.at("body").text(),
        node.at("error").text(),
        node.at("ended").flag(),
    )


def _parcel(parcel: Parcel) -> dict[str, Json]:
    return {
        "delivery": parcel.delivery,
        "number": parcel.number,
        "line": parcel.line,
        "tries": parcel.tries,
        "at": parcel.at,
        "url": parcel.url,
        "headers": [list(line) for line in parcel.headers],
        "body": parcel.body.decode(),
    }


def _read_parcel(node: Node, tenant: str) -> Parcel:
    return Parcel(
        node.at("delivery").text(),
        tenant,
        node.at("number").whole(1),
        node.at("line").whole(),
        node.at("tries").whole(1),
        node.at("at").number(0, LATEST),
        node.at("url").text(),
        _lines(node.at("headers")),
        node.at("body").text().encode(),
    )


def _lines(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple((each.at(0).text(), each.at(1).text()) for each in node.items())
