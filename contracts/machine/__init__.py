"""A state machine out of a document: its operations in any order, followed by its links.

Needs hypothesis (`pip install understudy[hypothesis]`), which nothing else here imports.
"""

from understudy.contracts.machine.machine import USUAL, Machine, machine_of

__all__ = ["USUAL", "Machine", "machine_of"]
