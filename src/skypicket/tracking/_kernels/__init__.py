"""Plain loops over arrays, compiled; private to `skypicket.tracking`.

One look of a sensor is absorbed in two calls: `select.touched` finds the tracks that it can say
something about, `absorb.absorb` predicts, gates, associates and updates them and begins new ones.
"""
