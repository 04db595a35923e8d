"""Verbs on the marketplace itself, its people and its seats, and what a merchant says to an alert."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.channels.models import Channel
from countermand.marketplace import inviting
from countermand.marketplace.journal import write, write_own
from countermand.marketplace.models import Alert, Marketplace, Operator, Seat
from countermand.marketplace.states import ROLES
from countermand.merchants.actions import add_merchant
from countermand.merchants.judging import judge_email, judge_name, judge_password
from countermand.merchants.models import User
from countermand.refusals import Refusal, fits


@sql.verb
def open_marketplace(
    *, code: str, name: str, service_email: str = "", timezone: str = "Europe/Paris", by: str, at: datetime
) -> Marketplace:
    """This will make a marketplace, with the house that holds its account at payment providers.

    Refuses `invalid_code`, `invalid_name`, `unknown_timezone`, `invalid_email` for an address that is none, and
    `merchant_exists` for a code that is taken.
    """
    address = judge_email(service_email, field="service_email") if service_email else ""
    house = add_merchant(code=code, name=name, timezone=timezone)
    made = Marketplace.objects.create(
        code=code, name=house.name, house=house, service_email=address, timezone=timezone, created_at=at
    )
    write_own("marketplace.opened", marketplace=made, by=by, at=at)
    return made


@sql.verb
def add_operator(
    *,
    marketplace_id: int,
    email: str,
    password: str | None,
    role: str,
    first_name: str = "",
    by: str,
    at: datetime,
) -> Operator:
    """This will give a person a place at the marketplace, making the person when new (a password is kept otherwise).

    Without a password the person is invited by mail, to choose one or to sign in. Refuses `unknown_role`,
    `invalid_email`, `invalid_name`, `weak_password`, `operator_exists` for who is there already, `not_found`.
    """
    if role not in ROLES:
        raise Refusal("unknown_role", f"roles are {', '.join(ROLES)}", field="role")
    called = judge_name(first_name, field="first_name", shortest=0, longest=100)
    fresh = User(email=judge_email(email).lower(), first_name=called)
    fresh.set_password(password if password is None else judge_password(password, person=fresh))
    marketplace = _locked(marketplace_id)
    User.objects.bulk_create([fresh], ignore_conflicts=True)
    user = User.objects.get(email=fresh.email)
    if marketplace.operators.filter(user=user).exists():
        raise Refusal("operator_exists", "this person works here already", field="email")
    made = Operator.objects.create(marketplace=marketplace, user=user, role=role, created_at=at)
    write_own("operator.added", marketplace=marketplace, by=by, at=at, operator=made.id, role=role)
    if password is None:
        inviting.write_to(made, at=at)
    return made


@sql.verb
def invite_operator_again(*, marketplace_id: int, operator_id: int, by: str, at: datetime) -> Operator:
    """This will write to a colleague once more who has never chosen a password. Refuses `not_found`, `signs_in`."""
    marketplace = _locked(marketplace_id)
    operator = _operator(marketplace, operator_id)
    if operator.user.has_usable_password():
        raise Refusal("signs_in", "this person has a password already")
    inviting.write_to(operator, at=at)
    write_own("operator.invited", marketplace=marketplace, by=by, at=at, operator=operator.id)
    return operator


@sql.verb
def change_operator(*, marketplace_id: int, operator_id: int, role: str, by: str, at: datetime) -> None:
    """This will give an operator another role. Refuses `not_found`, `unknown_role`, `last_manager`."""
    marketplace = _locked(marketplace_id)
    operator = _operator(marketplace, operator_id)
    if role not in ROLES:
        raise Refusal("unknown_role", f"roles are {', '.join(ROLES)}", field="role")
    if role != "manager":
        _keep_a_manager(marketplace, without=operator)
    if operator.role != role:
        operator.role = role
        operator.save(update_fields=["role"])
        write_own("operator.changed", marketplace=marketplace, by=by, at=at, operator=operator.id, role=role)


@sql.verb
def remove_operator(*, marketplace_id: int, operator_id: int, by: str, at: datetime) -> None:
    """This will end an operator's place: from the next click on nothing opens. Refuses `not_found`, `last_manager`."""
    marketplace = _locked(marketplace_id)
    operator = _operator(marketplace, operator_id)
    _keep_a_manager(marketplace, without=operator)
    write_own("operator.removed", marketplace=marketplace, by=by, at=at, operator=operator.id)
    operator.delete()


@sql.verb
def take_seat(*, marketplace_id: int, merchant_id: int, channel_code: str, by: str, at: datetime) -> Seat:
    """This will seat a merchant's channel at a marketplace; the same again finds the seat that is there.

    Refuses `not_found`, and `seat_taken` for a channel that sells at another one.
    """
    channel = Channel.of(merchant_id).select_for_update(no_key=True).filter(code=channel_code).first()
    marketplace = Marketplace.objects.filter(id=marketplace_id).first()
    if channel is None or marketplace is None:
        raise Refusal("not_found", "no such channel or marketplace")
    there = Seat.of(merchant_id).filter(channel=channel).first()
    if there is not None:
        if there.marketplace_id != marketplace_id:
            raise Refusal("seat_taken", "it sells at another marketplace", field="channel")
        return there
    made = Seat.across_merchants.create(
        merchant_id=merchant_id, marketplace=marketplace, channel=channel, since=at
    )
    write("seat.taken", seat=made, by=by, at=at, about=("seat", made.id))
    return made


@sql.verb
def acknowledge(*, merchant_id: int, alert_id: UUID, note: str = "", by: str, at: datetime) -> Alert:
    """This will note that the merchant has read an alert, and what they say to it (RK-9).

    Refuses `not_found`, `already_acknowledged`, `text_too_long`.
    """
    said = note.strip()
    fits(said, field="note")
    found = Alert.of(merchant_id).select_for_update(no_key=True, of=("self",))
    alert = found.select_related("seat").filter(id=alert_id).first()
    if alert is None:
        raise Refusal("not_found", "no such alert")
    if alert.acknowledged_at is not None:
        raise Refusal("already_acknowledged", "it was read before")
    alert.acknowledged_at, alert.acknowledged_by, alert.note = at, by, said
    alert.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
    write("alert.acknowledged", seat=alert.seat, by=by, at=at, about=("alert", alert.id))
    return alert


def _locked(marketplace_id: int) -> Marketplace:
    """One change of its people at a time."""
    found = Marketplace.objects.select_for_update(no_key=True).filter(id=marketplace_id).first()
    if found is None:
        raise Refusal("not_found", "no such marketplace")
    return found


def _operator(marketplace: Marketplace, operator_id: int) -> Operator:
    found = marketplace.operators.filter(id=operator_id).first()
    if found is None:
        raise Refusal("not_found", "no such operator")
    return found


def _keep_a_manager(marketplace: Marketplace, *, without: Operator) -> None:
    others = marketplace.operators.filter(role="manager").exclude(id=without.id)
    if without.role == "manager" and not others.exists():
        raise Refusal("last_manager", "a marketplace keeps one manager at least")
