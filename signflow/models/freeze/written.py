"""Which columns of a translation are written while it is a draft, its approval included."""

WRITTEN = (
    "canonical",
    "sha256",
    "title",
    "byline",
    "statement_date",
    "addressees",
    "cc",
    "body",
    "html",
    "lead",
    "paragraphs",
    "translator",
    "written_by_id",
    "written_at",
    "approved_by_id",
    "approved_at",
)
