"""Room: rows of a list, which differ by little: each kind of row is drawn once, then only its words are filled in."""

import re
from collections.abc import Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, render_value_in_context
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()
# Of Unicode's private use: no template is written with them, and what a row says comes in when they are gone.
_GAP = re.compile("\ue000([a-z_]+)\ue001")
Drawn = list[str]


class StandIn(SafeString):
    """Stands where a word of each row will stand; it knows nothing of the row, and must not be asked."""

    def __bool__(self) -> bool:
        raise RuntimeError("What a row looks like is asked with `by`; a `fill` is only printed.")


class _Hidden:
    """Stands where the row would be while a kind of row is drawn, lest the words of one are printed in all."""

    def __getitem__(self, name: object) -> object:
        message = f"`{name}` of a row is read in `by` or in `fill` only."
        raise RuntimeError(message)


class FillNode(Node):
    """Names words of the row; draws nothing."""

    def __init__(self, words: dict[str, FilterExpression]) -> None:
        self.words = words

    def render(self, context: Context) -> SafeString:  # noqa: ARG002 (the signature is Django's)
        """Draw nothing."""
        return SafeString()


class EachNode(Node):
    """Draws one row of each kind, and fills in the words of every row."""

    def __init__(
        self, name: str, rows: FilterExpression, marks: dict[str, FilterExpression], body: NodeList
    ) -> None:
        self.name, self.rows, self.marks, self.nodelist = name, rows, marks, body
        self.words: dict[str, FilterExpression] = {}
        for node in body.get_nodes_by_type(FillNode):
            self.words |= node.words if isinstance(node, FillNode) else {}

    def render(self, context: Context) -> SafeString:
        """Draw all rows."""
        kinds: dict[tuple[Any, ...], Drawn] = {}
        written: list[str] = []
        with context.push():
            for row in self.rows.resolve(context) or ():
                context[self.name] = row
                marks = tuple(mark.resolve(context) for mark in self.marks.values())
                if marks not in kinds:
                    kinds[marks] = self._draw(context, marks)
                written.extend(self._filled(kinds[marks], context))
        return SafeString("".join(written))

    def _draw(self, context: Context, marks: Sequence[Any]) -> Drawn:
        """Return a kind of row in pieces: text, the name of a word, text, and so on."""
        stand_ins = {name: StandIn(f"\ue000{name}\ue001") for name in self.words}
        known = dict(zip(self.marks, marks, strict=True))
        with context.push(**{self.name: _Hidden()}, **stand_ins, **known):
            return _GAP.split(self.nodelist.render(context))

    def _filled(self, drawn: Drawn, context: Context) -> Drawn:
        names = drawn[1::2]
        said = {
            name: render_value_in_context(self.words[name].resolve(context), context) for name in set(names)
        }
        filled = drawn.copy()
        filled[1::2] = [said[name] for name in names]
        return filled


@register.tag
def each(parser: Parser, token: Token) -> EachNode:
    """
    Repeat a row: `{% each claim in page by state=claim.state %}{% fill number=claim.number %}...{% endeach %}`.

    What decides how a row looks stands after `by`, and should have few values; what is only printed is named by
    `fill`. The row itself is read nowhere else, which is seen to.
    """
    bits = token.split_contents()
    if len(bits) < 4 or bits[2] != "in" or (len(bits) > 4 and bits[4] != "by"):
        raise template.TemplateSyntaxError("each is written: each row in rows by name=value")
    marks = _named(bits[5:], parser)
    body = parser.parse(("endeach",))
    parser.delete_first_token()
    return EachNode(bits[1], parser.compile_filter(bits[3]), marks, body)


@register.tag
def fill(parser: Parser, token: Token) -> FillNode:
    """Name words of a row: `{% fill number=claim.number due=claim.due_date|day %}`."""
    return FillNode(_named(token.split_contents()[1:], parser))


def _named(bits: list[str], parser: Parser) -> dict[str, FilterExpression]:
    remaining = list(bits)
    found: dict[str, FilterExpression] = template.base.token_kwargs(remaining, parser)
    if remaining:
        message = f"`{remaining[0]}` has no name"
        raise template.TemplateSyntaxError(message)
    return found
