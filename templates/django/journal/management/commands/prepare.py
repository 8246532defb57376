"""`python manage.py prepare`: brings the database up to date, and makes the first administrator. Runs before each deploy."""

import os

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Migrates the database, and makes an administrator from ADMIN_NAME and ADMIN_PASSWORD where there is none."

    def handle(self, *args, **options) -> None:
        call_command("migrate", interactive=False, verbosity=1)
        users = get_user_model().objects
        password = os.environ.get("ADMIN_PASSWORD")
        if not password or users.filter(is_superuser=True).exists():
            return
        name = os.environ.get("ADMIN_NAME", "admin")
        users.create_superuser(name, password=password)
        self.stdout.write(f"made the administrator {name}")
