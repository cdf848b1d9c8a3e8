# SPDX-License-Identifier: GPL-3.0-or-later
# row: climbing over access rules
# figure: 100 % of ≥20,000 cells as the table says; 0 markers; missing and forbidden look the same
"""The matrix generated from the access table (role × relation × kind × field × verb × place × entrance), each cell tried
on a real server by tests/server/test-matrix.c, and the operators' socket tried as another user of the machine."""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../bench"))

from measure import Centre, at_least, at_most, build_folder, figure

ROUNDS = 10 if "--full" in sys.argv else 1
NOBODY = 65534

def run_matrix():
    """TAP of one run."""
    result = subprocess.run([os.path.join(build_folder(), "tests/server/test-server-matrix")], capture_output=True,
                            text=True, check=False, env={**os.environ, "G_MESSAGES_DEBUG": ""})
    return result.stdout


def ask(wire):
    """Whether an operator's command was run."""
    wire.settimeout(20)
    wire.sendall(b'POST /admin/v1/run HTTP/1.1\r\nContent-Length: 21\r\n\r\n{"argv":["nonsense"]}')
    answer = b""
    while chunk := wire.recv(4096):
        answer += chunk
    return b'"status"' in answer


def answered(path):
    """Whether the operators' socket answers another user of this machine, in a child of ours."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            with socket.socket(socket.AF_UNIX) as wire:
                wire.connect(path)
                os._exit(1 if ask(wire) else 0)
        except OSError:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def try_socket(folder):
    """Whether another user of the machine is kept out by the folder, by the socket's mode, and by the server itself; None
    when that cannot be tried."""
    if os.geteuid() != 0:
        return None
    with Centre(f"{folder}/data", patients=2, log=f"{folder}/server.log") as centre:
        path = f"{centre.data_dir}/admin.sock"
        with socket.socket(socket.AF_UNIX) as own:
            own.connect(path)
            assert ask(own), "the socket does not answer its own user either"
        os.chmod(folder, 0o755)
        by_folder = answered(path)
        os.chmod(centre.data_dir, 0o755)
        by_mode = answered(path)
        os.chmod(path, 0o666)
        return not (by_folder or by_mode or answered(path))


def main():
    cells, failed, ratio = 0, [], 0.0
    for _round in range(ROUNDS):
        text = run_matrix()
        cells += sum(int(number) for number in re.findall(r"^# cells (\d+)", text, re.M))
        failed += re.findall(r"^not ok.*|^Bail out!.*", text, re.M)
        if not re.search(r"^ok \d+ /server/matrix/the_log_names_nobody", text, re.M):
            failed.append("the matrix did not end")
        ratio = max([ratio] + [float(number) for number in re.findall(r"^# ratio ([\d.]+)", text, re.M)])
    for line in failed:
        print(line, file=sys.stderr)
    at_least("access: cells tried", cells, "", 20000)
    figure("access: cells other than the table says", len(failed), "", "= 0", not failed)
    at_most("access: forbidden takes, times missing", ratio, "", 2)
    folder = tempfile.mkdtemp(prefix="fyrlykt-fault-")
    try:
        kept_out = try_socket(folder)
        figure("access: operators' socket for another user", "not tried" if kept_out is None else
               "refused" if kept_out else "open", "", "refused", kept_out is not False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
