import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("text", models.TextField()),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, help_text="Empty: a draft. In the future: not yet.", null=True
                    ),
                ),
            ],
            options={"verbose_name_plural": "entries", "ordering": ["-published_at", "-id"]},
            managers=[("objects", django.db.models.manager.Manager())],
        ),
    ]
