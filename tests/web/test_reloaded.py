"""A form that was refused stands at an address that only takes what is sent: loading it anew leads to the form."""

from django.urls import reverse

from tests.web.desk import Shop


def test_SH17_visits_that_were_refused_can_be_loaded_anew(shop: Shop) -> None:
    client = shop["owner"]
    there = reverse("web:visits")
    assert client.post(there, {"canal": "boutique", "day": "", "visits": ""}).status_code == 422
    again = client.get(there)
    assert (again.status_code, again["Location"]) == (302, reverse("web:performance"))


def test_SH3_an_address_of_an_order_leads_to_the_nearest_page_above_it(shop: Shop) -> None:
    client = shop["owner"]
    order = shop.order()
    again = client.get(reverse("web:note", kwargs={"order_id": order}), follow=True)
    assert (again.status_code, again.request["PATH_INFO"]) == (
        200,
        reverse("web:order", kwargs={"order_id": order}),
    )


def test_SH3_whoever_is_not_signed_in_signs_in_first(shop: Shop) -> None:
    order = shop.order()
    assert (
        shop["anonymous"]
        .get(reverse("web:note", kwargs={"order_id": order}))["Location"]
        .startswith("/compte/")
    )
