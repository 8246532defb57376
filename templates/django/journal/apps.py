from django.apps import AppConfig
from django.contrib import admin


class JournalConfig(AppConfig):
    name = "journal"

    def ready(self) -> None:
        admin.site.site_header = admin.site.site_title = "{{name}}"
