"""Marketplace: the operator's side: merchants and their rates, alerts, suspensions, tickets, the refund queue."""
