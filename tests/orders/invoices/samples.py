"""Invoices made for the tests: QR codes, PDFs written by hand, OFD packages, XML. Every party is invented."""

import zipfile
import zlib
from io import BytesIO

import zxingcpp
from PIL import Image

NUMBER = "26617000000012345678"
SELLER, SELLER_CODE = "示例检测（陕西）有限公司", "91610000MA0EXAMP1X"
BUYER, BUYER_CODE = "样例科技有限公司", "91610100MA0SAMPL2Y"
DIGITAL_QR = f"01,32,,{NUMBER},1272.00,20260901,,5F98"
EARLIER_QR = "01,10,061001900211,25577301,94339.62,20201112,58569302723370975117,989C,"

DIGITAL_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice>
  <Header><EIid>{NUMBER}</EIid><EInvoiceTag>SWEI3200</EInvoiceTag></Header>
  <EInvoiceData>
    <SellerInformation><SellerIdNum>{SELLER_CODE}</SellerIdNum><SellerName>{SELLER}</SellerName></SellerInformation>
    <BuyerInformation><BuyerIdNum>{BUYER_CODE}</BuyerIdNum><BuyerName>{BUYER}</BuyerName></BuyerInformation>
    <BasicInformation>
      <TotalAmWithoutTax>1200.00</TotalAmWithoutTax><TotalTaxAm>72.00</TotalTaxAm>
      <TotalTax-includedAmount>1272.00</TotalTax-includedAmount><RequestTime>2026-09-01 10:11:12</RequestTime>
    </BasicInformation>
    <IssuItemInformation><Amount>1200.00</Amount><TotaltaxIncludedAmount>9999.00</TotaltaxIncludedAmount></IssuItemInformation>
  </EInvoiceData>
  <TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber><IssueTime>2026-09-01 10:11:15</IssueTime></TaxSupervisionInfo>
</EInvoice>
"""

EARLIER_XML = """<?xml version="1.0" encoding="utf-8"?>
<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019" Version="1.0">
  <fp:InvoiceCode>061001900211</fp:InvoiceCode><fp:InvoiceNo>25577301</fp:InvoiceNo>
  <fp:IssueDate><![CDATA[2020年11月12日]]></fp:IssueDate>
  <fp:InvoiceCheckCode>58569 30272 33709 75117</fp:InvoiceCheckCode>
  <fp:Buyer><fp:BuyerName>样例科技有限公司</fp:BuyerName><fp:BuyerTaxID>91610100MA0SAMPL2Y</fp:BuyerTaxID></fp:Buyer>
  <fp:Seller><fp:SellerName>示例检测（陕西）有限公司</fp:SellerName><fp:SellerTaxID>91610000MA0EXAMP1X</fp:SellerTaxID></fp:Seller>
  <fp:TaxInclusiveTotalAmount>100000.00</fp:TaxInclusiveTotalAmount>
  <fp:TaxExclusiveTotalAmount>94339.62</fp:TaxExclusiveTotalAmount>
</eInvoice>
"""

CUSTOM_DATA = {
    "发票号码": NUMBER,
    "合计税额": "72.00",
    "合计金额": "1200.00",
    "开票日期": "2026年09月01日",
    "购买方纳税人识别号": BUYER_CODE,
    "销售方纳税人识别号": SELLER_CODE,
}
OFD_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
TAGS_XML = f"""<eInvoice {OFD_SPACE}>
<Buyer><BuyerName><ofd:ObjectRef PageRef="1">65</ofd:ObjectRef></BuyerName></Buyer>
<Seller><SellerName><ofd:ObjectRef PageRef="1">73</ofd:ObjectRef></SellerName></Seller></eInvoice>"""
PAGE_XML = f"""<ofd:Page {OFD_SPACE}><ofd:Content><ofd:Layer ID="60">
<ofd:TextObject ID="65"><ofd:TextCode X="0">{BUYER}</ofd:TextCode></ofd:TextObject>
<ofd:TextObject ID="73"><ofd:TextCode X="0">{SELLER[:4]}</ofd:TextCode><ofd:TextCode>{SELLER[4:]}</ofd:TextCode></ofd:TextObject>
</ofd:Layer></ofd:Content></ofd:Page>"""


def ofd_root(*documents: dict[str, str]) -> str:
    """OFD.xml with one DocBody for each set of CustomDatas."""
    bodies = "".join(
        "<ofd:DocBody><ofd:DocInfo><ofd:CustomDatas>"
        + "".join(f'<ofd:CustomData Name="{name}">{text}</ofd:CustomData>' for name, text in said.items())
        + "</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        for said in documents
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {OFD_SPACE} DocType="OFD" Version="1.1">{bodies}</ofd:OFD>'


def ofd(parts: dict[str, str | bytes] | None = None, root: str | None = None) -> bytes:
    """An OFD package: OFD.xml and further parts by path."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("OFD.xml", ofd_root(CUSTOM_DATA) if root is None else root)
        for path, content in (parts or {}).items():
            package.writestr(path, content)
    return buffer.getvalue()


def qr(text: str, scale: int = 4) -> Image.Image:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = memoryview(zxingcpp.write_barcode_to_image(code, scale=scale))
    height, width = drawn.shape
    return Image.frombytes("L", (width, height), drawn.tobytes())


def picture(*texts: str, form: str = "PNG", size: tuple[int, int] = (1240, 874), turn: float = 0) -> bytes:
    """A scan with QR codes on it."""
    scan = Image.new("L", size, 235)
    for at, text in enumerate(texts):
        scan.paste(qr(text), (60 + 300 * at, 60))
    buffer = BytesIO()
    scan.rotate(turn, expand=True, fillcolor=235).save(buffer, form)
    return buffer.getvalue()


# x, y from the upper left corner, text, size: the layout of a printed 数电票 on 595 × 397 points.
PRINTED = [
    (170, 40, "电子发票（普通发票）", 20),
    (438, 40, "发票号码：", 9.4),
    (486, 40, NUMBER, 9),
    (438, 57, "开票日期：", 9.4),
    (486, 57, "2026年09月01日", 9),
    *((17, 101 + at * 9.9, char, 8.5) for at, char in enumerate("购买方信息")),
    *((302, 101 + at * 9.9, char, 8.5) for at, char in enumerate("销售方信息")),
    (33, 104, "名称：", 9),
    (61, 104, BUYER, 9),
    (318, 104, "名称：", 9),
    (346, 104, SELLER, 9),
    (33, 134, "统一社会信用代码/纳税人识别号：", 8.5),
    (164, 135, BUYER_CODE, 11),
    (318, 134, "统一社会信用代码/纳税人识别号：", 8.5),
    (449, 135, SELLER_CODE, 11),
    (45, 159, "项目名称", 9),
    (407, 159, "金 额", 9),
    (13, 168, "*研发和技术服务*检测费", 9),
    (402, 168, "1200.00", 9),
    (58, 269, "合", 9),
    (103, 269, "计", 9),
    (397, 270, "¥", 11),
    (404, 269, "1200.00", 9),
    (549, 270, "¥", 11),
    (556, 269, "72.00", 9),
    (48, 288, "价税合计（大写）", 9),
    (178, 287, "壹仟贰佰柒拾贰圆整", 9),
    (407, 288, "（小写）", 9),
    (445, 288, "¥", 11),
    (452, 287, "1272.00", 11),
]


def pdf(printed=(), code: str = "", *, pages: int = 1, size: tuple[int, int] = (595, 397)) -> bytes:
    """A PDF written by hand: text in a Chinese font every viewer has, and a QR code as a picture."""
    width, height = size
    content = "".join(
        f"BT /F1 {points} Tf {x} {height - y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"
        for x, y, text, points in printed
    )
    drawn = qr(code) if code else Image.new("L", (1, 1), 255)
    content += f"q 60 0 0 60 18 {height - 78} cm /Q1 Do Q\n"
    kids = " ".join(f"{7 + at} 0 R" for at in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
        _stream(content.encode(), ""),
        _stream(
            drawn.tobytes(),
            f"/Type/XObject/Subtype/Image/Width {drawn.width}/Height {drawn.height}"
            "/ColorSpace/DeviceGray/BitsPerComponent 8",
        ),
        *[
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Contents 5 0 R"
            "/Resources<</Font<</F1 3 0 R>>/XObject<</Q1 6 0 R>>>>>>".encode()
        ]
        * pages,
    ]
    out, offsets = b"%PDF-1.7\n", []
    for at, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def _stream(data: bytes, head: str) -> bytes:
    packed = zlib.compress(data)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (
        head.encode(),
        len(packed),
        packed,
    )
