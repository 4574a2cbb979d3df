"""What is known of a kind of instrument."""

from dataclasses import dataclass

from catalogue.models import PriceUnit


@dataclass(frozen=True)
class Product:
    maker: str
    model: str
    origin: str


@dataclass(frozen=True)
class Kind:
    """A kind of instrument. ``value`` in 10,000 yuan, ``price`` in yuan, each from–to.

    ``field`` decides which institutions own it, ``sample`` is a key of SAMPLES, ``drawing`` of
    ``home.demo.drawing.SUBJECTS``.
    """

    code: str
    name: str
    english: str
    drawing: str
    field: str
    value: tuple[int, int]
    price: tuple[int, int]
    unit: PriceUnit
    sample: str
    specifications: str
    functions: str
    services: str
    products: tuple[Product, ...]


SAMPLES = {
    "solution": "液体样品不少于 5 mL，澄清无颗粒；固体样品不少于 1 g，请注明溶剂和大致浓度。含强酸、强碱或高盐的样品须提前说明。",
    "powder": "粉末样品不少于 0.5 g，干燥、研磨至 200 目以下；块体样品表面平整。请注明主要成分，有毒、放射性样品不受理。",
    "solid": "块体样品直径不超过 25 mm、高度不超过 15 mm，表面抛光、洁净、干燥；磁性样品须提前说明。",
    "section": "样品须干燥、无挥发，能耐受真空和电子束照射；粉末不少于 50 mg，块体尺寸不超过 10 mm×10 mm×5 mm。不导电样品可代为喷金。",
    "metal": "按相应国家标准加工试样，每组不少于 3 件，标明取样方向和编号；非标试样请附图纸。",
    "bio": "样品低温保存、干冰运输，附样品清单和编号；涉及人类遗传资源或病原微生物的，须提供批准文件和安全说明。",
    "environment": "水样不少于 500 mL，按规范加固定剂，4 ℃ 保存并于采样后 24 小时内送达；土壤样品不少于 200 g，去除杂物。",
    "food": "固体样品不少于 200 g，液体样品不少于 500 mL，原包装密封送检，注明品名、批号和生产日期。",
    "device": "送样前请说明接口、供电和工作频段，附使用说明书；器件不少于 3 件，注意静电防护包装。",
    "workpiece": "工件清洁无油污，附带公差的图纸或三维模型；重量和外形不得超过设备工作范围，送检前恒温放置不少于 4 小时。",
    "gauge": "送检器具外观完好、附件齐全，请注明准确度等级和上次证书编号；可下厂的项目请提前 5 个工作日预约。",
    "rock": "岩矿样品不少于 500 g，标明采样地点和深度；岩心直径 25 mm 或 50 mm，两端磨平。",
    "field": "野外作业请提供测区范围、地形图和进场条件，提前 10 个工作日预约；交通和住宿由委托方协助安排。",
    "process": "请提前提交工艺方案和物料安全数据表（MSDS），首次使用须经安全培训；原料由委托方准备，用量与工程师商定。",
    "data": "请提供算例说明、软件版本和预计核时；数据通过加密移动硬盘或专线传输，项目结束后按约定删除。",
    "patient": "受检者须经伦理审查并签署知情同意书；动物样品请提供实验动物使用许可证。",
}

NOTICE = (
    "首次使用请先与仪器负责人沟通测试要求；样品须如实申报危险性；测试结果仅对来样负责，原始数据保存两年。"
)


def _products(text: str) -> tuple[Product, ...]:
    products = []
    for entry in text.split("|"):
        maker, *model, origin = entry.split(" ")
        products.append(Product(maker, " ".join(model), origin))
    return tuple(products)


def kind(
    code: str, name: str, english: str, drawing: str, field: str, value: tuple[int, int],
    price: tuple[int, int], unit: str, sample: str, specifications: str, functions: str, services: str,
    products: str,
) -> Kind:  # fmt: skip
    return Kind(
        code, name, english, drawing, field, value, price, PriceUnit(unit), sample, specifications, functions,
        services, _products(products),
    )  # fmt: skip
