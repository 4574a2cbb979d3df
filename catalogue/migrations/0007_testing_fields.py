from django.db import migrations

# Two levels, from the fields in which testing bodies of a province usually work; staff add to them.
FIELDS = (
    ("010000", "材料", (
        "金属材料", "高分子材料", "无机非金属材料", "复合材料", "纳米与粉体材料", "涂层与表面", "失效分析",
    )),
    ("020000", "化学化工", (
        "化学成分分析", "有机化工产品", "无机化工产品", "精细化工与日化", "催化与过程", "危险化学品鉴定",
    )),
    ("030000", "环境", (
        "水和废水", "空气和废气", "土壤和沉积物", "固体废物", "噪声与振动", "电磁与电离辐射", "室内环境",
    )),
    ("040000", "食品农产品", (
        "食品成分与营养", "农药兽药残留", "食品添加剂与污染物", "微生物", "粮油与果蔬", "饲料与肥料", "种子种苗",
    )),
    ("050000", "生物医药", (
        "药物分析", "药理与毒理", "细胞与分子生物学", "基因与蛋白组学", "动物实验", "临床检验", "中药材",
    )),
    ("060000", "医疗器械", ("医用电气", "生物相容性", "体外诊断", "无菌与包装")),
    ("070000", "机械与零部件", ("力学性能", "几何量与精度", "无损检测", "疲劳与寿命", "流体与密封", "焊接与连接")),
    ("080000", "电子电气", ("电气安全", "电磁兼容", "环境可靠性", "元器件与集成电路", "电池与储能", "照明与显示")),
    ("090000", "信息通信", ("软件测评", "网络与信息安全", "通信设备", "物联网与传感器", "人工智能测评")),
    ("100000", "能源", ("石油与天然气", "煤炭与焦化", "光伏与风电", "氢能与燃料电池", "节能检测")),
    ("110000", "建筑与土木", ("建筑材料", "结构与地基", "道路与桥梁", "防火与保温", "给排水与暖通")),
    ("120000", "轻工纺织", ("纺织品与服装", "皮革与鞋类", "纸张与包装", "玩具与家具", "家用电器")),
    ("130000", "交通运输", ("整车与底盘", "动力与传动", "轨道交通", "车载电子", "安全与碰撞")),
    ("140000", "航空航天", ("航空材料与结构", "气动与热环境", "机载设备", "航天器环境试验", "无人机")),
    ("150000", "计量校准", ("长度", "热学", "力学", "电磁", "光学", "化学", "时间频率", "声学")),
    ("160000", "地质矿产", ("岩石矿物鉴定", "矿石化学分析", "地球化学与同位素", "珠宝玉石与贵金属", "文物与年代")),
    ("990000", "其他", ()),
)  # fmt: skip


def load(apps, schema_editor):
    TestingField = apps.get_model("catalogue", "TestingField")
    for code, name, children in FIELDS:
        TestingField.objects.update_or_create(code=code, defaults={"name": name, "parent": None})
        for position, child in enumerate((*children, "其他") if children else (), start=1):
            number = "99" if child == "其他" else f"{position:02d}"
            TestingField.objects.update_or_create(
                code=f"{code[:2]}{number}00", defaults={"name": child, "parent_id": code}
            )


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_provider_records")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
