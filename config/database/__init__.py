"""Django's PostgreSQL backend, with one thing more: it notices connections that died while nobody used them."""
