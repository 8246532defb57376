"""Notes, in HTML and SQLite. By hand: uvicorn main:app --reload"""

from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

import notes

HERE = Path(__file__).parent
pages = Jinja2Templates(HERE / "templates")


@asynccontextmanager
async def prepared(_: FastAPI):
    notes.prepare()
    yield


app = FastAPI(title="Notes", lifespan=prepared, docs_url=None, redoc_url=None)
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")

Title = Annotated[str, Form(min_length=1, max_length=120)]
Body = Annotated[str, Form(max_length=20_000)]


@app.get("/", response_class=HTMLResponse)
def index(request: Request, q: str = ""):
    return pages.TemplateResponse(request, "index.html", {"notes": notes.find(q), "q": q})


@app.post("/notes")
def add(title: Title, body: Body = ""):
    return RedirectResponse(f"/notes/{notes.add(title, body)}", status_code=303)


@app.get("/notes/{id}", response_class=HTMLResponse)
def show(request: Request, id: int):
    return pages.TemplateResponse(request, "note.html", {"note": existing(id)})


@app.post("/notes/{id}")
def change(id: int, title: Title, body: Body = ""):
    existing(id)
    notes.change(id, title, body)
    return RedirectResponse("/", status_code=303)


@app.post("/notes/{id}/remove")
def remove(id: int):
    notes.remove(id)
    return RedirectResponse("/", status_code=303)


@app.get("/health")
def health() -> dict[str, int]:
    return {"notes": notes.count()}


def existing(id: int):
    note = notes.get(id)
    if note is None:
        raise HTTPException(404, "There is no such note")
    return note
