"""Redirect URIs: where users may be sent back to, once any is registered."""

from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.providers.twelvelabs.errors import refuse
from understudy.mocks.providers.twelvelabs.fields import picked
from understudy.mocks.resource import prepared

KIND = "redirect-uris"
MOST = 20
"""How many there may be; the number is assumed, its error code documented."""

PRIVATE = ("localhost", "local", "internal", "invalid", "test", "arpa", "onion", "lan", "home")
"""Last parts of host names that mean nothing in public; `example` is for examples, as here."""


def register(call: Call) -> Answer:
    """A further URI; 422 for one that nobody may be sent to or one too many, 409 for a known."""
    uri = call.field("redirect_uri")
    problem = unfit(uri)
    if problem:
        raise refuse("redirect_uri_invalid", f"redirect_uri {uri!r:.200} {problem}", status=422)
    held = call.collection(KIND)
    if len(held) >= MOST:
        message = f"{MOST} redirect URIs are registered, the most there may be; delete one first"
        raise refuse("redirect_uri_limit_exceeded", message, status=422)
    made = prepared(call, call.edition.cast.kinds[KIND], {"redirect_uri": uri}, None)
    held.add(made)
    return Answer(201, picked(made.fields, "_id", "redirect_uri", "created_at"))


def check_registered(call: Call, uri: str) -> None:
    """Refuses a URI that is none of the registered ones, to the letter; without any, all do."""
    held = call.collection(KIND)
    if len(held) and held.first({"redirect_uri": uri}) is None:
        message = f"redirect_uri {uri!r:.200} is not among the {len(held)} registered ones"
        raise refuse("parameter_invalid", f"{message}; they are compared to the letter")


def unfit(uri: str) -> str:
    """What forbids a URI to be registered, as the end of a sentence; empty when nothing does.

    The name is not resolved: one that cannot be public by itself is refused.
    """
    if any(not "!" <= char <= "~" for char in uri):
        return "has characters that no URI has"
    if "*" in uri:
        return "has a wildcard"
    try:
        split = urlsplit(uri)
        host, port = split.hostname or "", split.port
    except ValueError:
        return "is no URI"
    if split.scheme.lower() != "https":
        return "does not begin with https"
    if split.username is not None or split.password is not None:
        return "has credentials in it"
    if "#" in uri:
        return "has a fragment"
    return "" if is_public(host) and port != 0 else "does not name a public host"


def is_public(host: str) -> bool:
    """Whether a name or address could be reached by anybody, by its form alone."""
    try:
        address = ip_address(host)
    except ValueError:
        labels = host.rstrip(".").lower().split(".")
        last = labels[-1]
        return len(labels) > 1 and all(labels) and last not in PRIVATE and last[:1].isalpha()
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_global
