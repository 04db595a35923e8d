"""A mail's plain text on a page, whose lines are not 72 characters wide."""

from countermand.correspondence.blocks import WIDTH


def flowing(text: str) -> str:
    """This will take out the line breaks that only wrap: those before a word for which there was no room."""
    lines: list[str] = []
    room = WIDTH
    for line in text.splitlines():
        first = line.strip().split(" ")[0]
        goes_on = lines and lines[-1] and line.strip() and not line.startswith("- ") and len(first) >= room
        if goes_on:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
        room = WIDTH - len(line)
    return "\n".join(lines)
