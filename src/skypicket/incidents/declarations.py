"""A named person says what became of a lost object; a measurement may say otherwise.

Nothing that was declared vanishes: its alarms end with that word, and come back when the word is
taken back, or when the object is measured again.
"""

from skypicket.domain.assessments import Regained
from skypicket.domain.contracts import OperatorAction
from skypicket.domain.incidents import Alarm, AlarmLevel, Declaration
from skypicket.domain.labels import NOT_RELEASED
from skypicket.domain.noun import Noun
from skypicket.incidents.alarms import RANK, Draft
from skypicket.incidents.books import Books
from skypicket.incidents.cases import Case, Line
from skypicket.incidents.declared import OUTCOME_WORDS, Ended, Word
from skypicket.incidents.words import clock

SEEN_AGAIN = "Regained"  # cause of the alarm that what was declared is measured again
FLYING = ("Incursion", "Approach")
ENDED = ("Loss", *FLYING, SEEN_AGAIN)


def declare(action: OperatorAction, books: Books) -> list[Noun]:
    """What follows when somebody says what became of lost objects, or takes that back.

    Only what is lost can be declared, and only what was declared can be taken back.
    """
    outcome = action.outcome
    if outcome is None:
        return []
    books.declared.forget(action.time_ns)
    subjects = _subjects(action, books)
    if outcome == "lost":
        known = [s for s in subjects if books.declared.of(s) is not None]
        said = [noun for s in known for noun in _take_back(action, s, books)]
    else:
        known = [s for s in subjects if books.objects.is_lost(s)]
        said = [noun for s in known for noun in _end(action, s, books)]
    if not known:
        return []
    cases = _cases(action, known, books)
    for case in cases:
        said += _write(action, case, books)
    tracks = tuple(t for s in known for t in books.objects.tracks(s))
    return [*said, _declaration(action, tracks, cases)]


def contradict(noun: Regained, subject: str, books: Books) -> list[Noun]:
    """What follows when an object is measured again that was declared: somebody must look.

    Its incursion stands again; a row of its own says what was declared, by whom, and that it does
    not hold. A person clears that row.
    """
    word = books.declared.take_back(subject)
    if word is None:
        return []
    text = (
        f"Measured again at {clock(noun.time_ns)}, though {word.operator} had declared it "
        f"{OUTCOME_WORDS[word.outcome]} at {clock(word.time_ns)}: {word.comment}."
    )
    ended = _ended(word, books)
    flying = [(alarm, before) for alarm, before in ended if alarm.cause in FLYING]
    levels: list[AlarmLevel] = ["caution", *(alarm.level for alarm, _ in ended)]
    level = max(levels, key=RANK.__getitem__)
    case = books.cases.of_track(books.objects.tracks(subject))
    said: list[Noun] = _raise(flying, text, noun.time_ns, books)
    title = f"Seen again: was declared {OUTCOME_WORDS[word.outcome]}"
    said.append(books.alarms.say(_seen_again(noun, subject, (title, text, level), books)))
    if case is not None:
        books.cases.set(case, outcome="")
        line = Line(
            what="declare",
            text=text,
            time_ns=noun.time_ns,
            received_ns=noun.time_ns,
            track_id=noun.track_id,
            releasability=noun.releasability,
        )
        said += books.cases.write(case, line, level)
    return [
        *said,
        Declaration(
            track_ids=books.objects.tracks(subject),
            time_ns=noun.time_ns,
            outcome="lost",
            operator=word.operator,
            comment=text,
            incident_id=None if case is None else case.incident.incident_id,
            contradicted=True,
            releasability=noun.releasability,
        ),
    ]


def _seen_again(
    noun: Regained, subject: str, told: tuple[str, str, AlarmLevel], books: Books
) -> Draft:
    title, text, level = told
    tracks = books.objects.tracks(subject)
    case = books.cases.of_track(tracks)
    return Draft(
        cause=SEEN_AGAIN,
        subject=subject,
        level=level,
        time_ns=noun.time_ns,
        title=title,
        text=text,
        probability=noun.probability,
        track_ids=tracks,
        incident_id=None if case is None else case.incident.incident_id,
        rule=noun.evidence[0].rule if noun.evidence else "",
        evidence=noun.evidence,
        raid_id=books.raids.alarm_of(subject),
        releasability=noun.releasability,
    )


def _subjects(action: OperatorAction, books: Books) -> list[str]:
    """The objects that an act names: by its tracks, or by its incident or alarm."""
    tracks = action.track_ids
    alarm, case = books.alarms.by_id(action.subject), books.cases.by_id(action.subject)
    if not tracks and alarm is not None:
        tracks = alarm.track_ids
    elif not tracks and case is not None:
        tracks = case.incident.track_ids
    named = [books.objects.subject(track) for track in tracks or (action.subject,)]
    return list(dict.fromkeys(named))


def _end(action: OperatorAction, subject: str, books: Books) -> list[Noun]:
    """The alarms of a lost object end with the word that was said."""
    assert action.outcome is not None
    told = f"Declared {OUTCOME_WORDS[action.outcome]} by {action.operator}"
    ended: list[Ended] = []
    said: list[Noun] = []
    for cause in ENDED:
        alarm = books.alarms.standing(cause, subject)
        if alarm is None:
            continue
        text = f"{told} at {clock(action.time_ns)}: {action.comment} ({alarm.text})"
        ended.append(Ended(alarm_id=alarm.alarm_id, text=alarm.text))
        by = {"handled_by": action.operator, "comment": action.comment}
        said.append(books.alarms.change(alarm, "cleared", action.time_ns, text=text, **by))
    word = Word(
        outcome=action.outcome,
        operator=action.operator,
        comment=action.comment,
        time_ns=action.time_ns,
        ended=tuple(ended),
    )
    books.declared.keep(subject, word)
    return said


def _take_back(action: OperatorAction, subject: str, books: Books) -> list[Noun]:
    """The alarms that the word had ended stand again."""
    word = books.declared.take_back(subject)
    assert word is not None
    text = (
        f"{action.operator} took back at {clock(action.time_ns)} that it was "
        f"{OUTCOME_WORDS[word.outcome]}: {action.comment}."
    )
    return _raise(_ended(word, books), text, action.time_ns, books)


def _ended(word: Word, books: Books) -> list[tuple[Alarm, str]]:
    """The alarms that a word ended, with what they said before; those that are still known."""
    found = [(books.alarms.by_id(ended.alarm_id), ended.text) for ended in word.ended]
    return [(alarm, text) for alarm, text in found if alarm is not None]


def _raise(ended: list[tuple[Alarm, str]], text: str, time_ns: int, books: Books) -> list[Noun]:
    return [
        books.alarms.raise_again(alarm, time_ns, text=f"{text} {before}", raised_ns=time_ns)
        for alarm, before in ended
    ]


def _cases(action: OperatorAction, subjects: list[str], books: Books) -> list[Case]:
    """The open incidents of the objects, and the one that was named."""
    found = [books.cases.by_id(action.subject)]
    found += [books.cases.of_track(books.objects.tracks(subject)) for subject in subjects]
    named = {c.incident.incident_id: c for c in found if c and c.incident.state == "open"}
    return list(named.values())


def _write(action: OperatorAction, case: Case, books: Books) -> list[Noun]:
    """The word into the incident; where nothing is lost any more, no rule asks for a decision."""
    assert action.outcome is not None
    back = action.outcome == "lost"
    told = "nobody knows any more; taken back" if back else OUTCOME_WORDS[action.outcome]
    books.cases.set(case, outcome="" if back else action.outcome)
    lost = [a for a in books.alarms.of_incident(case.incident.incident_id) if a.cause == "Loss"]
    due_ns = action.time_ns + int(books.rules.decide_s * 1e9) if back or lost else None
    if back or not lost:
        books.cases.decide_by(case, due_ns, by_rule=True)
    line = Line(
        what="declare",
        text=f"Declared: {told} by {action.operator}: {action.comment}",
        time_ns=action.time_ns,
        received_ns=action.time_ns,
        releasability=case.incident.releasability,
    )
    return books.cases.write(case, line)


def _declaration(action: OperatorAction, tracks: tuple[str, ...], cases: list[Case]) -> Declaration:
    assert action.outcome is not None
    labels = [case.incident.releasability for case in cases]
    return Declaration(
        track_ids=tracks,
        time_ns=action.time_ns,
        outcome=action.outcome,
        operator=action.operator,
        comment=action.comment,
        incident_id=cases[0].incident.incident_id if cases else None,
        releasability=labels[0] if labels else NOT_RELEASED,
    )
