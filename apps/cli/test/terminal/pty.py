"""Runs a program in a terminal of its own: `pty.py COLUMNS PROGRAM ARG...`.

stdin is what is typed, stdout is what the terminal shows, byte for byte. A line `COLUMNS ROWS` on descriptor 3
gives the terminal another size. A line on stderr at the end says `exit CODE`, and whether the terminal's settings
are as they were before: `sane` or `changed`.
"""

import fcntl
import os
import select
import signal
import struct
import sys
import termios

RESIZE = 3
# What the terminal shows when everything that the program wrote has come through: the kernel hands it on in its own
# time, even after the program's end.
END = b"\x1b]the end of the program\x07"


def set_size(columns, rows):
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def show(data):
    while data:
        data = data[os.write(1, data) :]


columns, *argv = sys.argv[1:]
master, slave = os.openpty()
set_size(int(columns), 30)
before = termios.tcgetattr(slave)
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.closerange(3, 256)
    os.execvp(argv[0], argv)

# The tester's end closes stdin to hang up.
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
# A program that does not read must not keep us from showing what it writes.
os.set_blocking(master, False)
sources = [0, RESIZE, master]
typed = b""
sizes = b""
status = None
while status is None:
    readable, writable, _ = select.select(sources, [master] if typed else [], [], 0.05)
    if 0 in readable:
        keys = os.read(0, 65536)
        typed += keys
        if not keys:
            sources.remove(0)
    if RESIZE in readable:
        told = os.read(RESIZE, 65536)
        if not told:
            sources.remove(RESIZE)
        *lines, sizes = (sizes + told).split(b"\n")
        for line in lines:
            set_size(*map(int, line.split()))
    if master in writable:
        typed = typed[os.write(master, typed) :]
    if master in readable:
        show(os.read(master, 65536))
        continue
    ended, raw = os.waitpid(child, os.WNOHANG)
    if ended:
        status = raw
sane = "sane" if termios.tcgetattr(slave) == before else "changed"
rest = b""
while select.select([master], [], [], 0)[0]:
    rest += os.read(master, 65536)
os.set_blocking(slave, False)
try:
    os.write(slave, END)
except BlockingIOError:
    # The program left the terminal's output stopped.
    pass
while END not in rest and select.select([master], [], [], 1)[0]:
    rest += os.read(master, 65536)
show(rest.replace(END, b""))
sys.stderr.write(f"exit {os.waitstatus_to_exitcode(status)} {sane}\n")
