from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "orders"
    verbose_name = _("预约与订单")

    def ready(self) -> None:
        from files.querysets import let_read
        from orders.files import files_of

        let_read(files_of)
