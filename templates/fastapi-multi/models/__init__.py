"""What is stored."""

from models.project import Project
from models.task import Task

__all__ = ["Project", "Task"]
