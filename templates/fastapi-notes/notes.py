"""Where notes are kept: one SQLite file, in the folder that outlives releases."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

DATABASE = Path(os.environ.get("GANTRY_DATA", "data")) / "notes.db"
LIMIT = 500


def connect() -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(DATABASE, timeout=10, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return closing(connection)


def prepare() -> None:
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    with connect() as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(
            """CREATE TABLE IF NOT EXISTS notes (
                 id INTEGER PRIMARY KEY,
                 title TEXT NOT NULL,
                 body TEXT NOT NULL,
                 changed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
               )"""
        )


def find(text: str) -> list[sqlite3.Row]:
    """The latest first; all where no text is given."""
    with connect() as db:
        return db.execute(
            "SELECT * FROM notes WHERE instr(lower(title || ' ' || body), lower(?)) > 0 ORDER BY changed_at DESC, id DESC LIMIT ?",
            (text, LIMIT),
        ).fetchall()


def get(id: int) -> sqlite3.Row | None:
    with connect() as db:
        return db.execute("SELECT * FROM notes WHERE id = ?", (id,)).fetchone()


def add(title: str, body: str) -> int:
    with connect() as db:
        return db.execute("INSERT INTO notes (title, body) VALUES (?, ?)", (title, body)).lastrowid


def change(id: int, title: str, body: str) -> None:
    with connect() as db:
        db.execute(
            "UPDATE notes SET title = ?, body = ?, changed_at = CURRENT_TIMESTAMP WHERE id = ?", (title, body, id)
        )


def remove(id: int) -> None:
    with connect() as db:
        db.execute("DELETE FROM notes WHERE id = ?", (id,))


def count() -> int:
    with connect() as db:
        return db.execute("SELECT count(*) FROM notes").fetchone()[0]
