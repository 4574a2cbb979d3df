"""The words that the benchmarks' catalogue is made of: real names, makers, abbreviations and standards."""

# name|English name|usual abbreviation|class
KINDS = """
气相色谱质谱联用仪|Gas Chromatography Mass Spectrometer|GC-MS|010200
液相色谱串联质谱仪|Liquid Chromatography Tandem Mass Spectrometer|LC-MS/MS|010200
电感耦合等离子体质谱仪|Inductively Coupled Plasma Mass Spectrometer|ICP-MS|010200
基质辅助激光解吸电离飞行时间质谱仪|MALDI Time-of-Flight Mass Spectrometer|MALDI-TOF|010200
同位素比质谱仪|Isotope Ratio Mass Spectrometer|IRMS|010200
高效液相色谱仪|High Performance Liquid Chromatograph|HPLC|010500
离子色谱仪|Ion Chromatograph|IC|010500
凝胶渗透色谱仪|Gel Permeation Chromatograph|GPC|010500
气相色谱仪|Gas Chromatograph|GC|010500
超临界流体色谱仪|Supercritical Fluid Chromatograph|SFC|010500
傅里叶变换红外光谱仪|Fourier Transform Infrared Spectrometer|FT-IR|010400
激光共聚焦显微拉曼光谱仪|Confocal Micro Raman Spectrometer||010400
原子吸收分光光度计|Atomic Absorption Spectrophotometer|AAS|010400
紫外可见近红外分光光度计|UV-Vis-NIR Spectrophotometer|UV-Vis|010400
电感耦合等离子体发射光谱仪|ICP Optical Emission Spectrometer|ICP-OES|010400
直读光谱仪|Spark Optical Emission Spectrometer|OES|010400
X射线衍射仪|X-ray Diffractometer|XRD|010300
X射线荧光光谱仪|X-ray Fluorescence Spectrometer|XRF|010300
X射线光电子能谱仪|X-ray Photoelectron Spectrometer|XPS|010300
单晶衍射仪|Single Crystal Diffractometer|SC-XRD|010300
场发射扫描电子显微镜|Field Emission Scanning Electron Microscope|FE-SEM|010100
透射电子显微镜|Transmission Electron Microscope|TEM|010100
聚焦离子束双束电镜|Focused Ion Beam Dual Beam System|FIB|010100
电子探针显微分析仪|Electron Probe Microanalyser|EPMA|010100
核磁共振波谱仪|Nuclear Magnetic Resonance Spectrometer|NMR|010600
电子顺磁共振波谱仪|Electron Paramagnetic Resonance Spectrometer|EPR|010600
电化学工作站|Electrochemical Workstation||010700
激光共聚焦显微镜|Confocal Laser Scanning Microscope|CLSM|010800
原子力显微镜|Atomic Force Microscope|AFM|010800
超景深三维显微镜|Digital 3D Microscope||010800
差示扫描量热仪|Differential Scanning Calorimeter|DSC|010900
热重分析仪|Thermogravimetric Analyser|TGA|010900
动态热机械分析仪|Dynamic Mechanical Analyser|DMA|010900
流式细胞仪|Flow Cytometer|FACS|011000
实时荧光定量PCR仪|Real-time Quantitative PCR System|qPCR|011000
蛋白质纯化系统|Protein Purification System|FPLC|011000
总有机碳分析仪|Total Organic Carbon Analyser|TOC|011100
土壤呼吸测量系统|Soil Respiration System||011100
微波消解仪|Microwave Digestion System||011200
冷冻干燥机|Freeze Dryer||011200
万能材料试验机|Universal Testing Machine|UTM|020100
高频疲劳试验机|High Frequency Fatigue Testing Machine||020100
显微维氏硬度计|Micro Vickers Hardness Tester|HV|020100
冲击试验机|Impact Tester||020100
全站仪|Total Station||020200
激光干涉仪|Laser Interferometer||020300
激光测振仪|Laser Doppler Vibrometer|LDV|020400
激光粒度分析仪|Laser Particle Size Analyser||020500
全自动比表面及孔隙度分析仪|Surface Area and Porosity Analyser|BET|020500
相控阵超声探伤仪|Phased Array Ultrasonic Flaw Detector|PAUT|020600
三坐标测量机|Coordinate Measuring Machine|CMM|030100
圆度仪|Roundness Tester||030100
黑体辐射源|Blackbody Radiation Source||030200
矢量网络分析仪|Vector Network Analyser|VNA|040400
频谱分析仪|Spectrum Analyser||040200
数字示波器|Digital Oscilloscope||040100
太赫兹时域光谱系统|Terahertz Time-Domain Spectrometer|THz-TDS|040200
多波束测深系统|Multibeam Echo Sounder||050100
高密度电法仪|Multi-electrode Resistivity Meter||060100
数字地震仪|Digital Seismograph||060500
激光雷达|Lidar||070400
风廓线雷达|Wind Profiler Radar||070200
光学天文望远镜|Optical Telescope||080200
磁共振成像系统|Magnetic Resonance Imaging System|MRI|090200
全自动生化分析仪|Automatic Biochemistry Analyser||090100
高纯锗γ能谱仪|HPGe Gamma Spectrometer|HPGe|100100
加速器质谱仪|Accelerator Mass Spectrometer|AMS|100300
工业CT|Industrial Computed Tomography System|CT|110100
声发射检测系统|Acoustic Emission System|AE|110400
发动机试验台架|Engine Test Bench||120100
高压反应釜|High Pressure Reactor||120200
磁控溅射镀膜机|Magnetron Sputtering System||120300
金属3D打印机|Metal Additive Manufacturing System|SLM|120400
纱线强伸度仪|Yarn Tensile Tester||120500
超高压杀菌设备|High Pressure Processing Unit|HPP|120600
高性能计算集群|High Performance Computing Cluster|HPC|130200
飞秒激光器|Femtosecond Laser||140100
""".strip().splitlines()
QUALITIES = [
    "高分辨",
    "台式",
    "便携式",
    "全自动",
    "多功能",
    "在线",
    "低温",
    "原位",
    "高温",
    "快速",
    "高通量",
    "双通道",
    "智能",
    "真空",
    "精密",
    "数字化",
]
MAKERS = [
    "安捷伦",
    "岛津",
    "赛默飞",
    "布鲁克",
    "沃特世",
    "珀金埃尔默",
    "蔡司",
    "日立",
    "日本电子",
    "帕纳科",
    "理学",
    "梅特勒-托利多",
    "耐驰",
    "马尔文帕纳科",
    "英斯特朗",
    "是德科技",
    "罗德与施瓦茨",
    "海克斯康",
    "三英精密",
    "东方晶源",
    "聚光科技",
    "天美",
    "普析通用",
    "北京吉天",
    "上海精科",
    "莱伯泰科",
    "钢研纳克",
    "华峰测控",
    "中科科仪",
    "西安天隆",
    "Agilent",
    "Thermo",
    "HORIBA",
    "Keysight",
    "Leica",
    "Malvern",
    "MTS",
    "Nikon",
    "Olympus",
    "PerkinElmer",
    "Quantachrome",
    "Renishaw",
    "SCIEX",
    "Shimadzu",
    "TA",
    "Waters",
    "Zeiss",
]
SAMPLES = [
    "金属材料",
    "高分子材料",
    "陶瓷",
    "薄膜",
    "粉体",
    "催化剂",
    "土壤",
    "水样",
    "大气颗粒物",
    "岩石矿物",
    "食品",
    "中药材",
    "农产品",
    "血清",
    "细胞",
    "组织切片",
    "蛋白质",
    "原油",
    "润滑油",
    "电池极片",
    "半导体晶圆",
    "焊接接头",
    "复合材料",
    "涂层",
    "纳米粒子",
    "纤维",
    "木材",
    "煤",
    "化妆品",
    "包装材料",
]
ANALYSES = [
    "定性分析",
    "定量分析",
    "痕量元素测定",
    "物相分析",
    "微观形貌观察",
    "成分面分布",
    "结构鉴定",
    "残余应力测试",
    "晶粒取向分析",
    "热稳定性评价",
    "粒径分布测定",
    "孔径分布测定",
    "力学性能测试",
    "疲劳寿命评估",
    "尺寸精度检测",
    "无损检测",
    "失效分析",
    "农药残留检测",
    "重金属检测",
    "基因表达分析",
    "蛋白质鉴定",
    "代谢物筛查",
    "介电常数测量",
    "频率响应测量",
    "表面粗糙度测量",
    "元素价态分析",
    "有机物鉴定",
    "同位素比值测定",
]
FIELDS = [
    "航空航天",
    "新能源",
    "生物医药",
    "环境监测",
    "食品安全",
    "石油化工",
    "煤化工",
    "电子信息",
    "集成电路",
    "装备制造",
    "文物保护",
    "地质勘查",
    "现代农业",
    "轨道交通",
    "汽车",
    "新材料",
    "光电子",
    "增材制造",
]
FIGURES = [
    "质量范围 {a}–{b} amu",
    "分辨率优于 {c} nm",
    "检出限 {d} μg/L",
    "加速电压 {c}–{a} kV",
    "最大载荷 {a} kN",
    "频率范围 {a} MHz–{c} GHz",
    "温度范围 -{a}~{b}℃",
    "波长范围 {b}-{e} nm",
    "测量精度 ±{d}%",
    "重复性 RSD≤{d}%",
    "扫描速度 {e} 点/秒",
    "样品台行程 {a}×{a}×{c} mm",
    "流速 {d}~{c} mL/min",
    "2θ 角度范围 {c}°–{b}°",
    "压力 ≤{a} MPa",
    "采样率 {c} GSa/s",
]
STANDARDS = [
    "GB/T 228.1-2021",
    "GB/T 16594-2008",
    "HJ 639-2012",
    "GB 5009.12-2017",
    "JY/T 0584-2020",
    "ISO 17025",
    "ASTM E112",
    "GB/T 4340.1-2009",
    "DZ/T 0279.32-2016",
    "YBB00132002",
]
HOSTS = [
    "材料",
    "电子",
    "化工",
    "农林",
    "交通",
    "石油",
    "建筑",
    "医药",
    "机械",
    "航空",
    "地质",
    "能源",
    "环境",
    "食品",
    "纺织",
]
BODIES = ["大学", "研究院", "研究所", "检测有限公司", "理工学院", "工程技术中心"]
CITIES = ["西安", "铜川", "宝鸡", "咸阳", "渭南", "延安", "汉中", "榆林", "安康", "商洛"]
SERIES = [
    "Q",
    "TQ",
    "QP",
    "LC",
    "GC",
    "iCAP",
    "D8",
    "JEM",
    "SU",
    "Evo",
    "Prime",
    "Xplore",
    "Nova",
    "Axio",
    "S",
    "ME",
    "HT",
    "NX",
    "Omni",
    "AutoFlex",
]
