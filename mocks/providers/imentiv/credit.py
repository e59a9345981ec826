"""Credit: the fake has no balance, but a magic word stands for an account that has used it up."""

from understudy.mocks.refusal import Reason, Refusal
from understudy.mocks.store import Resource

SPENT = "understudy-no-credit"
"""In a title or an address: no credit is left for this medium."""


def check_credit(medium: Resource) -> None:
    """Refuses a medium that the magic word marks as one nobody can pay for."""
    named = f"{medium.fields['title']} {medium.fields['media_source_url']}".lower()
    if SPENT in named:
        raise Refusal(Reason.RULE, "There is no credit left.", status=402)
