"""What a booking and an order have in common: two institutions and what the one offers the other."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, TypeAlias

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalogue.models import Instrument, LabService, PriceUnit, TestingService
from institutions.models import Consumer, Provider
from orders.statuses import Party, ServiceKind

Offer: TypeAlias = Instrument | TestingService | LabService

# The column of the deal that names what is offered, by its kind.
OFFER_FIELDS: dict[ServiceKind, str] = {
    ServiceKind.INSTRUMENT: "instrument",
    ServiceKind.TESTING: "testing_service",
    ServiceKind.LAB: "lab_service",
}
OFFER_MODELS: dict[ServiceKind, type[Offer]] = {
    ServiceKind.INSTRUMENT: Instrument,
    ServiceKind.TESTING: TestingService,
    ServiceKind.LAB: LabService,
}
LEAST_AMOUNT = Decimal("0.01")
MOST_AMOUNT = Decimal("100000000")
MOST_QUANTITY = Decimal("100000")


def kind_of(offer: Offer) -> ServiceKind:
    return next(kind for kind, model in OFFER_MODELS.items() if isinstance(offer, model))


def amount_field(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """Yuan, above 0."""
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=2,
        validators=[MinValueValidator(LEAST_AMOUNT, _("金额应大于 0 元。"))],
        **options,
    )


def quantity_field(label: Any = "", **options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label or _("数量"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(LEAST_AMOUNT, _("数量应大于 0。"))],
        **options,
    )


def unit_field(**options: Any) -> models.CharField[Any, Any]:
    return models.CharField(_("单位"), max_length=8, choices=PriceUnit, **options)


def line_amount(quantity: Decimal, price_amount: Decimal) -> Decimal:
    """Quantity times unit price in yuan, to the fen, half up."""
    return (quantity * price_amount).quantize(LEAST_AMOUNT, ROUND_HALF_UP)


def one_offer() -> Q:
    """The column of the deal's kind is filled, and no other."""
    condition = Q()
    for kind in ServiceKind:
        others = {f"{field}__isnull": other != kind for other, field in OFFER_FIELDS.items()}
        condition |= Q(kind=kind.value, **others)
    return condition


class Deal(models.Model):
    """A consumer and a provider over one instrument or service."""

    statuses: ClassVar[type[models.TextChoices]]
    labels: ClassVar[dict[Any, Any]]

    number = models.CharField(_("编号"), max_length=20, unique=True)
    consumer = models.ForeignKey(
        Consumer, verbose_name=_("用券机构"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    provider = models.ForeignKey(
        Provider, verbose_name=_("接券机构"), on_delete=models.PROTECT, related_name="%(class)ss"
    )
    kind = models.CharField(_("服务类型"), max_length=10, choices=ServiceKind)
    instrument = models.ForeignKey(
        Instrument,
        verbose_name=_("仪器"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    testing_service = models.ForeignKey(
        TestingService,
        verbose_name=_("检测服务"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    lab_service = models.ForeignKey(
        LabService,
        verbose_name=_("实验服务"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    # as it was called then: the record may be renamed
    offer_name = models.CharField(_("服务名称"), max_length=100)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)
    # when the last reminder of the state it is in was sent
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    closing_reason = models.TextField(_("原因"), max_length=500, blank=True)

    status: Any

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def offer(self) -> Offer:
        offer: Offer = getattr(self, OFFER_FIELDS[ServiceKind(self.kind)])
        return offer

    @offer.setter
    def offer(self, offer: Offer) -> None:
        self.kind = kind_of(offer)
        setattr(self, OFFER_FIELDS[ServiceKind(self.kind)], offer)
        self.offer_name = str(offer)[:100]

    def label_for(self, party: Party) -> str:
        """The state in that side's words."""
        status = self.statuses(self.status)
        return str(self.labels.get((status, party), status.label))

    def account_of(self, party: Party) -> User:
        """The account of one of the two sides."""
        institution = self.consumer if party == Party.CONSUMER else self.provider
        return institution.account

    def get_centre_url(self) -> str:
        raise NotImplementedError  # each subclass has its own
