"""The freeze on PostgreSQL: functions and triggers, created, dropped and compared.

Every function has its own search path with `pg_temp` last: otherwise `CREATE TEMP TABLE sign_on` would stand in front of the real one.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from signflow.models.freeze import postgresql_desk as desk
from signflow.models.freeze import postgresql_proof as proof
from signflow.models.freeze import postgresql_translations as translations
from signflow.models.freeze.tables import LATER

REFUSED = "SF001"
"""The SQLSTATE of every refusal."""

SEARCH_PATH = "public, pg_temp"

_REFUSE = f"""
BEGIN
  RAISE EXCEPTION 'signflow: %', why USING ERRCODE = '{REFUSED}';
END
"""

_NEVER = """
BEGIN
  PERFORM sf_refuse(format('%s on %s is never allowed', TG_OP, TG_TABLE_NAME));
  RETURN NULL;
END
"""

_READ_COMMITTED = """
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed'
  THEN PERFORM sf_refuse('writing needs READ COMMITTED: an older snapshot misses what others did'); END IF;
END
"""


@dataclass(frozen=True)
class Function:
    """One function in schema public; by default one that a trigger calls."""

    name: str
    body: str
    parameters: str = ""
    returns: str = "trigger"
    language: str = "plpgsql"
    volatility: str = "VOLATILE"

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        return (
            f"CREATE FUNCTION public.{self.name}({self.parameters}) RETURNS {self.returns} "
            f"LANGUAGE {self.language} {self.volatility} SET search_path = {SEARCH_PATH} AS $${self.body}$$"
        )

    @property
    def facts(self) -> tuple[object, ...]:
        """What the catalogue must say about it."""
        return (
            self.body,
            self.returns,
            self.language,
            self.volatility[0].lower(),
            [f"search_path={SEARCH_PATH}"],
            False,
        )


@dataclass(frozen=True)
class Trigger:
    """One trigger on a table in schema public."""

    name: str
    table: str
    function: str
    events: tuple[str, ...]
    deferred: bool = False

    @property
    def sql(self) -> tuple[str, ...]:
        """The statements that make it, and keep it firing under `session_replication_role = replica`."""
        constraint, timing, deferral = (
            ("CONSTRAINT ", "AFTER", "DEFERRABLE INITIALLY DEFERRED ") if self.deferred else ("", "BEFORE", "")
        )
        level = "STATEMENT" if self.events == ("TRUNCATE",) else "ROW"
        return (
            f"CREATE {constraint}TRIGGER {self.name} {timing} {' OR '.join(self.events)} ON public.{self.table} "
            f"{deferral}FOR EACH {level} EXECUTE FUNCTION public.{self.function}()",
            f"ALTER TABLE public.{self.table} ENABLE ALWAYS TRIGGER {self.name}",
        )

    @property
    def facts(self) -> tuple[object, ...]:
        """What the catalogue must say about it: function, type bits, deferrable, initially deferred, condition, columns, arguments."""
        bits = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
        row, before = self.events != ("TRUNCATE",), not self.deferred
        kind = row * 1 + before * 2 + sum(bits[event] for event in self.events)
        return (f"public.{self.function}()", kind, self.deferred, self.deferred, None, "", 0)


_BODIES = {
    "statement": desk.STATEMENT,
    "version": desk.VERSION,
    "earlier_statement": desk.EARLIER_STATEMENT,
    "translation": translations.TRANSLATION,
    "sign_on": desk.SIGN_ON,
    "signature": desk.SIGNATURE,
    "log_entry": proof.LOG_ENTRY,
    "publication": proof.PUBLICATION,
    "frozen_signatory": proof.FROZEN_SIGNATORY,
    "notice": proof.NOTICE,
    "audit_event": proof.AUDIT_EVENT,
}
_NEVER_CHANGED = ("version", "earlier_statement", "log_entry", "publication", "notice")
_DELETED_WITH_CARE = ("earlier_statement",)
"""Tables whose own function says when a row may go."""

FUNCTIONS = (
    Function("sf_refuse", _REFUSE, "why text", "void"),
    Function("sf_never", _NEVER),
    Function("sf_read_committed", _READ_COMMITTED, "", "void"),
    Function(
        "sf_other_change",
        "SELECT (before - may_change) IS DISTINCT FROM (after - may_change)",
        "before jsonb, after jsonb, VARIADIC may_change text[]",
        "boolean",
        "sql",
        "IMMUTABLE",
    ),
    Function(
        "sf_b64",
        r"SELECT rtrim(translate(encode(raw, 'base64'), E'+/\n', '-_'), '=')",
        "raw bytea",
        "text",
        "sql",
        "IMMUTABLE",
    ),
    *(Function(f"sf_{table}", body) for table, body in _BODIES.items()),
    Function("sf_log_entry_whole", proof.LOG_ENTRY_WHOLE),
)

TRIGGERS = (
    *(
        Trigger(f"sf_{table}", table, f"sf_{table}", ("INSERT",) if table in _NEVER_CHANGED else ("INSERT", "UPDATE"))
        for table in _BODIES
    ),
    Trigger("sf_log_entry_whole", "log_entry", "sf_log_entry_whole", ("INSERT",), deferred=True),
    *(Trigger(f"sf_{table}_update", table, "sf_never", ("UPDATE",)) for table in _NEVER_CHANGED),
    *(
        Trigger(
            f"sf_{table}_delete",
            table,
            f"sf_{table}" if table in _DELETED_WITH_CARE else "sf_never",
            ("DELETE",),
        )
        for table in _BODIES
    ),
    *(Trigger(f"sf_{table}_truncate", table, "sf_never", ("TRUNCATE",)) for table in _BODIES),
)

_FOUND_FUNCTIONS = sa.text(r"""
SELECT p.proname, p.prosrc, p.prorettype::regtype::text, l.lanname, p.provolatile::text, p.proconfig, p.prosecdef,
  p.oid::regprocedure::text AS signature
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'sf\_%'
""")

_FOUND_TRIGGERS = sa.text(r"""
SELECT t.tgname, c.relname, n.nspname || '.' || f.proname || '()', t.tgtype, t.tgdeferrable, t.tginitdeferred,
  t.tgqual, t.tgattr::text, t.tgnargs, t.tgenabled::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc f ON f.oid = t.tgfoid
  JOIN pg_namespace n ON n.oid = f.pronamespace
WHERE c.relnamespace = 'public'::regnamespace AND t.tgname LIKE 'sf\_%' AND NOT t.tgisinternal
""")


def install(connection: sa.Connection) -> None:
    """Put every function and trigger in place; the triggers fire whatever the session's replication role."""
    uninstall(connection)
    for function in FUNCTIONS:
        _run(connection, function.sql)
    for trigger in _wanted(connection):
        for sql in trigger.sql:
            _run(connection, sql)


def _wanted(connection: sa.Connection) -> list[Trigger]:
    """All triggers, but for those of tables that an older revision does not have yet."""
    tables = set(sa.inspect(connection).get_table_names("public"))
    return [trigger for trigger in TRIGGERS if trigger.table in tables or trigger.table not in LATER]


def uninstall(connection: sa.Connection) -> None:
    """Drop every trigger and function of ours, also those that only an older release knew."""
    for name, table, *_ in connection.execute(_FOUND_TRIGGERS).all():
        _run(connection, f"DROP TRIGGER {name} ON public.{table}")
    for row in connection.execute(_FOUND_FUNCTIONS).all():
        _run(connection, f"DROP FUNCTION {row.signature}")


def missing(connection: sa.Connection) -> list[str]:
    """A sentence for each function or trigger that is absent, altered or disabled."""
    functions = {row[0]: row[1:7] for row in connection.execute(_FOUND_FUNCTIONS)}
    triggers = {(row[0], row[1]): row[2:] for row in connection.execute(_FOUND_TRIGGERS)}
    sentences = [_difference(f"function {each.name}", functions.get(each.name), each.facts) for each in FUNCTIONS]
    for each in _wanted(connection):
        found = triggers.get((each.name, each.table))
        sentence = _difference(f"trigger {each.name}", found and found[:7], each.facts)
        if not sentence and found and found[7] != "A":
            sentence = f"The trigger {each.name} is disabled or does not always fire."
        sentences.append(sentence)
    return [sentence for sentence in sentences if sentence]


def _difference(what: str, found: Any, expected: tuple[object, ...]) -> str:
    if found is None:
        return f"The {what} is missing."
    return "" if tuple(found) == expected else f"The {what} was altered."


def _run(connection: sa.Connection, sql: str) -> None:
    connection.execute(sa.text(sql))
