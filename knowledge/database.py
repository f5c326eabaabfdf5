"""The database behind the store: opening, migrating, and the two kinds of transaction."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from knowledge.unavailable import explain, make_folder, newer, no_driver, parse_url

BUSY_SECONDS = 30  # how long a writer waits for the writers of other processes
MAX_CONNECTIONS = 40  # as many as the web server has worker threads
KEPT_CONNECTIONS = 10
_MIGRATION_LOCK = 0x7869616F  # any number that only this program locks
_WRITES = "xiaoer_writes"


class Database:
    """One open database, migrated to this program's schema. Safe to use from many threads."""

    def __init__(self, url: str) -> None:
        """Open and migrate; raises StoreUnavailable with the reason and the remedy."""
        self._url = parse_url(url)
        make_folder(self._url)
        self._engine = _engine(self._url)
        self.is_postgres = self._engine.dialect.name == "postgresql"
        self._errors = (DBAPIError, PoolTimeout, self._engine.dialect.loaded_dbapi.Error)
        self._one_writer = Lock()
        try:
            self._migrate()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction in which every query sees the same state."""
        with self._explained(), self._engine.connect() as connection:
            if self.is_postgres:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction stored to disk when the block ends, or not at all; on SQLite it excludes every other writer."""
        # Threads queue at the lock in turn; SQLite's own waiting polls and would starve some of them.
        with self._explained(), self._one_writer, self._engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def first_row(self, statement: str, *values: str) -> tuple[Any, ...] | None:
        """The first row of a fixed query with `?` for each value, past SQLAlchemy's compiler, which costs more than
        the query itself: for what runs before every request.
        """
        statement = statement.replace("?", "%s") if self.is_postgres else statement
        with self._explained():
            connection = self._engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(statement, values)
                row: tuple[Any, ...] | None = cursor.fetchone()
                cursor.close()
            finally:
                connection.close()
            return row

    def _migrate(self) -> None:
        # Imported here: alembic takes 0.2 s to import, and only opening needs it.
        from knowledge.migrations import NewerSchemaError, upgrade

        try:
            with self.writing() as connection:
                if self.is_postgres:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
                upgrade(connection)
                connection.execute(text("UPDATE revision SET value = value"))  # finds out now whether it can be written
        except NewerSchemaError as error:
            raise newer(self._url) from error

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            refused = explain(self._url, error)
            if refused is None:
                raise
            raise refused from error


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(
                url,
                pool_size=MAX_CONNECTIONS,
                max_overflow=-1,
                hide_parameters=True,
                connect_args={"timeout": BUSY_SECONDS},
            )
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        timeout = {} if "connect_timeout" in url.query else {"connect_timeout": 5}
        # A server allows 100 connections by default, so all but a few are given back when a rush is over.
        spare = MAX_CONNECTIONS - KEPT_CONNECTIONS
        return create_engine(
            url,
            pool_size=KEPT_CONNECTIONS,
            max_overflow=spare,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args=timeout,
        )
    except (ImportError, NoSuchModuleError) as error:
        raise no_driver(url) from error


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says, not where the driver guesses
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")  # an acknowledged write survives a power cut
    connection.execute("PRAGMA foreign_keys=ON")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Two processes that open a new file at once get "locked" here, for SQLite does not wait when it changes mode."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writing one fails when another writer was faster; this one waits.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
