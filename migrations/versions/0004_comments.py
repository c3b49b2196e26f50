"""comments

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = {"key": KEY, "int": sa.Integer(), "bool": sa.Boolean(), "text": sa.Text(), "at": sa.DateTime(timezone=True)}


def upgrade():
    _review()
    _comment()
    _suggestion()
    _answer()


def downgrade():
    for table in ("answer", "suggestion", "comment", "review"):
        op.drop_table(table)


# Parts of a table. A part that is a function gets the table's name, because every constraint has a name with it.


def _create(table, *parts):
    op.create_table(table, *(part(table) if callable(part) else part for part in parts))


def _index(table, *columns):
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _primary(*columns):
    return lambda table: sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _check(name, rule):
    return lambda table: sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _to(*, null=False, **targets):
    return [_reference(column, target, null) for column, target in targets.items()]


def _reference(column, target, null):
    def part(table):
        reference = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{column}_{target}"))
        return sa.Column(column, KEY, reference, nullable=null, autoincrement=False)

    return part


def _columns(spec):
    """Columns from words such as `quote:text` and `passage:int?`; `?` allows NULL."""
    for word in spec.split():
        name, kind = word.rstrip("?").split(":")
        yield sa.Column(name, KINDS.get(kind) or sa.String(int(kind)), nullable=word.endswith("?"))


def _addressed():
    unique = lambda table: sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id"))  # noqa: E731
    return *_columns("id:key"), _primary("id"), *_columns("public_id:22"), unique


# The tables.


def _review():
    _create(
        "review",
        *_to(statement_id="statement"),
        *_columns("shared:bool closed_at:at? opened_at:at?"),
        _primary("statement_id"),
    )


def _comment():
    _create(
        "comment",
        *_addressed(),
        *_to(statement_id="statement", version_id="version", person_id="person"),
        *_to(organisation_id="organisation", resolved_by_id="person", null=True),
        *_columns("passage:int? quote:text kind:16 body:text shared:bool written_at:at resolved_at:at?"),
        _check("kind", "kind IN ('comment', 'suggestion', 'red line')"),
        _check("passage", "passage IS NULL OR passage >= 0"),
        _check("red_line", "kind <> 'red line' OR organisation_id IS NOT NULL"),
        _check("suggestion", "kind <> 'suggestion' OR passage IS NOT NULL"),
        _check("resolved", "(resolved_at IS NULL) = (resolved_by_id IS NULL)"),
    )
    _index("comment", "statement_id", "organisation_id")


def _suggestion():
    _create(
        "suggestion",
        *_to(comment_id="comment"),
        *_columns("proposed:text outcome:16? decided_at:at? reason:text"),
        *_to(decided_by_id="person", version_id="version", null=True),
        _primary("comment_id"),
        _check("outcome", "outcome IN ('accepted', 'declined')"),
        _check("version", "version_id IS NULL OR outcome = 'accepted'"),
        _check("decided", "(outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by_id IS NULL)"),
    )


def _answer():
    _create(
        "answer",
        *_addressed(),
        *_to(comment_id="comment", person_id="person"),
        *_to(organisation_id="organisation", null=True),
        *_columns("body:text shared:bool written_at:at"),
    )
    _index("answer", "comment_id")
