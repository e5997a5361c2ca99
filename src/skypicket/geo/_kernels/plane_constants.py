"""Indices into the constants of a theatre plane, which `TheatreFrame` makes and kernels read."""

LON0, EXPONENT, LOG_C, SIN_CHI0, COS_CHI0, DIAMETER, LENGTH = 0, 1, 2, 3, 4, 5, 6
