#!/bin/sh
# Once a day, soon after midnight: what ends with its day, then what has expired. Run from the project's directory with the site's environment.
# One command that fails keeps none of the others from running; the script then ends with 1.
failed=0
run() {
    python manage.py "$@" || failed=1
}
run lift_suspensions
run remind_expiring
run expire_vouchers
run remind_orders
run run_batches
run check_access
# from the beginning once a week, in case a step left no entry in the trail
if [ "$(date +%u)" = 7 ]; then run refresh_figures --rebuild; else run refresh_figures; fi
run hash_scans
run prune_sign_ins
run clearsessions
run prune_db_task_results --queue-name '*' --min-age-days 30
run resume_jobs
run prune_jobs
run delete_orphan_files
run searchpromotions_garbage_collect
# prints the heads of the chains: the log keeps them outside the database
run audit_ledger
exit $failed
