"""How long an e-invoice takes to read, by format: ``python -m bench.invoices``

Each format is read ``rows`` / 100 times, at least five. The floor beside PDFs and pictures is the bare start of the
interpreter they are decoded in.
"""

import io
import statistics
import subprocess
import sys
import zipfile
from collections.abc import Callable
from typing import Any

from bench.harness import Bench, benchmark, percentile, timings

NUMBER = "26617000000012345678"
CODE = f"01,32,,{NUMBER},1272.00,20260901,,5F98"
XML = (
    "<EInvoice><EInvoiceData><SellerInformation><SellerName>示例检测有限公司</SellerName></SellerInformation>"
    "<BasicInformation><TotalTax-includedAmount>1272.00</TotalTax-includedAmount></BasicInformation>{lines}"
    f"</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber></TaxSupervisionInfo></EInvoice>"
)
LINE = "<IssuItemInformation><ItemName>*研发和技术服务*检测费</ItemName><Amount>1.00</Amount></IssuItemInformation>"
A4_AT_200_DPI = (1654, 2339)
PHOTO = (4000, 3000)


def main() -> None:
    with benchmark("invoices", rows=1_000) as bench:
        from orders.invoices.reading import read_invoice

        def reading(content: bytes, extension: str) -> Callable[[], Any]:
            return lambda: read_invoice(content, extension)

        long = XML.format(lines=LINE * 2000).encode()
        report(bench, "xml", reading(XML.format(lines=LINE).encode(), "xml"))
        report(bench, "xml, 2,000 lines", reading(long, "xml"))
        report(bench, "ofd", reading(make_ofd(), "ofd"))
        report(bench, "pdf, scanned page", reading(make_picture(A4_AT_200_DPI, "PDF"), "pdf"))
        report(bench, "png, scanned page", reading(make_picture(A4_AT_200_DPI, "PNG"), "png"))
        report(bench, "jpg, photo of 12 MP", reading(make_picture(PHOTO, "JPEG"), "jpg"))
        report(bench, "floor: bare interpreter", bare_interpreter, expected=None)


def report(bench: Bench, case: str, call: Callable[[], Any], expected: str | None = NUMBER) -> None:
    assert expected is None or call().number == expected, case
    times = timings([call], max(bench.rows // 100, 5))
    bench.figure("p50_ms", statistics.median(times), case)
    bench.figure("p95_ms", percentile(times, 0.95), case)


def bare_interpreter() -> None:
    subprocess.run([sys.executable, "-I", "-c", "pass"], check=True, env={})


def make_ofd() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "OFD.xml",
            "<OFD><DocBody><DocInfo><CustomDatas>"
            f'<CustomData Name="发票号码">{NUMBER}</CustomData><CustomData Name="合计金额">1200.00</CustomData>'
            "</CustomDatas></DocInfo></DocBody></OFD>",
        )
        package.writestr("Doc_0/Attachs/original_invoice.xml", XML.format(lines=LINE * 20))
    return buffer.getvalue()


def make_picture(size: tuple[int, int], form: str) -> bytes:
    """A grainy page with the code of an invoice in its upper left corner, 20 mm wide as they are printed."""
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode(CODE, zxingcpp.BarcodeFormat.QRCode)
    drawn = memoryview(zxingcpp.write_barcode_to_image(code, scale=4))
    page = Image.effect_noise(size, 20).point(lambda value: min(value + 90, 255))
    page.paste(Image.frombytes("L", drawn.shape[::-1], drawn.tobytes()), (120, 90))
    buffer = io.BytesIO()
    page.convert("RGB").save(buffer, form)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
