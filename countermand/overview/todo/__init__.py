"""« À traiter »: what needs a person now, the longest waiting first."""

from countermand.overview.todo.listing import GROUPS, KINDS, Reader, counts, to_do, to_do_page

__all__ = ["GROUPS", "KINDS", "Reader", "counts", "to_do", "to_do_page"]
