"""{{name}}: puts the parts together. By hand: uvicorn main:app --reload"""

from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse

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
def page() -> FileResponse:
    return FileResponse(Path(__file__).with_name("page.html"))
