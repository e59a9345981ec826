"""The block of docs/contract.md is a test case that runs and passes."""

import re
import unittest
from pathlib import Path

from hypothesis import settings

PAGE = Path(__file__).resolve().parents[3] / "docs" / "contract.md"


def test_page__machine() -> None:
    """Five lines, as they stand on the page, play against a fake and find nothing."""
    (block,) = [each for each in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)
                if "machine_of" in each]  # fmt: skip
    names: dict[str, type[unittest.TestCase]] = {}
    exec(compile(block, str(PAGE), "exec"), names)
    case = names["TestStaging"]
    case.settings = settings(  # type: ignore[attr-defined]
        case.settings,  # type: ignore[attr-defined]
        max_examples=1, stateful_step_count=8, database=None,
    )  # fmt: skip
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert result.testsRun == 1 and result.wasSuccessful(), result.failures + result.errors
