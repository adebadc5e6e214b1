"""An issuer of ID tokens, as GitLab is one for its CI jobs: discovery, keys, tokens."""

import base64
import http.server
import json
import threading
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_ID = "key-1"


def _encode(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _number(number):
    return _encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))


class Issuer:
    """Runs on a free port of the loopback; `url` is its name."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        documents = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                document = documents.get(self.path)
                self.send_response(200 if document else 404)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(document or {}).encode())

            def log_message(self, *words):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        public = self.key.public_key().public_numbers()
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID}
        key |= {"n": _number(public.n), "e": _number(public.e)}
        documents["/.well-known/openid-configuration"] = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        documents["/keys"] = {"keys": [key]}
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def token(self, audience, **claims):
        """A token that is valid for five minutes, with these claims."""
        now = int(time.time())
        claims = {"iss": self.url, "aud": audience, "iat": now, "nbf": now, "exp": now + 300, **claims}
        head = {"alg": "RS256", "kid": KEY_ID, "typ": "JWT"}
        message = ".".join(_encode(json.dumps(part).encode()) for part in (head, claims))
        signature = self.key.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{message}.{_encode(signature)}"

    def stop(self):
        self.http.shutdown()
        self.http.server_close()
