"""Who may sign in: names and hashed passwords in SQLite, in the folder that outlives releases."""

import hashlib
import hmac
import os
import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

DATABASE = Path(os.environ.get("GANTRY_DATA", "data")) / "users.db"


def connect() -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(DATABASE, timeout=10, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return closing(connection)


def prepare() -> None:
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    with connect() as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(
            """CREATE TABLE IF NOT EXISTS users (
                 username TEXT PRIMARY KEY COLLATE NOCASE,
                 salt BLOB NOT NULL,
                 hash BLOB NOT NULL,
                 joined_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
               )"""
        )


def get(username: str) -> dict[str, str] | None:
    with connect() as db:
        row = db.execute("SELECT username, joined_at FROM users WHERE username = ?", (username,)).fetchone()
    return None if row is None else dict(row)


def add(username: str, password: str) -> bool:
    """False when the name is taken."""
    salt = secrets.token_bytes(16)
    try:
        with connect() as db:
            db.execute(
                "INSERT INTO users (username, salt, hash) VALUES (?, ?, ?)", (username, salt, hashed(password, salt))
            )
    except sqlite3.IntegrityError:
        return False
    return True


def check(username: str, password: str) -> bool:
    with connect() as db:
        row = db.execute("SELECT salt, hash FROM users WHERE username = ?", (username,)).fetchone()
    # A name that nobody has takes as long as a wrong password: who is there can't be guessed by the time.
    salt, wanted = (row["salt"], row["hash"]) if row else (b"\0" * 16, b"")
    return hmac.compare_digest(hashed(password, salt), wanted)


def hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)
