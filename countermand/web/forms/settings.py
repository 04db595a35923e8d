"""The forms of the settings. Fields are named as the verbs name them, so a refusal finds its field."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from countermand.merchants.models import User
from countermand.merchants.roles import ROLES
from countermand.refusals import Refusal
from countermand.web import words
from countermand.web.beside import beside

LANGUAGES = [("fr", "Français"), ("en", "English")]
NO_FILL = {"autocomplete": "off"}


class SettingForm(forms.Form):
    """A form whose verb may refuse: the sentence stands beside the field that it is about."""

    def refuse(self, refusal: Refusal) -> None:
        """This will put a refusal beside its field, or above the form."""
        beside(self, refusal, {refusal.field: refusal.field.removeprefix("overrides.")})


def _roles() -> list[tuple[str, Any]]:
    return [(role, words.ROLE[role]) for role in ROLES]


class TokenForm(SettingForm):
    """A key to the API (shown once)."""

    name = forms.CharField(
        label=_("Nom de la clé"), max_length=100, help_text=_("Le programme qui s'en servira.")
    )
    role = forms.ChoiceField(label=_("Rôle"), choices=_roles, initial="agent")


class InviteForm(SettingForm):
    """Somebody is offered a place."""

    email = forms.EmailField(
        label=_("Adresse e-mail"), max_length=254, widget=forms.EmailInput(attrs=NO_FILL)
    )
    first_name = forms.CharField(label=_("Prénom"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Rôle"), choices=_roles, initial="agent")


class RoleForm(SettingForm):
    """A member gets another role."""

    role = forms.ChoiceField(label=_("Rôle"), choices=_roles, widget=forms.Select(attrs={"class": "input"}))


class CompanyForm(SettingForm):
    """What the shop is called, and who writes for it (EM-15)."""

    name = forms.CharField(label=_("Nom de la boutique"), max_length=200)
    contact_name = forms.CharField(
        label=_("Prénom de qui signe"),
        max_length=100,
        help_text=_("Vos e-mails viennent d'une personne : « Camille, Le Petit Mug »."),
    )
    reply_to = forms.EmailField(
        label=_("Adresse de réponse"),
        max_length=254,
        help_text=_("Une adresse que quelqu'un lit : vos clients y répondent."),
    )
    phone = forms.CharField(
        label=_("Téléphone du service client"),
        max_length=40,
        required=False,
        help_text=_("Se montre sur la page « Comment annuler »."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    language = forms.ChoiceField(label=_("Langue de la boutique"), choices=LANGUAGES)
    timezone = forms.ChoiceField(label=_("Fuseau horaire"))
    two_factor_required = forms.BooleanField(
        label=_("Exiger la double authentification de toute l'équipe"), required=False
    )

    def __init__(self, *args: Any, owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        self.fields["timezone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]
        if not owner:
            del self.fields["two_factor_required"]


class EverywhereForm(SettingForm):
    """What holds on every channel at once, unless a channel says otherwise later."""

    restock = forms.ChoiceField(
        label=_("Remise en stock, par défaut"),
        choices=[("", _("selon le canal")), ("yes", _("oui")), ("no", _("non"))],
        required=False,
    )
    undo_seconds = forms.IntegerField(
        label=_("Temps pour revenir en arrière"),
        required=False,
        min_value=0,
        max_value=3600,
        help_text=_("De 0 à 3600 secondes. Vide : selon chaque canal."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class WordingForm(SettingForm):
    """The merchant's own words under a kind of reason (SH-6)."""

    reason = forms.ChoiceField(
        label=_("Motif dont il est une façon de dire"),
        help_text=_("Il en garde les règles : stock, taux, frais. Seuls les mots changent."),
    )
    label_fr = forms.CharField(label=_("Pour l'équipe, en français"), max_length=100)
    label_en = forms.CharField(label=_("Pour l'équipe, en anglais"), max_length=100, required=False)
    words_fr = forms.CharField(
        label=_("Pour le client, en français"),
        max_length=500,
        required=False,
        help_text=_("Une phrase que le client lit dans l'e-mail."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    words_en = forms.CharField(
        label=_("Pour le client, en anglais"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    active = forms.BooleanField(label=_("Proposé à l'équipe"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = words.reasons_by_family(first=_("Choisir un motif"))  # type: ignore[attr-defined]


class TemplateForm(SettingForm):
    """The merchant's text for one kind of mail."""

    subject = forms.CharField(label=_("Objet"), max_length=200, widget=forms.TextInput(attrs=NO_FILL))
    body = forms.CharField(label=_("Texte"), max_length=5000, widget=forms.Textarea(attrs={"rows": 16}))
    number = forms.CharField(
        label=_("Aperçu avec la commande"),
        max_length=64,
        required=False,
        help_text=_("Un numéro. Vide : la plus récente."),
        widget=forms.TextInput(attrs=NO_FILL),
    )


class HowToForm(SettingForm):
    """What the public page says in both languages; empty: our words."""

    fr = forms.CharField(
        label=_("En français"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 12})
    )
    en = forms.CharField(
        label=_("En anglais"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 12})
    )


class TillCodeForm(SettingForm):
    """The code with which a member takes over a shared till."""

    code = forms.CharField(
        label=_("Code de caisse"),
        max_length=8,
        help_text=_("4 à 8 chiffres, que personne ne devine."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
    )
    password = forms.CharField(
        label=_("Votre mot de passe"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """This will ask whether it is the person who sits there."""
        said = str(self.cleaned_data["password"])
        if not self.user.check_password(said):
            raise forms.ValidationError(_("Ce n'est pas votre mot de passe."))
        return said


class TakeOverForm(SettingForm):
    """Somebody else takes the till over."""

    member = forms.TypedChoiceField(label=_("Qui êtes-vous ?"), coerce=int)
    code = forms.CharField(
        label=_("Code de caisse"),
        max_length=8,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = people  # type: ignore[attr-defined]


class JoinForm(SettingForm):
    """An invited person chooses a password."""

    first_name = forms.CharField(
        label=_("Prénom"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=200,
        help_text=_("12 caractères au moins. Une phrase se retient mieux qu'un mot."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Le même, une seconde fois"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """This will judge the password as a change of it would be judged."""
        said = str(self.cleaned_data["password"])
        validate_password(said, User(email=self.email, first_name=self.cleaned_data.get("first_name", "")))
        return said

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("Les deux ne sont pas pareils. Écrivez-le encore une fois."))
        return said
