"""Orders by the hundred thousand for pages that read: made inside the database, of one order that came in rightly.

Each is that order with its own number, buyer, day and state, and two lines. Payments and history are left out:
no list reads them.
"""

from uuid import UUID

from countermand import sql
from countermand.bench.shop import Shop
from countermand.orders import search

FIRST_NAMES = ("camille", "louise", "martin", "zoe", "adam", "ines", "paul", "nora", "hugo", "lea")
DOMAINS = ("mail.test", "poste.test", "lettre.test")
OLD_NAME = "apolline"  # of the oldest orders only: common, yet nowhere among the newest
ARTICLES = 3000
ORDERS_OF_A_BUYER = 5

# What an order has of its own. The buyer's surname is their number in letters, so that it is rare and of one length.
OWN = {
    "id": "number_id(n)",
    "number": "'CMD-' || lpad(n::text, 8, '0')",
    "placed_at": "now() - make_interval(mins => %(newest)s - n)",
    "placed_on": "(now() - make_interval(mins => %(newest)s - n))::date",
    "content_digest": "sha256(n::text::bytea)",
    "customer_name": "initcap(first) || ' ' || initcap(surname)",
    "customer_email": "email",
    "status": "CASE n %% 20 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'open' ELSE 'shipped' END",
}
NUMBER_ID = """
CREATE OR REPLACE FUNCTION pg_temp.number_id(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql
RETURN ('00000000-0000-7000-8[shop]-' || lpad(to_hex(n), 12, '0'))::uuid
"""
BUYERS = """
LATERAL (SELECT translate(lpad((n / [each] * 7368787::bigint %% 10000000)::text, 7, '0'), '0123456789', 'bdfglmnrst') AS surname,
    CASE WHEN n <= %(old)s THEN '[old]' ELSE (%(names)s::text[])[1 + n / [each] %% [how_many]] END AS first,
    'cmd-' || lpad(n::text, 8, '0') AS folded, (%(domains)s::text[])[1 + n / [each] %% 3] AS domain) who,
LATERAL (SELECT first || '.' || surname || '@' || domain AS email) at
"""
ORDERS = f"""
INSERT INTO "order" ([names])
SELECT [values]
FROM "order" t, generate_series(%(first)s::int, %(last)s::int) n, {BUYERS}
WHERE t.id = %(model)s
"""
WORDS = f"""
INSERT INTO order_words (id, merchant_id, placed_at, words)
SELECT number_id(n), t.merchant_id, now() - make_interval(mins => %(newest)s - n), array_to_tsvector(words)
FROM "order" t, generate_series(%(first)s::int, %(last)s::int) n, {BUYERS},
LATERAL (SELECT array_agg(%(prefix)s || word) AS words FROM (
    SELECT unnest(ARRAY[folded, first, surname, email, domain, split_part(domain, '.', 1),
        [skus]]) UNION ALL SELECT substr(folded, k) FROM generate_series(2, length(folded) - 3) k) AS w(word)) found
WHERE t.id = %(model)s
"""
SKU = "'art-' || (n * 7919::bigint + {k} * 3571) %% [articles]"
LINES = """
INSERT INTO order_line ([names])
SELECT [values]
FROM order_line t, generate_series(%(first)s::int, %(last)s::int) n, generate_series(0, 1) k,
LATERAL (SELECT 'ART-' || (n * 7919::bigint + k * 3571) %% [articles] AS own_sku) own, item i
WHERE t.order_id = %(model)s AND t.position = 1 AND i.merchant_id = t.merchant_id AND i.sku = own_sku
"""
OWN_LINE = {
    "id": "number_id(n * 2::bigint + k)",
    "order_id": "number_id(n)",
    "position": "k + 1",
    "reference": "(k + 1)::text",
    "item_id": "i.id",
    "sku": "own_sku",
    "title": "i.title",
    "cancelled": "CASE n %% 20 WHEN 0 THEN 1 ELSE 0 END",
    "shipped": "CASE WHEN n %% 20 > 1 THEN 1 ELSE 0 END",
    "gone_minor": "CASE n %% 20 WHEN 0 THEN t.total_minor ELSE 0 END",
    "gone_tax_minor": "CASE n %% 20 WHEN 0 THEN t.tax_minor ELSE 0 END",
}
NAMES = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
    AND attgenerated = '' ORDER BY attnum
"""
KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid IN ('"order"'::regclass, 'order_words'::regclass, 'order_line'::regclass)
"""
BUYER = 'SELECT customer_name, customer_email FROM "order" WHERE merchant_id = %s AND number = %s'
SAME_WORDS = """
SELECT w.words = %s::tsvector FROM order_words w JOIN "order" o ON o.id = w.id WHERE o.merchant_id = %s AND o.number = %s
"""


def grow(*, place: Shop, model: UUID, first: int, last: int, newest: int) -> None:
    """This will make orders number `first` to `last`, a minute apart; number `newest` is of now."""
    given = {
        "first": first,
        "last": last,
        "newest": newest,
        "old": newest // 20,
        "names": list(FIRST_NAMES),
        "domains": list(DOMAINS),
        "prefix": f"m{place.merchant_id}:",
        "model": model,
    }
    sql.execute(NUMBER_ID.replace("[shop]", f"{place.merchant_id % 4096:03x}"))
    keys = sql.tuples(KEYS)
    [(index,)] = sql.tuples("SELECT pg_get_indexdef('order_words_words'::regclass)")
    # Made anew once instead of kept up row by row. The keys hold for what comes later.
    sql.execute("DROP INDEX order_words_words")
    for table, name, _ in keys:
        sql.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    sql.execute(_filled(ORDERS, '"order"', OWN), given)
    sql.execute(_filled(WORDS, "order_words", {}), given)
    sql.execute(
        _filled(LINES, "order_line", OWN_LINE), {name: given[name] for name in ("first", "last", "model")}
    )
    for table, name, definition in keys:
        sql.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
    sql.execute("SET maintenance_work_mem = '256MB'")
    sql.execute(index)
    for table in ('"order"', "order_words", "order_line"):
        sql.execute(f"VACUUM ANALYZE {table}")
    _check(place, last)


def buyer(*, n: int, newest: int) -> tuple[str, str, str]:
    """This will name the buyer of an order: first name, surname, e-mail."""
    one = n // ORDERS_OF_A_BUYER
    surname = f"{one * 7368787 % 10_000_000:07}".translate(str.maketrans("0123456789", "bdfglmnrst"))
    first = OLD_NAME if n <= newest // 20 else FIRST_NAMES[one % len(FIRST_NAMES)]
    return first, surname, f"{first}.{surname}@{DOMAINS[one % 3]}"


def number(*, n: int) -> str:
    """This will write an order's number."""
    return f"CMD-{n:08}"


def skus(*, n: int) -> list[str]:
    """This will name an order's articles."""
    return [f"ART-{(n * 7919 + k * 3571) % ARTICLES}" for k in (0, 1)]


def _filled(text: str, table: str, own: dict[str, str]) -> str:
    names = [str(name) for (name,) in sql.tuples(NAMES, (table,))]
    values = (own.get(name, f't."{name}"') for name in names)
    filled = {
        "names": ", ".join(f'"{name}"' for name in names),
        "values": ", ".join(values),
        "skus": ", ".join(SKU.format(k=k) for k in (0, 1)),
        "each": str(ORDERS_OF_A_BUYER),
        "old": OLD_NAME,
        "how_many": str(len(FIRST_NAMES)),
        "articles": str(ARTICLES),
    }
    for name, value in filled.items():
        text = text.replace(f"[{name}]", value)
    return text.replace("number_id", "pg_temp.number_id")


def _check(place: Shop, n: int) -> None:
    """The words are those that an order which comes in would have: else the search would be of something else."""
    [(name, email)] = sql.tuples(BUYER, (place.merchant_id, number(n=n)))
    words = search.lexemes(
        merchant_id=place.merchant_id, number=number(n=n), name=name, email=email, skus=skus(n=n)
    )
    if sql.tuples(SAME_WORDS, (search.vector(words), place.merchant_id, number(n=n))) != [(True,)]:
        raise RuntimeError("the orders of the bench have other words than intake writes")
