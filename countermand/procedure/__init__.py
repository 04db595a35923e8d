"""The guided cancellation: contact the customer, make the stock right, cancel; who did or skipped each step, and when."""
