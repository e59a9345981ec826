"""Hypothesis strategies from a document: values of its schemas, requests of its operations.

Needs hypothesis (`pip install understudy[hypothesis]`), which nothing else here imports.
"""

from understudy.contracts.strategies.almost import Almost, almost_valid_requests
from understudy.contracts.strategies.requests import Given, valid_requests
from understudy.contracts.strategies.scalars import StrategyError
from understudy.contracts.strategies.values import values

__all__ = [
    "Almost",
    "Given",
    "StrategyError",
    "almost_valid_requests",
    "valid_requests",
    "values",
]
