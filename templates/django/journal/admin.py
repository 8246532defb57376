from django.contrib import admin

from journal.models import Entry


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ["title", "published_at"]
    list_filter = ["published_at"]
    search_fields = ["title", "text"]
    prepopulated_fields = {"slug": ["title"]}
