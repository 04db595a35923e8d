"""The parts of the desk, as a page author calls them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.translation import override

from countermand.lifecycle import ALL
from countermand.web.states import SAYINGS

NOW = datetime(2026, 3, 12, 13, 3, tzinfo=UTC)


def drawn(source: str, **facts: object) -> str:
    with override("fr"):
        return Template("{% load desk %}" + source).render(Context(facts))


def test_every_state_of_the_house_has_its_word() -> None:
    assert {thing: set(table) for thing, table in ALL.items()} == {k: set(v) for k, v in SAYINGS.items()}


def test_every_icon_of_a_state_exists() -> None:
    for thing, sayings in SAYINGS.items():
        for state in sayings:
            assert "<svg" in drawn("{% state thing state %}", thing=thing, state=state)


def test_a_button_submits_a_link_leads() -> None:
    assert drawn('{% button "Annuler" kind="danger" name="do" value="cancel" %}') == (
        '<button class="button button-danger" name="do" value="cancel" type="submit">Annuler</button>'
    )
    assert 'href="/x"' in drawn('{% button "Voir" url="/x" %}')


def test_a_button_that_may_not_be_pressed_says_why() -> None:
    made = drawn('{% button "Rembourser" refused="Pas encore encaissé" %}')
    assert 'aria-disabled="true"' in made
    assert made.count("Pas encore encaissé") == 2
    assert 'type="submit"' not in made


@pytest.mark.parametrize(
    "source",
    [
        "{% button evil %}",
        "{% badge evil %}",
        "{% card evil %}{% endcard %}",
        "{{ evil|typo }}",
        "{% diff evil 'x' %}",
        "{% callout evil %}{% endcallout %}",
        "{% button 'x' title=evil %}",
    ],
)
def test_words_from_outside_stay_words(source: str) -> None:
    assert "<script" not in drawn(source, evil='"><script>')


def test_a_rate_tells_its_verdict_in_words() -> None:
    assert "sous la limite" in drawn('{% meter "Boutique" 0.012 0.05 %}')
    assert "près de la limite" in drawn('{% meter "Rakuten" 0.04 0.05 %}')
    assert "limite atteinte" in drawn('{% meter "Rakuten" 0.05 0.05 %}')
    assert "au-dessus de la limite" in drawn('{% meter "Amazon" 0.051 0.05 %}')


def test_a_clock_says_when_and_what_then() -> None:
    late = drawn('{% clock at then="intérêts" now=now %}', at=NOW - timedelta(hours=5), now=NOW)
    soon = drawn("{% clock at now=now %}", at=NOW + timedelta(hours=3), now=NOW)
    assert "clock-danger" in late and "échu il y a 5" in late and "intérêts" in late
    assert "clock-attention" in soon and "échéance dans 3" in soon


def test_what_does_not_change_is_not_struck() -> None:
    assert "<del>" not in drawn('{% diff "4" "4" %}')
    assert "<del>" in drawn('{% diff "4" "6" %}')


def test_a_finished_step_folds_to_its_result() -> None:
    made = drawn('{% step 1 "Prévenir" state="done" result="Mina appelée" %}<p>x</p>{% endstep %}')
    assert "<details>" in made and "Mina appelée" in made and "Revoir" in made
    assert "<details>" not in drawn('{% step 1 "Prévenir" state="open" %}<p>x</p>{% endstep %}')
