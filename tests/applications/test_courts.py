import pytest

from applications import courts
from tests.fixture_data import register

DISTRICTS = {
    "Darmstadt": "06411 06413 06431 06432 06433 06437 06438",
    "Frankfurt am Main": "06412 06415 06434 06435 06436",
    "Gießen": "06440 06531 06532 06534 06535",
    "Kassel": "06611 06631 06632 06633 06634 06635 06636",
    "Wiesbaden": "06414 06439 06533",
}


@pytest.mark.parametrize("seat", DISTRICTS)
def test_court_of_each_district(seat):
    assert {courts.competent(key).name for key in DISTRICTS[seat].split()} == {f"Verwaltungsgericht {seat}"}


def test_every_body_of_the_register_has_exactly_one_court():
    assert {
        ags: number for ags in register() if (number := sum(ags[:5] in court.districts for court in courts.COURTS)) != 1
    } == {}


@pytest.mark.parametrize("key", [None, "", "09162000", "0643"])
def test_no_court_without_a_hessian_key(key):
    assert courts.competent(key) is None


def test_instruction_names_remedy_period_court_and_seat():
    assert courts.instruction(courts.competent("06431002")) == (
        "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Klage bei dem Verwaltungsgericht Darmstadt, "
        "Julius-Reiber-Straße 37, 64293 Darmstadt, erhoben werden."
    )
