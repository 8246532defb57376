"""A poll. By hand: flask run --debug"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from flask import Flask, abort, redirect, render_template, request, url_for

# Gantry gives each app a folder that outlives its releases.
DATABASE = Path(os.environ.get("GANTRY_DATA", "data")) / "poll.db"
QUESTION = "Tea or coffee?"
CHOICES = {"tea": "🍵 Tea", "coffee": "☕ Coffee", "water": "💧 Just water"}

app = Flask(__name__)


def connect():
    connection = sqlite3.connect(DATABASE, timeout=10, isolation_level=None)
    return closing(connection)


def prepare() -> None:
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    with connect() as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS votes (choice TEXT PRIMARY KEY, count INTEGER NOT NULL)")


prepare()


@app.get("/")
def poll():
    with connect() as db:
        counts = dict(db.execute("SELECT choice, count FROM votes"))
    results = [(key, label, counts.get(key, 0)) for key, label in CHOICES.items()]
    return render_template("poll.html", question=QUESTION, results=results, total=sum(counts.values()))


@app.post("/vote")
def vote():
    choice = request.form.get("choice")
    if choice not in CHOICES:
        abort(400, "That was not a choice")
    with connect() as db:
        db.execute(
            "INSERT INTO votes VALUES (?, 1) ON CONFLICT (choice) DO UPDATE SET count = count + 1", (choice,)
        )
    return redirect(url_for("poll"), code=303)


@app.get("/health")
def health():
    with connect() as db:
        db.execute("SELECT 1 FROM votes LIMIT 1")
    return {"ok": True}
