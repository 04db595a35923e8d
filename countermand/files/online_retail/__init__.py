"""The Online Retail data as orders, items and cancellations: one shop's true months to try the desk on.

Source: Chen, Sain, Guo 2012, doi:10.1057/dbm.2012.17; UCI Machine Learning Repository; licence CC0.
"""

from countermand.files.online_retail.credits import CreditMatching, ListedCredit, match_credits
from countermand.files.online_retail.orders import OrderSummary, items, orders
from countermand.files.online_retail.source import OnlineRetailFile, customer_email, open_online_retail

__all__ = [
    "CreditMatching",
    "ListedCredit",
    "OnlineRetailFile",
    "OrderSummary",
    "customer_email",
    "items",
    "match_credits",
    "open_online_retail",
    "orders",
]
