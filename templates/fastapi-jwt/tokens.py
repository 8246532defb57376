"""Signed tokens (JWT, HS256) that tell who somebody is, for a while."""

import os
from datetime import datetime, timedelta, timezone

import jwt

SECRET = os.environ["JWT_SECRET"]
MINUTES = int(os.environ.get("TOKEN_MINUTES", "60"))


def make(username: str) -> str:
    now = datetime.now(timezone.utc)
    return jwt.encode({"sub": username, "iat": now, "exp": now + timedelta(minutes=MINUTES)}, SECRET, "HS256")


def read(token: str) -> str | None:
    """Who it belongs to; None for one that is forged, broken or too old."""
    try:
        return jwt.decode(token, SECRET, ["HS256"], options={"require": ["sub", "exp"]})["sub"]
    except jwt.InvalidTokenError:
        return None
