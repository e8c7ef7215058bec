"""Room: the door of the child; it opens the readers alone, without Celery and Django around them."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
PACKAGES = {
    "ropo_portal": HERE.parents[1],
    "ropo_portal.imports": HERE.parent,
    "ropo_portal.imports.readers": HERE,
}


def main() -> None:
    """Stand bare packages in for the real ones, whose first lines load the whole application."""
    for name, folder in PACKAGES.items():
        package = ModuleType(name)
        package.__path__ = [str(folder)]
        sys.modules.setdefault(name, package)
    importlib.import_module("ropo_portal.imports.readers.child").run(sys.argv[1])


if __name__ == "__main__":
    main()
