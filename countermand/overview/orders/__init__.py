"""Orders as readers see them: one with everything about it, and lists found by words and filters."""

from countermand.overview.orders.listing import order_ids, order_list
from countermand.overview.orders.page import order_page

__all__ = ["order_ids", "order_list", "order_page"]
