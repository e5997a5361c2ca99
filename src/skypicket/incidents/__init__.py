"""From what things mean to who is woken: alarms, incidents, and the lines they are made of.

The stage is `IncidentStage`; its rules are `skypicket.incidents.rules.IncidentRules`.
"""

from skypicket.incidents.operators import ACTIONS
from skypicket.incidents.rules import IncidentRules
from skypicket.incidents.stage import IncidentStage

__all__ = ["ACTIONS", "IncidentRules", "IncidentStage"]
