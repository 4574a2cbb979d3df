"""The vocabulary for reading sets of parameters."""

import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone


class ProgrammeParametersQuerySet(models.QuerySet[Any]):
    def by(self, moment: datetime.datetime) -> Self:
        """Sets that had taken force by then, the last first."""
        return self.filter(effective_from__lte=moment).order_by("-effective_from")

    def future(self) -> Self:
        return self.filter(effective_from__gt=timezone.now())
