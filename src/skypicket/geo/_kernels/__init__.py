"""Plain loops over arrays, compiled; private to `skypicket.geo`."""
