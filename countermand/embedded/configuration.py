"""The server's settings: written anew before each start, so that a new release brings its own."""

import sys
from pathlib import Path

NAME = "countermand.conf"
OWNERS_NAME = "local.conf"

# For a small machine: the whole desk runs in 1 GB. `local.conf` beside the cluster's own file overrides.
SETTINGS: dict[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    # Compressing them takes a seventh of what a cancel costs; a disk takes them as they are.
    "wal_compression": "off",
    "max_wal_size": "2GB",
    # Short queries only: compiling them costs more than it brings.
    "jit": "off",
    # A first import is searched and cancelled at once: its statistics cannot wait for the usual minute.
    "autovacuum_naptime": "10s",
    # Later ones may miss a fifth of the rows: what is asked by key is planned without them.
    "autovacuum_analyze_scale_factor": "0.2",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_line_prefix": "%m [%p] ",
    "log_min_duration_statement": "2s",
    "log_checkpoints": "off",
    # Names people in no log: the values of a slow statement may be personal, and a row that is refused is quoted.
    "log_parameter_max_length": "0",
    "log_error_verbosity": "terse",
}
# After a kill, what may not have reached the disk is written there first: by one call where the system has it,
# instead of one for each of some thousand files, which took most of a restart's time.
if sys.platform.startswith("linux"):
    SETTINGS["recovery_init_sync_method"] = "syncfs"
# For tests only: a power cut may lose everything.
NOT_DURABLE: dict[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def text(*, port: int, durable: bool) -> str:
    """This will give the text of the settings file."""
    settings = SETTINGS | {"port": str(port)} | ({} if durable else NOT_DURABLE)
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    return "\n".join(["# Written at each start: put changes into local.conf.", *lines, ""])


def write(*, cluster: Path, port: int, durable: bool) -> Path:
    """This will write the settings beside the cluster's own and give the file's path."""
    path = cluster / NAME
    path.write_text(text(port=port, durable=durable))
    path.chmod(0o600)
    return path


def include(*, cluster: Path) -> None:
    """This will make a new cluster read our settings, then its owner's."""
    with (cluster / "postgresql.conf").open("a") as own:
        own.write(f"\ninclude '{NAME}'\ninclude_if_exists '{OWNERS_NAME}'\n")
