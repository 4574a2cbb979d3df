"""Looks at files and steps of a follow-up are appended to, never changed, in the database as well as in code."""

from django.db import migrations

from workflow.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [append_only("supervision_fileaccess"), append_only("supervision_alertnote")]
