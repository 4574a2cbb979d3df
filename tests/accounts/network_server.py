"""An OpenID Connect server of 协作网 on loopback, as small as it may be: one account, which signs in by being asked."""

import base64
import hashlib
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "voucher", "a secret of thirty-two characters"


class NetworkServer:
    """``claims`` are what it tells of its account; ``broken`` is the path it answers with an error."""

    def __init__(self):
        self.claims = {
            "sub": "u-1001",
            "name": "张工",
            "preferred_username": "Zhang.Lab",
            "email": "zhang@lab.example",
            "email_verified": True,
            "phone_number": "+86 138-0000-1234",
        }
        self.told = ...  # instead of the claims, behind the token
        self.broken = ""
        self.asked = []  # (path, parameters)
        self.challenges = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(parse_qs(urlsplit(self.path).query))

            def do_POST(self):
                self.answer(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))

            def answer(self, given):
                path = urlsplit(self.path).path
                given = {name: values[0] for name, values in given.items()}
                server.asked.append((path, given))
                status, body = server.respond(path, given)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                if status == 302:
                    self.send_header("Location", body)
                self.end_headers()
                if status != 302:
                    self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, *args):
                """Into the test's output it would go."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        Thread(target=self.http.serve_forever, daemon=True).start()

    def respond(self, path, given):
        if path == self.broken:
            return 500, b"<html>"
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/authorize":
            code = f"code-{len(self.challenges)}"
            self.challenges[code] = given["code_challenge"]
            return 302, f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}"
        if path == "/token":
            digest = hashlib.sha256(given["code_verifier"].encode()).digest()
            proved = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if (given["client_id"], given["client_secret"], proved) != (
                CLIENT,
                SECRET,
                self.challenges.get(given["code"]),
            ):
                return 400, {"error": "invalid_grant"}
            claims = {**self.claims, "iss": self.url, "aud": CLIENT, "exp": time.time() + 60}
            token = jwt.encode(claims, SECRET, algorithm="HS256")
            return 200, {"access_token": "token", "token_type": "Bearer", "id_token": token}
        return 200, self.claims if self.told is ... else self.told

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def use(settings, url):
    """As base.py sets it from the environment."""
    settings.OIDC_URL = url
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**policy, "form-action": [*policy["form-action"], url]}
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "network",
                    "name": "协作网",
                    "client_id": CLIENT,
                    "secret": SECRET,
                    "settings": {"server_url": url},
                }
            ],
        }
    }
