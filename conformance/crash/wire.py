"""One keep-alive connection to a server, speaking MLflow's REST API. Standard library only."""

import http.client
import json
import urllib.parse

API = "/api/2.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


class Refused(Exception):
    """The server answered something else than 200; under this load nothing may."""


class Connection:
    def __init__(self, url, token, timeout=30):
        address = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
        self.headers = {"Authorization": f"Bearer {token}"}

    def request(self, method, path, body=None, content_type="application/json"):
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = content_type
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise Refused(f"{method} {path}: {answer.status} {content[:500].decode(errors='replace')}")
        return content

    def post(self, route, fields):
        return json.loads(self.request("POST", f"{API}/{route}", json.dumps(fields).encode()))

    def get(self, route, **query):
        return json.loads(self.request("GET", f"{API}/{route}?{urllib.parse.urlencode(query)}"))

    def put_file(self, root, name, content):
        self.request("PUT", f"{FILES}/{root}/{name}", content, "application/octet-stream")

    def get_file(self, root, name):
        return self.request("GET", f"{FILES}/{root}/{name}")

    def list_files(self, root):
        """Name and size of each file directly below `root`."""
        query = urllib.parse.urlencode({"path": root})
        files = json.loads(self.request("GET", f"{FILES}?{query}")).get("files", [])
        return {file["path"]: int(file.get("file_size", 0)) for file in files}

    def begin_file(self, root, name, length, content):
        """Starts an upload of `length` bytes and sends only `content`, so that it hangs unfinished."""
        self.connection.putrequest("PUT", f"{FILES}/{root}/{name}")
        for header, value in self.headers.items():
            self.connection.putheader(header, value)
        self.connection.putheader("Content-Length", str(length))
        self.connection.endheaders()
        self.connection.send(content)

    def close(self):
        self.connection.close()
