"""Who did it, as colleagues say it: the history keeps addresses and keys, a page shows names."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# What acts by itself, or from the machine's console.
ITSELF: Mapping[str, Any] = {
    "worker": _("automatique"),
    "platform": _("la plateforme"),
    "mail": _("lien de l'e-mail"),
    "channel": _("le canal"),
    "buyer": _("le client"),
    "clock": _("automatique"),
    "demo": _("démonstration"),
    "console": _("administration"),
}


def said(by: str, names: Mapping[str, str]) -> str:
    """This will say who did it: a first name, a key, a file; `names` are the colleagues' by address.

    An address that is nobody's here any more stays as it is: it says who, and hiding it would say nobody.
    """
    kind, colon, name = by.partition(":")
    if not colon:
        return str(names.get(by) or ITSELF.get(by, by))
    if kind == "user":
        return names.get(name, name)
    if kind == "api":
        return gettext("clé « %(name)s »") % {"name": name}
    if kind == "operator":
        return name
    if kind == "file":
        return gettext("fichier %(name)s") % {"name": name}
    return by
