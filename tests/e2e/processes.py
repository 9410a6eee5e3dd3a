"""Servers that run until they are stopped, each with a log of its own. None outlives the process that started them."""

import ctypes
import os
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None)


def end_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Processes:
    def __init__(self, logs):
        self.logs = logs
        self.running = {}
        os.makedirs(logs, exist_ok=True)

    def log(self, name):
        return os.path.join(self.logs, name + ".log")

    def start(self, name, command, environment):
        """The environment is all that the program gets, but for PATH and a place for temporary files."""
        environment = {"PATH": os.environ["PATH"], "TMPDIR": self.logs, "HOME": self.logs, **environment}
        with open(self.log(name), "ab") as log:
            self.running[name] = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                  cwd=self.logs, preexec_fn=end_with_parent)

    def wait_until(self, name, ready, seconds=180):
        """Until `ready` answers with something true; an exception of its is a no. So long does it take only on a machine that does much else."""
        deadline = time.monotonic() + seconds
        while True:
            if self.running[name].poll() is not None:
                raise RuntimeError(f"{name} ended with status {self.running[name].returncode}:\n{self.last_lines(name)}")
            try:
                if ready():
                    return
            except Exception as error:
                last = error
            else:
                last = "not ready"
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} is not ready after {seconds} s ({last}):\n{self.last_lines(name)}")
            time.sleep(0.05)

    def last_lines(self, name, count=15):
        with open(self.log(name), errors="replace") as log:
            return "".join(log.readlines()[-count:])

    def cpu_seconds(self, name):
        """Of the process and of its children that have ended."""
        with open(f"/proc/{self.running[name].pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # utime stime cutime cstime, proc(5)

    def kill(self, name):
        """At once, as the kernel does where memory ends."""
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def stop(self, *names):
        """These, or all: the last one started first."""
        for name in names or reversed(list(self.running)):
            process = self.running.pop(name)
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
