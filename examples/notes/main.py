"""A board of notes, kept in SQLite; each gets a face from the mood app. Alone: uvicorn main:app --reload"""

import os
import sqlite3
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

HERE = Path(__file__).parent
DATABASE = Path(os.environ.get("DATA_DIR", HERE / "data")) / "notes.db"
MOOD_URL = os.environ.get("MOOD_URL")  # set by Gantry, because notes depends on mood


class NewNote(BaseModel):
    text: str = Field(min_length=1, max_length=500)


class Note(NewNote):
    id: int
    face: str
    hue: int


def connect() -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(DATABASE, timeout=10, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return closing(connection)


@asynccontextmanager
async def prepared(_: FastAPI):
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    with connect() as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT, face TEXT, hue INTEGER)")
    yield


app = FastAPI(title="Notes", lifespan=prepared)


async def mood_of(text: str) -> tuple[str, int]:
    """The mood app's opinion; without the mood app every note looks thoughtful."""
    if MOOD_URL:
        try:
            async with httpx.AsyncClient(timeout=2) as client:
                mood = (await client.get(f"{MOOD_URL}/api/mood", params={"text": text})).raise_for_status().json()
            return mood["face"], mood["hue"]
        except httpx.HTTPError as error:
            print(f"mood did not answer: {error!r}", flush=True)
    return "🤔", 48


@app.get("/api/notes")
def list_notes() -> list[Note]:
    with connect() as db:
        return [Note(**row) for row in db.execute("SELECT * FROM notes ORDER BY id DESC LIMIT 200")]


@app.post("/api/notes", status_code=201)
async def add_note(new: NewNote) -> Note:
    face, hue = await mood_of(new.text)
    with connect() as db:
        row = db.execute(
            "INSERT INTO notes (text, face, hue) VALUES (?, ?, ?) RETURNING *", (new.text, face, hue)
        ).fetchone()
    return Note(**row)


@app.delete("/api/notes/{id}", status_code=204)
def remove_note(id: int) -> None:
    with connect() as db:
        if db.execute("DELETE FROM notes WHERE id = ?", (id,)).rowcount == 0:
            raise HTTPException(404, "There is no such note")


@app.get("/health")
def health() -> dict[str, bool]:
    with connect() as db:
        db.execute("SELECT 1 FROM notes LIMIT 1")
    return {"ok": True}


@app.get("/", include_in_schema=False)
def page() -> FileResponse:
    return FileResponse(HERE / "page.html")
