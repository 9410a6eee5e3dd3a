"""Asks argocd-cmp-server for manifests over its socket, as repo-server does: a stream of metadata and the packed repository.

Source: argo-cd v3, cmpserver/plugin/plugin.proto, util/cmp/stream.go and reposerver/repository/repository.go (newEnv). The few
messages are written by hand, so that no compiler for them is needed."""
import fnmatch
import hashlib
import io
import json
import os
import tarfile

import grpc

METHOD = "/plugin.ConfigManagementPluginService/GenerateManifest"
REPOSITORY = "https://github.com/example/gitops.git"
CHUNK = 1024
LARGEST = 100 << 20


def varint(number):
    text = bytearray()
    while number > 127:
        text.append(number & 127 | 128)
        number >>= 7
    return bytes(text + bytes([number]))


def field(number, value):
    """A number, or text or a message with its length before it."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def fields(message):
    """The numbers and values of a message that holds texts only."""
    at = 0

    def number():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = message[at]
            value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
            if byte < 128:
                return value
    while at < len(message):
        key, size = number() >> 3, number()
        yield key, message[at:at + size]
        at += size


def pack(root, exclusions):
    """The repository as repo-server packs it: what an exclusion matches, and what is below it, stays out."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for folder, folders, files in os.walk(root):
            kept = [name for name in sorted(folders + files)
                    if not any(fnmatch.fnmatchcase(os.path.relpath(os.path.join(folder, name), root), each) for each in exclusions)]
            folders[:] = [name for name in kept if name in folders and not os.path.islink(os.path.join(folder, name))]
            for name in kept:
                archive.add(os.path.join(folder, name), os.path.relpath(os.path.join(folder, name), root), recursive=False)
    return packed.getvalue()


def environment(path, app, project, parameters):
    return {"ARGOCD_APP_NAME": app, "ARGOCD_APP_NAMESPACE": app, "ARGOCD_APP_PROJECT_NAME": project, "ARGOCD_APP_REVISION": "0" * 40,
            "ARGOCD_APP_SOURCE_REPO_URL": REPOSITORY, "ARGOCD_APP_SOURCE_PATH": path, "ARGOCD_APP_SOURCE_TARGET_REVISION": "main",
            "KUBE_VERSION": "1.37.2", "KUBE_API_VERSIONS": "v1,apps/v1", "ARGOCD_APP_PARAMETERS": json.dumps(parameters)}


def messages(packed, path, variables):
    metadata = field(1, os.path.basename(path)) + field(2, path) + field(3, hashlib.sha256(packed).hexdigest()) + field(4, len(packed))
    metadata += b"".join(field(5, field(1, name) + field(2, value)) for name, value in variables.items())
    yield field(1, metadata)
    for at in range(0, len(packed), CHUNK):
        yield field(2, field(1, packed[at:at + CHUNK]))


class Refused(Exception):
    """What Argo CD would show as the Application's condition."""


class Client:
    def __init__(self, socket):
        limits = [("grpc.max_receive_message_length", LARGEST), ("grpc.enable_http_proxy", 0)]
        self.channel = grpc.insecure_channel("unix:" + socket, limits)
        self.method = self.channel.stream_unary(METHOD, request_serializer=None, response_deserializer=None)

    def generate(self, packed, path, app="shop", project="tenants", parameters=None):
        """The manifests, as objects. Refused where the plugin fails."""
        try:
            answer = self.method(messages(packed, path, environment(path, app, project, parameters)), timeout=60)
        except grpc.RpcError as error:
            raise Refused(error.details()) from None
        return [json.loads(text) for number, text in fields(answer) if number == 1]

    def close(self):
        self.channel.close()
