"""Runs a program in a terminal of its own: `pty.py COLUMNS PROGRAM ARG...`.

stdin is what is typed, stdout is what the terminal shows, byte for byte. A line on stderr at the end says
`exit CODE`, and whether the terminal's settings are as they were before: `sane` or `changed`.
"""

import fcntl
import os
import select
import signal
import struct
import sys
import termios

columns, *argv = sys.argv[1:]
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, int(columns), 0, 0))
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
sources = [0, master]
status = None
while status is None:
    readable, _, _ = select.select(sources, [], [], 0.05)
    if 0 in readable:
        typed = os.read(0, 65536)
        if typed:
            os.write(master, typed)
        else:
            sources.remove(0)
    if master in readable:
        os.write(1, os.read(master, 65536))
        continue
    ended, raw = os.waitpid(child, os.WNOHANG)
    if ended:
        status = raw
while select.select([master], [], [], 0)[0]:
    os.write(1, os.read(master, 65536))
code = os.waitstatus_to_exitcode(status)
sane = "sane" if termios.tcgetattr(slave) == before else "changed"
sys.stderr.write(f"exit {code} {sane}\n")
