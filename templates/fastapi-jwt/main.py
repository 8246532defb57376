"""{{name}}: people sign in and get a token, which opens the protected routes. By hand: JWT_SECRET=… uvicorn main:app --reload"""

import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, Field

import tokens
import users

HERE = Path(__file__).parent


@asynccontextmanager
async def prepared(_: FastAPI):
    users.prepare()
    yield


app = FastAPI(title="{{name}}", lifespan=prepared)
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
bearer = OAuth2PasswordBearer(tokenUrl="token")


class NewUser(BaseModel):
    username: str = Field(pattern=r"^[A-Za-z0-9._-]{2,40}$")
    password: str = Field(min_length=8, max_length=200)


class User(BaseModel):
    username: str
    joined_at: str


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"


def signed_in(token: Annotated[str, Depends(bearer)]) -> User:
    username = tokens.read(token)
    found = None if username is None else users.get(username)
    if found is None:
        raise HTTPException(401, "Sign in first", {"WWW-Authenticate": "Bearer"})
    return User(username=found["username"], joined_at=found["joined_at"])


@app.post("/users", status_code=201)
def sign_up(new: NewUser) -> User:
    if os.environ.get("SIGN_UP", "open") != "open":
        raise HTTPException(403, "Nobody can sign up at present")
    if not users.add(new.username, new.password):
        raise HTTPException(409, "That name is taken")
    return User(**users.get(new.username))


@app.post("/token")
def sign_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Token:
    if not users.check(form.username, form.password):
        raise HTTPException(401, "Name or password is wrong", {"WWW-Authenticate": "Bearer"})
    return Token(access_token=tokens.make(form.username))


@app.get("/me")
def me(user: Annotated[User, Depends(signed_in)]) -> User:
    """Protected: only with a token."""
    return user


@app.get("/health")
def health() -> dict[str, bool]:
    users.get("")
    return {"ok": True}


@app.get("/", include_in_schema=False)
def page() -> FileResponse:
    return FileResponse(HERE / "static" / "index.html")
