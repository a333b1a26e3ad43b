"""``python -m tests.servers ensure``: install or find what no wheel brings, and say what was found."""

import sys

from tests.servers.system import ensure


def main(arguments: list[str]) -> int:
    if arguments != ["ensure"]:
        print(__doc__)
        return 2
    missing = ensure()
    for sentence in missing:
        print(sentence, file=sys.stderr)
    return 0  # the tests that need what is missing skip and say so; .ci/run counts them as failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
