"""What is particular to the operations of each section of Twelve Labs v1.3, one module each.

A module has `STATUSES`, by operation the call that is answered with each of its statuses (those
that every operation has in common aside), and `stock`, which makes what a path can name and
answers the ids.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from twelvelabs_stage import Calls, Ids

from understudy.mocks import Fake

_SECTIONS = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]

STATUSES: Mapping[str, Calls] = {
    name: calls for section in _SECTIONS for name, calls in section.STATUSES.items()
}
STOCK: tuple[Callable[[Fake], Ids], ...] = tuple(section.stock for section in _SECTIONS)
