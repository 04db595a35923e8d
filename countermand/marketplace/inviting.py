"""A colleague of the marketplace is invited by mail: one link, to choose a password or to sign in.

The link is made when the letter leaves (`correspondence.letters`): no table holds it. It is that of a forgotten
password: bound to the person and to the password of now, good for three days, and spent by choosing one.
"""

from datetime import datetime
from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from countermand.correspondence.blocks import Block, Paragraph, as_text, one_line
from countermand.correspondence.letters import write_letter
from countermand.correspondence.models import Letter
from countermand.correspondence.page import as_html
from countermand.correspondence.rendering import Mail
from countermand.marketplace.models import Operator
from countermand.marketplace.wording import PHRASES, language_of

KIND = "operator"
PLACE = "{lien:place}"


def write_to(operator: Operator, *, at: datetime) -> None:
    """This will write the letter of an invitation, in the caller's transaction; one not yet sent is replaced."""
    marketplace, about = operator.marketplace, letter_of(operator)
    language = language_of(marketplace.house)
    say, name = PHRASES[language], one_line(marketplace.name, longest=200)
    who = one_line(operator.user.first_name, longest=100)
    blocks: list[Block] = [
        Paragraph(say["hello.name"].format(name=who) if who else say["hello"]),
        Paragraph(say[f"invited.{operator.role}"].format(marketplace=name)),
        Paragraph(f"{say['invited.link']}\n{PLACE}"),
        Paragraph(say["invited.lasts"]),
    ]
    subject = say["invited.subject"].format(marketplace=name)
    Letter.of(marketplace.house_id).filter(kind=KIND, subject_id=about, state="planned").delete()
    write_letter(
        merchant_id=marketplace.house_id,
        kind=KIND,
        recipient=operator.user.email,
        mail=Mail(subject, as_text(blocks), as_html(blocks, language=language, subject=subject, shop=name)),
        about=about,
        from_name=name,
        reply_to=marketplace.service_email,
        at=at,
    )


def letter_of(operator: Operator) -> UUID:
    """This will name what an invitation's letter is about."""
    return UUID(int=operator.id)


def links_of_operator(*, merchant_id: int, subject_id: UUID) -> dict[str, tuple[str, str]] | None:
    """This will give the link of an invitation's letter; None once the person has no place there any more."""
    found = Operator.objects.select_related("user", "marketplace__house")
    operator = found.filter(id=subject_id.int, marketplace__house_id=merchant_id).first()
    if operator is None:
        return None
    say, user = PHRASES[language_of(operator.marketplace.house)], operator.user
    if user.has_usable_password():
        return {PLACE: (settings.PUBLIC_URL + reverse("web:operator"), say["invited.sign_in"])}
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=key)
    return {PLACE: (settings.PUBLIC_URL + path, say["invited.choose"])}
