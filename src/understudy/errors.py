"""The root of every error that understudy raises, and nothing else.

    UnderstudyError
    ├── contracts: ContractError ...   (a document or recording is unusable; a contract is broken)
    ├── mocks: FakeError ...           (the fake was asked for something it cannot do)
    └── client: ClientError ...        (a call through the bundled client failed)

This module imports nothing, so that every room may stand on it.
"""


class UnderstudyError(Exception):
    """Any failure that understudy itself reports; catch this to catch them all."""
