"""the first tables

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = {"key": KEY, "int": sa.Integer(), "bool": sa.Boolean(), "text": sa.Text(), "bytes": sa.LargeBinary()}
KINDS |= {"json": sa.JSON(), "date": sa.Date(), "at": sa.DateTime(timezone=True)}


def upgrade():
    _audit()
    _organisations()
    _people()
    _seats_and_sessions()
    _statements()
    _versions()
    _around_statements()
    _signatures()
    _publications()
    _outbox()


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(TO_FINAL_VERSION, "statement", type_="foreignkey")
    for tables in (
        ("outbox_mail", "notice", "frozen_signatory", "publication", "log_entry", "signature", "sign_on"),
        ("reading", "invitation", "translation", "version", "drafter", "statement_tag", "statement", "tag"),
        ("throttle", "login_session", "membership", "account_link", "person", "organisation_group_entry"),
        ("organisation_group", "name_claim", "organisation_name", "organisation", "audit_event"),
    ):
        for table in tables:
            op.drop_table(table)


# Parts of a table. A part that is a function gets the table's name, because every constraint has a name with it.


def _create(table, *parts, **options):
    op.create_table(table, *(part(table) if callable(part) else part for part in parts), **options)


def _index(table, *columns):
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _partial(name, table, where, *columns, unique):
    rows = sa.text(where)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=rows, postgresql_where=rows)


def _primary(*columns):
    return lambda table: sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _unique(*columns):
    return lambda table: sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _check(name, rule):
    return lambda table: sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _to(*, null=False, **targets):
    return [_reference(column, target, null) for column, target in targets.items()]


def _reference(column, target, null):
    def part(table):
        key = "seq" if target == "log_entry" else "id"
        reference = sa.ForeignKey(f"{target}.{key}", name=op.f(f"fk_{table}_{column}_{target}"))
        return sa.Column(column, KEY, reference, nullable=null)

    return part


def _columns(spec):
    """Columns from words such as `title:300` and `approved_at:at?`; `?` allows NULL."""
    for word in spec.split():
        name, kind = word.rstrip("?").split(":")
        yield sa.Column(name, KINDS.get(kind) or sa.String(int(kind)), nullable=word.endswith("?"))


def _id(*, positive=False):
    return *_columns("id:key"), _primary("id"), *([_check("positive_id", "id > 0")] if positive else [])


def _addressed(*, positive=False):
    return *_id(positive=positive), *_columns("public_id:22"), _unique("public_id")


def _seq():
    return sa.Column("seq", KEY, autoincrement=False, nullable=False), _primary("seq"), _check("seq", "seq >= 0")


SHA256 = _check("sha256", "length(sha256) = 64")
FINAL_VERSION = (
    "(status IN ('draft','circulating') AND final_version_id IS NULL) OR "
    "(status IN ('finalized','published') AND final_version_id IS NOT NULL) OR status = 'withdrawn'"
)
TO_FINAL_VERSION = "fk_statement_final_version_id_version"


# The tables.


def _audit():
    columns = _columns("prev:64 at:at actor_ref:22 action:64 object_ref:22 salt:32? detail:text? k:64 hash:64")
    _create("audit_event", *_seq(), *columns, _unique("hash"))
    _index("audit_event", "object_ref")


def _organisations():
    _create(
        "organisation",
        *_addressed(positive=True),
        *_columns("slug:80 short_name:80 country:16 website:200 status:16 created_at:at"),
        _unique("slug"),
        _check("status", "status IN ('active', 'inactive')"),
    )
    owner = _to(organisation_id="organisation")
    one_each = _unique("organisation_id", "language")
    _create("organisation_name", *_id(), *owner, *_columns("language:16 name:200"), one_each)
    _index("organisation_name", "organisation_id")
    _create("name_claim", *_columns("skeleton:400"), *owner, _primary("skeleton"))
    _index("name_claim", "organisation_id")
    _create("organisation_group", *_addressed(), *_columns("name:200"), _unique("name"))
    entry = _to(group_id="organisation_group", organisation_id="organisation")
    _create("organisation_group_entry", *entry, _primary("group_id", "organisation_id"))


def _people():
    _create(
        "person",
        *_addressed(positive=True),
        *_columns("email:254 email_key:254 name:200 language:16 time_zone:64 password_hash:255?"),
        *_columns("is_admin:bool may_draft:bool created_at:at disabled_at:at?"),
        _unique("email_key"),
    )
    _create(
        "account_link",
        *_addressed(),
        *_columns("purpose:16 email:254 language:16 role:16? nonce:43 token_hash:64"),
        *_columns("created_at:at expires_at:at used_at:at? revoked_at:at?"),
        *_to(organisation_id="organisation", invited_by_id="person", null=True),
        _unique("token_hash"),
        _check("purpose", "purpose IN ('admin', 'seat', 'password')"),
    )
    _index("account_link", "organisation_id")


def _seats_and_sessions():
    seat = _to(person_id="person", organisation_id="organisation")
    role = *_columns("role:16"), _check("role", "role IN ('signatory', 'reviewer')")
    _create("membership", *_id(), *seat, *role, *_columns("since:at until:at?"))
    _index("membership", "person_id", "organisation_id")
    _partial("membership_live", "membership", "until IS NULL", "organisation_id", "person_id", unique=True)
    token = *_columns("token_hash:64"), _unique("token_hash")
    _create("login_session", *_id(), *token, *_to(person_id="person"), *_columns("created_at:at expires_at:at"))
    _index("login_session", "person_id")
    _create("throttle", *_columns("bucket:80 window_start:at attempts:int"), _primary("bucket"))


def _statements():
    _create(
        "statement",
        *_addressed(positive=True),
        *_columns("status:16 final_version_id:key? reference:16? finalized_at:at? created_at:at"),
        *_to(finalized_by_id="person", null=True),
        # a circle: SQLite takes it here, PostgreSQL once there are versions
        sa.ForeignKeyConstraint(["final_version_id"], ["version.id"], name=TO_FINAL_VERSION, use_alter=True),
        _check("status", "status IN ('draft', 'circulating', 'finalized', 'published', 'withdrawn')"),
        _check("final_version", FINAL_VERSION),
        _check("reference", "(reference IS NOT NULL) = (status = 'published')"),
    )
    _partial("statement_reference", "statement", "reference IS NOT NULL", "reference", unique=True)


def _versions():
    _create(
        "version",
        *_id(positive=True),
        *_to(statement_id="statement", saved_by_id="person"),
        *_columns(
            "number:int grade:16 canonical:bytes sha256:64 title:300 byline:text language:16 statement_date:date?"
        ),
        *_columns("addressees:json body:text html:text lead:text why:text saved_at:at"),
        _unique("statement_id", "number"),
        _check("grade", "grade IN ('first', 'editorial', 'substantive')"),
        SHA256,
    )
    _index("version", "statement_id")
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(TO_FINAL_VERSION, "statement", "version", ["final_version_id"], ["id"])
    _create(
        "translation",
        *_id(positive=True),
        *_to(version_id="version"),
        *_columns("language:16 canonical:bytes sha256:64 approved_at:at?"),
        _unique("version_id", "language"),
        SHA256,
    )


def _around_statements():
    statement = _to(statement_id="statement")
    by_person = *statement, *_to(person_id="person"), _primary("statement_id", "person_id")
    _create("drafter", *by_person)
    _index("drafter", "person_id")
    _create("reading", *by_person, *_to(version_id="version"), *_columns("opened_at:at"))
    _index("reading", "person_id")
    _create("tag", *_columns("slug:80 label:80"), _primary("slug"))
    to_tag = sa.ForeignKey("tag.slug", name=op.f("fk_statement_tag_tag_slug_tag"))
    slug = sa.Column("tag_slug", sa.String(80), to_tag, nullable=False)
    _create("statement_tag", *statement, slug, _primary("statement_id", "tag_slug"))
    _index("statement_tag", "tag_slug")
    _create(
        "invitation",
        *_addressed(),
        *statement,
        *_to(organisation_id="organisation"),
        _unique("statement_id", "organisation_id"),
        *_columns("invited_at:at declined_at:at? decline_reason:text nudged_at:at?"),
    )
    _index("invitation", "organisation_id")


def _signatures():
    _create(
        "sign_on",
        *_id(positive=True),
        *_to(statement_id="statement"),
        *_columns("ordinal:int status:16 comments_until:at? sign_by:at message:text opened_at:at"),
        _unique("statement_id", "ordinal"),
        _check("ordinal", "ordinal >= 0"),
        _check("status", "status IN ('open', 'frozen', 'cancelled')"),
    )
    _create(
        "signature",
        *_addressed(positive=True),
        *_to(sign_on_id="sign_on", organisation_id="organisation", person_id="person"),
        *_to(version_id="version", stands_on_version_id="version"),
        *_columns("signed_at:at withheld:bool withdrawn_at:at? suspended_at:at?"),
    )
    _index("signature", "organisation_id")
    _partial("signature_live", "signature", "withdrawn_at IS NULL", "sign_on_id", "organisation_id", unique=True)


def _publications():
    kind = _check("kind", "kind IN ('statement', 'annex', 'notice', 'withhold', 'key')")
    _create("log_entry", *_seq(), *_columns("prev:43 head:43 kind:16 jws:text"), _unique("head"), kind)
    logged = *_to(log_seq="log_entry"), _unique("log_seq")
    statement = _to(statement_id="statement")
    what = *statement, *_to(sign_on_id="sign_on"), _unique("sign_on_id"), *_to(version_id="version")
    _create("publication", *_id(positive=True), *what, *logged, *_columns("published_at:at"))
    _index("publication", "statement_id")
    _create(
        "frozen_signatory",
        *_columns("digest:43 disclosure:text?"),
        _primary("digest"),
        *_to(publication_id="publication", signature_id="signature"),
        _unique("signature_id"),
        _check("digest", "length(digest) = 43"),
        sqlite_with_rowid=False,  # a rowid would keep the order in which the names came
    )
    _index("frozen_signatory", "publication_id")
    _create("notice", *_id(positive=True), *statement, *logged, *_columns("body:text"))
    _index("notice", "statement_id")


def _outbox():
    _create(
        "outbox_mail",
        *_id(),
        *_columns("kind:32 values:json dedupe_key:200 message_id:120 created_at:at not_before:at"),
        *_columns("leased_until:at? attempts:int sent_at:at? failed_at:at? last_error:64"),
        *_to(
            person_id="person",
            link_id="account_link",
            statement_id="statement",
            organisation_id="organisation",
            null=True,
        ),
        _unique("dedupe_key"),
        _unique("message_id"),
    )
    _index("outbox_mail", "person_id", "statement_id")
    _partial("outbox_mail_due", "outbox_mail", "sent_at IS NULL AND failed_at IS NULL", "not_before", unique=False)
