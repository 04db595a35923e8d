"""What a reason points at: where a merchant can do something about it. Pure.

Source: SH-13: reasons are grouped by what they tell about products, stock, and customer relations.
"""

# A kind of reason -> product, stock, relations (of customers), or none.
LEVER: dict[str, str] = {
    "listing_error": "product",
    "price_error": "product",
    "better_offer": "product",
    "damaged": "product",
    "out_of_stock": "stock",
    "item_unavailable": "stock",
    "supplier": "stock",
    "customer_changed_mind": "relations",
    "budget": "relations",
    "doubt": "relations",
    "ordered_by_mistake": "relations",
    "delay": "relations",
    "cannot_deliver": "relations",
    "wrong_address": "relations",
    "fraud_suspected": "none",
    "payment_declined": "none",
    "technical_error": "none",
    "business_decision": "none",
    "other": "none",
}
