from fastapi import APIRouter
from sqlalchemy import text

from database import Database

router = APIRouter(tags=["health"])


@router.get("/health")
def health(db: Database) -> dict[str, bool]:
    db.execute(text("SELECT 1"))
    return {"ok": True}
