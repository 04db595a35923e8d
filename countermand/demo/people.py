"""The demo's customers: the data has only numbers, so each number is given a person, always the same one.

Nobody here is real: addresses end in example.test, telephone numbers are of the range that ARCEP keeps for films.
"""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from unicodedata import normalize

FIRST = (
    "Camille", "Léa", "Manon", "Chloé", "Inès", "Jade", "Louise", "Zoé", "Amélie", "Sophie", "Nathalie", "Élodie",
    "Aïcha", "Fatou", "Mélanie", "Hugo", "Lucas", "Louis", "Nathan", "Gabriel", "Arthur", "Jules", "Maël", "Noé",
    "Théo", "François", "Mehdi", "Karim", "Étienne", "Loïc",
)  # fmt: skip
LAST = (
    "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau", "Simon",
    "Laurent", "Lefèvre", "Michel", "Garcia", "David", "Bertrand", "Roux", "Vincent", "Fournier", "Morel", "Girard",
    "André", "Mercier", "Dupont", "Lambert", "Bonnet", "François", "Benali", "Nguyen", "Lefebvre", "Le Gall", "Huet",
)  # fmt: skip
STREETS = (
    "rue des Lilas", "rue Victor-Hugo", "avenue Jean-Jaurès", "place du Marché", "rue de la République",
    "chemin des Vignes", "quai de la Loire", "rue du Moulin", "boulevard Pasteur", "impasse des Roses",
)  # fmt: skip
CITIES = (
    ("75011", "Paris"), ("69003", "Lyon"), ("13006", "Marseille"), ("31000", "Toulouse"), ("44000", "Nantes"),
    ("33000", "Bordeaux"), ("59800", "Lille"), ("67000", "Strasbourg"), ("35000", "Rennes"), ("34000", "Montpellier"),
    ("29200", "Brest"), ("37000", "Tours"), ("64100", "Bayonne"), ("21000", "Dijon"), ("87000", "Limoges"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up customer."""

    name: str
    email: str
    phone: str
    address: dict[str, str]

    @property
    def customer(self) -> dict[str, Any]:
        """This will lay the person out as the customer of an order."""
        return {"name": self.name, "email": self.email, "phone": self.phone, "language": "fr"}


def person(*, number: str, name: str = "") -> Person:
    """This will give the person behind a customer's number; `name` where the person has one to remember."""
    bits = int.from_bytes(blake2b(number.encode(), digest_size=8).digest(), "big")

    def pick(choices: Any) -> Any:
        nonlocal bits
        bits, at = divmod(bits, len(choices))
        return choices[at]

    name = name or f"{pick(FIRST)} {pick(LAST)}"
    plain = normalize("NFD", name).encode("ascii", "ignore").decode().casefold()
    email = f"{plain.replace(' ', '.').replace('-', '.')}.{number}@example.test"
    street, (postal_code, city) = pick(STREETS), pick(CITIES)
    house, phone = pick(range(1, 120)), pick(range(10_000))
    return Person(
        name=name,
        email=email,
        phone=f"+33 6 39 98 {phone // 100:02d} {phone % 100:02d}",
        address={
            "name": name, "line1": f"{house} {street}", "postal_code": postal_code, "city": city, "country": "FR",
        },
    )  # fmt: skip
