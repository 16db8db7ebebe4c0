"""Hosts that are not Node: plain pipes, a shared stderr, a terminal."""

import fcntl
import os
import pty
import subprocess
import sys
import threading

kind, *command = sys.argv[1:]


def blocking(fd: int) -> bool:
    return not fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_NONBLOCK


if kind == "subprocess":
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    server.stdin.write(b"hello\n")
    server.stdin.flush()
    print(server.stdout.readline())
    server.stdin.close()
    print(server.stdout.read())
    print(server.wait())

if kind == "shared-stderr":
    reader, writer = os.pipe()
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=writer)
    print(os.read(reader, 100).decode().strip())
    print("blocking while it runs:", blocking(writer))
    server.stdin.close()
    server.wait()
    print("blocking afterwards:", blocking(writer))

if kind == "stopped-terminal":
    shown, terminal = pty.openpty()
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=terminal)
    last, same = b"", 0
    # The server answers with how much it has written to the terminal, which soon takes nothing more.
    while same < 20:
        server.stdin.write(b"?")
        server.stdin.flush()
        answer = server.stdout.readline()
        same = same + 1 if answer == last and answer != b"0\n" else 0
        last = answer
    print("bounded:", int(last) < 2_000_000)
    server.terminate()
    print("ended by signal", -server.wait())

if kind == "terminal":
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    # Echo would show what is typed between the lines of the server.
    import termios

    settings = termios.tcgetattr(terminal)
    settings[1] &= ~termios.OPOST
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, settings)

    def type_in() -> None:
        while typed := os.read(0, 100):
            os.write(terminal, typed)

    threading.Thread(target=type_in, daemon=True).start()
    try:
        while shown := os.read(terminal, 1000):
            os.write(1, shown)
    except OSError:
        pass  # A terminal whose other side is gone gives EIO.
    print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    os._exit(0)
