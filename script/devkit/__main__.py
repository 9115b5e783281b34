"""Entry point: `python script/devkit/__main__.py COMMAND [arguments]`."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from devkit.cli import main  # noqa: E402  (the path has to be set first)

sys.exit(main(sys.argv[1:]))
