"""What editors compose the home page of. Each block is one section, to be arranged, worded and hidden at will."""

from typing import Any, ClassVar

from wagtail.blocks import StreamBlock

from home.blocks.live import (
    ArticlesBlock,
    ClassesBlock,
    FieldsBlock,
    FiguresBlock,
    MostBookedInstrumentsBlock,
    NewestInstrumentsBlock,
    NewestServicesBlock,
    ServicesBlock,
)
from home.blocks.words import BannerBlock, ContactBlock, GuideBlock, GuidesBlock, HeroBlock, LinksBlock

__all__ = ["GuideBlock", "HomeBody"]


class HomeBody(StreamBlock):
    hero = HeroBlock()
    banner = BannerBlock()
    services = ServicesBlock()
    figures = FiguresBlock()
    classes = ClassesBlock()
    fields = FieldsBlock()
    instruments = NewestInstrumentsBlock()
    booked = MostBookedInstrumentsBlock()
    newest_services = NewestServicesBlock()
    articles = ArticlesBlock()
    guides = GuidesBlock()
    contact = ContactBlock()
    links = LinksBlock()

    def get_api_representation(self, value: Any, context: Any = None) -> list[dict[str, Any]]:
        """Of what the page shows today: hidden sections and banners that are over stay with the editors."""
        blocks = super().get_api_representation(value, context)
        return [one for one, block in zip(blocks, value, strict=True) if block.block.is_shown(block.value)]

    class Meta:
        # what says the same wherever it stands is said once; lists may come again with other options
        block_counts: ClassVar[dict[str, dict[str, int]]] = {
            name: {"max_num": 1}
            for name in ("hero", "services", "figures", "classes", "fields", "booked", "contact", "links")
        } | {
            name: {"max_num": 3}
            for name in ("banner", "instruments", "newest_services", "articles", "guides")
        }
