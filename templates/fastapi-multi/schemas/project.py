from pydantic import BaseModel, ConfigDict, Field


class NewProject(BaseModel):
    name: str = Field(min_length=1, max_length=80)


class ProjectOut(NewProject):
    model_config = ConfigDict(from_attributes=True)

    id: int
