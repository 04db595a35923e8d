"""The addresses of a marketplace's own staff, all below /operateur, and the merchants' page about their place there."""

from django.urls import path

from countermand.web.views import place
from countermand.web.views.operator import decisions, merchants, payouts, people, service, tickets

patterns = [
    path("operateur", merchants.merchants, name="operator"),
    path("operateur/marchands/<uuid:seat_id>", merchants.merchant, name="operator_seat"),
    path("operateur/marchands/<uuid:seat_id>/proposer", decisions.propose, name="operator_propose"),
    path("operateur/alertes", merchants.alerts, name="operator_alerts"),
    path("operateur/suspensions", decisions.suspensions, name="operator_suspensions"),
    path("operateur/suspensions/<uuid:suspension_id>", decisions.suspension, name="operator_suspension"),
    path("operateur/suspensions/<uuid:suspension_id>/decider", decisions.decide, name="operator_decide"),
    path("operateur/suspensions/<uuid:suspension_id>/ecarter", decisions.dismiss, name="operator_dismiss"),
    path("operateur/suspensions/<uuid:suspension_id>/lever", decisions.lift, name="operator_lift"),
    path("operateur/suspensions/<uuid:suspension_id>/repondre", decisions.answer, name="operator_answer"),
    path("operateur/service-client", service.queue, name="operator_service"),
    path("operateur/service-client/<uuid:refund_id>", service.settle, name="operator_settle"),
    path("operateur/service-client/<uuid:refund_id>/rembourser", service.let_go, name="operator_let_go"),
    path("operateur/service-client/<uuid:refund_id>/renvoyer", service.send_back, name="operator_send_back"),
    path("operateur/tickets", tickets.tickets, name="operator_tickets"),
    path("operateur/tickets/<uuid:ticket_id>", tickets.ticket, name="operator_ticket"),
    path("operateur/tickets/<uuid:ticket_id>/clore", tickets.finish, name="operator_ticket_done"),
    path("operateur/versements", payouts.payouts, name="operator_payouts"),
    path("operateur/versements/<uuid:seat_id>", payouts.statement, name="operator_statement"),
    path("operateur/versements/<uuid:seat_id>.csv", payouts.statement_csv, name="operator_statement_csv"),
    path("operateur/journal", people.journal, name="operator_journal"),
    path("operateur/equipe", people.team, name="operator_team"),
    path("operateur/equipe/<int:operator_id>/role", people.role, name="operator_role"),
    path("operateur/equipe/<int:operator_id>/retirer", people.remove, name="operator_remove"),
    path("operateur/equipe/<int:operator_id>/inviter", people.invite_again, name="operator_invite"),
    path("operateur/place", people.switch, name="operator_switch"),
    path("place-de-marche", place.place, name="place"),
    path("remboursements/<uuid:refund_id>/redemander", place.ask_again, name="ask_again"),
    path("place-de-marche/alertes/<uuid:alert_id>/lue", place.seen, name="alert_seen"),
    path("place-de-marche/suspensions/<uuid:suspension_id>/repondre", place.appeal, name="appeal"),
]
