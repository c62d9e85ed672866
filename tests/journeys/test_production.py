"""What docs/operations.md promises, with real processes: nginx, gunicorn, and the delivered configuration of both."""

import json
import re
import subprocess
import sys
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from factory import Transformer

from tests import own_database, ports
from tests.factories import UserFactory
from tests.ikz.test_checks_of_settings import example_for_production
from tests.journeys import production

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "korrektes Pferd Batterie"


@pytest.fixture
def site(tmp_path):
    if production.program() is None:
        pytest.skip("nginx FEHLT: Die Installation wird nicht geprüft. Abhilfe: apt-get install nginx.")
    environment = {
        "PATH": "/usr/bin:/bin",
        **example_for_production(tmp_path),
        "DATABASE_URL": own_database.address(),
    }
    with production.running(tmp_path, environment) as installation:
        yield installation


def test_lines_for_several_hosts(tmp_path):
    """They believe the balancer alone, and open the house's own pages to the net that is named and nobody else."""
    if production.program() is None:
        pytest.skip("nginx FEHLT: Die Installation wird nicht geprüft. Abhilfe: apt-get install nginx.")
    balancer, colleague, stranger = "127.0.0.5", "127.0.0.9", "127.0.0.77"
    lines = {
        "# server 10.0.0.12:8000;": "server 127.0.0.2:8000;",
        "# set_real_ip_from 10.0.0.5;": f"set_real_ip_from {balancer};",
        "# real_ip_header": "real_ip_header",
        "# allow 10.0.0.0/24;": "allow 127.0.0.0/28;",
    }

    with production.nginx_alone(tmp_path, lines) as site:

        def asked(source, **claimed):
            return site.get("/-/lebt", source=source, headers={"X-Forwarded-For": claimed.get("by", "")}).status

        assert [asked(balancer), asked(balancer, by=colleague), asked(colleague)] == [502, 502, 502]
        assert [asked(balancer, by=stranger), asked(stranger), asked(stranger, by=colleague)] == [403, 403, 403]


def cookies(response):
    return SimpleCookie(
        "; ".join(response.headers.get_all("Set-Cookie", [])).replace("; HttpOnly", "").replace("; Secure", "")
    )


def sign_in(site, address):
    form = site.get("/konto/anmelden/")
    token = cookies(form)["__Host-csrftoken"].value
    return site.request(
        "POST",
        "/konto/anmelden/",
        body=urlencode({"login": address, "password": PASSWORD, "csrfmiddlewaretoken": token}),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"__Host-csrftoken={token}",
            "Referer": f"https://{production.HOST}/konto/anmelden/",
        },
    )


def test_installation_as_in_the_handbook(site):
    """One start for all, because it takes seconds."""
    for look in (
        shows_the_login_page_over_https,
        leads_to_https,
        trusts_only_what_nginx_says,
        lets_people_sign_in,
        shows_nothing_of_the_inside,
        serves_style_sheets_for_ever,
        refuses_a_large_upload_in_german,
        bounds_what_one_person_asks,
        keeps_health_to_the_house,
        logs_json_without_personal_data,
        says_that_it_is_down_in_german,
        tells_nothing_of_people_in_the_log_of_nginx,
    ):
        look(site)


def shows_the_login_page_over_https(site):
    page = site.get("/konto/anmelden/")

    assert page.status == 200
    assert "<h1" in page.body.decode()
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert page.headers["Server"] == "nginx"
    assert "no-store" in page.headers["Cache-Control"]


def leads_to_https(site):
    answer = site.get("/portal/?a=b", is_secure=False)

    assert (answer.status, answer.headers["Location"]) == (301, "https://ikz.example/portal/?a=b")


def trusts_only_what_nginx_says(site):
    """Behind nginx the request is a secure one (else Django would lead to HTTPS for ever), whatever a browser claims."""
    claimed = site.get("/konto/anmelden/", headers={"X-Forwarded-Proto": "http", "X-Request-ID": "a1b2c3d4"})
    foreign = site.get("/konto/anmelden/", headers={"Host": "fremd.example"})

    assert claimed.status == 200
    assert re.fullmatch("[0-9a-f]{32}", claimed.headers["X-Request-ID"])
    assert foreign.status == 400


def lets_people_sign_in(site):
    hashed = make_password(PASSWORD, hasher=PBKDF2PasswordHasher())  # the processes know no other
    UserFactory(email="anna.arndt@example.org", password=Transformer.Force(hashed))

    answer = sign_in(site, "anna.arndt@example.org")

    assert (answer.status, answer.headers["Location"]) == (302, "/portal/")
    given = answer.headers.get_all("Set-Cookie")
    assert {each.partition("=")[0] for each in given} >= {"__Host-sessionid", "__Host-csrftoken"}
    parts = ("__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/")
    assert [(part, each) for each in given for part in parts if part not in each] == []


def shows_nothing_of_the_inside(site):
    hidden = ["/.git/config", "/static/", "/static/../ikz/settings.py", "/ikz/settings.py", "/-/messwerte"]
    answers = {path: site.get(path) for path in hidden}

    assert {path: answer.status for path, answer in answers.items() if answer.status not in (400, 403, 404)} == {}
    assert site.request("TRACE", "/").status == 405
    assert (
        "Access-Control-Allow-Origin"
        not in site.get("/konto/anmelden/", headers={"Origin": "https://fremd.example"}).headers
    )


def serves_style_sheets_for_ever(site):
    (style,) = set(re.findall(r"/static/ikz/tokens\.[0-9a-f]+\.css", site.get("/nirgends/").body.decode()))

    answer = site.get(style)

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def refuses_a_large_upload_in_german(site):
    too_large = {"Content-Length": str(28 * 1024 * 1024)}

    answer = site.request("POST", "/portal/", headers=too_large)

    assert answer.status == 413
    assert "<h1>Das ist zu viel auf einmal</h1>" in answer.body.decode()
    assert site.get("/-/seiten/page.css").headers["Content-Type"] == "text/css"


def bounds_what_one_person_asks(site):
    """A hundred and fifty requests of a program at once; a colleague at the same address does not notice."""

    def asked_by(session):
        return site.get("/portal/", headers={"Cookie": f"a=b; __Host-sessionid={session}"})

    answers = [asked_by("eins") for _ in range(150)]
    refused = [answer for answer in answers if answer.status == 429]

    assert {answer.status for answer in answers[:50]} == {302}
    assert "<h1>Das waren sehr viele Aufrufe auf einmal</h1>" in refused[0].body.decode()
    assert asked_by("zwei").status == 302


def keeps_health_to_the_house(site):
    """From this machine it answers; without scanner and mail server around, not everything is ready. From any other
    address nothing is told, whoever it claims to be."""
    lives, ready = site.get("/-/lebt"), site.get("/-/bereit")
    checked = [sys.executable, "docs/deploy/healthcheck.py"]

    assert json.loads(lives.body) == {"lives": True}
    assert (ready.status, [name for name, each in json.loads(ready.body)["checks"].items() if not each["ok"]]) == (
        503,
        ["scanner"],
    )
    environment = {"IKZ_HOSTS": "ikz.example,www.ikz.example"}
    assert subprocess.run([*checked, str(site.upstream)], env=environment, check=False).returncode == 0
    assert subprocess.run([*checked, "1"], env=environment, check=False).returncode == 1
    claimed = {"X-Forwarded-For": "127.0.0.1"}
    elsewhere = [
        site.get(path, headers=claimed, source="127.0.0.2") for path in ("/-/lebt", "/-/bereit", "/-/messwerte")
    ]
    assert [answer.status for answer in elsewhere] == [403, 403, 403]
    assert site.get("/konto/anmelden/", source="127.0.0.2").status == 200


def logs_json_without_personal_data(site):
    lines = [json.loads(line) for line in site.log()]

    signed_in = [line for line in lines if line.get("route") == "account_login" and line.get("method") == "POST"]
    assert [line["status"] for line in signed_in] == [302]
    assert [line["message"] for line in lines if line["logger"] == "ikz.security_log"] == ["signed in"]
    assert [word for word in ("anna.arndt", "127.0.0.1", "a=b") if word in str(lines)] == []


def says_that_it_is_down_in_german(site):
    ports.end(site.gunicorn)

    answer = site.get("/konto/passwort/neu/abc-geheimer-token/")

    assert answer.status == 502
    assert "<h1>Die Anwendung ist gerade nicht erreichbar</h1>" in answer.body.decode()


def tells_nothing_of_people_in_the_log_of_nginx(site):
    """It had too large an upload, far too many requests and an application that was gone to complain of."""
    said = site.log_of_nginx()

    assert [word for word in ("client:", "127.0.0.1", "request:", "token", "/portal/") if word in said] == []
