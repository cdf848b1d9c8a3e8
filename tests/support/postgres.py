# SPDX-License-Identifier: GPL-3.0-or-later
"""A PostgreSQL cluster of our own in a temporary folder, on a free loopback port.

    with Cluster() as cluster:
        url = cluster.database("centre")     # postgresql://fyrlykt@127.0.0.1:PORT/centre
        cluster.restart()

As a program it runs a test with a cluster around it and FYRLYKT_TEST_DATABASE set to its address:

    postgres.py build/tests/server/test-server-push
"""
import contextlib
import glob
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

# Durable as in production: what is acknowledged survives kill(). Tests that lose no power can do without.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0"}
OWNER = "fyrlykt"


def programs():
    """The folder with initdb and postgres, of the newest version that is installed; None without one."""
    found = glob.glob("/usr/lib/postgresql/*/bin/postgres")
    found.sort(key=lambda path: int(re.search(r"/(\d+)/bin", path).group(1)))
    return os.path.dirname(found[-1]) if found else None


def free_port():
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """One PostgreSQL server. Databases belong to the role `fyrlykt`, which is no superuser; loopback is trusted.

    `durable=False` leaves fsync out, which is quick and safe as long as the machine itself does not stop.
    `settings` are lines of postgresql.conf, `surroundings` environment variables of the server. Use as a context manager, or start() and remove().
    """

    def __init__(self, durable=True, settings=None, folder=None, port=0, surroundings=None):
        self.bin = programs()
        if self.bin is None:
            raise RuntimeError("PostgreSQL is not installed (package postgresql)")
        self.folder = folder or tempfile.mkdtemp(prefix="fyr-pg-")
        self.data = os.path.join(self.folder, "data")
        self.port = port or free_port()
        self.settings = dict(DURABLE if durable else QUICK, **(settings or {}))
        self.process = None
        self.surroundings = surroundings or {}
        # postgres refuses to run as root.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        os.chmod(self.folder, 0o700)

    @property
    def log(self):
        """Where the server writes its log."""
        return os.path.join(self.folder, "log")

    def url(self, database="postgres", role=OWNER, **options):
        """Address of a database, as --database takes it."""
        tail = "&".join(f"{name}={value}" for name, value in options.items())
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}" + (f"?{tail}" if tail else "")

    def _run(self, *command, check=True):
        more = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
                                cwd=self.folder, env=dict(os.environ, LC_ALL="C.UTF-8"), **more)
        if check and result.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def make(self):
        """Makes the cluster's files."""
        self._run(f"{self.bin}/initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                  "--no-sync", "--no-instructions")
        lines = {"listen_addresses": "'127.0.0.1'", "port": str(self.port), "max_connections": "300",
                 "unix_socket_directories": f"'{self.folder}'", "shared_buffers": "64MB",
                 "deadlock_timeout": "200ms", "log_min_messages": "warning", **self.settings}
        path = os.path.join(self.data, "postgresql.conf")
        with open(path, "a", encoding="utf-8") as config:
            config.writelines(f"{name} = {value}\n" for name, value in lines.items())

    def start(self, wait=60):
        """Starts the server and waits until it answers."""
        if not os.path.exists(self.data):
            self.make()
        more = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([f"{self.bin}/postgres", "-D", self.data], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
                                            env=dict(os.environ, LC_ALL="C.UTF-8", **self.surroundings), **more)
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                with open(self.log, encoding="utf-8", errors="replace") as log:
                    raise RuntimeError(f"postgres ended with {self.process.returncode}:\n{log.read()[-2000:]}")
            if subprocess.run([f"{self.bin}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                              check=False).returncode == 0:
                return self
            time.sleep(0.05)
        raise RuntimeError("postgres did not answer in time")

    def _end(self, number, wait=60):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(wait)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def stop(self, fast=True):
        """Stops the server: connections are ended (fast) or waited for."""
        self._end(signal.SIGINT if fast else signal.SIGTERM)

    def kill(self):
        """Ends every process of it at once, as a crash would; start() then recovers."""
        if self.process is not None and self.process.poll() is None:
            # Each backend leads a group of its own.
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as stream:
                children = [int(word) for word in stream.read().split()]
            self.process.kill()
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            self.process.wait()
            while any(os.path.exists(f"/proc/{child}") for child in children):
                time.sleep(0.01)
        self.process = None

    def restart(self):
        """Stops and starts."""
        self.stop()
        return self.start()

    def backup(self):
        """Takes a base backup into the cluster's folder while the server runs."""
        self._run(f"{self.bin}/pg_basebackup", "-D", f"{self.folder}/backup", "-h", "127.0.0.1", "-p", str(self.port),
                  "-U", "postgres", "-X", "stream", "-c", "fast", "--no-sync")

    def restore(self):
        """Loses everything and starts from the backup, on a timeline of its own as a restored server does."""
        self.kill()
        shutil.rmtree(self.data)
        os.rename(f"{self.folder}/backup", self.data)
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as config:
            config.write("restore_command = 'false'\n")
        with open(os.path.join(self.data, "recovery.signal"), "wb"):
            pass
        self.start()
        deadline = time.monotonic() + 60
        while self.sql("SELECT pg_is_in_recovery()") != "f":
            if time.monotonic() > deadline:
                raise RuntimeError("postgres did not end its recovery")
            time.sleep(0.05)

    def sql(self, text, database="postgres", role="postgres"):
        """Runs SQL; its output without headings, columns divided by |."""
        return self._run(f"{self.bin}/psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
                         "-U", role, "-d", database, "-c", text).strip()

    def database(self, name):
        """Makes an empty database that the role `fyrlykt` owns; its address."""
        if self.sql(f"SELECT count (*) FROM pg_roles WHERE rolname = '{OWNER}'") == "0":
            self.sql(f"CREATE ROLE {OWNER} LOGIN")
        self.sql(f'CREATE DATABASE "{name}" OWNER {OWNER}')
        return self.url(name)

    def remove(self):
        """Stops the server and removes its files."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, *_what):
        self.remove()


def run_all(programs_to_run, environment):
    """Runs several TAP programs one after the other as one, each in its own name."""
    count, bad = 0, False
    for path in programs_to_run:
        result = subprocess.run([path], env=environment, check=False, stdout=subprocess.PIPE, text=True,
                                stdin=subprocess.DEVNULL)
        name = os.path.basename(path).removeprefix("test-")
        for line in result.stdout.splitlines():
            match = re.match(r"(ok|not ok) \d+ (.*)", line)
            if match:
                count += 1
                print(f"{match.group(1)} {count} {name}: {match.group(2)}")
            elif not re.match(r"1\.\.\d+$", line):
                print(f"# {line.removeprefix('# ')}" if not line.startswith("Bail out") else f"# {line}")
        if result.returncode != 0:
            bad = True
            count += 1
            print(f"not ok {count} {name}: ended with {result.returncode}")
        sys.stdout.flush()
    print(f"1..{count}")
    return 1 if bad else 0


def main(command):
    """Runs a test with a cluster around it; with --all several TAP programs in one cluster."""
    if programs() is None:
        print("1..0 # SKIP PostgreSQL is not installed")
        return 0
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(Cluster(durable=False))
        environment = dict(os.environ, FYRLYKT_TEST_DATABASE=cluster.database("test"))
        if command[0] == "--all":
            return run_all(command[1:], environment)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    # Ended by meson's timeout: the cluster goes too.
    signal.signal(signal.SIGTERM, lambda *_what: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
