"""Counts what repo-server sends to a plugin: a relay between the socket that it connects to and the plugin's own."""

import os
import socket
import threading


class Relay:
    def __init__(self, listen, target):
        self.target, self.sent = target, 0
        self.lock = threading.Lock()
        if os.path.exists(listen):
            os.unlink(listen)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(listen)
        self.server.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            plugin = socket.socket(socket.AF_UNIX)
            plugin.connect(self.target)
            threading.Thread(target=self.copy, args=(client, plugin, True), daemon=True).start()
            threading.Thread(target=self.copy, args=(plugin, client, False), daemon=True).start()

    def copy(self, source, target, counted):
        try:
            while data := source.recv(1 << 18):
                target.sendall(data)
                if counted:
                    with self.lock:
                        self.sent += len(data)
        except OSError:
            pass
        for end, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
            try:
                end.shutdown(how)
            except OSError:
                pass

    def close(self):
        self.server.close()
