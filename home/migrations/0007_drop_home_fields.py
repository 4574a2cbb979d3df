"""The former fields of the home page, whose words are in its sections now."""

from django.db import migrations

FIELDS = [
    "hero_title",
    "hero_lead",
    "search_terms",
    "guides",
    "contact_phone",
    "contact_email",
    "contact_address",
    "contact_hours",
]


class Migration(migrations.Migration):
    dependencies = [("home", "0006_home_sections")]
    operations = [migrations.RemoveField("homepage", name) for name in FIELDS]
