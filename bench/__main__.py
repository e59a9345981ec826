"""Print the speed table: `python -m bench [GROUP ...] [--ci]`.

Groups are serving, checking, calling, testing, starting and storing; none means all. Exit code 1
when a floor is missed: any floor, or with --ci only the floors of rows that a noisy machine
leaves be.
"""

import sys
from collections.abc import Callable

from bench import calling, checking, serving, starting, storing, testing
from bench.row import Row, table

GROUPS: dict[str, Callable[[], list[Row]]] = {
    "serving": serving.rows,
    "checking": checking.rows,
    "calling": calling.rows,
    "testing": testing.rows,
    "starting": starting.rows,
    "storing": storing.rows,
}


def main(arguments: list[str]) -> int:
    """Run the groups that are named; answers the exit code."""
    names = [each for each in arguments if not each.startswith("-")] or list(GROUPS)
    unknown = [each for each in names if each not in GROUPS]
    if unknown or set(arguments) - set(names) - {"--ci"}:
        print(
            f"unknown: {' '.join(unknown) or arguments}; groups: {', '.join(GROUPS)}; option: --ci"
        )
        return 2
    rows: list[Row] = []
    for name in names:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        rows += GROUPS[name]()
    print(table(rows))
    counted = [row for row in rows if row.steady or "--ci" not in arguments]
    missed = [row for row in counted if row.verdict == "MISSED"]
    print(f"{len(counted) - len(missed)} passed, {len(missed)} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
