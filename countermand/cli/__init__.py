"""The command line: one file per command, opened only when its command is used."""

from importlib import import_module

import click

from countermand import __version__

# Name → module:function. A command's module imports Django inside its function, never at its top:
# `@with_instance` (instance.py) has set Django up by then.
COMMANDS: dict[str, str] = {
    "up": "countermand.cli.up:up",
    "web": "countermand.cli.web:web",
    "worker": "countermand.cli.worker:worker",
    "migrate": "countermand.cli.migrate:migrate",
    "merchant": "countermand.cli.merchants:merchant",
    "operator": "countermand.cli.operators:operator",
    "api-token": "countermand.cli.tokens:api_token",
    "import": "countermand.cli.imports:import_",
    "inbound-mail": "countermand.cli.inbound:inbound_mail",
    "cancel": "countermand.cli.cancel:cancel",
    "audit": "countermand.cli.audit:audit",
    "bench": "countermand.cli.bench:bench",
    "backup": "countermand.cli.backup:backup",
    "restore": "countermand.cli.restore:restore",
    "doctor": "countermand.cli.doctor:doctor",
}


class LazyGroup(click.Group):
    """This will know every command by name and open only the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """This will give the names in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """This will open the module of one command; None for a name that is not in the table."""
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        try:
            command: click.Command = getattr(import_module(module), function)
        except ModuleNotFoundError as missing:
            if missing.name != module:
                raise
            return None
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="countermand")
def main() -> None:
    """Countermand, the cancellation and refund desk."""
