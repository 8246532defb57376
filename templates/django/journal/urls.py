from django.urls import path

from journal import views

urlpatterns = [
    path("", views.EntryList.as_view(), name="entries"),
    path("entries/<slug:slug>/", views.EntryDetail.as_view(), name="entry"),
    path("health", views.health, name="health"),
]
