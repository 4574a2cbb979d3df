"""What a first visit costs on the wire, and whether the page holds still while it loads."""

import gzip
from urllib.parse import urlsplit

import pytest

from tests.factories import InstrumentFactory

pytestmark = pytest.mark.browser

KB = 1024
MODERN = {"image/webp", "image/avif", "image/svg+xml"}
WEIGHED = {"document", "stylesheet", "script"}

IMAGES = """() => [...document.images].map(image => ({
  source: image.getAttribute("src"),
  sized: image.hasAttribute("width") && image.hasAttribute("height"),
  lazy: image.loading === "lazy",
  below: image.getBoundingClientRect().top > innerHeight,
}))"""
HOLD_UP = "scripts => scripts.filter(s => !s.defer && !s.async && s.type !== 'module').map(s => s.src)"
LAYOUT_SHIFT = """() => new Promise(resolve => {
  let shift = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  scrollTo(0, document.body.scrollHeight);
  setTimeout(() => resolve(shift), 500);
})"""


@pytest.fixture
def pages(live_server):
    """The addresses of one page of each kind; there are enough instruments for more than one screen."""
    instrument = InstrumentFactory(approved=True)
    InstrumentFactory.create_batch(8, approved=True, provider=instrument.provider)
    return [
        "/",
        "/catalogue/instruments/",
        "/catalogue/instruments/?q=色谱",
        "/catalogue/providers/",
        instrument.get_absolute_url(),
        "/notices/",
        "/policy/",
    ]


@pytest.fixture
def visit(new_page):
    """Opens a page as on a first visit: the page, and what came for it, weighed as compressed."""

    def open_page(path):
        page, responses = new_page(), []
        page.on("response", lambda response: responses.append(response))
        assert page.goto(path, wait_until="networkidle").status == 200
        return page, [
            {
                "url": urlsplit(response.url),
                "type": response.request.resource_type,
                "media": response.headers.get("content-type", "").partition(";")[0],
                "bytes": len(gzip.compress(response.body())),
            }
            for response in responses
        ]

    return open_page


def weights(answers):
    return {one["url"].path: one["bytes"] for one in answers if one["type"] in WEIGHED}


def test_the_home_page_weighs_30_kb_and_takes_10_requests(pages, visit, live_server):
    page, answers = visit("/")
    named = weights(answers)
    assert sum(named.values()) <= 30 * KB, named
    assert len([one for one in answers if one["type"] != "image"]) <= 10, named
    assert {one["url"].netloc for one in answers} == {urlsplit(live_server.url).netloc}
    assert page.locator("script[src]").evaluate_all(HOLD_UP) == []


@pytest.mark.long
def test_every_page_is_light_and_holds_still_and_loads_only_what_is_seen(pages, visit):
    for path in pages:
        page, answers = visit(path)
        named = weights(answers)
        assert sum(named.values()) <= 45 * KB, (path, named)
        images = page.evaluate(IMAGES)
        assert [image for image in images if not image["sized"]] == [], path
        assert [image for image in images if image["below"] and not image["lazy"]] == [], path
        assert {one["media"] for one in answers if one["type"] == "image"} <= MODERN, path
        assert page.evaluate(LAYOUT_SHIFT) < 0.1, path


def test_the_observer_would_see_a_page_that_moves(page):
    page.goto("/")
    page.evaluate(
        "() => new Promise(done => setTimeout(() => { document.body.prepend("
        "Object.assign(document.createElement('div'), {innerHTML: '<h1>x</h1>'.repeat(9)})); done() }, 600))"
    )
    assert page.evaluate(LAYOUT_SHIFT) >= 0.1
