"""{{name}}: an API in one file. By hand: uvicorn main:app --reload"""

from pathlib import Path
from random import choice

from fastapi import FastAPI, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel

app = FastAPI(title="{{name}}")

GREETINGS = {"en": "Hello", "de": "Hallo", "fr": "Bonjour", "es": "Hola", "ja": "こんにちは", "sw": "Habari"}


class Greeting(BaseModel):
    text: str
    language: str


@app.get("/api/greeting")
def greet(
    name: str = Query(default="world", min_length=1, max_length=60),
    language: str | None = Query(default=None, description="Two letters; any when left out"),
) -> Greeting:
    chosen = language if language in GREETINGS else choice(list(GREETINGS))
    return Greeting(text=f"{GREETINGS[chosen]}, {name}!", language=chosen)


@app.get("/health")
def health() -> dict[str, bool]:
    return {"ok": True}


@app.get("/", include_in_schema=False)
def page() -> FileResponse:
    return FileResponse(Path(__file__).with_name("page.html"))
