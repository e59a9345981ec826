"""What an API promises: load a contract, hold exchanges against it, read what breaks it."""

from understudy.contracts.contract import Contract
from understudy.contracts.errors import ContractError, ContractViolated, DocumentError
from understudy.contracts.exchange import Exchange, Form, Headers, Part, Request, Response
from understudy.contracts.json import Json
from understudy.contracts.operation import NoMethod, NoRoute, Operation, Reading, Route
from understudy.contracts.violation import Violation

__all__ = [
    "Contract",
    "ContractError",
    "ContractViolated",
    "DocumentError",
    "Exchange",
    "Form",
    "Headers",
    "Json",
    "NoMethod",
    "NoRoute",
    "Operation",
    "Part",
    "Reading",
    "Request",
    "Response",
    "Route",
    "Violation",
]
