from fastapi import APIRouter, HTTPException
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from database import Database
from models import Project
from schemas.project import NewProject, ProjectOut

router = APIRouter(prefix="/projects", tags=["projects"])


@router.get("")
def list_projects(db: Database) -> list[ProjectOut]:
    return [ProjectOut.model_validate(each) for each in db.scalars(select(Project).order_by(Project.name))]


@router.post("", status_code=201)
def add_project(new: NewProject, db: Database) -> ProjectOut:
    project = Project(name=new.name)
    db.add(project)
    try:
        db.commit()
    except IntegrityError:
        raise HTTPException(409, f"There is a project {new.name} already") from None
    return ProjectOut.model_validate(project)


@router.delete("/{project_id}", status_code=204)
def remove_project(project_id: int, db: Database) -> None:
    project = db.get(Project, project_id)
    if project is None:
        raise HTTPException(404, "There is no such project")
    db.delete(project)
    db.commit()
