"""Requests: a buyer wishes to cancel or to withdraw; by which route, with which proof, and what became of it."""
