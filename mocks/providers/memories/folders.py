"""The two folders that every account has; nothing of 2025 makes another."""

from understudy.contracts.json import Json
from understudy.mocks.answer import Answer
from understudy.mocks.call import Call
from understudy.mocks.providers.memories.account import account_number
from understudy.mocks.providers.memories.errors import success, wrong

FOLDERS = {"-1": "Default", "-2": "API"}
"""Number and name; the number is a text on the wire (documented)."""


def get_folder(call: Call) -> Answer:
    """Both folders."""
    account = account_number(call)
    shown: list[Json] = [
        {"account": account, "foldersName": name, "parentId": None, "level": 1, "id": number}
        for number, name in FOLDERS.items()
    ]
    return success(shown)


def folder(call: Call) -> str | None:
    """The folder that the body names by number or text; None without one, refused when unknown."""
    asked = call.body.get("folder_id")
    if asked is None or asked == "":
        return None
    number = str(asked)
    if number not in FOLDERS:
        raise wrong(f"folder_id is {number!r}; there are {' and '.join(FOLDERS)}")
    return number
