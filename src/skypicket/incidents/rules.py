"""The rules by which assessments become alarms and incidents; the `[incidents]` table."""

from typing import Annotated

import msgspec
from msgspec import Meta

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.sensors import NotNegative, Positive, Probability

Suffix = Annotated[str, Meta(pattern="^_[a-z]+$")]


class IncidentRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What wakes whom; each field has its unit in its name, and a default.

    Attributes:
        caution_approach_probability: an approach at least this probable is a caution, else an
            advisory.
        caution_cluster_probability: the same for a cluster of reports.
        loss_probability: a loss abroad whose P(crossing) is at least this opens an incident.
        join_s: for so long after an object was lost or last measured, reports and tracks that
            it could have caused join its incident, by when they were heard, not received.
        join_speed_mps: how fast it may have flown since.
        advisory_rules: assessments whose rule word ends so are advisories, whatever else.
        quiet_rules: losses whose rule word ends so wake nobody, unless somebody was woken for
            that object before; they stay in the record.
        advisory_s: an advisory of a track of which nothing new was said for so long ends, and
            says so; cautions and warnings wait for a person.
        decide_s: so long after a loss the next decision of its incident is due; until a person
            sets another time, and names the owner.
        shelve_s: a shelved alarm comes back after so long, if the operator names no other time;
        longest_shelve_s: and after so long in any case.
        keep_cleared_s: a cleared alarm is forgotten after so long; the record keeps it.
    """

    caution_approach_probability: Probability = 0.7
    caution_cluster_probability: Probability = 0.8
    loss_probability: Probability = 0.3
    join_s: Positive = 1_800.0
    join_speed_mps: Positive = 70.0
    advisory_rules: tuple[Suffix, ...] = ("_slow", "_descended", "_neighbour")
    quiet_rules: tuple[Suffix, ...] = ("_high", "_local", "_slow")
    advisory_s: Positive = 3_600.0
    decide_s: Positive = 900.0
    shelve_s: Positive = 1_800.0
    longest_shelve_s: Positive = 43_200.0
    keep_cleared_s: NotNegative = 86_400.0


def checked(rules: IncidentRules) -> IncidentRules:
    """The same rules, every bound tried, also when they were built in Python.

    Raises:
        ConfigurationError: a value is outside its bounds.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(rules), IncidentRules)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"[incidents]: {error}. See docs/alarms.md.") from error
