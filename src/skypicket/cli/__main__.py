"""`python -m skypicket.cli` is the command `skypicket`."""

from skypicket.cli import main

main()
