"""Which protected tables came after the first revision: below their own one there is nothing to protect yet."""

LATER = frozenset({"earlier_statement"})
