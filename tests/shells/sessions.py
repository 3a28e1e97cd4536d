"""Shells at a terminal, in which lines are typed and completed.

Each is set up so that Ctrl-T completes with every candidate at once, in the quotation in which the shell would
insert each, and Ctrl-G hands the line over.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

PATIENCE = 5
PROMPT = b"what next? "


class Failed(Exception):
    """A shell did not do what it was asked for."""


class Session:
    """An interactive shell with its own home folder."""

    def __init__(self, name, command, home, environment):
        self.name = name
        self.home = Path(home)
        self.said = b""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(home)
            os.execvpe(command[0], command, environment)
        os.set_inheritable(self.terminal, False)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 250, 0, 0))
        # Shown once the shell edits lines: what is typed earlier is lost to some.
        self._wait(lambda: PROMPT in self.said, "did not start")

    def complete(self, line):
        """The line with every candidate for its last word."""
        return self._type(line.encode() + b"\x14\x07")

    def press_tab(self, line):
        """The line after Tab."""
        return self._type(line.encode() + b"\t\x07")

    def close(self):
        os.kill(self.process, signal.SIGKILL)
        os.close(self.terminal)
        os.waitpid(self.process, 0)

    def _type(self, keys):
        os.write(self.terminal, keys)
        typed = self.home / "line"
        self._wait(typed.exists, f"gave no line back for {keys}")
        line = typed.read_text()
        typed.unlink()
        return line

    def _wait(self, condition, problem):
        until = time.monotonic() + PATIENCE
        while not condition():
            if select.select([self.terminal], [], [], 0.005)[0]:
                try:
                    self.said += os.read(self.terminal, 65536)
                except OSError:
                    pass
            if time.monotonic() > until:
                raise Failed(f"{self.name} {problem}: {self.said[-2000:]!r}")


BASH = r"""
PS1='what next? '
bind 'set enable-bracketed-paste off'
bind '"\C-t": insert-completions'
hand_over() {
  printf %s "$READLINE_LINE" >~/line.new
  mv ~/line.new ~/line
  READLINE_LINE= READLINE_POINT=0
}
bind -x '"\C-g": hand_over'
"""

ZSH = r"""
PS1='what next? '
unset zle_bracketed_paste
every_candidate() {
  _main_complete
  compstate[insert]=all
}
zle -C every-candidate complete-word every_candidate
hand_over() {
  print -rn -- "$BUFFER" >~/line.new
  mv ~/line.new ~/line
  BUFFER=
}
zle -N hand-over hand_over
bindkey -e
bindkey '^T' every-candidate
bindkey '^G' hand-over
"""


def bash(home, environment):
    (home / "rc").write_text("source ~/.bashrc\n" + BASH)
    command = ["bash", "--noprofile", "--rcfile", str(home / "rc"), "-i"]
    return Session("bash", command, home, environment)


def bash_with(helpers):
    """With the package bash-completion, whose file `helpers` is."""

    def start(home, environment):
        (home / ".bashrc").write_text(f"source {helpers}\n")
        session = bash(home, environment)
        session.name = "bash with bash-completion"
        return session

    return start


def zsh(home, environment):
    with open(home / ".zshrc", "a") as profile:
        profile.write(ZSH)
    return Session("zsh", ["zsh", "-d", "-i"], home, environment)


ELVISH = r"""
set edit:prompt = { put 'what next? ' }
set edit:rprompt = { put '' }
fn hand-over {
  print $edit:current-command >~/line.new
  set edit:current-command = ''
  mv ~/line.new ~/line
}
set edit:insert:binding[Ctrl-G] = $hand-over~
set edit:completion:binding[Ctrl-G] = { edit:listing:accept; hand-over }
"""


def elvish(home, environment):
    with open(home / ".config/elvish/rc.elv", "a") as profile:
        profile.write(ELVISH)
    return Session("elvish", ["elvish"], home, environment)


class Fish:
    """fish tells its candidates without a terminal, also as it would insert them."""

    name = "fish"

    def __init__(self, home, environment):
        self.home, self.environment = home, environment

    def complete(self, line):
        tell = "complete --do-complete $argv[1] --escape | string replace -r '\\t.*' ''"
        told = subprocess.run(
            ["fish", "-c", tell, line],
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        if told.stderr:
            raise Failed(f"fish says {told.stderr}")
        before = re.sub(r"(\\.|[^ ])*$", "", line)
        return before + " ".join(told.stdout.splitlines())

    def close(self):
        pass
