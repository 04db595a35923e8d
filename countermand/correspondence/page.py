"""The HTML part of a mail: one column of 600 px, styles on the elements, no image, nothing fetched."""

from html import escape

from countermand.correspondence.blocks import Block, Items, Paragraph, Quote, Sums

INK = "#1f1d1a"
QUIET = "#6b665e"
RULE = "#e4dfd6"
PAPER = "#f7f5f1"
FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
BODY = f"{FONT};font-size:16px;line-height:24px;color:{INK}"
TABLE = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'


def as_html(blocks: list[Block], *, language: str, subject: str, shop: str) -> str:
    """This will lay blocks out as a whole HTML page for mail programs. Every text is escaped here."""
    inside = "\n".join(_html(block) for block in blocks)
    return f"""<!DOCTYPE html>
<html lang="{escape(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{escape(subject)}</title>
</head>
<body style="margin:0;padding:0;background:{PAPER}">
<table {TABLE} style="background:{PAPER}"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"\
 style="width:100%;max-width:600px;background:#ffffff;border:1px solid {RULE};border-radius:10px">
<tr><td style="{FONT};font-size:15px;line-height:24px;font-weight:600;color:{QUIET};padding:24px 32px 0">\
{escape(shop)}</td></tr>
<tr><td style="{BODY};padding:16px 32px 24px">
{inside}
</td></tr>
</table>
</td></tr></table>
</body>
</html>
"""


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def _heading(title: str) -> str:
    return f'<h2 style="{FONT};font-size:15px;line-height:24px;color:{QUIET};margin:24px 0 4px">{escape(title)}</h2>'


def _row(left: str, right: str, *, strong: bool = False) -> str:
    weight = ";font-weight:600" if strong else ""
    cell = f"{BODY};padding:8px 0;border-top:1px solid {RULE}{weight}"
    return (
        f'<tr><td style="{cell}" valign="top">{left}</td>'
        f'<td style="{cell};padding-left:16px;white-space:nowrap" align="right" valign="top">{right}</td></tr>'
    )


def _html(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f'<p style="margin:0 0 16px">{_lines(block.text)}</p>'
    if isinstance(block, Quote):
        return (
            f'<div style="margin:0 0 16px;padding:4px 0 4px 16px;border-left:3px solid {RULE}">'
            f"{_lines(block.text)}</div>"
        )
    if isinstance(block, Items):
        small = f'<br><span style="font-size:13px;line-height:20px;color:{QUIET}">'
        rows = "".join(
            _row(escape(what) + (f"{small}{escape(reference)}</span>" if reference else ""), escape(amount))
            for what, reference, amount in block.lines
        )
        return f'{_heading(block.title)}<table {TABLE} style="margin:0 0 16px">{rows}</table>'
    assert isinstance(block, Sums)
    last = len(block.rows) - 1
    rows = "".join(
        _row(escape(label), escape(amount), strong=i == last) for i, (label, amount) in enumerate(block.rows)
    )
    return f'{_heading(block.title)}<table {TABLE} style="margin:0 0 16px">{rows}</table>'
