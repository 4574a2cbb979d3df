"""Attributes 专业参数 as staff might define them, and what the province's instruments and services say to them."""

from dataclasses import dataclass

from catalogue.models import AttributeKind


@dataclass(frozen=True)
class Attribute:
    """``node`` is a code of the instrument classes or, where ``of_field``, of the testing fields."""

    node: str
    of_field: bool
    name: str
    unit: str
    kind: AttributeKind
    choices: tuple[str, ...]
    is_required: bool
    is_searchable: bool
    is_facet: bool
    is_public: bool
    is_retired: bool
    help_text: str


# class or field | name | unit | kind | choices | required, searchable, facet, internal, old (retired) by their first letters | help
_CLASS_LINES = """
010100|分辨率|nm|number||sf|二次电子或点分辨率，取最好的工作条件
010100|加速电压|kV|range||f|
010100|放大倍数||text||o|
010200|质量分析器||choice|四极杆/离子阱/飞行时间/轨道阱/磁质谱|rsf|串联的以最后一级为准
010200|质量范围|u|range||f|
010300|2θ 范围|°|range||f|
010300|光源靶材||choice|Cu/Mo/Co/Cr/Ag/Rh|sf|
010600|磁场强度|T|number||f|
010900|温度范围|℃|range||f|
020100|最大试验力|kN|number||sf|
020100|准确度级别||choice|0.5 级/1 级/2 级|f|
030000|溯源证书编号||text||i|仅供审核，不公开
040000|最高频率|GHz|number||sf|
120300|最大晶圆尺寸|mm|number||f|
"""
_FIELD_LINES = """
010100|CMA 覆盖||boolean||f|检测报告可加盖 CMA 章
030000|采样方式||choice|送样检测/上门采样/两者均可|sf|
040000|检出限||text||s|如 0.01 mg/kg
080200|暗室类型||choice|3 米法/5 米法/10 米法/屏蔽室|sf|
150000|可上门校准||boolean||f|
"""

# What instruments of a kind say, by the kind's name; where several are likely, any of them.
INSTRUMENT_VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "场发射扫描电子显微镜": {
        "分辨率": ("0.6", "0.7", "0.8", "1.0"),
        "加速电压": ("0.02~30", "0.1~30"),
        "放大倍数": ("20–1,000,000",),
    },
    "扫描电子显微镜": {
        "分辨率": ("3.0", "3.5"),
        "加速电压": ("0.3~30", "0.2~30"),
        "放大倍数": ("5–300,000",),
    },
    "透射电子显微镜": {"分辨率": ("0.19", "0.23"), "加速电压": ("80~200", "20~120")},
    "球差校正透射电子显微镜": {"分辨率": ("0.06", "0.08"), "加速电压": ("60~300", "30~300")},
    "聚焦离子束双束电镜": {"分辨率": ("0.7", "0.9"), "加速电压": ("0.2~30", "0.35~30")},
    "气相色谱质谱联用仪": {"质量分析器": ("四极杆", "四极杆", "离子阱"), "质量范围": ("1.5~1050", "2~1090")},
    "液相色谱质谱联用仪": {"质量分析器": ("四极杆", "四极杆", "轨道阱"), "质量范围": ("5~2000", "2~2048")},
    "高分辨飞行时间质谱仪": {"质量分析器": ("飞行时间",), "质量范围": ("20~40000", "20~100000")},
    "电感耦合等离子体质谱仪": {"质量分析器": ("四极杆", "四极杆", "磁质谱"), "质量范围": ("2~260",)},
    "X射线衍射仪": {"2θ 范围": ("-3~160", "-10~168", "5~140"), "光源靶材": ("Cu", "Cu", "Co")},
    "单晶X射线衍射仪": {"2θ 范围": ("-95~95", "-110~110"), "光源靶材": ("Mo", "Cu")},
    "X射线荧光光谱仪": {"光源靶材": ("Rh",)},
    "核磁共振波谱仪": {"磁场强度": ("9.4", "11.7", "14.1")},
    "电子顺磁共振波谱仪": {"磁场强度": ("1.4", "1.8")},
    "同步热分析仪": {"温度范围": ("-150~1600", "25~1500")},
    "差示扫描量热仪": {"温度范围": ("-180~725", "-90~550")},
    "电子万能试验机": {"最大试验力": ("10", "50", "100", "300"), "准确度级别": ("0.5 级", "1 级")},
    "电液伺服疲劳试验机": {"最大试验力": ("100", "250", "500"), "准确度级别": ("0.5 级",)},
    "显微硬度计": {"最大试验力": ("0.01", "0.1", "0.5")},
    "摆锤冲击试验机": {"准确度级别": ("1 级",)},
    "三坐标测量机": {"溯源证书编号": ("CDjx2026-01832", "CDjx2026-02417")},
    "多功能校准仪": {"溯源证书编号": ("DLdc2026-00561",)},
    "数字存储示波器": {"最高频率": ("4", "13", "33")},
    "频谱分析仪": {"最高频率": ("26.5", "50")},
    "微波信号发生器": {"最高频率": ("20", "44")},
    "5G综合测试仪": {"最高频率": ("6", "8")},
    "矢量网络分析仪": {"最高频率": ("20", "43.5", "67")},
    "磁控溅射镀膜系统": {"最大晶圆尺寸": ("100", "200")},
    "光刻机": {"最大晶圆尺寸": ("150", "200")},
    "等离子体刻蚀机": {"最大晶圆尺寸": ("150", "200")},
}
# What services and capabilities say, by the attribute's name.
FIELD_VALUES: dict[str, tuple[str, ...]] = {
    "CMA 覆盖": ("是", "是", "否"),
    "采样方式": ("送样检测", "上门采样", "两者均可"),
    "检出限": ("0.01 mg/kg", "0.02 mg/kg", "0.1 mg/kg", "10 CFU/g"),
    "暗室类型": ("3 米法", "5 米法", "10 米法", "屏蔽室"),
    "可上门校准": ("是", "否"),
}


def _parse(text: str, *, of_field: bool) -> list[Attribute]:
    found = []
    for line in text.strip().splitlines():
        node, name, unit, kind, choices, flags, help_text = line.split("|")
        found.append(
            Attribute(
                node=node,
                of_field=of_field,
                name=name,
                unit=unit,
                kind=AttributeKind(kind),
                choices=tuple(filter(None, choices.split("/"))),
                is_required="r" in flags,
                is_searchable="s" in flags,
                is_facet="f" in flags,
                is_public="i" not in flags,
                is_retired="o" in flags,
                help_text=help_text,
            )
        )
    return found


ATTRIBUTES = (*_parse(_CLASS_LINES, of_field=False), *_parse(_FIELD_LINES, of_field=True))
