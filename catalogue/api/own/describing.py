"""What the documentation says of a provider's own records."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from catalogue.api.own.collections import Collection
from catalogue.api.own.serializers import body_serializer, own_serializer
from catalogue.api.schema import Operation

TAG = gettext_lazy("维护本机构的资源")
WITHDRAW = OpenApiParameter(
    "withdraw",
    bool,
    description=gettext_lazy("true：记录待审核或已通过时，先撤回再修改。撤回后不再公开，要重新提交审核。"),
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy("读取时的 ETag；记录已有变化时回 412，不会覆盖别人的修改。"),
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy("写 * 表示只新建；记录已存在时回 412。"),
)
EXAMPLE = OpenApiExample(
    "一台仪器",
    request_only=True,
    value={
        "name": "场发射扫描电子显微镜",
        "name_en": "Field Emission Scanning Electron Microscope",
        "category": "010100",
        "model": "JSM-7900F",
        "manufacturer": "日本电子",
        "origin": "日本",
        "original_value_amount": "2680000.00",
        "purchased_on": "2021-06-30",
        "city": "6101",
        "district": "雁塔区",
        "location": "科技路 1 号 3 号楼 201",
        "specifications": "分辨率 0.6 nm（15 kV）",
        "functions": "材料微观形貌与成分分析",
        "sample_requirements": "干燥、导电的固体，不大于 2 cm",
        "service_content": "形貌观察、能谱分析",
        "price_amount": "300.00",
        "price_unit": "hour",
        "service_hours": "工作日 8:30–17:30",
        "accepts_vouchers": True,
        "contact_name": "孙丽",
        "contact_phone": "029-88881234",
    },
)


class Describer:
    """Operations of one kind of record. ``noun`` is what it is called, ``slug`` what its operations begin with."""

    def __init__(self, collection: Collection) -> None:
        self.noun = str(collection.model._meta.verbose_name)
        self.slug = f"my_{collection.slug.replace('-', '_')}"
        self.record: Any = own_serializer(collection)
        self.body: Any = body_serializer(collection.model)
        self.examples = [EXAMPLE] if collection.has_photos else []

    def list(self) -> Operation:
        return self._operation(
            "list", _("本机构的%s") % self.noun, answers={200: self.record}, refusals=(400,)
        )

    def get(self) -> Operation:
        return self._operation("retrieve", _("读取一条%s") % self.noun, answers={200: self.record})

    def put(self) -> Operation:
        return self._operation(
            "put",
            _("新建或更新%s") % self.noun,
            _(
                "按内部编号：没有就新建（201），有就更新（200），内容相同则不变（200，version 不变）。"
                "请求体是整条记录，没写的字段会清空；照片、扫描件不受影响。保存的是草稿，可以不完整。"
            ),
            body=self.body,
            answers={200: self.record, 201: self.record},
            refusals=(400, 404, 409, 412, 413, 415),
            parameters=[WITHDRAW, IF_MATCH, IF_NONE_MATCH],
            examples=self.examples,
        )

    def patch(self) -> Operation:
        return self._operation(
            "patch",
            _("修改%s的部分字段") % self.noun,
            _("没写的字段保持不变。"),
            body=self.body,
            answers={200: self.record},
            refusals=(400, 404, 409, 412, 413, 415),
            parameters=[WITHDRAW, IF_MATCH],
        )

    def delete(self) -> Operation:
        return self._operation(
            "delete",
            _("删除%s草稿") % self.noun,
            _("只有从未提交过的草稿可以删除。"),
            answers={204: OpenApiResponse(description=_("已删除。"))},
            refusals=(404, 409, 412),
            parameters=[IF_MATCH],
        )

    def submit(self) -> Operation:
        return self._operation(
            "submit",
            _("提交%s审核") % self.noun,
            _("内容不完整时回 422，errors 按字段列出要补充的。"),
            answers={200: self.record},
            refusals=(404, 409, 412, 422),
            parameters=[IF_MATCH],
        )

    def withdraw(self) -> Operation:
        return self._operation(
            "withdraw",
            _("撤回%s") % self.noun,
            _("待审核或已通过的记录回到未提交状态，立即不再公开。"),
            answers={200: self.record},
            refusals=(404, 409, 412),
            parameters=[IF_MATCH],
        )

    def upload(self, name: str, summary: str, *, several: bool) -> Operation:
        file: dict[str, Any] = {"type": "string", "format": "binary"}
        content = {"type": "array", "items": file} if several else file
        return self._operation(
            name,
            summary,
            _("同一个文件再次上传不会重复（200）。"),
            body={
                "multipart/form-data": {
                    "type": "object",
                    "required": [name],
                    "properties": {name: content},
                }
            },
            answers={200: self.record, 201: self.record},
            refusals=(400, 404, 409, 412, 413, 415),
            parameters=[WITHDRAW, IF_MATCH],
        )

    def delete_photo(self) -> Operation:
        return self._operation(
            "photo_delete",
            _("移除一张照片"),
            answers={200: self.record},
            refusals=(400, 404, 409, 412),
            parameters=[WITHDRAW, IF_MATCH],
        )

    def _operation(self, name: str, summary: str, description: str = "", **more: Any) -> Operation:
        more.setdefault("refusals", (404, 412))
        return Operation(f"{self.slug}_{name}", TAG, summary, description, **more)
