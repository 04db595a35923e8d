"""The payment providers by name: the only place that names them. Jobs open them, nobody else does."""

from countermand.payments.providers.manual.provider import Manual
from countermand.payments.providers.port import Provider
from countermand.payments.providers.sandbox.provider import Sandbox
from countermand.payments.providers.store_credit.provider import StoreCredit

PROVIDERS: dict[str, Provider] = {
    "sandbox": Sandbox(),
    "manual": Manual(),
    "store_credit": StoreCredit(),
}
