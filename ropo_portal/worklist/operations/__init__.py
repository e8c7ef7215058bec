"""Room: taking work and giving it back, keeping the book of days short, and one's own wish about notices."""

from ropo_portal.worklist.operations.folding import fold_book
from ropo_portal.worklist.operations.taking import AlreadyTaken, release_work, take_work
from ropo_portal.worklist.operations.wishing import wish_notices

__all__ = ["AlreadyTaken", "fold_book", "release_work", "take_work", "wish_notices"]
