"""The one table of every address: who may, and what it is. A new address without a line here fails a test.

Pages: name, methods, least permission, kind. Kinds: `page` (drawn whole: also photographed, measured and read
aloud by test_screens), `part` (a piece of a page), `file` (to keep), `deed` (a POST that leads elsewhere).
`anyone`: no sign-in is asked for. What ends the thing that it is about comes last, so that a row is still there for the lines before.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Page(NamedTuple):
    """An address of the back office."""

    name: str
    methods: tuple[str, ...]
    permission: str
    kind: str


@dataclass(frozen=True)
class Operation:
    """An operation of the API."""

    method: str
    path: str
    permission: str


_PAGES = """
to_do              get       read     page
orders             get       read     page
orders_csv         get       read     file
orders_xlsx        get       read     file
to_ship_csv        get       read     file
to_ship_xlsx       get       read     file
keep_view          post      read     deed
bulk_choose        post      cancel   deed
bulk_runs          get       cancel   page
bulk               get,post  cancel   page
bulk_progress      get       cancel   part
bulk_result        get       cancel   file
bulk_leave         post      cancel   deed
bulk_start         post      cancel   deed
bulk_stop          post      cancel   deed
order              get       read     page
cancel             get,post  cancel   page
cancel_texts       get       cancel   part
sale               get,post  cancel   page
sale_zero          post      stock    deed
step_contact       post      contact  deed
skip_contact       post      contact  deed
step_stock         post      stock    deed
skip_stock         post      stock    deed
contact            post      contact  deed
verdict            post      intake   deed
ship               get,post  intake   page
confirm_parcel     post      intake   deed
parcel_received    post      contact  deed
note               post      contact  deed
put_back           post      stock    deed
reimburse          get,post  refund   page
mistake            get,post  contact  page
return             get,post  cancel   page
call_back          get,post  cancel   page
parcel             get,post  cancel   page
returns            get       read     page
reception          get,post  refund   page
return_proof       post      cancel   deed
return_end         post      refund   deed
place_again        post      intake   deed
hand_over          post      contact  deed
requests           get       read     page
request            get       read     page
request_new        get,post  contact  page
request_official   post      contact  deed
propose            post      contact  deed
offer_answer       post      contact  deed
ideas_help         get       read     page
documents          get       read     page
payouts            get       read     page
payouts_csv        get       read     file
payouts_xlsx       get       read     file
dispute_csv        get       read     file
dispute_xlsx       get       read     file
reconcile          post      settle   page
document_pdf       get       read     file
document_send      post      contact  deed
credits            get       read     page
credits_owed       get       read     page
credit             get       read     page
gift_card          get,post  goodwill page
redeem             post      refund   deed
refunds            get       read     page
retry              post      refund   deed
settle             get,post  settle   page
vouchers           get       read     page
voucher_new        get,post  goodwill page
voucher_redeem     post      intake   deed
performance        get       read     page
rate               get       read     page
rate_csv           get       read     file
performance_csv    get       read     file
performance_xlsx   get       read     file
visits             post      intake   deed
items              get       read     page
selling            post      stock    deed
off_sale_list      get,post  stock    page
item               get       read     page
ideas              get       read     page
stock              post      stock    deed
mailbox            get       read     page
mail               get       read     page
mail_body          get       read     part
mail_again         post      contact  deed
approval           get       read     page
approval_rules     get       read     page
approval_seen      post      read     deed
add_rule           post      waive    deed
settings           get       read     page
channels           get       read     page
terms              get       read     page
terms              post      terms    deed
company            get,post  settings page
everywhere         post      terms    deed
legal              get,post  channels page
invitation         get,post  anyone   page
sale_link          get,post  anyone   page
team               get       read     page
invite             post      team     deed
role               post      team     deed
invite_again       post      team     deed
security           get,post  read     page
wordings           get       settings page
new_wording        get,post  settings page
wording            get,post  settings page
move_wording       post      settings deed
templates          get       settings page
template           get,post  settings page
how_to             get,post  settings page
messages           get       read     page
thread             get       read     page
thread             post      contact  deed
thread_latest      get       read     part
thread_in          post      contact  deed
thread_aside       post      contact  deed
thread_proof       post      contact  part
reply_texts        get       settings page
reply_text_new     get,post  settings page
reply_text         get,post  settings page
inbound            get       tokens   page
inbound_key        post      tokens   deed
activity           get       settings page
activity_csv       get       settings file
practice           get       read     page
opinion            post      contact  deed
place              get       read     page
alert_seen         post      contact  deed
ask_again          get,post  cancel   page
appeal             post      settings deed
till               get,post  read     page
public_how_to      get       anyone   page
public_how_to_in   get       anyone   page
tokens             get       tokens   page
issue              post      tokens   deed
webhooks           get       tokens   page
webhook            get       tokens   page
delivery           get       tokens   page
subscribe          post      tokens   deed
change_webhook     post      tokens   deed
ping_webhook       post      tokens   deed
rotate_webhook     post      tokens   deed
resend             post      tokens   deed
switch             post      read     deed
drop_rule          post      waive    deed
request_take_back  post      cancel   deed
request_decline    post      cancel   deed
request_withdraw   post      contact  deed
case_take          post      contact  deed
case_done          post      contact  deed
approval_no        post      approve  deed
approval_yes       post      approve  deed
approval_back      post      cancel   deed
undo               post      cancel   deed
revoke             post      tokens   deed
voucher_withdraw   post      goodwill deed
forget_view        post      read     deed
reply_text_drop    post      settings deed
remove_webhook     post      tokens   deed
exchange           post      cancel   deed
offer_withdraw     post      contact  deed
withdraw_invitation post     team     deed
remove_member      post      team     deed
reset_practice     post      read     deed
enter_practice     post      read     deed
leave_practice     post      read     deed
"""
# Nobody needs to sign in for these: what every page is drawn with, and choices for one's own eyes.
OPEN = {"asset", "language", "theme", "design"}

_OPERATIONS = """
GET     /orders                                                   read
GET     /orders/{order_id}                                        read
POST    /orders                                                   intake
POST    /baskets                                                  intake
POST    /orders/{order_id}/cancellations/preview                  cancel
POST    /orders/{order_id}/cancellations                          cancel
GET     /cancellations/{cancellation_id}                          read
POST    /cancellations/{cancellation_id}/undo                     cancel
POST    /orders/{order_id}/reorder                                intake
POST    /orders/{order_id}/fulfilments                            intake
POST    /orders/{order_id}/fulfilments/{reference}/received       contact
DELETE  /orders/{order_id}/fulfilments/{reference}/received       contact
POST    /orders/{order_id}/verify                                 intake
POST    /orders/{order_id}/restocks                               stock
POST    /orders/{order_id}/accept                                 intake
POST    /orders/{order_id}/refuse                                 cancel
POST    /orders/{order_id}/contacts                               contact
POST    /orders/{order_id}/notes                                  contact
POST    /orders/{order_id}/hand-overs                             contact
GET     /orders/{order_id}/messages                               read
POST    /orders/{order_id}/messages                               contact
POST    /inbound/{code}/messages                                  signed
POST    /inbound/{code}/mail                                      signed
POST    /orders/{order_id}/payments                               intake
POST    /orders/{order_id}/payments/{reference}/capture           intake
POST    /orders/{order_id}/payments/{reference}/external-refund   refund
POST    /orders/{order_id}/refunds/preview                        refund
POST    /orders/{order_id}/refunds                                refund
GET     /refunds                                                  read
GET     /refunds/{refund_id}                                      read
POST    /refunds/{refund_id}/retry                                refund
POST    /refunds/{refund_id}/settle                               settle
GET     /returns                                                  read
GET     /returns/{return_id}                                      read
POST    /orders/{order_id}/returns                                cancel
POST    /returns/{return_id}/proof                                cancel
POST    /returns/{return_id}/receive                              refund
POST    /returns/{return_id}/inspect                              refund
POST    /returns/{return_id}/lost                                 refund
POST    /returns/{return_id}/withdraw                             cancel
POST    /orders/{order_id}/intercepts                             cancel
POST    /intercepts/{intercept_id}/answer                         cancel
POST    /intercepts/{intercept_id}/back                           cancel
GET     /items                                                    read
GET     /items/{sku}                                              read
GET     /items/{sku}/alternatives                                 read
POST    /items/{sku}/unavailable                                  stock
DELETE  /items/{sku}/unavailable                                  stock
POST    /items/{sku}/stock                                        stock
PUT     /items/{sku}                                              stock
POST    /items/off-sale                                           stock
POST    /items/on-sale                                            stock
GET     /channels                                                 read
GET     /channels/{code}                                          read
GET     /channels/{code}/terms                                    read
POST    /channels                                                 channels
PATCH   /channels/{code}                                          terms
GET     /store-credits                                            read
GET     /store-credits/liability                                  read
GET     /store-credits/{credit_id}                                read
POST    /store-credits                                            goodwill
POST    /store-credits/{credit_id}/redeem                         intake
GET     /documents                                                read
GET     /documents/{document_id}                                  read
GET     /documents/{document_id}.pdf                              read
POST    /documents/{document_id}/send                             contact
GET     /vouchers                                                 read
GET     /vouchers/{voucher_code}                                  read
POST    /vouchers                                                 goodwill
POST    /vouchers/{voucher_code}/redeem                           intake
GET     /approvals                                                read
GET     /approvals/{approval_id}                                  read
GET     /approval-rules                                           read
PUT     /approval-rules                                           waive
POST    /approvals/{approval_id}/decline                          approve
POST    /approvals/{approval_id}/approve                          approve
POST    /approvals/{approval_id}/withdraw                         cancel
GET     /todo                                                     read
POST    /orders/{order_id}/requests                               contact
GET     /requests                                                 read
GET     /requests/{request_id}                                    read
POST    /requests/{request_id}/official                           contact
POST    /requests/{request_id}/decline                            cancel
POST    /requests/{request_id}/approve                            cancel
POST    /requests/{request_id}/withdraw                           contact
GET     /reasons                                                  read
GET     /events                                                   read
GET     /audit                                                    read
GET     /performance                                              read
GET     /performance/{code}/guard                                 read
GET     /performance/{code}/orders                                read
POST    /visits                                                   intake
GET     /sandbox/payments/{provider_reference}                    read
GET     /sandbox/mails                                            read
GET     /webhooks                                                 tokens
GET     /webhooks/{webhook_id}                                    tokens
GET     /webhooks/{webhook_id}/deliveries                         tokens
POST    /webhooks                                                 tokens
PATCH   /webhooks/{webhook_id}                                    tokens
POST    /webhooks/{webhook_id}/secret                             tokens
POST    /webhooks/{webhook_id}/ping                               tokens
POST    /webhooks/{webhook_id}/deliveries/{delivery_id}/resend    tokens
DELETE  /webhooks/{webhook_id}                                    tokens
"""

# The pages of a marketplace's own staff: their least role there; to everybody else they are not there.
# Tested in test_operator_matrix.py.
_OPERATOR = """
operator             get       agent    page
operator_seat        get       agent    page
operator_alerts      get       agent    page
operator_suspensions get       agent    page
operator_suspension  get       agent    page
operator_service     get       agent    page
operator_settle      get,post  agent    page
operator_tickets     get       agent    page
operator_ticket      get,post  agent    page
operator_payouts     get       agent    page
operator_statement   get       agent    page
operator_statement_csv get     agent    file
operator_journal     get       agent    page
operator_team        get,post  manager  page
operator_propose     post      manager  deed
operator_decide      post      manager  deed
operator_answer      post      manager  deed
operator_lift        post      manager  deed
operator_dismiss     post      manager  deed
operator_ticket_done post      agent    deed
operator_send_back   post      agent    deed
operator_let_go      post      agent    deed
operator_role        post      manager  deed
operator_invite      post      manager  deed
operator_switch      post      agent    deed
operator_remove      post      manager  deed
"""

PAGES = [
    Page(name, tuple(methods.split(",")), permission, kind)
    for name, methods, permission, kind in (line.split() for line in _PAGES.strip().splitlines())
]
OPERATOR_PAGES = [
    Page(name, tuple(methods.split(",")), role, kind)
    for name, methods, role, kind in (line.split() for line in _OPERATOR.strip().splitlines())
]
OPERATIONS = [Operation(*line.split()) for line in _OPERATIONS.strip().splitlines()]
