"""What a provider's year says, as it is computed, stored and shown. Amounts in yuan."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Self

from django.utils.translation import gettext as _

from accounts.money import NOTHING, format_yuan, percent
from orders.statuses import ServiceKind
from programme.models import ProgrammeParameters, SubsidyBase
from programme.subsidy import band_of, parse_bands


@dataclass(frozen=True)
class Served:
    """Orders completed in the year, of one kind or of all; of which, those paid with vouchers."""

    count: int
    amount: Decimal
    voucher_count: int
    voucher_amount: Decimal


@dataclass(frozen=True)
class YearFigures:
    """``mean_stars`` of ``evaluations`` (1 to 5); ``on_time`` of ``timed`` orders; days to answer, of ``answered`` bookings."""

    kinds: Mapping[str, Served]
    consumers: int
    evaluations: int
    mean_stars: Decimal | None
    timed: int
    on_time: int
    answered: int
    answer_days: Decimal | None
    subsidy_amount: Decimal = NOTHING
    subsidy_lines: Sequence[str] = ()

    @property
    def total(self) -> Served:
        of_all = self.kinds.values()
        return Served(
            sum(one.count for one in of_all),
            sum((one.amount for one in of_all), NOTHING),
            sum(one.voucher_count for one in of_all),
            sum((one.voucher_amount for one in of_all), NOTHING),
        )

    @property
    def rows(self) -> list[tuple[str, Served]]:
        return [(str(ServiceKind(kind).label), served) for kind, served in self.kinds.items()]

    @property
    def on_time_percent(self) -> Decimal | None:
        return percent(self.on_time, self.timed) if self.timed else None

    def as_json(self) -> dict[str, Any]:
        """Decimals as text."""
        return _plain(asdict(self))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        def amount(name: str) -> Decimal | None:
            return Decimal(stored[name]) if stored[name] is not None else None

        kinds = {
            kind: Served(
                one["count"], Decimal(one["amount"]), one["voucher_count"], Decimal(one["voucher_amount"])
            )
            for kind, one in stored["kinds"].items()
        }
        decimals = {name: amount(name) for name in ("mean_stars", "answer_days", "subsidy_amount")}
        return cls(**{**stored, **decimals, "kinds": kinds})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def subsidy_of(total: Served, parameters: ProgrammeParameters) -> tuple[Decimal, list[str]]:
    """The running subsidy in yuan, and how it comes about, line by line."""
    uses_vouchers = parameters.subsidy_base == SubsidyBase.VOUCHERS
    count = total.voucher_count if uses_vouchers else total.count
    amount = total.voucher_amount if uses_vouchers else total.amount
    base = str(SubsidyBase(parameters.subsidy_base).label)
    lines = [
        _("计补基数：%(base)s %(count)d 份，共 %(amount)s 元。")
        % {"base": base, "count": count, "amount": format_yuan(amount)}
    ]
    bands = parse_bands(parameters.subsidy_bands)
    if not bands:
        return NOTHING, [*lines, _("项目参数没有设置运行补助档次，运行补助为 0 元。")]
    band = band_of(amount, bands)
    if band is None:
        least = format_yuan(bands[0].least)
        return NOTHING, [*lines, _("未达到最低一档的 %s 元，运行补助为 0 元。") % least]
    subsidy = band.subsidy(amount)
    lines.append(
        _("达到 %(least)s 元一档：%(gives)s，计 %(subsidy)s 元。")
        % {"least": format_yuan(band.least), "gives": band.gives, "subsidy": format_yuan(subsidy)}
    )
    ceiling = parameters.subsidy_ceiling_amount
    if ceiling is not None and subsidy > ceiling:
        lines.append(_("超过每家机构上限，按上限 %s 元计。") % format_yuan(ceiling))
        subsidy = ceiling
    return subsidy.quantize(NOTHING), [*lines, _("运行补助：%s 元。") % format_yuan(subsidy)]
