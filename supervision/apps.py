from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = _("监督")

    def ready(self) -> None:
        from files.signals import private_file_served
        from supervision import checks  # noqa: F401 - declares its kinds of warnings
        from supervision.access import on_file_served

        private_file_served.connect(on_file_served, dispatch_uid="supervision.file_access")
