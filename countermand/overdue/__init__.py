"""Overdue: orders that did not leave in time, their warnings, and the platform's automatic cancellation."""
