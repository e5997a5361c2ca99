"""Simulated nights: what truly happens, what sensors say of it, how well it was followed."""

from skypicket.scenario.night import Night, load_night, night_names
from skypicket.scenario.scoring import ObjectScore, Score, score
from skypicket.scenario.stage import Emission

__all__ = ["Emission", "Night", "ObjectScore", "Score", "load_night", "night_names", "score"]
