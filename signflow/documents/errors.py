"""What can be wrong with a text that comes in. Every sentence is fit to be shown to a person."""


def N_(sentence: str) -> str:  # noqa: N802 - the name that message extraction knows
    """Mark a sentence for the translation catalogues; it is translated where it is shown."""
    return sentence


class DocumentError(ValueError):
    """A text cannot be read or shown: an English sentence with named placeholders and the values that fill them."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values

    def __str__(self) -> str:
        return self.sentence.format(**self.values)
