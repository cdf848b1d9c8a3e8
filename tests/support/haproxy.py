# SPDX-License-Identifier: GPL-3.0-or-later
"""HAProxy with the example we ship, in front of one or several servers on loopback."""
import http.client
import os
import re
import shutil
import ssl
import subprocess
import time

from centre import free_port
from workstation import Workstation

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))


def trusting():
    """A TLS context that takes our self-signed certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Proxy:
    """Starts on construction; `port` speaks TLS. Use as a context manager, or end with stop()."""

    def __init__(self, folder, server_ports):
        self.folder, self.port = folder, free_port()
        self._certificate()
        self._configuration(server_ports)
        with open(f"{folder}/haproxy.log", "wb") as log:
            self.process = subprocess.Popen(["haproxy", "-db", "-q", "-f", f"{folder}/haproxy.cfg"], stdout=log,
                                            stdin=subprocess.DEVNULL, stderr=log)

    @staticmethod
    def missing():
        """The program that is not installed, or None."""
        return next((name for name in ("haproxy", "openssl") if not shutil.which(name)), None)

    def _certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-keyout", f"{self.folder}/key.pem", "-out", f"{self.folder}/cert.pem"],
                       check=True, capture_output=True)
        with open(f"{self.folder}/fyrlykt.pem", "w", encoding="utf-8") as both:
            for part in ("cert.pem", "key.pem"):
                with open(f"{self.folder}/{part}", encoding="utf-8") as stream:
                    both.write(stream.read())

    def _configuration(self, server_ports):
        with open(os.path.join(SOURCE, "data/haproxy/haproxy.cfg.example"), encoding="utf-8") as stream:
            text = stream.read()
        text = text.replace("/etc/haproxy/fyrlykt.pem", f"{self.folder}/fyrlykt.pem")
        text = text.replace("bind :443", f"bind 127.0.0.1:{self.port}").replace("maxconn 20000", "maxconn 4000")
        text = re.sub(r"^    (user|group).*$", "", text, flags=re.MULTILINE)
        text = text.replace("127.0.0.1:8460", f"127.0.0.1:{server_ports[0]}")
        for number, port in enumerate(server_ports[1:]):
            text += f"    server more{number} 127.0.0.1:{port} check\n"
        with open(f"{self.folder}/haproxy.cfg", "w", encoding="utf-8") as stream:
            stream.write(text)

    def wire(self):
        """A TLS connection to it."""
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=40, context=trusting())

    def wait(self, seconds=60):
        """Until a server answers through it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            wire = self.wire()
            try:
                wire.request("GET", "/fhir/metadata")
                if wire.getresponse().status == 200:
                    return
            except OSError:
                pass
            finally:
                wire.close()
            time.sleep(0.1)
        raise AssertionError("no answer through HAProxy")

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait(20)


class FarWorkstation(Workstation):
    """A workstation that reaches its centre through the proxy."""

    def __init__(self, proxy, centre, user_name, password):
        super().__init__(centre, user_name, password)
        self.proxy = proxy

    def send(self, method, path, body=None, token=None):
        if self.wire is None:
            self.wire = self.proxy.wire()
        answer, text = super().send(method, path, body, token)
        # What the proxy says itself is a page for people.
        return answer, text if text.startswith(b"{") else b""
