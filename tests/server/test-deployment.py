# SPDX-License-Identifier: GPL-3.0-or-later
"""The files an operator installs are tried: the systemd unit by systemd's own judge, the HAProxy example
by HAProxy, and HAProxy in front of the real server."""
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
sys.path.insert(0, os.path.join(SOURCE, "tests/support"))

import tap
from centre import Centre, build_folder, free_port, program
from workstation import Workstation

folder = tempfile.mkdtemp(prefix="fyrlykt-deployment-")
state = {}


def run(*command):
    """Status and output of a tool; the test is skipped when it is not installed."""
    if not shutil.which(command[0]):
        raise tap.Skip(f"{command[0]} is not installed")
    result = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return result.returncode, result.stdout + result.stderr


def unit_file(name="fyrlykt-server"):
    """The built unit, with a program in ExecStart that exists on this machine."""
    with open(os.path.join(build_folder(), f"data/{name}.service"), encoding="utf-8") as stream:
        text = stream.read()
    path = f"{folder}/{name}.service"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))
    return path


def certificate():
    """A self-signed certificate with its key in one file, as HAProxy wants it."""
    path = f"{folder}/fyrlykt.pem"
    if not os.path.exists(path):
        code, output = run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                           "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem")
        assert code == 0, output
        with open(path, "w", encoding="utf-8") as stream:
            for part in ("cert.pem", "key.pem"):
                stream.write(open(f"{folder}/{part}", encoding="utf-8").read())
    return path


def haproxy_file(port=8443, server_port=8460):
    """The example with this machine's certificate and ports, and without the parts that need root."""
    with open(os.path.join(SOURCE, "data/haproxy/haproxy.cfg.example"), encoding="utf-8") as stream:
        text = stream.read()
    text = text.replace("/etc/haproxy/fyrlykt.pem", certificate()).replace("bind :443", f"bind 127.0.0.1:{port}")
    text = text.replace("127.0.0.1:8460", f"127.0.0.1:{server_port}")
    text = re.sub(r"^    (user|group).*$", "", text, flags=re.MULTILINE)
    # As many connections as this machine's limit of open files allows.
    text = re.sub(r"maxconn 20000", "maxconn 4000", text)
    path = f"{folder}/haproxy.cfg"
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path


def test_the_systemd_unit_has_no_word_systemd_does_not_know():
    code, output = run("systemd-analyze", "verify", "--man=no", unit_file())
    ours = [line for line in output.splitlines() if "fyrlykt-server.service" in line]
    assert not ours, "\n".join(ours)


def test_the_hourly_check_of_the_access_log_has_no_word_systemd_does_not_know():
    timer = f"{folder}/fyrlykt-access-log.timer"
    shutil.copy(os.path.join(SOURCE, "data/systemd/fyrlykt-access-log.timer"), timer)
    code, output = run("systemd-analyze", "verify", "--man=no", unit_file("fyrlykt-access-log"), timer)
    ours = [line for line in output.splitlines() if "fyrlykt-access-log" in line]
    assert not ours, "\n".join(ours)


def test_the_systemd_unit_exposes_no_more_than_1_5_of_10():
    code, output = run("systemd-analyze", "security", "--offline=yes", "--threshold=15", "--no-pager", unit_file())
    if "unrecognized option" in output:
        raise tap.Skip("this systemd judges only running units")
    assert code == 0, output
    assert "Overall exposure level" in output


def test_haproxy_accepts_the_example():
    code, output = run("haproxy", "-c", "-f", haproxy_file())
    assert code == 0, output
    assert "WARNING" not in output, output


def connection(highest=None):
    """A TLS connection to HAProxy."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if highest:
        context.maximum_version = highest
    return http.client.HTTPSConnection("127.0.0.1", state["port"], timeout=10, context=context)


def status(method, path, headers=None, body=None):
    """Status of one request through HAProxy."""
    wire = connection()
    try:
        wire.request(method, path, body=body, headers=headers or {})
        return wire.getresponse().status
    finally:
        wire.close()


def in_front():
    """HAProxy in front of a real server, started once for the tests below."""
    if "haproxy" in state:
        return
    if not os.path.exists(program("fyrlykt-server")):
        raise tap.Skip("fyrlykt-server is not built")
    if not shutil.which("haproxy"):
        raise tap.Skip("haproxy is not installed")
    state["centre"] = centre = Centre(f"{folder}/data", patients=2, log=f"{folder}/server.log")
    centre.make()
    centre.start_server()
    state["port"] = free_port()
    state["haproxy"] = subprocess.Popen(
        ["haproxy", "-db", "-q", "-f", haproxy_file(state["port"], centre.port)], stdin=subprocess.DEVNULL,
        stdout=open(f"{folder}/haproxy.log", "wb"), stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            if status("GET", "/fhir/metadata") == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("no answer through HAProxy:\n" + open(f"{folder}/haproxy.log", encoding="utf-8").read())


def test_a_request_reaches_the_server_through_tls_1_3():
    in_front()
    wire = connection()
    wire.request("GET", "/fhir/metadata")
    answer = wire.getresponse()
    answer.read()
    assert answer.status == 200, answer.status
    assert wire.sock.version() == "TLSv1.3" if wire.sock else True
    assert answer.getheader("Strict-Transport-Security"), "no Strict-Transport-Security"


def test_tls_1_2_is_refused():
    in_front()
    try:
        wire = connection(ssl.TLSVersion.TLSv1_2)
        wire.request("GET", "/fhir/metadata")
    except (ssl.SSLError, ConnectionError):
        return
    raise AssertionError("TLS 1.2 was accepted")


def test_a_method_the_server_does_not_know_ends_at_the_wall():
    in_front()
    assert status("TRACE", "/fhir/metadata") == 405
    assert status("PROPFIND", "/fhir/metadata") == 405


def test_a_path_the_server_does_not_have_ends_at_the_wall():
    in_front()
    assert status("GET", "/admin.php") == 404
    assert status("GET", "/fhir/" + "a" * 3000) == 400


def test_a_body_over_8_mib_is_refused_by_its_announced_length():
    in_front()
    with socket.create_connection(("127.0.0.1", state["port"]), 10) as raw:
        context = ssl._create_unverified_context()
        with context.wrap_socket(raw, server_hostname="localhost") as wire:
            wire.sendall(b"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nContent-Length: 52428800\r\n\r\n")
            assert b" 413 " in wire.recv(200).split(b"\r\n")[0]


def test_a_gateway_reports_through_the_wall():
    in_front()
    token = state["centre"].gateway_token
    answer = status("GET", "/fhir/metadata", {"Authorization": f"Bearer {token}"})
    assert answer == 200, answer
    refused = status("POST", "/fhir/Observation", {"Authorization": "Bearer wrong",
                                                   "Content-Type": "application/fhir+json"}, "{}")
    assert refused == 401, refused


def test_the_live_channel_passes_through_the_wall():
    in_front()
    station = Workstation(state["centre"], *state["centre"].user("nurse"))
    station.sign_in()
    with socket.create_connection(("127.0.0.1", state["port"]), 10) as raw:
        context = ssl._create_unverified_context()
        with context.wrap_socket(raw, server_hostname="localhost") as wire:
            wire.sendall(("GET /sync/v1/live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: fyrlykt.1\r\n"
                          f"Authorization: Bearer {station.token}\r\n\r\n").encode())
            assert b" 101 " in wire.recv(1000).split(b"\r\n")[0]
            wire.settimeout(30)
            assert b"heads" in wire.recv(4000)


def test_slow_headers_are_cut_within_the_time():
    in_front()
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", state["port"]), 30) as raw:
        context = ssl._create_unverified_context()
        with context.wrap_socket(raw, server_hostname="localhost") as wire:
            wire.sendall(b"GET /fhir/metadata HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            answer = wire.recv(200)
    assert time.monotonic() - started < 15, "slow headers were not cut"
    assert not answer or b" 408 " in answer, answer


def after_all():
    for name in ("haproxy",):
        if name in state:
            state[name].terminate()
            state[name].wait(10)
    if "centre" in state:
        state["centre"].stop()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    tap.main()
