"""The addresses of the back office."""

from django.urls import path
from django.views.i18n import set_language

from countermand.web.settings_urls import patterns as settings_patterns
from countermand.web.views import (
    cancel,
    items,
    mailbox,
    order,
    order_deeds,
    orders,
    procedure,
    refund,
    refunds,
    to_do,
    vouchers,
)
from countermand.web.views.assets import asset
from countermand.web.views.design import design
from countermand.web.views.preferences import theme

app_name = "web"

urlpatterns = [
    path("assets/<slug:digest>/<str:name>", asset, name="asset"),
    path("langue", set_language, name="language"),
    path("apparence", theme, name="theme"),
    path("design", design, name="design"),
    path("", to_do.to_do, name="to_do"),
    path("commandes", orders.orders, name="orders"),
    path("commandes/<uuid:order_id>", order.order, name="order"),
    path("commandes/<uuid:order_id>/annuler", cancel.cancel, name="cancel"),
    path("commandes/<uuid:order_id>/annuler/contact", procedure.spoken, name="step_contact"),
    path("commandes/<uuid:order_id>/annuler/contact/passer", procedure.skip_contact, name="skip_contact"),
    path("commandes/<uuid:order_id>/annuler/stock", procedure.article, name="step_stock"),
    path("commandes/<uuid:order_id>/annuler/stock/passer", procedure.skip_stock, name="skip_stock"),
    path("commandes/<uuid:order_id>/contacts", order_deeds.contact, name="contact"),
    path("commandes/<uuid:order_id>/notes", order_deeds.note, name="note"),
    path("commandes/<uuid:order_id>/remise-en-stock", order_deeds.put_back, name="put_back"),
    path("commandes/<uuid:order_id>/rembourser", refund.give_back, name="reimburse"),
    path("remboursements", refunds.refunds, name="refunds"),
    path("remboursements/<uuid:refund_id>/relancer", refunds.try_again, name="retry"),
    path("remboursements/<uuid:refund_id>/regler", refund.settle_by_hand, name="settle"),
    path("bons", vouchers.vouchers, name="vouchers"),
    path("bons/nouveau", vouchers.new, name="voucher_new"),
    path("bons/utiliser", vouchers.redeem, name="voucher_redeem"),
    path("bons/<uuid:voucher_id>/retirer", vouchers.withdraw, name="voucher_withdraw"),
    path("commandes/<uuid:order_id>/repasser", order_deeds.place_again, name="place_again"),
    path("annulations/<uuid:cancellation_id>/retirer", cancel.take_back, name="undo"),
    path("produits", items.items, name="items"),
    path("produits/fiche/<path:sku>", items.item, name="item"),
    path("produits/idees/<path:sku>", items.ideas, name="ideas"),
    path("produits/stock/<path:sku>", items.stock, name="stock"),
    path("boite-aux-lettres", mailbox.mailbox, name="mailbox"),
    path("boite-aux-lettres/<uuid:message_id>", mailbox.mail, name="mail"),
    path("boite-aux-lettres/<uuid:message_id>/corps", mailbox.mail_body, name="mail_body"),
    path("messages/<uuid:message_id>/renvoyer", order_deeds.mail_again, name="mail_again"),
    *settings_patterns,
]
