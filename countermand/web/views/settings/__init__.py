"""« Réglages »: an index of calm pages, each about one thing."""
