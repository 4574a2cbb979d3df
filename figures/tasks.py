"""What takes longer than a request may."""

from django_tasks import task

from accounts.models import User
from figures.services import open_years


@task()
def open_years_task(year: int, actor_id: int) -> None:
    """Open the year for all providers; begun again, it goes on with those that are left."""
    open_years(year=year, actor=User.objects.get(pk=actor_id))
