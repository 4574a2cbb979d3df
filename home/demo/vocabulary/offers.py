"""Testing and laboratory services as institutions offer them, by the institutions' fields."""

from collections import defaultdict
from dataclasses import dataclass

from catalogue.models import PriceKind, PriceUnit


@dataclass(frozen=True)
class Offer:
    """A service. ``field`` is a code of the testing fields, ``price`` in yuan from–to, ``classes`` are beginnings of the
    instrument classes it works with, ``sample`` is a key of ``kinds.SAMPLES``.
    """

    field: str
    name: str
    content: str
    deliverables: str
    price_kind: PriceKind
    price: tuple[int, int]
    unit: PriceUnit
    days: tuple[int, int]
    sample: str
    classes: tuple[str, ...]


# testing field | name | content | deliverables | price kind, from–to, unit | working days | sample | instrument classes
_TESTING = """
= materials
010100|金属材料力学性能检测|室温与高温拉伸、弯曲、冲击和硬度试验，含试样加工|检测报告（可加盖 CMA 章）|fixed 120-260 sample|3-7|metal|0201 0108
010100|金属材料成分与组织分析|化学成分、晶粒度、夹杂物和显微组织检验|检测报告、金相照片|range 200-600 sample|5-8|metal|0104 0108
010700|断口与失效分析|断口形貌、微区成分、组织与硬度综合分析，判定失效原因|失效分析报告|agreement 0-0 item|10-15|metal|0101 0108 0201
010300|物相与结构分析|X 射线衍射物相鉴定、定量与残余应力测定|图谱、数据和分析报告|fixed 120-200 sample|3-5|powder|0103
010600|涂镀层耐蚀与厚度检测|中性盐雾、附着力和厚度检测|检测报告|range 200-900 sample|5-20|solid|9900 0101
= chemistry
020100|未知物成分剖析|红外、质谱、核磁和元素分析联合剖析|成分分析报告、谱图|range 800-6000 sample|7-12|solution|0104 0102 0106
020200|有机物定性定量分析|气质、液质联用定性和定量|检测报告、谱图|fixed 300-500 sample|3-5|solution|0102 0105
020300|多元素含量测定|消解后电感耦合等离子体质谱或发射光谱测定|检测报告|fixed 100-200 sample|3-5|powder|0104 0102 0112
= biology
050400|高通量测序与分析|核酸提取、建库、测序和基础生信分析|原始数据、质控与分析报告|range 600-2400 sample|15-25|bio|0110
050300|细胞毒性检测|体外细胞毒性试验（MTT 法）|检测报告|fixed 1200-1800 item|10-12|bio|0108 0110
050400|转基因成分检测|实时荧光 PCR 定性与定量|检测报告|fixed 300-500 sample|3-5|food|0110
= medical
060200|医疗器械生物相容性评价|细胞毒性、致敏、刺激和溶血试验|生物学评价报告|agreement 0-0 item|30-60|device|0901 0902
050600|临床样本生化检测|血清、血浆常规生化与微生物鉴定|检测数据表|fixed 20-60 item|2-3|bio|0901
050500|小动物活体成像|麻醉、成像和定量分析|影像与定量数据|fixed 300-600 hour|3-5|patient|0902
= vehicles
130200|驱动电机性能试验|效率、温升、转矩转速特性试验|试验报告、原始数据|range 6000-15000 item|7-10|process|1201
130400|车载电子环境可靠性试验|振动、高低温、温度循环与防护等级|试验报告|range 1500-8000 item|10-15|device|9900 0204
130100|整车噪声与振动测试|通过噪声、车内噪声与模态测试|测试报告、数据|fixed 4000-6000 day|5-8|process|0204 1201
= aerospace
140100|结构强度与疲劳试验|静强度、疲劳和裂纹扩展试验|试验大纲、试验报告|agreement 0-0 item|20-40|metal|0201 1304
070300|零部件无损检测|超声、射线、渗透、涡流与工业 CT 检测|检测报告、缺陷图像|range 300-2000 item|3-7|workpiece|0206 1101 1102 1103
140400|机载设备环境试验|按 GJB 150 系列做温度、湿热和振动试验|试验报告|fixed 400-700 hour|7-12|device|0204 9900
= electronics
080200|电磁兼容检测与整改|发射与抗扰度全项检测，不合格项协助整改|检测报告、整改建议|range 800-1600 hour|5-10|device|0499 0402
080100|电气安全检测|抗电强度、泄漏电流、温升与结构检查|检测报告|fixed 2000-4000 item|7-10|device|0401
090300|射频性能测试|发射、接收指标与天线参数测试|测试报告|fixed 500-900 hour|3-7|device|0402 0404 0403
= chips
080400|芯片失效分析|开封、去层、热点定位和截面分析|失效分析报告|range 2000-12000 item|10-15|device|0101 0405 0401
080400|晶圆级电参数测试|直流、C-V 和射频参数测试|测试数据|fixed 300-500 hour|3-5|device|0405 0401
010600|薄膜厚度与形貌测量|椭偏、原子力和扫描电镜测量|测量报告|fixed 200-400 sample|2-4|solid|0203 0108 0101
= optics
150500|激光参数测量|功率、光束质量、脉宽和光谱测量|测量报告|fixed 800-1500 item|3-5|device|0403 1401
080600|光学元件面形与透过率检测|面形、粗糙度和光谱透过率检测|检测报告|fixed 150-300 sample|3-5|device|0104 0301
= metrology
150100|几何量检测与三维扫描|尺寸、形位公差和逆向建模|检测报告、点云或数模|range 300-1500 item|3-5|workpiece|0301
150300|力值与质量计量校准|试验机、测力仪、砝码和天平校准|校准证书|fixed 200-800 item|5-7|gauge|0303
150200|温湿度设备校准|环境箱、烘箱、温度计校准，可下厂|校准证书|fixed 150-600 item|5-7|gauge|0302
150400|电磁仪器计量校准|数字多用表、示波器和信号源校准|校准证书|fixed 200-700 item|5-7|gauge|0304 0401
= environment
030100|水和废水检测|常规理化、重金属和挥发性有机物检测|检测报告（可加盖 CMA 章）|range 30-400 item|5-7|environment|0104 0105 0102 0111
030300|土壤和沉积物检测|重金属、有机污染物和理化指标检测|检测报告|range 50-600 item|7-10|environment|0104 0102
030200|环境空气和废气检测|现场采样与实验室分析|检测报告|agreement 0-0 item|7-10|field|0105 0703
= atmosphere
030200|大气颗粒物与臭氧监测|固定点或走航监测与来源解析|监测数据、分析报告|fixed 1500-3000 day|5-10|field|0703 0704
030700|室内空气质量检测|甲醛、苯系物和总挥发性有机物检测|检测报告|fixed 150-300 item|3-5|field|0105 0703
= food
040100|食品营养成分检测|蛋白质、脂肪、碳水化合物、钠等营养标签项目|检测报告、营养成分表|fixed 800-1500 sample|5-7|food|0105 0104
040200|农药兽药残留检测|气质、液质多残留筛查与定量|检测报告|range 400-1200 sample|5-7|food|0102 0105
040400|食品微生物检测|菌落总数、大肠菌群和致病菌检测|检测报告|fixed 60-200 item|5-7|food|0110 0901
= agriculture
030300|耕地土壤养分检测|有机质、全氮、有效磷和速效钾测定|检测报告、施肥建议|fixed 120-300 sample|7-10|environment|0111
040700|种子质量检测|净度、发芽率、水分和品种真实性检测|检验报告|fixed 100-400 sample|7-12|food|0110
= medicine
050100|药物杂质与含量研究|有关物质、残留溶剂和含量测定方法的建立与验证|研究报告、方法学验证资料|range 3000-30000 item|15-30|solution|0105 0102
050700|中药材全项检测|按药典检测含量、重金属、农残和水分灰分|检测报告|fixed 1200-2200 sample|7-10|food|0105 0104
= energy
100200|煤质分析|工业分析、发热量、全硫和灰熔融性|检测报告|fixed 200-400 sample|3-5|rock|0105 0207
080500|电池性能与安全检测|容量、倍率、循环寿命和安全试验|检测报告、数据曲线|range 800-9000 item|10-90|device|9900 0107
100100|岩心与原油分析|孔渗、核磁、原油密度含水和组成分析|分析报告|range 200-1500 sample|5-10|rock|0607 0105
= geology
160200|矿石化学成分分析|主量、微量和贵金属元素测定|检测报告|fixed 100-300 sample|5-7|rock|0103 0104 0102
160100|岩石物理力学试验|抗压、抗拉、抗剪和三轴试验|试验报告|fixed 300-900 sample|5-8|rock|0607
110200|工程物探与探测|电法、瞬变电磁、浅层地震和微动探测|物探报告、剖面图|agreement 0-0 item|15-30|field|0601 0602 0605
= textile
120100|纺织品安全与性能检测|甲醛、偶氮、色牢度、强力和起毛起球检测|检测报告|range 60-800 item|5-7|solid|1205 0105
= computing
090100|软件产品登记测试|功能、性能和可靠性测试|测试报告|range 3000-12000 item|7-12|data|1302 1303
090500|人工智能模型评测|精度、鲁棒性与推理性能评测|评测报告|agreement 0-0 item|10-20|data|1302
= nuclear
030600|放射性核素检测|γ 能谱、总 α 总 β 和氡检测|检测报告|fixed 300-800 sample|10-15|environment|1001
030600|辐射环境现场监测|剂量率、表面污染现场监测|监测报告|fixed 1500-3000 day|5-7|field|1001
= water
030100|河湖水质与沉积物监测|现场多参数测定与柱状样采集分析|监测报告|fixed 1200-2600 day|7-12|field|0504 0506 0501
110500|河道流量与水下地形测量|断面流量、流速剖面和水下地形测量|测量成果、断面图|range 3000-12000 item|5-10|field|0501 0505
"""
_LABS = """
= materials
010100|新型合金成分设计与热处理工艺开发|小炉熔炼、热处理制度摸索与组织性能评价|工艺方案、样件、研究报告|agreement 0-0 item|30-90|metal|0201 0108
010600|表面涂层工艺开发与评价|涂层制备、结合力与耐蚀耐磨评价|工艺参数、样品、报告|range 20000-80000 item|30-60|solid|9900 0101
= chemistry
020400|配方还原与改进|剖析对标产品，提出配方并验证性能|配方建议、验证报告|range 8000-30000 item|20-40|solution|0102 0104
020500|催化剂评价与反应条件优化|固定床与釜式反应评价、动力学测定|评价报告、优化条件|agreement 0-0 item|20-60|process|1202 0105
= biology
050300|蛋白表达与纯化|基因合成、表达、亲和与分子筛纯化|纯化蛋白、电泳图、报告|range 3000-12000 item|25-45|bio|0110
050400|分子标记辅助育种服务|标记开发、基因分型与群体分析|分型数据、分析报告|agreement 0-0 item|30-60|bio|0110
= medical
050500|动物模型建立与药效评价|造模、给药、成像与病理分析|药效评价报告|agreement 0-0 item|40-90|patient|0902
060300|体外诊断试剂性能验证|准确度、精密度、线性与干扰试验|验证报告|range 10000-50000 item|20-40|bio|0901
= vehicles
130200|电驱动系统匹配与标定|台架匹配、效率优化与控制参数标定|标定数据、优化报告|agreement 0-0 item|20-40|process|1201
= aerospace
070500|增材制造工艺开发与打样|结构优化、支撑设计、成形与后处理|样件、工艺文件、检测报告|range 5000-60000 item|10-25|workpiece|1204 0206
070600|焊接与表面强化工艺试验|激光焊接、熔覆和冲击强化参数试验|工艺评定报告、试样|agreement 0-0 item|15-30|metal|1401 1499
= electronics
090300|射频前端与天线设计验证|仿真设计、打样与暗室验证|设计文件、测试报告|range 20000-100000 item|20-45|device|0404 0402
080200|产品电磁兼容设计整改|问题定位、屏蔽滤波与接地设计|整改方案、复测报告|fixed 3000-6000 day|3-10|device|0499 0402
= chips
080400|微纳器件流片加工|光刻、刻蚀、镀膜与封装的小批量加工|器件或晶圆、工艺记录|agreement 0-0 item|20-60|device|1203
= optics
150500|超快激光微加工|微孔、切割与表面织构加工试验|加工样件、显微照片|fixed 500-900 hour|3-10|solid|1401
= metrology
150100|非标检测方案与专用测具开发|测量方案设计、测具制作与不确定度评定|测具、操作规程、评定报告|agreement 0-0 item|30-60|workpiece|0301
= environment
030100|废水处理工艺小试|水质分析、工艺比选与小试运行|小试报告、工艺参数|range 15000-60000 item|20-45|environment|0111 0104
030300|污染场地调查与修复试验|布点采样、污染评估与修复药剂试验|调查报告、修复方案|agreement 0-0 item|30-60|field|0102
= atmosphere
030200|大气污染来源解析|走航观测、源谱测定与模型解析|源解析报告|agreement 0-0 item|30-60|field|0704 0703
= food
040100|功能食品配方与货架期研究|配方筛选、加工工艺和加速货架期试验|配方、工艺、研究报告|range 20000-80000 item|30-90|food|1206 0105
040500|发酵工艺优化与中试|菌种筛选、参数优化与中试放大|工艺参数、中试样品|agreement 0-0 item|30-60|process|1206 0105
= agriculture
040600|专用肥与土壤改良试验|配方设计、盆栽与小区试验|试验报告、配方|agreement 0-0 item|60-180|environment|0111
= medicine
050100|制剂处方与工艺开发|处方筛选、工艺放大与稳定性研究|处方工艺、研究资料|agreement 0-0 item|60-180|process|1202 0105
050700|中药提取纯化中试|提取、浓缩、纯化与干燥中试|中间体、工艺参数、质量标准草案|range 20000-90000 item|20-45|process|1202
= energy
080500|电池材料评价与软包试制|材料表征、扣电与软包电池试制评价|电池样品、评价报告|range 10000-50000 item|20-40|powder|0107 9900
100200|煤基新材料工艺试验|热解、活化与炭材料制备试验|样品、工艺参数、报告|agreement 0-0 item|30-60|process|1202
= geology
160200|难选矿选矿工艺试验|工艺矿物学、浮选与磁选流程试验|选矿试验报告、推荐流程|agreement 0-0 item|30-60|rock|0103 0607
= textile
120100|功能面料开发|纤维选配、后整理与性能评价|样布、工艺单、检测报告|range 15000-60000 item|30-60|solid|1205
= computing
090500|多物理场仿真计算|建模、网格、求解与结果分析|仿真报告、模型文件|range 5000-40000 item|7-20|data|1303 1302
090500|算法训练与高性能移植|模型训练、并行移植与调优|代码、模型、测试报告|fixed 1200-2400 day|10-30|data|1302
= nuclear
030600|屏蔽设计与辐照试验|屏蔽计算、辐照方案与效应评价|计算书、试验报告|agreement 0-0 item|20-40|device|1001 1003
= water
030100|湖库水生态调查|水质、浮游生物与沉积物综合调查|调查报告、数据集|agreement 0-0 item|30-60|field|0504 0506
"""


def _parse(text: str) -> dict[str, tuple[Offer, ...]]:
    found: dict[str, list[Offer]] = defaultdict(list)
    field = ""
    for line in text.strip().splitlines():
        if line.startswith("= "):
            field = line[2:]
            continue
        code, name, content, deliverables, price, days, sample, classes = line.split("|")
        kind, amounts, unit = price.split()
        found[field].append(
            Offer(
                field=code,
                name=name,
                content=f"{content}。",
                deliverables=deliverables,
                price_kind=PriceKind(kind),
                price=_pair(amounts),
                unit=PriceUnit(unit),
                days=_pair(days),
                sample=sample,
                classes=tuple(classes.split()),
            )
        )
    return {field: tuple(offers) for field, offers in found.items()}


def _pair(text: str) -> tuple[int, int]:
    low, high = text.split("-")
    return int(low), int(high)


TESTING = _parse(_TESTING)
LABS = _parse(_LABS)
