"""Finding a class or field by what people write in a cell: its code, its name, or its whole path."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalogue.exchange.cells import Raw, folded, text_of
from catalogue.models import TreeNode

# “010200 质谱仪器”, as the drop-down writes it, or the code alone
CODE_AND_NAME = re.compile(r"(\d{1,6})(?:[\s\-—–_:：、.]*(\D.*))?\Z", re.DOTALL)
PATH_SIGN = re.compile(r"\s*[/／\\>＞›»→]\s*|\s+[-—–]\s+")
FULL_WIDTH_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
SHOWN_CANDIDATES = 5


class NodeBook:
    """One classification, read once."""

    def __init__(self, nodes: Iterable[TreeNode]) -> None:
        self.by_code = {node.code: node for node in nodes}
        self.parents = {node.parent_id for node in self.by_code.values() if node.parent_id}
        self._by_name: dict[str, list[TreeNode]] = defaultdict(list)
        self._by_path: dict[str, TreeNode] = {}
        for node in self.by_code.values():
            self._by_name[folded(node.name)].append(node)
            self._by_path[_squeezed(self.path(node))] = node

    def line(self, node: TreeNode) -> list[TreeNode]:
        """The node and all above it, the highest first."""
        found = [node]
        while (parent := self.by_code.get(found[0].parent_id or "")) and parent not in found:
            found.insert(0, parent)
        return found

    def path(self, node: TreeNode) -> str:
        """The whole name: 分析仪器 / 质谱仪器."""
        return " / ".join(one.name for one in self.line(node))

    def option(self, node: TreeNode) -> str:
        """As the drop-down offers it: 010200 质谱仪器."""
        return f"{node.code} {node.name}"

    def is_choosable(self, node: TreeNode) -> bool:
        """A first-level node that is divided is too coarse, as in the forms of the pages."""
        return not (node.parent_id is None and node.code in self.parents)

    def choosable(self) -> list[TreeNode]:
        return [node for node in self.by_code.values() if self.is_choosable(node)]

    def find(self, raw: Raw) -> TreeNode:
        """The node meant. A code that Excel has made a number of gets its leading zero back.

        Raises ValidationError where there is none, several, or one too coarse.
        """
        text = " ".join(text_of(raw).split())
        node = self._by_code_in(text) or self._by_path_in(text) or self._by_name_in(text)
        if node is None:
            raise self._unknown(text)
        if not self.is_choosable(node):
            raise ValidationError(
                _("“%(name)s”是大类，请选择它的下级，如“%(option)s”。")
                % {"name": node.name, "option": self.option(self._first_child(node))}
            )
        return node

    def _unknown(self, text: str) -> ValidationError:
        key = folded(text)
        near = [
            node
            for node in self.choosable()
            if key and (key in folded(node.name) or folded(node.name) in key)
        ]
        hint = _("是不是“%s”？") % "”、“".join(map(self.option, near[:3])) if near else ""
        return ValidationError(
            _("没有“%(text)s”这个分类。%(hint)s请从下拉列表中选择，或按“代码表”填写代码或名称。")
            % {"text": text[:40], "hint": hint}
        )

    def _by_code_in(self, text: str) -> TreeNode | None:
        match = CODE_AND_NAME.match(text.translate(FULL_WIDTH_DIGITS))
        if match is None:
            return None
        code, name = match[1].zfill(6), (match[2] or "").strip()
        node = self.by_code.get(code)
        if node is None:
            if name:  # a name may begin with a digit: 3D打印设备
                return None
            raise ValidationError(_("分类代码“%s”不存在，请核对“代码表”。") % match[1])
        if name and folded(name) not in {folded(node.name), folded(self.path(node))}:
            raise ValidationError(
                _("代码 %(code)s 是“%(name)s”，与单元格里的名称“%(given)s”不一致，请核对。")
                % {"code": code, "name": node.name, "given": name[:40]}
            )
        return node

    def _by_path_in(self, text: str) -> TreeNode | None:
        if not PATH_SIGN.search(text):
            return None
        path = _squeezed(text)
        if node := self._by_path.get(path):
            return node
        # the end of a path: 质谱仪器 / 四极杆质谱仪
        ends = [
            node
            for whole, node in self._by_path.items()
            if whole.endswith(path) and path != _squeezed(node.name)
        ]
        return ends[0] if len(ends) == 1 else None

    def _by_name_in(self, text: str) -> TreeNode | None:
        found = self._by_name.get(folded(text), [])
        if len(found) > 1:
            # 其他仪器 is a class of its own and, again, its only subclass
            found = [node for node in found if self.is_choosable(node)] or found
        if len(found) > 1:
            shown = "、".join(f"{node.code}（{self.path(node)}）" for node in found[:SHOWN_CANDIDATES])
            raise ValidationError(
                _("有 %(count)d 个分类都叫“%(name)s”，请改填代码：%(options)s。")
                % {"count": len(found), "name": text[:40], "options": shown}
            )
        return found[0] if found else None

    def _first_child(self, node: TreeNode) -> TreeNode:
        return next(one for one in self.by_code.values() if one.parent_id == node.code)


def _squeezed(path: str) -> str:
    """A path without its signs: some names have one in them, 高层大气/电离层探测器."""
    return folded(PATH_SIGN.sub("", path))
