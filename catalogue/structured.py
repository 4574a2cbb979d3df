"""The catalogue in the words of schema.org. Names no person, telephone number or e-mail address."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings

from accounts.addresses import absolute
from accounts.structured import Data, filled
from catalogue.models import Instrument, PriceKind, Qualification, ServiceRecord
from catalogue.templatetags.catalogue import photo, web_address
from institutions.models import HostType, Provider

CURRENCY = "CNY"
# An instrument is lent for the hour or the sample, never sold.
LEND = "http://purl.org/goodrelations/v1#LeaseOut"
ORGANIZATIONS = {
    HostType.UNIVERSITY: "CollegeOrUniversity",
    HostType.INSTITUTE: "ResearchOrganization",
    HostType.ENTERPRISE: "Corporation",
    HostType.HOSPITAL: "MedicalOrganization",
}


def instrument_data(instrument: Instrument) -> Data:
    url = absolute(instrument.get_absolute_url())
    cover = instrument_picture(instrument)
    return filled(
        type_="Product",
        id_=f"{url}#instrument",
        name=instrument.name,
        alternateName=instrument.name_en,
        url=url,
        description=instrument.functions,
        image=cover["url"] if cover else None,
        model=instrument.model,
        manufacturer=filled(type_="Organization", name=instrument.manufacturer)
        if instrument.manufacturer
        else None,
        countryOfOrigin=instrument.origin,
        category=str(instrument.instrument_class) if instrument.instrument_class else None,
        offers=filled(
            type_="Offer",
            businessFunction=LEND,
            url=url,
            availableAtOrFrom=filled(
                type_="Place", address=address(instrument.city_name, instrument.district, instrument.location)
            ),
            offeredBy=provider_link(instrument.provider),
            **price(instrument.price_amount, unit=instrument.get_price_unit_display()),
        ),
    )


def service_data(service: ServiceRecord) -> Data:
    url = absolute(service.get_absolute_url())
    if service.price_kind == PriceKind.AGREEMENT:
        priced = {}
    elif service.price_kind == PriceKind.RANGE:
        priced = price(service.price_amount, service.price_max_amount, unit=service.get_price_unit_display())
    else:
        priced = price(service.price_amount, unit=service.get_price_unit_display())
    return filled(
        type_="Service",
        id_=f"{url}#service",
        name=service.name,
        url=url,
        description=service.content,
        serviceType=str(service.field) if service.field else str(service._meta.verbose_name),
        serviceOutput=service.deliverables,
        provider=provider_link(service.provider),
        areaServed=province(),
        offers=filled(type_="Offer", url=url, **priced) if priced else None,
    )


def provider_data(provider: Provider, qualifications: Iterable[Qualification] = ()) -> Data:
    logo = picture(provider.logo, "fill-320x320")
    return filled(
        type_=ORGANIZATIONS.get(HostType(provider.host_type), "Organization")
        if provider.host_type
        else "Organization",
        id_=_provider_id(provider),
        name=str(provider),
        url=absolute(provider.get_absolute_url()),
        sameAs=web_address(provider.website),
        description=provider.body_introduction or provider.introduction,
        logo=logo["url"] if logo else None,
        address=address(provider.city_name, provider.district, provider.address),
        parentOrganization=(
            filled(type_="Organization", name=provider.host_name)
            if provider.host_name != str(provider)
            else None
        ),
        hasCertification=[
            filled(
                type_="Certification",
                name=one.name,
                certificationIdentification=one.certificate_number,
                issuedBy=filled(type_="Organization", name=one.issuer) if one.issuer else None,
                validFrom=one.valid_from.isoformat() if one.valid_from else None,
                expires=one.valid_to.isoformat() if one.valid_to else None,
            )
            for one in qualifications
        ],
    )


def provider_link(provider: Provider) -> Data:
    return filled(
        type_="Organization",
        id_=_provider_id(provider),
        name=str(provider),
        url=absolute(provider.get_absolute_url()),
    )


def price(lowest: Decimal | None, highest: Decimal | None = None, *, unit: str = "") -> Data:
    """A price in yuan for each ``unit``; nothing where there is none."""
    if lowest is None:
        return {}
    amounts = {"minPrice": str(lowest), "maxPrice": str(highest)} if highest else {"price": str(lowest)}
    specification = filled(type_="UnitPriceSpecification", priceCurrency=CURRENCY, unitText=unit, **amounts)
    fixed = {} if highest else {**amounts, "priceCurrency": CURRENCY}
    return {**fixed, "priceSpecification": specification}


def province() -> Data:
    return filled(type_="AdministrativeArea", name=settings.PROVINCE_NAME)


def address(city: str, district: str, street: str) -> Data:
    return filled(
        type_="PostalAddress",
        addressCountry="CN",
        addressRegion=settings.PROVINCE_NAME,
        addressLocality=f"{city}{district}",
        streetAddress=street,
    )


def instrument_picture(instrument: Instrument) -> Data | None:
    """The large photo of its page, which is there already."""
    return picture(instrument.cover, "fill-960x600")


def picture(image: Any, spec: str) -> Data | None:
    rendition = photo(image, spec)
    if rendition is None:
        return None
    return {"url": absolute(rendition.url), "width": rendition.width, "height": rendition.height}


def _provider_id(provider: Provider) -> str:
    return f"{absolute(provider.get_absolute_url())}#provider"
