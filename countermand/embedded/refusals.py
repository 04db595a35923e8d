"""What the embedded server refuses, in words an owner can act on."""


class EmbeddedError(Exception):
    """This will tell why the embedded database cannot be used, and what to do about it."""


class FolderInUse(EmbeddedError):
    """This will refuse a second instance on a data folder that one already serves."""


class WrongMajor(EmbeddedError):
    """This will refuse a data folder that another major version of PostgreSQL wrote."""
