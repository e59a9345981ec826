"""An offline stand-in for asynchronous video APIs: one contract that fakes, checks and gates."""

from understudy.errors import UnderstudyError

__all__ = ["UnderstudyError", "__version__"]

__version__ = "0.1.0"
