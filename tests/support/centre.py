# SPDX-License-Identifier: GPL-3.0-or-later
"""A demonstration centre for a test, the tour, a benchmark or `./dev demo`: data folder, server,
simulated patients, all on loopback, all ended together."""
import json
import os
import shutil
import signal
import socket
import subprocess
import time

CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)


def free_port():
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def build_folder():
    """The build folder whose programs are tried: FYRLYKT_BUILDDIR, or build/ of this tree."""
    here = os.path.dirname(os.path.abspath(__file__))
    return os.environ.get("FYRLYKT_BUILDDIR") or os.path.abspath(os.path.join(here, "../../build"))


def has_sanitizers():
    """Whether the programs under test carry the sanitizers (meson names their options also where they do not)."""
    return os.path.basename(os.path.realpath(build_folder())) == "build-asan"


def program(name):
    """Path of one of our programs in the build folder."""
    room = {"fyrlykt": "app", "fyrlykt-server": "server", "fyrlykt-admin": "admin", "fyrlykt-sim": "sim"}[name]
    return os.path.join(build_folder(), "src", room, name)


def environment(**more):
    """The environment our programs need when run from the build folder."""
    root = build_folder()
    return dict(os.environ, FYRLYKT_LOCALEDIR=f"{root}/po", GSETTINGS_SCHEMA_DIR=f"{root}/data", **more)


class Centre:
    """One centre with its server, or several on one PostgreSQL `database` (an address). Use as a context manager.

    After `start`: url, data_dir, gateway_token, users [{name, password, role}], patients [{id,
    identity_system, identity_number}].
    """

    def __init__(self, data_dir, patients=120, port=0, log=None, database=None, servers=1):
        self.database = database
        self.data_dir = os.path.abspath(data_dir)
        self.count = patients
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # Of several servers on one PostgreSQL database, the first is at `url`.
        self.ports = [self.port] + [free_port() for _ in range(servers - 1)]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.ports]
        self.servers = [None] * servers
        self.log = log or os.path.join(self.data_dir, "..", "server.log")
        self.children = []
        self.server_environment = {}
        self.server_options = []
        self.gateway_token = None
        self.users = []
        self.patients = []

    def make(self):
        """A new centre with demonstration data; what lay in the folder is removed."""
        shutil.rmtree(self.data_dir, ignore_errors=True)
        os.makedirs(self.data_dir, mode=0o700)
        self.admin("init")
        answer = json.loads(self.admin("demo-data", "--patients", str(self.count), "--json"))
        self.gateway_token = answer["gateway_token"]
        self.users = answer["users"]
        self.patients = answer["patients"]

    def admin(self, verb, *arguments):
        """Run fyrlykt-admin on this centre's data; its output, or an exception with its error text."""
        command = [program("fyrlykt-admin"), verb, "--data", self.data_dir, *self._on_database(), *arguments]
        result = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False,
                                stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {result.returncode}:\n{result.stderr}")
        return result.stdout

    def spawn(self, name, *arguments, **more):
        """Start one of our programs; it is ended with the centre."""
        with open(self.log, "ab") as log:
            child = subprocess.Popen([program(name), *arguments], stdin=subprocess.DEVNULL, stdout=log,
                                     stderr=log, env=environment(**more))
        self.children.append(child)
        return child

    def _on_database(self):
        return ["--database", self.database] if self.database else []

    def start_server(self, wait=20, index=0):
        """Start the server, or one of several, and wait until its port answers."""
        folder = self.data_dir if index == 0 else f"{self.data_dir}-{index}"
        port = self.ports[index]
        server = self.spawn("fyrlykt-server", "--data", folder, "--port", str(port), *self._on_database(),
                            *self.server_options, **self.server_environment)
        self.servers[index] = server
        if index == 0:
            self.server = server
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            if server.poll() is not None:
                raise RuntimeError(f"fyrlykt-server ended with {server.returncode}; see {self.log}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("fyrlykt-server did not listen in time")

    def stop_server(self, index=0):
        """Stop the server as systemd would, with SIGTERM."""
        self.end(self.servers[index])

    def start_sim(self, *arguments):
        """Start the simulated patients; without arguments at a pace that shows something, and with whoever is registered
        meanwhile, see look_for_newcomers()."""
        return self.spawn("fyrlykt-sim", "run", "--url", self.url, "--token", self.gateway_token, "--patients",
                          self._write_people(), *(arguments or ("--speed", "15", "--lively", "--follow")))

    def _write_people(self):
        """The list of who reports; whole at any moment, as it is looked at again and again."""
        people = os.path.join(self.data_dir, "patients.json")
        with open(f"{people}.part", "w", encoding="utf-8") as stream:
            json.dump({"patients": self.patients}, stream)
        os.replace(f"{people}.part", people)
        return people

    def look_for_newcomers(self):
        """Whoever was registered meanwhile reports too. Numbers are asked for only when there is somebody new, as that
        goes into the access log for each of them."""
        known = {patient["id"] for patient in self.patients}
        if all(patient["id"] in known for patient in json.loads(self.admin("patients", "--json"))):
            return
        for patient in json.loads(self.admin("patients", "--names", "--json")):
            if patient["id"] not in known and patient["identity_number"]:
                self.patients.append({name: patient[name] for name in ("id", "identity_system", "identity_number")})
        self._write_people()

    def describe(self):
        """The JSON object that `./dev demo --json` prints first."""
        return {"url": self.url, "data_dir": self.data_dir, "gateway_token": self.gateway_token,
                "users": self.users, "patients": self.patients}

    def user(self, role):
        """Name and password of the first user with a role."""
        found = next(user for user in self.users if user["role"] == role)
        return found["name"], found["password"]

    def end(self, child):
        """End one child, politely first. A child that crashes while it ends fails the test."""
        asked = child.poll() is None
        if asked:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if child in self.children:
            self.children.remove(child)
        if asked and -child.returncode in CRASHES:
            raise RuntimeError(f"{os.path.basename(child.args[0])} crashed when told to stop: signal {-child.returncode}")

    def stop(self):
        """End everything that was started; raises when something crashed on the way."""
        crash = None
        for child in reversed(list(self.children)):
            try:
                self.end(child)
            except RuntimeError as error:
                crash = error
        if crash:
            raise crash

    def __enter__(self):
        self.make()
        try:
            for index in range(len(self.servers)):
                self.start_server(index=index)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_what):
        self.stop()
