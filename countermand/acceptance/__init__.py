"""A sale is accepted or refused, an order verified: what happens before it may be cancelled."""
