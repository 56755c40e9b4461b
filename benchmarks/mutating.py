"""Known edits of real texts: a provision reworded, added, removed, moved, renumbered, retitled, split or merged.

An edit changes cards that no other edit has touched, says what a perfect comparison answers, and returns whether it
found a place.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from cards import WORDS_MIN, Card, Draft, Expected, TextLine, words_of

from monitor.core.dates import MONTHS
from monitor.core.model import BlockKind, Op, ProvisionKind

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[^\W\d_a-z])")
_SPLIT_WORDS_MIN = 25
_NUMBER = re.compile(r"(?<=[^\W\d] )[1-9]\d{0,2}(?= [a-z])")  # alone, and no day of a month
_NUMBERED_MIN = 4
_TOP_NUMBER = re.compile(r"(\d+)(?=[.\s]|$)")
_MOVED_PAST = 3  # provisions; of two neighbours that changed places, nobody can say which one moved

Edit = Callable[[Draft, random.Random, Sequence[Card]], bool]


# ── Edits of one provision ───────────────────────────────────────────────────────────────────────────────────────


def reword(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """One to three neighbouring words become others."""
    at = draft.some(rng, lambda card: card.is_long and card.kind is not ProvisionKind.ROW)
    if at is None:
        return False
    card = draft.cards[at]
    line_at, words = _running_line(card, rng)
    if len(words) < WORDS_MIN:
        return False
    count = rng.randint(1, 3)
    first = rng.randrange(2, len(words) - count - 1)
    fresh = rng.choice(_running_words(other))
    added = list(fresh[2 : 2 + rng.randint(1, 3)])
    removed = words[first : first + count]
    if not added or _shares_word(removed, added):
        return False
    line = " ".join([*words[:first], *added, *words[first + count :]])
    return _rewritten(draft, at, line_at, line, " ".join(removed), " ".join(added))


def renumber_figure(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A number in running text becomes another one."""
    at = draft.some(rng, lambda card: card.is_long and _NUMBER.search(card.body) is not None)
    if at is None:
        return False
    card = draft.cards[at]
    for line_at, line in enumerate(card.lines):
        offset = card.body_offset(line_at)
        found = _NUMBER.search(line.text, offset)
        if found is not None and offset < found.start() and not _is_dated(line.text, found.end()):
            fresh = str(int(found.group()) + rng.randint(1, 60))
            text = line.text[: found.start()] + fresh + line.text[found.end() :]
            return _rewritten(draft, at, line_at, text, found.group(), fresh)
    return False


def add_sentence(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A sentence comes between or after others."""
    at = draft.some(rng, lambda card: card.is_long and card.kind is not ProvisionKind.ROW)
    if at is None:
        return False
    card = draft.cards[at]
    line_at = card.longest_line
    sentences = _SENTENCE.split(card.lines[line_at].text)
    fresh = _sentence(other, rng)
    if not fresh or not sentences[-1].endswith((".", "!", "?")):
        return False
    place = rng.randint(1, len(sentences))
    text = " ".join([*sentences[:place], fresh, *sentences[place:]])
    return _rewritten(draft, at, line_at, text, "", fresh)


def drop_sentence(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A sentence goes."""
    at = draft.some(rng, lambda card: card.is_long and card.kind is not ProvisionKind.ROW)
    if at is None:
        return False
    card = draft.cards[at]
    line_at = card.longest_line
    sentences = _SENTENCE.split(card.lines[line_at].text)
    if len(sentences) < 3:
        return False
    place = rng.randrange(1, len(sentences))
    gone = sentences[place]
    if len(gone.split()) < 4:
        return False
    text = " ".join([*sentences[:place], *sentences[place + 1 :]])
    return _rewritten(draft, at, line_at, text, gone, "")


def add_paragraph(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A section gets one more paragraph."""
    at = draft.some(rng, lambda card: card.is_headed and card.is_plain and card.is_long)
    fresh = _sentence(other, rng)
    if at is None or not fresh:
        return False
    card = draft.cards[at]
    place = rng.randint(2, len(card.lines))
    lines = (*card.lines[:place], TextLine(fresh, BlockKind.PARAGRAPH), *card.lines[place:])
    return _relined(draft, at, lines, "", fresh)


def drop_paragraph(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A section loses one of its paragraphs."""
    at = draft.some(rng, lambda card: card.is_headed and card.is_plain and len(card.lines) >= 4 and card.is_long)
    if at is None:
        return False
    card = draft.cards[at]
    place = rng.randrange(1, len(card.lines))
    lines = (*card.lines[:place], *card.lines[place + 1 :])
    return _relined(draft, at, lines, card.lines[place].text, "")


def move_and_reword(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A section goes to another place, and some of its words become others."""
    if not move(draft, rng, other):
        return False
    moved = draft.expected.pop()
    assert moved.new is not None
    at = draft.cards.index(moved.new)
    draft.touched.discard(id(moved.new))
    free = set(range(len(draft.cards))) - {at}
    others = {id(draft.cards[place]) for place in free} - draft.touched
    draft.touched |= others
    done = reword(draft, rng, other)
    draft.touched -= others
    if done:
        reworded = draft.expected.pop()
        draft.expected.append(replace(reworded, also=(Op.MOVED,)))
    return done


def change_cell(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A cell of a table row, not its key, gets another content."""
    at = draft.some(rng, lambda card: card.kind is ProvisionKind.ROW and card.text.count(" | ") >= 1)
    if at is None:
        return False
    cells = draft.cards[at].text.split(" | ")
    place = rng.randrange(1, len(cells))
    fresh = " ".join(rng.choice(_running_words(other))[: rng.randint(1, 4)])
    if not fresh or not cells[place].strip() or _shares_word(cells[place].split(), fresh.split()):
        return False
    gone = cells[place]
    cells[place] = fresh
    return _rewritten(draft, at, 0, " | ".join(cells), gone, fresh)


def retitle(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A headed section gets another heading."""
    at = draft.some(rng, lambda card: card.is_headed and card.is_long)
    if at is None:
        return False
    titles = [card.title for card in other if card.is_headed and len(card.title.split()) <= 6]
    known = {card.title.casefold() for card in draft.cards}
    fresh = rng.choice(titles) if titles else ""
    card = draft.cards[at]
    if not fresh or fresh.casefold() in known or not card.lines[0].text.endswith(card.title):
        return False
    line = replace(card.lines[0], text=card.lines[0].text.removesuffix(card.title) + fresh)
    shift = len(fresh) - len(card.title)
    new = replace(card, lines=(line, *card.lines[1:]), title=fresh, body_at=card.body_at + shift)
    draft.put(at, new)
    draft.expected.append(Expected(Op.RETITLED, card.old, new, removed=card.title, added=fresh))
    return True


# ── Edits of the order ───────────────────────────────────────────────────────────────────────────────────────────


def add(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A provision that wasn't there: a headed section, a definition, or a table row, as its neighbours are."""
    at = draft.some(rng, lambda card: (card.is_headed or card.kind is ProvisionKind.ROW) and not card.label)
    if at is None or not draft.leaf(at):
        return False
    beside = draft.cards[at]
    if beside.kind is ProvisionKind.ROW:
        words = _running_words(other)
        cells = [" ".join(rng.choice(words)[:2]) for _ in beside.text.split(" | ")]
        text = " | ".join(cells)
        new = Card((replace(beside.lines[0], text=text),), beside.kind, "", cells[0], beside.depth, 0)
    else:
        found = [c for c in other if c.is_headed and not c.label and c.is_long and c.is_plain]
        if not found:
            return False
        model = rng.choice(found)
        if model.title.casefold() in {card.title.casefold() for card in draft.cards}:
            return False
        head = TextLine(model.title, BlockKind.HEADING, beside.lines[0].level)
        new = Card((head, *model.lines[1:]), beside.kind, "", model.title, beside.depth, len(model.title) + 1)
    draft.cards.insert(at + 1, new)
    draft.touch(beside, new)
    draft.expected.append(Expected(Op.ADDED, None, new, added=new.text))
    return True


def remove(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A provision goes, that nothing stands under."""
    at = draft.some(rng, lambda card: card.kind is not ProvisionKind.PREAMBLE and card.is_long)
    if at is None or not draft.leaf(at) or not draft.free(at - 1):
        return False
    card = draft.cards.pop(at)
    draft.touch(card, draft.cards[at - 1])
    draft.expected.append(Expected(Op.REMOVED, card.old, None, removed=card.text))
    return True


def move(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A headed section without a number goes to another place among its like, past several of them."""
    at = draft.some(rng, lambda card: card.is_headed and not card.label and card.is_long)
    if at is None or not draft.leaf(at):
        return False
    card = draft.cards[at]
    like = [
        place
        for place, one in enumerate(draft.cards)
        if one.depth == card.depth and one.is_headed and draft.leaf(place) and draft.free(place)
    ]
    far = [place for place in like if abs(place - at) > _MOVED_PAST and draft.same_parent(at, place)]
    if not far:
        return False
    place = rng.choice(far)
    passed = draft.cards[min(at, place) : max(at, place) + 1]
    if any(id(one) in draft.touched for one in passed):
        return False
    draft.touch(*passed)
    new = replace(card)
    del draft.cards[at]
    draft.cards.insert(place, new)
    draft.touch(new)
    draft.expected.append(Expected(Op.MOVED, card.old, new))
    return True


def renumber(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """The numbers of all sections from one on go up by one, with everything numbered under them."""
    tops = _numbered(draft)
    return len(tops) > 1 and _shift(draft, rng.choice(tops[1:]), 1)


def add_numbered(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A numbered section comes between others, and those after it count on."""
    tops = _numbered(draft)
    models = [c for c in other if c.is_headed and not c.label and c.is_long and c.is_plain]
    if len(tops) < 2 or not models:
        return False
    at, model = rng.choice(tops[1:]), rng.choice(models)
    before = draft.cards[at]
    if model.title.casefold() in {card.title.casefold() for card in draft.cards} or not _shift(draft, at, 1):
        return False
    head = before.lines[0].text.removesuffix(before.title) + model.title
    lines = (TextLine(head, BlockKind.HEADING, before.lines[0].level), *model.lines[1:])
    new = Card(lines, before.kind, before.label, model.title, before.depth, len(head) + 1)
    draft.cards.insert(at, new)
    draft.touch(new)
    draft.expected.append(Expected(Op.ADDED, None, new, added=new.text))
    return True


def remove_numbered(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A numbered section goes, and those after it count on."""
    tops = [at for at in _numbered(draft)[1:] if draft.leaf(at) and draft.free(at) and draft.free(at - 1)]
    if not tops:
        return False
    at = rng.choice(tops)
    card = draft.cards[at]
    draft.touch(card, draft.cards[at - 1])
    if not card.is_long or not _shift(draft, at + 1, -1):
        return False
    del draft.cards[at]
    draft.expected.append(Expected(Op.REMOVED, card.old, None, removed=card.text))
    return True


def _numbered(draft: Draft) -> list[int]:
    """The places of the numbered sections of the highest rank; none where an edit has touched one of them."""
    tops = [
        at
        for at, card in enumerate(draft.cards)
        if card.label.rstrip(".").isdecimal() and card.is_headed and card.lines[0].text.endswith(card.title)
    ]
    is_free = all(draft.free(at) for at in tops)
    return tops if len(tops) >= _NUMBERED_MIN and is_free else []


def _shift(draft: Draft, first: int, by: int) -> bool:
    """Count all numbered provisions from a place on up or down."""
    for at in range(first, len(draft.cards)):
        card = draft.cards[at]
        number = _TOP_NUMBER.match(card.label)
        if number is None or card.kind is ProvisionKind.ROW:
            continue
        if not draft.free(at) or not card.lines[0].text.startswith(number.group()):
            return False
        fresh = str(int(number.group()) + by)
        line = replace(card.lines[0], text=fresh + card.lines[0].text[number.end() :])
        shift = len(fresh) - len(number.group())
        label = fresh + card.label[number.end() :]
        new = replace(card, lines=(line, *card.lines[1:]), label=label, body_at=card.body_at + shift)
        draft.put(at, new)
        draft.expected.append(Expected(Op.RENUMBERED, card.old, new))
    return True


def split(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """The second half of a section gets a heading of its own."""
    at = draft.some(rng, lambda card: card.is_headed and not card.label and len(card.lines) >= 3 and card.is_plain)
    if at is None or not draft.leaf(at):
        return False
    card = draft.cards[at]
    place = rng.randrange(2, len(card.lines))
    halves = card.lines[:place], card.lines[place:]
    if any(sum(len(line.text.split()) for line in half) < _SPLIT_WORDS_MIN for half in halves):
        return False
    titles = [one.title for one in other if one.is_headed and len(one.title.split()) <= 6]
    if not titles:
        return False
    title = rng.choice(titles)
    first = replace(card, lines=halves[0])
    head = TextLine(title, BlockKind.HEADING, card.lines[0].level)
    second = Card((head, *halves[1]), card.kind, "", title, card.depth, len(title) + 1)
    draft.cards[at : at + 1] = [first, second]
    draft.touch(first, second)
    draft.expected.append(Expected(Op.SPLIT, card.old, first, new_parts=(first, second), added=title))
    return True


def merge(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """A section loses its heading and goes on in the one before it."""
    at = draft.some(rng, lambda card: card.is_headed and not card.label and card.is_plain)
    if at is None or not draft.free(at + 1) or not draft.leaf(at) or not draft.leaf(at + 1):
        return False
    first, second = draft.cards[at], draft.cards[at + 1]
    if not second.is_headed or second.label or not second.is_plain or first.depth != second.depth:
        return False
    if min(len(first.body.split()), len(second.body.split())) < _SPLIT_WORDS_MIN:
        return False
    new = replace(first, lines=(*first.lines, *second.lines[1:]))
    draft.cards[at : at + 2] = [new]
    draft.touch(first, second, new)
    parts = tuple(old for old in (first.old, second.old) if old is not None)
    heading = second.lines[0].text  # whole; a title may be cut short
    draft.expected.append(Expected(Op.MERGED, first.old, new, parts=parts, removed=heading))
    return True


def reorder_list(draft: Draft, rng: random.Random, other: Sequence[Card]) -> bool:
    """The bullets of a flat list stand in another order: no change."""
    at = draft.some(rng, lambda card: len(card.bullets) >= 3)
    if at is None:
        return False
    card = draft.cards[at]
    places = card.bullets
    texts = [card.lines[place] for place in places]
    mixed = texts[1:] + texts[:1]
    if len({line.text for line in texts}) < len(texts):
        return False
    lines = list(card.lines)
    for place, line in zip(places, mixed, strict=True):
        lines[place] = line
    draft.put(at, replace(card, lines=tuple(lines)))
    return True


EDITS: dict[str, Edit] = {
    "reword": reword,
    "figure": renumber_figure,
    "sentence added": add_sentence,
    "sentence removed": drop_sentence,
    "paragraph added": add_paragraph,
    "paragraph removed": drop_paragraph,
    "cell": change_cell,
    "retitled": retitle,
    "added": add,
    "removed": remove,
    "numbered added": add_numbered,
    "numbered removed": remove_numbered,
    "moved": move,
    "moved and reworded": move_and_reword,
    "renumbered": renumber,
    "split": split,
    "merged": merge,
    "list reordered": reorder_list,
}


# ── What edits ask of cards ──────────────────────────────────────────────────────────────────────────────────────


def _rewritten(draft: Draft, at: int, line_at: int, text: str, removed: str, added: str) -> bool:
    lines = list(draft.cards[at].lines)
    lines[line_at] = replace(lines[line_at], text=text)
    return _relined(draft, at, tuple(lines), removed, added)


def _relined(draft: Draft, at: int, lines: tuple[TextLine, ...], removed: str, added: str) -> bool:
    card = draft.cards[at]
    new = replace(card, lines=lines)
    draft.put(at, new)
    draft.expected.append(Expected(Op.MODIFIED, card.old, new, removed=removed, added=added))
    return True


def _running_line(card: Card, rng: random.Random) -> tuple[int, list[str]]:
    at = card.longest_line
    return at, card.lines[at].text.split(" ") if card.body_offset(at) < 20 else []


def _running_words(cards: Sequence[Card]) -> list[list[str]]:
    found = [card.body.split() for card in cards if card.is_long and card.kind is not ProvisionKind.ROW]
    plain = [[word for word in words if word.isalpha()] for words in found]
    return [words for words in plain if len(words) >= WORDS_MIN] or [[]]


def _sentence(cards: Sequence[Card], rng: random.Random) -> str:
    found = [
        sentence
        for card in cards
        if card.is_long and card.kind is not ProvisionKind.ROW
        for sentence in _SENTENCE.split(card.lines[card.longest_line].text)[1:]
        if 5 <= len(sentence.split()) <= 40 and sentence.endswith(".")
    ]
    return rng.choice(found) if found else ""


def _is_dated(text: str, end: int) -> bool:
    return text[end:].split(maxsplit=1)[0].casefold().rstrip(".,") in MONTHS


def _shares_word(first: Sequence[str], second: Sequence[str]) -> bool:
    return bool(words_of(" ".join(first)) & words_of(" ".join(second)))
