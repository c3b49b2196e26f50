"""One world for all questions."""

from tests.support.asking import asker

__all__ = ["asker"]
