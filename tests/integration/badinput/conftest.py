"""One world for all questions, and installations for the command line."""

from tests.integration.cli.conftest import installation, nothing
from tests.support.asking import asker

__all__ = ["asker", "installation", "nothing"]
