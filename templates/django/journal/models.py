from django.db import models
from django.urls import reverse
from django.utils import timezone


class Published(models.Manager):
    """Entries that everybody may read."""

    def get_queryset(self):
        return super().get_queryset().filter(published_at__lte=timezone.now())


class Entry(models.Model):
    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    text = models.TextField()
    published_at = models.DateTimeField(null=True, blank=True, help_text="Empty: a draft. In the future: not yet.")

    objects = models.Manager()
    published = Published()

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("entry", args=[self.slug])
