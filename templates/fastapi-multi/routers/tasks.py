from fastapi import APIRouter, HTTPException
from sqlalchemy import select

from database import Database
from models import Project, Task
from schemas.task import NewTask, TaskChange, TaskOut

router = APIRouter(prefix="/tasks", tags=["tasks"])


@router.get("")
def list_tasks(db: Database, project_id: int | None = None, done: bool | None = None) -> list[TaskOut]:
    query = select(Task).order_by(Task.id)
    if project_id is not None:
        query = query.where(Task.project_id == project_id)
    if done is not None:
        query = query.where(Task.done == done)
    return [TaskOut.model_validate(each) for each in db.scalars(query)]


@router.post("", status_code=201)
def add_task(new: NewTask, db: Database) -> TaskOut:
    if db.get(Project, new.project_id) is None:
        raise HTTPException(404, "There is no such project")
    task = Task(**new.model_dump())
    db.add(task)
    db.commit()
    return TaskOut.model_validate(task)


@router.patch("/{task_id}")
def change_task(task_id: int, change: TaskChange, db: Database) -> TaskOut:
    task = find(task_id, db)
    for key, value in change.model_dump(exclude_none=True).items():
        setattr(task, key, value)
    db.commit()
    return TaskOut.model_validate(task)


@router.delete("/{task_id}", status_code=204)
def remove_task(task_id: int, db: Database) -> None:
    db.delete(find(task_id, db))
    db.commit()


def find(task_id: int, db: Database) -> Task:
    task = db.get(Task, task_id)
    if task is None:
        raise HTTPException(404, "There is no such task")
    return task
