"""The operator's side: merchants' rates, alerts, suspensions, customer service, payouts and commissions."""
