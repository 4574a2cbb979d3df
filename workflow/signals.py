"""What other apps listen to, so that the layers below need not know them."""

from django.dispatch import Signal

# Sent inside the transaction after a submission changed its status.
# Arguments: sender (model class), record, action (workflow.statuses.Action), actor.
submission_moved = Signal()

# Sent after ``migrate`` once the groups of the staff exist, for what the apps above put in place after them.
staff_groups_ready = Signal()
