"""The earth: the theatre plane, polar measurements, heights, borders and places."""
