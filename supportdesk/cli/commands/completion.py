"""`supportdesk completion`: print the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

from supportdesk.cli.param_types import ChoiceParam
from supportdesk.cli.shell_complete import COMPLETE_VARIABLE

PROGRAM = "supportdesk"
# Names contain spaces, and those of customers may contain any character. bash inserts a completion as it is, so it is
# quoted here; zsh and fish quote it themselves.
_BARE = (
    ("read type", "read -r type"),
    (
        "COMPREPLY+=($value)",
        r"""case ${COMP_WORDS[COMP_CWORD]} in
                \"*)
                    value=${value//\\/\\\\}
                    value=${value//\"/\\\"}
                    value=${value//\$/\\\$}
                    value=${value//\`/\\\`} ;;
                \'*) value=${value//\'/\'\\\'\'} ;;
                *) printf -v value %q "$value" ;;
            esac
            COMPREPLY+=("$value")""",
    ),
)
SHELLS = ("bash", "zsh", "fish")

HOW = """\
To install it:

\b
  bash:  supportdesk completion bash > ~/.local/share/bash-completion/completions/supportdesk
  zsh:   supportdesk completion zsh > ~/.zfunc/_supportdesk     (a folder of your fpath)
  fish:  supportdesk completion fish > ~/.config/fish/completions/supportdesk.fish
"""


@click.command(epilog=HOW)
@click.argument("shell", type=ChoiceParam(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script for bash, zsh or fish.

    It completes commands, options, references and names.
    """
    completion_class = get_completion_class(shell)
    assert completion_class is not None, "click knows these shells"
    # Not the `source` of bash's own class, which starts a shell to ask for its version.
    script = ShellComplete.source(completion_class(ctx.find_root().command, {}, PROGRAM, COMPLETE_VARIABLE))
    for bare, quoted in _BARE:
        script = script.replace(bare, quoted)
    click.echo(script)
