"""Guesses the mood of a text. Alone: uvicorn main:app --reload"""

import re
from pathlib import Path

from fastapi import FastAPI, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel

PAGE = Path(__file__).with_name("page.html")

HAPPY = set("love like great good happy fun joy yay nice sun friend cake party win thanks wow cool best smile".split())
SAD = set("hate bad sad angry lost tired rain broken fail alone sorry worst ugh bug late sick cry bored".split())

# From gloomy to delighted: the face and the hue (in degrees) that stand for a score.
FACES = [(-2, "😭", 225), (-1, "🙁", 205), (0, "😐", 95), (1, "🙂", 48), (2, "🤩", 22)]


class Mood(BaseModel):
    score: int
    face: str
    hue: int


app = FastAPI(title="Mood")


@app.get("/api/mood")
def guess(text: str = Query(max_length=2000)) -> Mood:
    words = re.findall(r"\w+", text.lower())
    score = sum((word in HAPPY) - (word in SAD) for word in words) + min(text.count("!"), 1)
    score = max(-2, min(2, score))
    _, face, hue = FACES[score + 2]
    return Mood(score=score, face=face, hue=hue)


@app.get("/health")
def health() -> dict[str, bool]:
    return {"ok": True}


@app.get("/", include_in_schema=False)
def page() -> FileResponse:
    return FileResponse(PAGE)
