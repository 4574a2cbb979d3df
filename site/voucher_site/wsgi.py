import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voucher_site.settings.production")
application = get_wsgi_application()

from voucher_site.translations import flatten_catalogues  # noqa: E402

flatten_catalogues()
