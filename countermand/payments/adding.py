"""How one more payment of an order is written, in the caller's verb."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from countermand import ids
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.models import Payment, PaymentShare
from countermand.payments.providers.abilities import gives_back_parts
from countermand.payments.providers.sandbox import books
from countermand.payments.reading import PaymentRead
from countermand.refusals import Refusal


def next_reference(taken: Collection[str]) -> str:
    """This will name a payment that came without a name: its place among the order's."""
    position = len(taken) + 1
    while str(position) in taken:
        position += 1
    return str(position)


def check_same(share: ShareFacts, read: PaymentRead) -> None:
    """This will refuse (`payment_exists`) another payment under a name that is taken."""
    # What has happened to it since (captured, given back) does not make it another payment.
    known = (share.provider, share.provider_reference, share.method, share.amount)
    if known != (read.provider, read.provider_reference, read.method, read.amount):
        raise Refusal(
            "payment_exists", f"payment {read.reference} is there with other content", field="reference"
        )


def insert(ledger: Ledger, read: PaymentRead, *, at: datetime) -> ShareFacts:
    """This will write a payment and the order's share of it. Refuses `payment_reference_taken`."""
    order = ledger.order
    account = f"{read.provider}:{order.merchant_id}"
    sums = {
        "amount_minor": read.amount,
        "captured_minor": read.captured,
        "refunded_elsewhere_minor": read.elsewhere,
    }
    try:
        with transaction.atomic():
            payment = Payment.across_merchants.create(
                id=ids.new(),
                merchant_id=order.merchant_id,
                provider=read.provider,
                account=account,
                provider_reference=read.provider_reference,
                method=read.method,
                last_digits=read.last_digits,
                currency=order.currency,
                state=read.state,
                created_at=at,
                **sums,
            )
    except IntegrityError as error:
        detail = "this payment of the provider belongs to another order"
        raise Refusal("payment_reference_taken", detail, field="provider_reference") from error
    share = PaymentShare.across_merchants.create(
        merchant_id=order.merchant_id,
        payment=payment,
        order_id=order.id,
        reference=read.reference,
        position=len(ledger.shares) + 1,
        **sums,
    )
    if read.provider == "sandbox":
        books.open_payments(
            [
                {
                    "account": account,
                    "reference": read.provider_reference,
                    "currency": order.currency,
                    "amount_minor": read.amount,
                    "captured_minor": read.captured,
                    "voided": read.state == "voided",
                    "refunded_elsewhere_minor": read.elsewhere,
                }
            ]
        )
    return ShareFacts(
        id=share.id,
        payment_id=payment.id,
        reference=read.reference,
        provider=read.provider,
        provider_reference=read.provider_reference,
        method=read.method,
        state=read.state,
        amount=read.amount,
        captured=read.captured,
        reserved=0,
        elsewhere=read.elsewhere,
        payment_free=read.captured - read.elsewhere,
        partial=gives_back_parts(read.provider, read.provider_reference),
    )


def open_shared(read: PaymentRead, *, holder_id: int, currency: str, at: datetime) -> Payment:
    """This will write a payment that several orders will share, on the account of its holder."""
    account = f"{read.provider}:{holder_id}"
    payment = Payment.across_merchants.create(
        id=ids.new(),
        merchant_id=holder_id,
        provider=read.provider,
        account=account,
        provider_reference=read.provider_reference,
        method=read.method,
        last_digits=read.last_digits,
        currency=currency,
        state=read.state,
        amount_minor=read.amount,
        captured_minor=read.captured,
        created_at=at,
    )
    if read.provider == "sandbox":
        row = {"account": account, "reference": read.provider_reference, "currency": currency}
        sums = {"amount_minor": read.amount, "captured_minor": read.captured, "refunded_elsewhere_minor": 0}
        books.open_payments([{**row, **sums, "voided": False}])
    return payment


def insert_share(ledger: Ledger, payment: Payment, *, reference: str, amount: int) -> ShareFacts:
    """This will write what of a shared, captured payment is one order's."""
    share = PaymentShare.across_merchants.create(
        merchant_id=ledger.order.merchant_id,
        payment=payment,
        order_id=ledger.order.id,
        reference=reference,
        position=len(ledger.shares) + 1,
        amount_minor=amount,
        captured_minor=amount,
    )
    return ShareFacts(
        id=share.id,
        payment_id=payment.id,
        reference=reference,
        provider=payment.provider,
        provider_reference=payment.provider_reference,
        method=payment.method,
        state=payment.state,
        amount=amount,
        captured=amount,
        reserved=0,
        elsewhere=0,
        payment_free=payment.captured_minor,
        partial=gives_back_parts(payment.provider, payment.provider_reference),
    )
