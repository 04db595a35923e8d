"""Returns: what left and comes back, parcels called back on their way, and what is given back then."""
