"""Serves a Django project as `runserver` does: its static files too, while DEBUG is on and nothing else serves them.

Runs inside of the app, as `gantry_django:wsgi()` or `gantry_django:asgi()`. GANTRY_DJANGO_ENTRY names the project's own
application (`module:variable`), GANTRY_DJANGO_BASE the folder that it is imported from.
"""
import importlib
import os
import sys


def project_application():
    sys.path.insert(0, os.path.abspath(os.environ.get("GANTRY_DJANGO_BASE", "")))
    module, _, variable = os.environ["GANTRY_DJANGO_ENTRY"].partition(":")
    found = getattr(importlib.import_module(module), variable.replace("()", ""))
    return found() if variable.endswith("()") else found


def needs_static_files():
    from django.apps import apps
    from django.conf import settings

    if not settings.DEBUG or not apps.is_installed("django.contrib.staticfiles"):
        return False
    return not any("whitenoise" in name.lower() for name in settings.MIDDLEWARE)


def serve(handler):
    application = project_application()
    if not needs_static_files():
        return application
    handlers = importlib.import_module("django.contrib.staticfiles.handlers")
    return getattr(handlers, handler)(application)


def wsgi():
    return serve("StaticFilesHandler")


def asgi():
    return serve("ASGIStaticFilesHandler")
