"""argocd-server, and people who ask it: local accounts whose tokens name groups, as those of an identity provider do."""

import base64
import hashlib
import hmac
import http.client
import json
import time
import uuid
import urllib.parse

from processes import free_port


def encoded(part):
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def token(key, person, groups):
    """Signed as argocd-server signs those of its local accounts."""
    now = int(time.time())
    claims = {"iss": "argocd", "sub": person + ":login", "iat": now - 5, "nbf": now - 5, "exp": now + 3600,
              "jti": str(uuid.uuid4()), "groups": groups}
    text = b".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (text + b"." + encoded(hmac.new(key.encode(), text, hashlib.sha256).digest())).decode()


class Server:
    """Started by ControlPlane.start_server."""

    def __init__(self, plane, people):
        self.plane, self.port = plane, free_port()
        self.tokens = {person: token(plane.token, person, groups) for person, groups in people.items()}
        plane.api.merge("ConfigMap", "argocd-cm", "argocd", {"data": {"accounts." + person: "login" for person in people}})
        plane.start_argocd("server", ["--insecure", "--address=127.0.0.1", f"--port={self.port}", f"--repo-server={plane.repo_server}",
                                      f"--redis={plane.redis}", "--metrics-address=127.0.0.1", f"--metrics-port={free_port()}"], {})
        plane.processes.wait_until("server", lambda: self.request(None, "GET", "/healthz")[0] == 200)

    def request(self, person, method, path, body=None):
        """The status and the text of the answer."""
        headers = {"Content-Type": "application/json"}
        if person:
            headers["Authorization"] = "Bearer " + self.tokens[person]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def may(self, person, action, thing):
        """What Argo CD's policy engine says, for an action as "applications/get"."""
        status, text = self.request(person, "GET", f"/api/v1/account/can-i/{action}/{urllib.parse.quote(thing)}")
        assert status == 200, f"{person}, {action}: {status} {text}"
        return json.loads(text)["value"] == "yes"

    def stop(self):
        self.plane.processes.stop("server")
