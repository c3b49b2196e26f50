"""signflow: the register in which a coalition agrees on joint statements."""

__version__ = "0.1.0"
