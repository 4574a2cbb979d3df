"""The REST API: one way to sign in, one way to refuse, and how its documentation is made."""

from typing import Any

# Requests a minute. The first two are counted by address or token, the others besides.
API_RATES = {
    "anonymous": 120,
    "token": 600,
    "write": 120,
    "wrong_token": 20,
}
# Bytes of a JSON body. An instrument with every text at its longest has some 30 kB.
API_MAX_BODY_BYTES = 256 * 1024
# Bytes of a request with photos or a scan; the proxy lets through a little more.
API_MAX_UPLOAD_BYTES = 30 * 1024 * 1024

REST_FRAMEWORK: dict[str, Any] = {
    # Tokens only: whoever is signed in to the site in the same browser is nobody here, so there is nothing to forge.
    "DEFAULT_AUTHENTICATION_CLASSES": ["catalogue.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["catalogue.api.throttling.RequestThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["catalogue.api.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "catalogue.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "catalogue.api.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
    # How many proxies of ours stand before the site; production says so. X-Forwarded-For is not believed otherwise.
    "NUM_PROXIES": 0,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "科技创新券服务平台开放接口",
    "DESCRIPTION": (
        "公开目录（仪器、检测服务、实验服务、检测能力、接券机构）的读取接口，以及接券机构用自己的系统维护仪器与服务的接口。\n\n"
        "**读取**不需要令牌，结果与网站目录一致：只有审核通过、正在公开的记录。列表按游标翻页，一直跟随 `next` 直到它为空。"
        "列表和详情都带 `ETag` 和 `Last-Modified`，再次请求时带上 `If-None-Match`，没有变化就只回 304。\n\n"
        "**维护**需要令牌：在应用中心“账户设置 → 接口令牌”新建，请求头写 `Authorization: Bearer wagtail_…`。"
        "记录按本机构的内部编号存取；写入的内容是草稿，提交审核并通过后才公开，规则与网页完全相同。\n\n"
        "**出错**时返回 `application/problem+json`：`detail` 是一句说明，`errors` 按字段列出要改的地方。"
        "请求太频繁时返回 429，`Retry-After` 是要等的秒数。"
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "PREPROCESSING_HOOKS": ["catalogue.api.schema.only_ours"],
    "ENUM_NAME_OVERRIDES": {
        "AttributeKind": "catalogue.models.AttributeKind.choices",
        "QualificationKind": "catalogue.models.QualificationKind.choices",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": True,
    "SORT_OPERATIONS": False,
    "SORT_OPERATION_PARAMETERS": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "TAGS": [
        {"name": "仪器", "description": "共享的大型科研仪器。"},
        {"name": "检测服务", "description": "按标准或方法提供的检验检测。"},
        {"name": "实验服务", "description": "外包的实验与研发工作。"},
        {"name": "检测能力", "description": "谁能按哪项标准检测什么。"},
        {"name": "接券机构", "description": "提供以上资源、接受创新券的机构。"},
        {"name": "分类与地区", "description": "仪器分类、检测领域、城市与区县的代码。"},
        {"name": "维护本机构的资源", "description": "需要令牌；只看得到本机构的记录。"},
    ],
}

# The editors' pages (policy.api): rich text as a browser shows it, and as many pages at once as in the other lists.
WAGTAILAPI_RICH_TEXT_FORMAT = "html"
WAGTAILAPI_LIMIT_MAX = 100
