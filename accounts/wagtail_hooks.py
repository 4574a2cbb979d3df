"""What accounts change in the Wagtail admin."""

from wagtail import hooks

from accounts.admin_views import AssignRoleToStaff, DeleteUnused, SetActiveState

for action in (AssignRoleToStaff, DeleteUnused, SetActiveState):
    # order: after Wagtail's own action of the same name, which it replaces
    hooks.register("register_bulk_action", action, order=1)
