"""What comes in and what goes out, as types: a body is refused before any verb sees it."""
