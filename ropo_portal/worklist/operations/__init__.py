"""Room: taking work and giving it back, and keeping the book of days short."""

from ropo_portal.worklist.operations.folding import fold_book
from ropo_portal.worklist.operations.taking import AlreadyTaken, release_work, take_work

__all__ = ["AlreadyTaken", "fold_book", "release_work", "take_work"]
