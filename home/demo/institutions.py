"""Invented institutions in the ten cities of the province. None of them exists."""

from dataclasses import dataclass

from institutions.models import HostType


@dataclass(frozen=True)
class Institution:
    """``body`` is the testing body where it has a name of its own; ``fields`` are those of vocabulary.KINDS."""

    host: str
    host_type: HostType
    body: str
    city: str
    district: str
    street: str
    fields: tuple[str, ...]
    strength: str


TYPES = {
    "U": HostType.UNIVERSITY,
    "I": HostType.INSTITUTE,
    "E": HostType.ENTERPRISE,
    "T": HostType.TESTING,
    "H": HostType.HOSPITAL,
}

# type | host | testing body (or -) | city code | district | street | fields | what it is good at
_LINES = """
U|关中理工大学|关中理工大学分析测试中心|6101|雁塔区|学府北路 66 号|materials chemistry biology|材料表征、化学分析和生命科学
U|终南大学|终南大学大型仪器共享平台|6101|长安区|滦镇大学东路 1 号|chemistry biology medical|结构化学与生物医学成像
U|浐灞工程大学|浐灞工程大学测试中心|6101|灞桥区|柳雪路 88 号|vehicles aerospace electronics|车辆与航空部件试验
U|曲江信息科技大学|曲江信息科技大学射频测试中心|6101|雁塔区|雁翔三路 19 号|electronics chips optics|射频微波与集成电路测试
I|秦岭材料研究院|-|6101|雁塔区|丈八东路 205 号|materials metrology|金属材料力学性能与失效分析
I|西北航宇结构强度研究所|结构强度与环境试验中心|6101|阎良区|试飞院北路 12 号|aerospace metrology|结构强度、疲劳与环境试验
I|长安光电技术研究所|光电检测中心|6101|高陵区|泾渭工业园渭阳路 8 号|optics metrology|激光与光学元件检测
I|未央微电子研究所|集成电路失效分析中心|6101|未央区|凤城十二路 101 号|chips electronics|芯片失效分析与可靠性
I|西部环境科学研究院|-|6101|未央区|明光路 166 号|environment atmosphere chemistry|水、土、气全要素监测
I|三秦农业科学研究院|农产品质量检测中心|6101|莲湖区|劳动北路 51 号|food agriculture|农产品质量安全检测
T|西安方圆计量检测有限公司|-|6101|碑林区|友谊东路 334 号|metrology|长度、热工、力学和电学计量校准
T|古都食品药品检验有限公司|-|6101|新城区|华清西路 27 号|food medicine chemistry|食品与药品全项检验
T|西安云锋电磁兼容实验室有限公司|-|6101|雁塔区|锦业二路 81 号|electronics|电磁兼容与安规检测
T|丰庆环境检测有限公司|-|6101|莲湖区|丰庆路 39 号|environment chemistry|环境与职业卫生检测
E|西安启明增材制造有限公司|增材制造检测实验室|6101|高陵区|融豪工业城 7 号|aerospace materials|金属增材制造与无损检测
E|曲江算力科技有限公司|-|6101|雁塔区|软件新城天谷八路 156 号|computing|高性能计算与人工智能算力
E|西安和光新能源技术有限公司|电池检测中心|6101|鄠邑区|沣京大道 18 号|energy materials|动力电池与储能系统检测
E|长安生物医药研发有限公司|药物分析实验室|6101|高陵区|崇皇路 33 号|medicine biology chemistry|药物分析与生物样本检测
H|终南医科大学附属医院|精准医学实验中心|6101|碑林区|朱雀大街 157 号|medical biology|医学影像与临床组学
E|西安朗讯通信技术有限公司|终端一致性实验室|6101|雁塔区|科技六路 72 号|electronics computing|移动终端射频一致性
I|西北地质矿产研究院|岩矿测试中心|6101|碑林区|友谊西路 438 号|geology chemistry|岩矿测试与地球物理勘探
T|西安明德医学检验实验室有限公司|-|6101|长安区|航天中路 240 号|biology medical|基因检测与病原鉴定
I|泾河天文台|-|6101|临潼区|书院东街 3 号|optics atmosphere|天文观测与时间频率
U|铜川矿业学院|铜川矿业学院实验中心|6102|王益区|红旗街 99 号|geology energy|矿山岩石力学与瓦斯检测
I|耀州陶瓷与建材研究所|-|6102|耀州区|药王山路 5 号|materials chemistry|陶瓷、水泥与耐火材料检测
T|铜川惠民质量检测有限公司|-|6102|印台区|同官路 28 号|food environment|民生产品质量检测
E|宜君绿源农产品有限公司|食品检测室|6102|宜君县|宜阳中街 61 号|food agriculture|苹果、核桃及杂粮检测
U|陈仓工业学院|陈仓工业学院理化测试中心|6103|金台区|高新大道 58 号|materials vehicles|机械零部件与金属材料检测
I|西府钛材研究所|钛及钛合金检测中心|6103|渭滨区|钛谷大道 136 号|materials aerospace|钛合金成分、组织与性能检测
E|宝鸡精工机床检测技术有限公司|-|6103|渭滨区|姜谭路 22 号|metrology vehicles|机床精度与精密测量
T|岐山食品检测有限公司|-|6103|岐山县|凤鸣东路 11 号|food|调味品与面制品检测
E|凤翔酒业工程技术有限公司|酿造分析实验室|6103|凤翔区|柳林大道 1 号|food chemistry|白酒风味与微生物分析
H|宝鸡秦都医学研究所|-|6103|金台区|经二路 205 号|medical biology|临床检验与医学影像
U|渭水科技大学|渭水科技大学公共测试平台|6104|渭城区|文汇东路 6 号|chemistry electronics computing|化学分析与电子测量
I|五陵原农业技术研究院|旱区农业测试中心|6104|杨陵区|邰城路 3 号|agriculture biology food|土壤、植物生理与基因测序
I|杨陵生物育种研究所|-|6104|杨陵区|神农路 26 号|biology agriculture|分子育种与基因测序
E|咸阳纺织检测技术有限公司|-|6104|秦都区|人民西路 40 号|textile chemistry|纤维、面料与染整助剂检测
E|彬州煤化工技术有限公司|煤质与化工分析中心|6104|彬州市|新民塬工业园 9 号|energy chemistry|煤质分析与化工工艺评价
T|三原恒信检测有限公司|-|6104|三原县|池阳大街 72 号|environment food|环境与食品委托检测
U|东府师范学院|东府师范学院分析测试中心|6105|临渭区|朝阳大街中段 18 号|chemistry environment|环境化学与材料测试
I|华山气象科学研究所|-|6105|华阴市|岳庙东路 2 号|atmosphere|气象观测与大气遥感
E|韩城冶金技术研究有限公司|冶金检测中心|6105|韩城市|龙门大街 50 号|materials chemistry|钢铁、焦化产品检测
I|洽川湿地研究站|-|6105|合阳县|洽川镇湿地路 1 号|water environment|河流湿地水文与水质观测
T|渭南正衡质量检测有限公司|-|6105|临渭区|乐天大街 133 号|metrology food|计量与食品检测
I|富平乳品研究所|-|6105|富平县|频阳大道 77 号|food biology|羊乳制品品质与功能评价
U|延河能源大学|延河能源大学油气测试中心|6106|宝塔区|圣地路 580 号|energy geology chemistry|岩心分析、测井与油气化学
I|黄土高原生态研究所|-|6106|安塞区|水保路 16 号|agriculture environment water|水土流失与植物生理观测
E|延长油田化学检测有限公司|-|6106|延长县|七里村路 35 号|energy chemistry|油田化学品与水质检测
T|洛川苹果质量检测有限公司|-|6106|洛川县|凤栖大街 8 号|food agriculture|果品农残与品质检测
U|汉水大学|汉水大学测试中心|6107|汉台区|东一环路 1 号|chemistry materials biology|化学、材料与生物资源分析
I|巴山中药研究所|中药质量评价中心|6107|南郑区|大河坎江南路 88 号|medicine chemistry food|中药材质量与提取工艺
E|汉中航空零部件检测有限公司|-|6107|城固县|航空产业园 12 号|aerospace metrology|航空零件无损检测与精密测量
I|朱鹮生态监测站|-|6107|洋县|梨园路 19 号|water environment agriculture|生态与水环境监测
T|略阳矿产品检测有限公司|-|6107|略阳县|嘉陵路 6 号|geology chemistry|铁、锰、金矿石检测
U|榆溪大学|榆溪大学能源化工测试中心|6108|榆阳区|崇文路 4 号|energy chemistry materials|煤化工、催化与储能材料
I|毛乌素治沙研究所|-|6108|榆阳区|金沙路 41 号|agriculture environment atmosphere|沙地土壤与风沙观测
E|神木兰炭技术有限公司|煤质检测中心|6108|神木市|锦界工业园 20 号|energy chemistry|兰炭、煤焦油与电石检测
E|靖边风光储检测技术有限公司|-|6108|靖边县|统万大道 99 号|energy electronics|风电、光伏与储能并网检测
T|府谷恒源特种设备检测有限公司|-|6108|府谷县|河滨路 15 号|aerospace energy|压力容器与管道检测
I|陕北辐射环境监测所|-|6108|榆阳区|长乐路 63 号|nuclear environment|辐射环境与放射性核素监测
U|安康江北学院|安康江北学院实验中心|6109|汉滨区|育才西路 92 号|biology food chemistry|富硒资源与水生生物研究
I|瀛湖水资源研究所|-|6109|汉滨区|瀛湖镇湖滨路 7 号|water environment|湖库水文、水质与沉积物
E|紫阳富硒食品有限公司|富硒食品检测中心|6109|紫阳县|环城路 30 号|food chemistry|硒形态与茶叶品质检测
T|旬阳质量技术检测有限公司|-|6109|旬阳市|祝尔慷大道 5 号|geology environment|汞锑矿产与环境检测
U|丹水师范学院|丹水师范学院公共实验平台|6110|商州区|北新街 10 号|chemistry biology|天然产物与化学分析
I|洛南矿产综合利用研究所|-|6110|洛南县|华阳路 21 号|geology materials nuclear|钼、钒、稀有金属分析
E|商洛光伏材料有限公司|材料检测实验室|6110|商州区|沙河子产业园 3 号|materials chips|硅材料与薄膜检测
T|柞水医药检测有限公司|-|6110|柞水县|迎春路 14 号|medicine chemistry|中药饮片与医药中间体检测
"""


def _parse(line: str) -> Institution:
    kind, host, body, city, district, street, fields, strength = line.split("|")
    name = host if body == "-" else body
    return Institution(host, TYPES[kind], name, city, district, street, tuple(fields.split()), strength)


SUSPENDED_HOST = "凤翔酒业工程技术有限公司"
INSTITUTIONS = tuple(_parse(line) for line in _LINES.strip().splitlines())

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
GIVEN_NAMES = (
    "建国", "晓峰", "丽华", "志强", "文博", "雪梅", "海涛", "春燕", "永刚", "静怡", "思远", "国庆", "秀英", "明哲",
    "佳慧", "鹏飞", "玉兰", "立新", "嘉欣", "宏伟", "雅琴", "振华", "小军", "云霞", "子涵", "卫东", "艳红", "天宇",
)  # fmt: skip

INTRODUCTIONS = {
    HostType.UNIVERSITY: "{host}的公共测试平台面向全校和社会开放，拥有一支由教授级工程师领衔的专职技术队伍，长于{strength}。"
    "平台实行网上预约、统一收费和机时公示，近三年服务省内外企业两百余家，承担各级科研项目的测试任务一千多项。",
    HostType.INSTITUTE: "{host}是从事应用基础研究与技术服务的科研机构，长于{strength}。"
    "实验室按照 GB/T 27025 建立质量管理体系，关键设备定期校准，可为企业提供检测、方法开发和技术咨询。",
    HostType.ENTERPRISE: "{host}依托自有研发平台对外开放仪器设备，长于{strength}。"
    "公司设有独立的检测实验室，熟悉产业一线需求，可提供从取样、测试到改进建议的整套服务。",
    HostType.TESTING: "{host}是独立的第三方检测机构，长于{strength}，取得检验检测机构资质认定。"
    "公司有完善的样品流转和数据复核制度，常规项目五个工作日出具报告，可上门取样。",
    HostType.HOSPITAL: "{host}的实验中心面向临床研究和医药企业开放，长于{strength}。"
    "中心设有伦理审查和生物安全管理制度，可提供样本处理、检测、影像采集与数据分析服务。",
}
BODY_INTRODUCTION = (
    "{body}现有专职技术人员 {staff} 人，实验用房 {area} 平方米，共享仪器 {count} 余台（套），主要开展{strength}。"
    "用户可通过电话或平台预约，工作日当天答复；对科技型中小企业优先安排机时。"
)
