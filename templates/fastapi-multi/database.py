"""The database: one SQLite file, in the folder that outlives releases."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

FILE = Path(os.environ.get("GANTRY_DATA", "data")) / "tasks.db"
FILE.parent.mkdir(parents=True, exist_ok=True)

engine = create_engine(f"sqlite:///{FILE}", connect_args={"timeout": 10})
new_session = sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


@event.listens_for(engine, "connect")
def prepare(connection, _record) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")


def create_tables() -> None:
    import models  # noqa: F401, so that all tables are known

    Base.metadata.create_all(engine)


def session() -> Iterator[Session]:
    with new_session() as opened:
        yield opened


Database = Annotated[Session, Depends(session)]
