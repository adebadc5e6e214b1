"""Signing in through OpenID Connect, against a certified provider: npm's oidc-provider, started here."""

import html.parser
import pathlib
import shutil
import subprocess
import urllib.parse

import pytest
import requests

import server as servers

pytestmark = [pytest.mark.weir_only, pytest.mark.one_mount]

PROVIDER = servers.REPOSITORY / ".cache/oidc"
# A name that no resolver knows: the tests go to the server's own address instead, as a proxy would.
EXTERNAL_URL = "http://weir.test/ml"
CALLBACK = f"{EXTERNAL_URL}/-/oidc/callback"
SECRET = "a secret: of /+ the client"


@pytest.fixture(scope="module")
def provider():
    script = pathlib.Path(shutil.copy(servers.REPOSITORY / "conformance/oidc/provider.js", PROVIDER))
    process = subprocess.Popen(
        ["node", script.name, CALLBACK],
        cwd=PROVIDER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield process.stdout.readline().strip()
    process.communicate(timeout=20)


@pytest.fixture(scope="module")
def weir(provider, tmp_path_factory):
    data = tmp_path_factory.mktemp("oidc") / "data"
    options = [
        *("--external-url", EXTERNAL_URL, "--oidc-issuer", provider, "--oidc-client-id", "weir"),
        *("--oidc-scopes", "profile email groups", "--oidc-groups-claim", "groups"),
        *("--oidc-grants", "ml=developer@root/default"),
    ]
    server = servers.start_weir(data, servers.create_database(), *options, WEIR_OIDC_CLIENT_SECRET=SECRET)
    yield server
    assert server.stop() == 0, server.log.read_text()[-4000:]


class Form(html.parser.HTMLParser):
    """The first form of a page: where it goes, and its fields."""

    def __init__(self, text):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = attributes["action"]
        if tag == "input" and attributes.get("name"):
            self.fields[attributes["name"]] = attributes.get("value") or ""


class Browser:
    """Cookies of the server and of the provider, and no redirect that is not looked at."""

    def __init__(self, weir):
        self.weir, self.server, self.provider = weir, {}, requests.Session()

    def get(self, path):
        """A page of the server. Its cookies are for the external address, so they are kept by hand."""
        answer = requests.get(f"{self.weir.url}{path}", cookies=self.server, allow_redirects=False, timeout=30)
        for cookie in answer.raw.headers.getlist("Set-Cookie"):
            name, value = cookie.split(";")[0].split("=", 1)
            assert "; Path=/ml/" in cookie and "; HttpOnly" in cookie, cookie
            self.server[name] = value
            if not value:
                del self.server[name]
        return answer

    def agree(self, url, person):
        """Signs in at the provider and consents; returns the address that it sends the browser back to."""
        answer = self.provider.get(url, allow_redirects=False, timeout=30)
        for _ in range(20):
            location = answer.headers.get("Location")
            if location and location.startswith(CALLBACK):
                return location
            if location:
                answer = self.provider.get(urllib.parse.urljoin(answer.url, location), allow_redirects=False, timeout=30)
                continue
            assert answer.status_code == 200, answer.text
            form = Form(answer.text)
            fields = {**form.fields, **({"login": person, "password": "x"} if "login" in form.fields else {})}
            target = urllib.parse.urljoin(answer.url, form.action)
            answer = self.provider.post(target, data=fields, allow_redirects=False, timeout=30)
        raise AssertionError("the provider goes round in circles")

    def sign_in(self, person):
        sent = self.get("/-/oidc/start?return_to=/root/default/-/ml/experiments")
        assert sent.status_code == 303, sent.text
        back = self.agree(sent.headers["Location"], person)
        return self.get("/-/oidc/callback?" + urllib.parse.urlsplit(back).query)

    def session(self):
        answer = self.get("/-/session")
        return answer.json() if answer.status_code == 200 else None


def test_somebody_signs_in_with_the_roles_of_their_groups(weir):
    browser = Browser(weir)
    done = browser.sign_in("alice")
    assert (done.status_code, done.headers["Location"]) == (303, "/ml/root/default/-/ml/experiments"), done.text
    session = browser.session()
    assert session["session"]["method"] == "oidc"
    user = session["user"]
    assert (user["username"], user["name"], user["email"]) == ("alice", "Alice Doe", "alice@example.com")
    create = f"{weir.url}/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/experiments/create"
    headers = {"X-CSRF-Token": session["csrf_token"]}
    body = {"name": "by alice, whose group is given developer"}
    made = requests.post(create, cookies=browser.server, headers=headers, json=body, timeout=30)
    assert made.status_code == 200, made.text
    assert requests.post(create, cookies=browser.server, json=body, timeout=30).status_code == 403

    # The same person again is the same user, with another session.
    again = Browser(weir)
    again.sign_in("alice")
    assert again.session()["user"]["id"] == user["id"]
    assert again.session()["session"]["id"] != session["session"]["id"]


def test_somebody_without_the_group_gets_no_role_and_an_unverified_address_does_not_count(weir):
    browser = Browser(weir)
    assert browser.sign_in("bob").status_code == 303
    user = browser.session()["user"]
    assert (user["username"], user["email"]) == ("bob", None)
    read = "/api/v4/projects/1/ml/mlflow/api/2.0/mlflow/experiments/get?experiment_id=0"
    assert browser.get(read).status_code == 404


def test_an_answer_counts_once_and_in_the_browser_that_asked(weir):
    browser, stranger = Browser(weir), Browser(weir)
    sent = browser.get("/-/oidc/start")
    back = "/-/oidc/callback?" + urllib.parse.urlsplit(browser.agree(sent.headers["Location"], "alice")).query
    assert stranger.get(back).status_code == 403
    stranger.get("/-/oidc/start")
    assert stranger.get(back).status_code == 403 and stranger.session() is None
    kept = dict(browser.server)
    assert browser.get(back).status_code == 303
    replayed = Browser(weir)
    replayed.server = kept
    assert replayed.get(back).status_code == 403, "the provider redeems a code once"
    assert SECRET not in weir.log.read_text()
