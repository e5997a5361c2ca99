"""What tracks and reports mean: approach, incursion, loss, clusters of reports, silent sensors.

The stage is `AssessmentStage`; its rules are `skypicket.assessment.rules.Rules`.
"""

from skypicket.assessment.rules import Rules, checked
from skypicket.assessment.stage import AssessmentStage

__all__ = ["AssessmentStage", "Rules", "checked"]
