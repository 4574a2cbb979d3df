# ruff: noqa: S608 - the tables are our own
"""The test database: migrated once and copied, emptied and filled again in a few statements.

Migrating takes half a minute, nearly all of it spent on models as they once were. The first process that needs a
database keeps a copy of it as it stands after the migrations, and others start from that until a migration changes:

- on SQLite a file in ``TEST_DATABASES``;
- on PostgreSQL the database ``test_<name>_migrated``, whose comment says which migrations made it.

``migrate`` runs on a copy too. It finds nothing to do but what follows every migration.
"""

import fcntl
import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management.color import no_style
from django.db import transaction
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.postgresql.base import DatabaseOperations as PostgreSQL
from django.db.backends.sqlite3.base import DatabaseOperations as SQLite
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from django.db.migrations.loader import MigrationLoader

from workflow.append_only import MESSAGE


def patch_databases(patch: pytest.MonkeyPatch) -> None:
    creation = BaseDatabaseCreation
    patch.setattr(creation, "create_test_db", _migrated_once(creation.create_test_db))
    patch.setattr(SQLiteCreation, "_create_test_db", _from_copy(SQLiteCreation._create_test_db))
    patch.setattr(creation, "serialize_db_to_string", _take_rows)
    patch.setattr(creation, "deserialize_db_from_string", _put_back)
    for operations, lifted in ((SQLite, _lifted_on_sqlite), (PostgreSQL, _lifted_on_postgresql)):
        patch.setattr(operations, "execute_sql_flush", _flush_without_guards(operations, lifted))
        patch.setattr(operations, "sql_flush", _delete_rows)


def _migrated_once(create: Callable[..., str]) -> Callable[..., str]:
    def create_test_db(self: Any, *args: Any, keepdb: bool = False, **options: Any) -> str:
        if keepdb:
            return create(self, *args, keepdb=keepdb, **options)
        migrated = (_FileCopy if self.connection.vendor == "sqlite" else _ServerCopy)(self)
        with _one_at_a_time():
            if not migrated.exists():
                name = create(self, *args, **options)
                migrated.make()
                return name
        migrated.use()
        return create(self, *args, **options)

    return create_test_db


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    settings.TEST_DATABASES.mkdir(parents=True, exist_ok=True)
    with (settings.TEST_DATABASES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrations_key() -> str:
    """Changes with any migration, and with what a migration takes from elsewhere in the project."""
    digest = hashlib.sha256()
    files = set()
    for migration in MigrationLoader(None).disk_migrations.values():
        module = sys.modules[type(migration).__module__]
        for part in (module, *vars(module).values()):
            name = getattr(part, "__module__", None) or getattr(part, "__name__", "")
            file = getattr(sys.modules.get(name), "__file__", None)
            if file and (part is module or _is_ours(Path(file))):
                files.add(file)
    for file in sorted(files):
        digest.update(file.encode() + Path(file).read_bytes())
    return digest.hexdigest()[:16]


def _is_ours(file: Path) -> bool:
    """Of this project, and not of the packages beside it: slipcover puts something of its own into every module."""
    return file.is_relative_to(settings.BASE_DIR) and not file.is_relative_to(sys.prefix)


class _FileCopy:
    def __init__(self, creation: Any) -> None:
        self.creation = creation
        self.file = settings.TEST_DATABASES / f"{_migrations_key()}.sqlite3"

    def exists(self) -> bool:
        return self.file.exists()

    def make(self) -> None:
        for old in settings.TEST_DATABASES.glob("*.sqlite3*"):
            old.unlink()
        unfinished = self.file.with_suffix(".sqlite3.new")
        _copy_file(self.creation.connection.settings_dict["NAME"], unfinished)
        unfinished.rename(self.file)

    def use(self) -> None:
        self.creation.copied_from = self.file


def _from_copy(create: Callable[..., str]) -> Callable[..., str]:
    def _create_test_db(self: Any, *args: Any, **options: Any) -> str:
        name = create(self, *args, **options)
        if file := getattr(self, "copied_from", None):
            _copy_file(file, name)
        return name

    return _create_test_db


def _copy_file(source: str | Path, target: str | Path) -> None:
    """Not by its bytes: what was written last is in the log beside the file."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


class _ServerCopy:
    def __init__(self, creation: Any) -> None:
        self.creation = creation
        self.connection = creation.connection
        self.key = _migrations_key()
        self.name = f"test_{self.connection.settings_dict['NAME']}_migrated"

    def exists(self) -> bool:
        with self.creation._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s AND shobj_description(oid, 'pg_database') = %s",
                [self.name, self.key],
            )
            return cursor.fetchone() is not None

    def make(self) -> None:
        self.connection.close()
        source, target = map(
            self.connection.ops.quote_name, (self.connection.settings_dict["NAME"], self.name)
        )
        with self.creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {target}")
            cursor.execute(f"CREATE DATABASE {target} TEMPLATE {source}")
            cursor.execute(f"COMMENT ON DATABASE {target} IS '{self.key}'")
        self.connection.ensure_connection()

    def use(self) -> None:
        self.connection.settings_dict["TEST"]["TEMPLATE"] = self.name


# What migrations put into the database comes back before each test with serialized_rollback, as rows: made into
# objects and saved one by one, as Django does, it took a second.


def _take_rows(self: Any) -> dict[str, Any]:
    with self.connection.cursor() as cursor:
        take = _inserts if self.connection.vendor == "sqlite" else _copy_out
        return {table: take(cursor, table) for table in _with_rows(self.connection, _tables(self.connection))}


def _put_back(self: Any, rows: dict[str, Any]) -> None:
    operations = self.connection.ops
    operations.execute_sql_flush(operations.sql_flush(no_style(), _tables(self.connection)))
    with transaction.atomic(self.connection.alias), self.connection.cursor() as cursor:
        for table, content in rows.items():
            if self.connection.vendor == "sqlite":
                cursor.execute(content)
            else:
                with cursor.copy(f"COPY {operations.quote_name(table)} FROM STDIN") as stream:
                    stream.write(content)


def _inserts(cursor: Any, table: str) -> str:
    cursor.execute(f"SELECT name FROM pragma_table_info('{table}')")
    values = " || ',' || ".join(f'quote("{name}")' for (name,) in cursor.fetchall())
    cursor.execute(f'SELECT {values} FROM "{table}"')
    rows = ", ".join(f"({row})" for (row,) in cursor.fetchall())
    return f'INSERT INTO "{table}" VALUES {rows}'


def _copy_out(cursor: Any, table: str) -> bytes:
    with cursor.copy(f'COPY "{table}" TO STDOUT') as stream:
        return b"".join(stream)


def _tables(connection: Any) -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)


def _with_rows(connection: Any, tables: Iterable[str]) -> list[str]:
    queries = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables]
    if not queries:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(queries))
        return [table for (table,) in cursor.fetchall()]


# Emptying the database after a test with real commits. Django truncates on PostgreSQL, which takes seconds for all
# tables; most are empty anyhow. The triggers of append-only tables refuse: they are lifted and put back.


def _delete_rows(self: Any, _style: Any, tables: Iterable[str], **_options: bool) -> list[str]:
    """In any order: Django's foreign keys are looked at when the transaction ends."""
    return [f"DELETE FROM {self.quote_name(table)}" for table in _with_rows(self.connection, tables)]


def _flush_without_guards(operations: Any, lifted: Any) -> Callable[[Any, list[str]], None]:
    flush = operations.execute_sql_flush

    def flush_without_guards(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor, lifted(cursor):
            flush(self, sql_list)

    return flush_without_guards


@contextmanager
def _lifted_on_sqlite(cursor: Any) -> Iterator[None]:
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s", [f"%{MESSAGE}%"]
    )
    guards = cursor.fetchall()
    for name, _sql in guards:
        cursor.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in guards:
        cursor.execute(sql)


@contextmanager
def _lifted_on_postgresql(cursor: Any) -> Iterator[None]:
    cursor.execute(
        "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND p.prosrc LIKE %s",
        [f"%{MESSAGE}%"],
    )
    guards = cursor.fetchall()
    for table, name in guards:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield
    for table, name in guards:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
