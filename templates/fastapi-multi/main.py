"""{{name}}: puts the parts together. By hand: uvicorn main:app --reload"""

from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from database import create_tables
from routers import health, projects, tasks


@asynccontextmanager
async def prepared(_: FastAPI):
    create_tables()
    yield


app = FastAPI(title="{{name}}", lifespan=prepared)
app.include_router(projects.router)
app.include_router(tasks.router)
app.include_router(health.router)


@app.get("/", include_in_schema=False)
def root() -> RedirectResponse:
    return RedirectResponse("/docs")
