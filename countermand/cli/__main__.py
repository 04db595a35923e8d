"""`python -m countermand.cli`: the same as the command `countermand`."""

from countermand.cli import main

if __name__ == "__main__":
    main(prog_name="countermand")
