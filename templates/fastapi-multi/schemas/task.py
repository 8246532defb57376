from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class NewTask(BaseModel):
    project_id: int
    title: str = Field(min_length=1, max_length=200)


class TaskChange(BaseModel):
    title: str | None = Field(default=None, min_length=1, max_length=200)
    done: bool | None = None


class TaskOut(NewTask):
    model_config = ConfigDict(from_attributes=True)

    id: int
    done: bool
    created_at: datetime
