"""Comments on the desk. The views stand in modules by what one does."""

from signflow.web.reviews import commenting, deciding, leading
from signflow.web.reviews.blueprint import area

__all__ = ["area", "commenting", "deciding", "leading"]
