from django.http import HttpRequest, JsonResponse
from django.views.generic import DetailView, ListView

from journal.models import Entry


class EntryList(ListView):
    paginate_by = 20
    template_name = "journal/list.html"

    def get_queryset(self):
        return Entry.published.all()


class EntryDetail(DetailView):
    template_name = "journal/entry.html"

    def get_queryset(self):
        return Entry.published.all()


def health(_request: HttpRequest) -> JsonResponse:
    Entry.objects.exists()
    return JsonResponse({"ok": True})
