#!/bin/sh
# Once a day, soon after midnight: what ends with its day, then what has expired. Run from the project's directory with the site's environment.
set -e
python manage.py lift_suspensions
python manage.py remind_expiring
python manage.py expire_vouchers
python manage.py clearsessions
python manage.py prune_db_task_results --queue-name '*' --min-age-days 30
python manage.py resume_jobs
python manage.py prune_jobs
python manage.py delete_orphan_files
python manage.py searchpromotions_garbage_collect
