#!/bin/sh
# Once a day: drop what has expired. Run from the project's directory with the site's environment.
set -e
python manage.py clearsessions
python manage.py prune_db_task_results --queue-name '*' --min-age-days 30
python manage.py delete_orphan_files
