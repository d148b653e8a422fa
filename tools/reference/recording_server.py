"""A server on 127.0.0.1 that speaks as much of W&B's protocol as a run and its artifacts need, and keeps what it got."""

import gzip
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class RecordingServer:
    def __init__(self):
        self.requests = []
        self.run = {"variables": {}, "history": [], "events": [], "output": [], "summary": "{}", "exitcode": None, "files": {}}
        self.artifacts = []
        self.lock = threading.Lock()
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                with recorder.lock:
                    recorder.requests.append(body)
                    answer = json.dumps(recorder.answer(self.command, self.path, body)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = handle_one

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # a client that ends hangs up
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def holds(self, secret):
        return any(secret in body for body in self.requests)

    def answer(self, method, path, body):
        if method == "PUT":
            kind, name = re.match(r"/upload/(\w+)/([^?]*)", path).groups()
            if kind == "run":
                self.run["files"][unquote(name)] = body.decode("utf8", "replace")
            return {}
        if path.endswith("/file_stream"):
            return self.stream(json.loads(body))
        if path == "/graphql":
            asked = json.loads(body)
            [name] = re.findall(r"^\s*(?:query|mutation)\s+(\w+)", asked["query"]) or [""]
            answer = getattr(self, name, None)
            return {"data": answer(asked.get("variables") or {}) if answer else {}}
        return {}

    def stream(self, request):
        streams = {"wandb-history.jsonl": "history", "wandb-events.jsonl": "events", "output.log": "output"}
        for name, lines in (request.get("files") or {}).items():
            if name == "wandb-summary.json":
                self.run["summary"] = lines["content"][-1]
            else:
                kept = self.run[streams[name]]
                kept[lines["offset"] :] = lines["content"]
        if request.get("complete"):
            self.run["exitcode"] = request["exitcode"]
        return {"exitcode": None, "limits": {}}

    # The operations of GraphQL, by their names.

    def ServerFeaturesQuery(self, _):
        return {"serverInfo": {"features": []}}

    def Viewer(self, _):
        teams = {"edges": []}
        return {"viewer": {"id": "v", "entity": "me", "username": "me", "email": "me@b.c", "flags": "{}", "teams": teams}}

    def UpsertBucket(self, variables):
        given = {name: value for name, value in variables.items() if value is not None}
        self.run["variables"].update(given)
        entity = {"id": "e", "name": given.get("entity", "me")}
        project = {"id": "p", "name": given.get("project", "uncategorized"), "entity": entity}
        bucket = {"id": "b", "name": given.get("name"), "displayName": given.get("displayName", "first"), "project": project}
        more = {"description": "", "config": "{}", "sweepName": None, "historyLineCount": 0}
        return {"upsertBucket": {"bucket": {**bucket, **more}, "inserted": True}}

    def CreateRunFiles(self, variables):
        files = [{"name": name, "uploadUrl": f"{self.url}/upload/run/{name}"} for name in variables["files"]]
        return {"createRunFiles": {"runID": "b", "uploadHeaders": [], "files": files}}

    def ArtifactType(self, _):
        return {"project": {"artifact": None, "artifactType": None}}

    def CreateArtifact(self, variables):
        self.artifacts.append({"input": variables["input"]})
        artifact = {"id": str(len(self.artifacts)), "state": "PENDING", "artifactSequence": {"latestArtifact": None}}
        return {"createArtifact": {"artifact": artifact}}

    def CreateArtifactManifest(self, _):
        file = {"id": "f", "uploadUrl": f"{self.url}/upload/artifact/manifest", "uploadHeaders": []}
        return {"createArtifactManifest": {"artifactManifest": {"id": "m", "file": file}}}

    def CreateArtifactFiles(self, variables):
        nodes = [
            {
                "node": {
                    "storagePath": file["name"],
                    "uploadUrl": f"{self.url}/upload/artifact/{file['name']}",
                    "uploadHeaders": [],
                    "uploadMultipartUrls": None,
                    "artifact": {"id": file["artifactID"]},
                }
            }
            for file in variables["input"]["artifactFiles"]
        ]
        return {"createArtifactFiles": {"files": {"edges": nodes}}}

    def CommitArtifact(self, variables):
        return {"commitArtifact": {"artifact": {"id": variables["artifactID"], "digest": "d"}}}
