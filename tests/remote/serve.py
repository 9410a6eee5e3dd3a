#!/usr/bin/env python3
"""A web server on the loopback interface for the tests: files, git repositories over smart HTTP, and some bad manners.

    serve.py DIRECTORY PORTFILE [LOG]

Below DIRECTORY/git/ repositories are served by `git http-backend`, below /files/ files; of what lies elsewhere:
    /status/CODE          that status
    /redirect/CODE/REST   a redirect to /REST (/redirect/CODE/http:/HOST/... to another host)
    /loop                 a redirect to itself
    /etag/NAME            the file files/NAME with an ETag, and 304 where the client has it
    /private/NAME         the same with basic authentication, user:secret
    /private-git/...      repositories behind the same authentication
    /hang/...             404 for files, and no answer to git
    /large                an answer without end
Each request is a line of LOG: method, path, status."""
import base64, hashlib, http.server, os, subprocess, sys, time, urllib.parse

root, port_file = os.path.abspath(sys.argv[1]), sys.argv[2]
log = open(sys.argv[3], "a", buffering=1) if len(sys.argv) > 3 else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def log_request(self, code="-", size="-"):
        if log:
            log.write(f"{self.command} {self.path} {int(code)}\n")

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def file(self, name, **headers):
        try:
            body = open(os.path.join(root, "files", name), "rb").read()
        except OSError:
            return self.answer(404, b"not found\n")
        self.answer(200, body, **headers)

    def git(self, path, query):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        environment = dict(os.environ, GIT_PROJECT_ROOT=os.path.join(root, "git"), GIT_HTTP_EXPORT_ALL="1",
                           PATH_INFO=path, QUERY_STRING=query, REQUEST_METHOD=self.command,
                           CONTENT_TYPE=self.headers.get("Content-Type", ""), CONTENT_LENGTH=str(len(body)),
                           HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""),
                           GIT_PROTOCOL=self.headers.get("Git-Protocol", ""), REMOTE_ADDR="127.0.0.1")
        output = subprocess.run(["git", "http-backend"], input=body, env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout
        head, _, content = output.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self.answer(int(fields.pop("Status", "200").split()[0]), content, **fields)

    def authorized(self):
        if self.headers.get("Authorization") == "Basic " + base64.b64encode(b"user:secret").decode():
            return True
        self.answer(401, WWW_Authenticate='Basic realm="test"')
        return False

    def do_GET(self):
        path, _, query = self.path.partition("?")
        kind, _, rest = urllib.parse.unquote(path).lstrip("/").partition("/")
        if kind == "files":
            self.file(rest)
        elif kind == "git":
            self.git("/" + rest, query)
        elif kind == "private":
            self.authorized() and self.file(rest)
        elif kind == "private-git":
            self.authorized() and self.git("/" + rest, query)
        elif kind == "etag":
            tag = '"%s"' % hashlib.sha256(open(os.path.join(root, "files", rest), "rb").read()).hexdigest()[:12]
            if self.headers.get("If-None-Match") == tag:
                self.answer(304, ETag=tag)
            else:
                self.file(rest, ETag=tag)
        elif kind == "status":
            self.answer(int(rest.split("/")[0]), b"no\n")
        elif kind == "redirect":
            code, _, place = rest.partition("/")
            place = place.replace("http:/", "http://") if place.startswith("http:/") else "/" + place
            self.answer(int(code), Location=place + ("?" + query if query else ""))
        elif kind == "loop":
            self.answer(302, Location="/loop")
        elif kind == "hang":
            time.sleep(60 if "service=" in query else 0)
            self.answer(404)
        elif kind == "large":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"#" * (1 << 20))
            except OSError:
                self.close_connection = True
        else:
            self.answer(404, b"not found\n")

    do_POST = do_GET


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(port_file + ".new", "w") as out:
    out.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
server.serve_forever()
