"""Edits of Markdown as authors make them, each with what a perfect comparison says of it.

An edit works on blocks that no other edit has touched and returns whether it found a place for itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from sheets import Block, Fact, Form, Sheet, letters_of

from monitor.core.model import Op

Edit = Callable[[Sheet, random.Random, Sheet], bool]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ])")
_LABEL = re.compile(r"\s*\(?([a-z])\)\s")
_MARKED = re.compile(r"\]\(|^\W*\*\*")  # a link, or bold words that may be read as a heading
_TERM = re.compile(r"[“\"]\**([A-Z][\w ]{3,30}?)\**[”\"]")
_COUNTS = re.compile(r"\W*(?:\d|\([a-z]+\)|[A-Za-z]{1,4} ?[.):–-]|(?:Art|Section|Chapter|Part|Annex|Appendix|Schedule|Exhibit|Titre|Chapitre)\w*\.? )", re.IGNORECASE)
_DEFINED = re.compile(r"[“\"]\**([^”\"*]{3,50})\**[”\"]\s+(?:means|shall mean|has the meaning|refers to)\b")
_PART_WORDS_MIN = 20
_FAR = 4  # blocks between two sections that change places


def insert_section(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A section comes in between others, which are counted again."""
    found, fresh = sheet.pick_section(rng, 1), other.pick_section(rng, 8)
    if found is None or fresh is None:
        return False
    at, model = sheet.blocks[found[0]], [*other.blocks[fresh[0] : fresh[1]]]
    if _has_title(sheet, model[0].source):
        return False
    title = re.sub(r"^\**\d+[\\.)]*\s*", "", model[0].source)
    number = re.match(r"\**\d+\\?[.)]?\s+", at.source) if at.counts else None
    head = Block((number[0] if number else "") + title, Form.HEADING, at.level, top=at.top, counts=at.counts, edited=True)
    _insert(sheet, found[0], [head, *(Block(block.source, block.form, edited=True) for block in model[1:])])
    at.edited = True
    sheet.say((Fact(Op.ADDED, None, head),))
    return True


def delete_section(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A section goes, and those after it are counted again."""
    found = sheet.pick_section(rng, 8)
    if found is None or found[0] == 0:
        return False
    at, end = found
    gone = sheet.blocks[at:end]
    if sheet.blocks[at - 1].edited:
        return False
    sheet.blocks[at - 1].edited = True
    del sheet.blocks[at:end]
    sheet.change(" ".join(block.source for block in gone), "")
    sheet.say((Fact(Op.REMOVED, gone[0], None),))
    return True


def swap_sections(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """Two sections far apart change places."""
    found = [one for one in sheet.sections() if sum(len(b.words) for b in sheet.blocks[one[0] : one[1]]) > 15]
    rng.shuffle(found)
    for first, second in zip(found, found[1:], strict=False):
        (a, a_end), (b, b_end) = sorted((first, second))
        between = [block for block in sheet.blocks[a_end:b] if block.form is Form.HEADING]
        level = sheet.blocks[a].level
        is_level = sheet.blocks[b].level == level and all(block.level >= level for block in between)
        if not is_level or len([block for block in between if block.level == level]) < _FAR or not sheet.free(a, b_end):
            continue
        one, middle, two = sheet.blocks[a:a_end], sheet.blocks[a_end:b], sheet.blocks[b:b_end]
        weight = len(" ".join(block.source for block in middle))
        if weight < 2 * len(" ".join(block.source for block in (*one, *two))):
            continue
        sheet.blocks[a:b_end] = [*two, *middle, *one]
        _touch([*one, *middle, *two])
        sheet.say((Fact(Op.MOVED, one[0], one[0]), Fact(Op.MOVED, two[0], two[0])))
        return True
    return False


def retitle_and_reword(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A section gets another heading and some other words at once."""
    found = sheet.pick_section(rng, 25)
    titles = [block.source for block in other.blocks if block.form is Form.HEADING and not block.top]
    if found is None or not titles:
        return False
    head, title = sheet.blocks[found[0]], rng.choice(titles)
    number = re.match(r"\**\d+\\?[.)]?\s+", head.source) if head.counts else None
    if _has_title(sheet, title) or _COUNTS.match(title) or (not head.counts and _COUNTS.match(head.source)):
        return False
    body = max(sheet.blocks[found[0] + 1 : found[1]], key=lambda block: len(block.source))
    if not _reword(sheet, body, rng, other, 0.1):
        return False
    prefix = number[0] if number else ""
    sheet.change(head.source.removeprefix(prefix), title)
    head.source, head.edited = prefix + title, True
    sheet.say((Fact(Op.MODIFIED, head, head), Fact(Op.RETITLED, head, head)))
    return True


def rewrite(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """Most words of a section become others under the same heading."""
    found = sheet.pick_section(rng, 25)
    if found is None or _is_twice(sheet, sheet.blocks[found[0]]):
        return False
    bodies = sheet.blocks[found[0] + 1 : found[1]]
    if not all([_reword(sheet, body, rng, other, 0.6) for body in bodies if len(body.words) > 5]):
        return False
    _touch(sheet.blocks[slice(*found)])
    for body in bodies:  # of a text that is another one, no few words are left standing
        sheet.loose.update(letters_of(f"{body.was} {body.source}"))
    sheet.say((Fact(Op.MODIFIED, sheet.blocks[found[0]], sheet.blocks[found[0]]),))
    return True


def touch_up(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A few words anywhere: paragraph, bullet, lettered item, whatever the language."""
    at = sheet.pick(rng, lambda block: block.form in _RUNNING and len(block.words) > 8 and not _MARKED.search(block.source))
    if at is None or not _reword(sheet, sheet.blocks[at], rng, other, 0.08):
        return False
    sheet.say((Fact(Op.MODIFIED, sheet.blocks[at], sheet.blocks[at]),))
    return True


def split_section(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """The paragraphs of a section become two sections."""
    found = [
        (at, end, cut)
        for at, end in sheet.sections()
        for cut in range(at + 2, end)
        if min(_count(sheet, at + 1, cut), _count(sheet, cut, end)) >= _PART_WORDS_MIN and not sheet.blocks[at].top
    ]
    titles = [block.source for block in other.blocks if block.form is Form.HEADING and not _COUNTS.match(block.source)]
    if not found or not titles:
        return False
    at, end, cut = rng.choice(found)
    title = rng.choice(titles)
    if _has_title(sheet, title):
        return False
    head = sheet.blocks[at]
    _touch(sheet.blocks[at:end])
    fresh = Block(title, Form.HEADING, head.level, edited=True)
    sheet.blocks.insert(cut, fresh)
    sheet.change("", title)
    sheet.say((Fact(Op.SPLIT, head, head, (head, fresh)),))
    return True


def join_sections(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A section loses its heading and goes on in the one before it."""
    found = list(sheet.sections())
    pairs = [
        (first[0], second[0], second[1])
        for first in found
        for second in found
        if first[1] == second[0]
        and sheet.blocks[first[0]].level == sheet.blocks[second[0]].level
        and min(_count(sheet, first[0] + 1, first[1]), _count(sheet, second[0] + 1, second[1])) >= _PART_WORDS_MIN
    ]
    if not pairs:
        return False
    first, second, end = rng.choice(pairs)
    head, lost = sheet.blocks[first], sheet.blocks[second]
    _touch(sheet.blocks[first:end])
    del sheet.blocks[second]
    sheet.change(lost.source, "")
    sheet.say((Fact(Op.MERGED, head, head, (head, lost)),))
    return True


def delete_bullets(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """One or two bullets of a list go: the section around is modified."""
    at = sheet.pick(rng, lambda block: block.form is Form.BULLET and len(block.words) > 3 and not _COUNTS.match(block.source))
    if at is None or at < 1 or not sheet.blocks[at - 1].was or sheet.blocks[at - 1].form is not Form.BULLET:
        return False
    count = rng.randint(1, 2)
    gone = [block for block in sheet.blocks[at : at + count] if block.form is Form.BULLET and not block.edited]
    before = sheet.blocks[at - 1]
    del sheet.blocks[at : at + len(gone)]
    before.edited = True
    sheet.change(" ".join(block.source for block in gone), "")
    sheet.say((Fact(Op.MODIFIED, before, before),))
    return True


def mix_bullets(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """The bullets of a list in another order: nothing to tell."""
    run = _run(sheet, rng, Form.BULLET, 3)
    if run is None or len({re.match(r"\s*", block.source)[0] for block in run}) > 1:  # type: ignore[index]
        return False
    at = sheet.blocks.index(run[0])
    sheet.blocks[at : at + len(run)] = rng.sample(run, len(run))
    _touch(run)
    sheet.loose.update(word for block in run for word in letters_of(block.source))  # a redline follows the order
    return True


def drop_item(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A lettered item goes, and those after it get the letters before theirs."""
    run = _run(sheet, rng, Form.COUNTED, 3)
    letters = [_LABEL.match(block.source) for block in run or []]
    if not run or not all(letters) or [found[1] for found in letters if found] != list("abcdefghijklmnopqrstuvwxyz")[: len(run)]:
        return False
    at = rng.randrange(1, len(run) if _is_last(sheet, run[-1]) else len(run) - 1)
    gone = run[at]
    _touch(run)
    sheet.blocks.remove(gone)
    sheet.change(gone.source, "")
    sheet.say((Fact(Op.REMOVED, gone, None),))
    for block in run[at + 1 :]:
        _letter(sheet, block, -1)
    return True


def unite_items(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """Items (a) and (b) become one, and those after them get the letters before theirs."""
    run = _run(sheet, rng, Form.COUNTED, 2)
    letters = [_LABEL.match(block.source) for block in run or []]
    if not run or not all(letters) or [found[1] for found in letters if found] != list("abcdefghijklmnopqrstuvwxyz")[: len(run)]:
        return False
    first, second = run[0], run[1]
    if min(len(first.words), len(second.words)) < 8:
        return False
    _touch(run)
    rest = _LABEL.sub("", second.source, count=1)
    first.source = f"{first.source.rstrip(' .;')}, and {rest}"
    sheet.change("b", "and")
    sheet.blocks.remove(second)
    sheet.loose.update("b")
    sheet.say((Fact(Op.MERGED, first, first, (first, second)), Fact(Op.MODIFIED, first, first)))
    for block in run[2:]:
        _letter(sheet, block, -1)
    return True


def add_row(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A table gets one more row somewhere."""
    run, rows = _run(sheet, rng, Form.ROW, 2), [block for block in other.blocks if block.form is Form.ROW]
    if not run or not rows:
        return False
    cells = [cell for row in rows for cell in _cells(row.source) if letters_of(cell)]
    fresh = Block("| " + " | ".join(rng.choice(cells) for _ in _cells(run[0].source)) + " |", Form.ROW, edited=True)
    if letters_of(_cells(fresh.source)[0]) in [letters_of(_cells(block.source)[0]) for block in sheet.blocks if block.form is Form.ROW]:
        return False
    _insert(sheet, sheet.blocks.index(rng.choice(run)), [fresh])
    sheet.say((Fact(Op.ADDED, None, fresh),))
    return True


def drop_row(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A row of a table goes."""
    run = _run(sheet, rng, Form.ROW, 3)
    if not run:
        return False
    gone = rng.choice(run)
    if [block.source for block in sheet.blocks].count(gone.source) > 1 or len(letters_of(gone.source)) < 2:
        return False
    _touch(run)
    sheet.blocks.remove(gone)
    sheet.change(gone.source, "")
    sheet.say((Fact(Op.REMOVED, gone, None),))
    return True


def mix_rows(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """The rows of a table in another order, and one of them with another cell."""
    run = _run(sheet, rng, Form.ROW, 3)
    if not run or len({tuple(letters_of(_cells(block.source)[0])) for block in run}) < len(run):
        return False
    edited = rng.choice(run)
    at = sheet.blocks.index(run[0])
    if not _recell(sheet, edited, rng, other, key=False):
        return False
    sheet.blocks[at : at + len(run)] = rng.sample(run, len(run))
    _touch(run)
    sheet.say((Fact(Op.MODIFIED, edited, edited),))
    return True


def rename_row(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A row gets another key; where the rest says little it is as well another row."""
    run = _run(sheet, rng, Form.ROW, 2)
    if not run:
        return False
    row = rng.choice(run)
    before = Block(row.source, row.form, was=row.was)
    if len(letters_of(" ".join(_cells(row.source)[1:]))) < 2 or not _recell(sheet, row, rng, other, key=True):
        return False
    sheet.loose.update(letters_of(before.source + row.source))
    named = Fact(Op.RETITLED, row, row)
    sheet.say((named, Fact(Op.MODIFIED, row, row)), (Fact(Op.REMOVED, row, None), Fact(Op.ADDED, None, row)))
    return True


def insert_annex(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """An annex of several sections comes at the end."""
    models = list(other.sections())
    if not sheet.blocks or len(models) < 2 or sheet.blocks[-1].edited:
        return False
    fresh = []
    level = min((block.level for block in sheet.blocks if block.form is Form.HEADING), default=2)
    annex = Block("Annex Z — Particular terms", Form.HEADING, level, edited=True)
    for at, end in rng.sample(models, min(len(models), 3)):
        head = Block(other.blocks[at].source, Form.HEADING, level + 1, edited=True)
        fresh += [head, *(Block(block.source, block.form, edited=True) for block in other.blocks[at + 1 : end])]
        if _COUNTS.match(head.source) or _has_title(sheet, head.source):
            return False
    _insert(sheet, len(sheet.blocks), [annex, *fresh])
    sheet.loose.update(letters_of(annex.source))  # it stands above what is new, and needn't be told beside it
    sheet.come.subtract(letters_of(annex.source))
    sheet.say(tuple(Fact(Op.ADDED, None, block) for block in fresh if block.form is Form.HEADING))
    return True


def rename_term(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A defined term is called otherwise wherever it stands."""
    terms = {found[1] for block in sheet.blocks for found in _TERM.finditer(block.source)}
    known = [term for term in sorted(terms) if 2 <= sum(term in block.source for block in sheet.blocks) <= 40]
    if not known:
        return False
    term = rng.choice(known)
    pattern, fresh = re.compile(rf"\b{re.escape(term)}\b"), "Quillmark Asset"
    hit = [block for block in sheet.blocks if pattern.search(block.source)]
    if any(block.edited or block.form in (Form.HEADING, Form.ROW, Form.FRAME) or "](" in block.source for block in hit):
        return False
    for block in hit:
        count = len(pattern.findall(block.source))
        sheet.change(" ".join([term] * count), " ".join([fresh] * count))
        block.source, block.edited = pattern.sub(fresh, block.source), True
        named, worded = Fact(Op.RETITLED, block, block), Fact(Op.MODIFIED, block, block)
        sheet.say((named, worded), (worded,), (named,))  # some begin with it: a definition, a heading in the line
    return True


def repeat_section(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A section is said once more at the end, under another heading."""
    found = sheet.pick_section(rng, 12)
    if found is None or sheet.blocks[-1].edited or sheet.blocks[found[0]].top:
        return False
    at, end = found
    head = Block("Said again for clarity", Form.HEADING, min(b.level for b in sheet.blocks if b.level), edited=True)
    copy = [head, *(Block(block.source, block.form, edited=True) for block in sheet.blocks[at + 1 : end])]
    _touch(sheet.blocks[at:end])
    _insert(sheet, len(sheet.blocks), copy)
    sheet.say((Fact(Op.ADDED, None, head),))
    return True


def group_sections(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A heading comes above some sections, which stand one level deeper then: the heading alone is new."""
    found = [one for one in sheet.sections() if not sheet.blocks[one[0]].top and sheet.blocks[one[0]].level < 6]
    runs = [
        (first[0], second[1])
        for first in found
        for second in found
        if first[1] == second[0] and sheet.blocks[first[0]].level == sheet.blocks[second[0]].level
    ]
    if not runs:
        return False
    at, end = rng.choice(runs)
    level = sheet.blocks[at].level
    after = sheet.blocks[end] if end < len(sheet.blocks) else None
    if after is not None and after.level != level and after.form is not Form.HEADING:
        return False
    for block in sheet.blocks[at:end]:
        block.level += block.form is Form.HEADING
        block.edited = True
    head = Block("Matters of the second kind", Form.HEADING, level, edited=True)
    _insert(sheet, at, [head])
    sheet.say((Fact(Op.ADDED, None, head),))
    return True


def move_item(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """The last lettered item of one list becomes the last of another."""
    one, two = _run(sheet, rng, Form.COUNTED, 3), _run(sheet, rng, Form.COUNTED, 2)
    if not one or not two or one[0] is two[0]:
        return False
    ends = [_LABEL.match(block.source) for block in (one[-1], two[-1])]
    if not all(ends) or [ord(found[1]) - 97 for found in ends if found] != [len(one) - 1, len(two) - 1]:
        return False
    item = one[-1]
    if not all(_is_last(sheet, run[-1]) for run in (one, two)):
        return False
    _touch([*one, *two])
    sheet.blocks.remove(item)
    sheet.blocks.insert(sheet.blocks.index(two[-1]) + 1, item)
    by = len(two) - (len(one) - 1)
    facts = (Fact(Op.MOVED, item, item),)
    sheet.say(facts)
    if by:
        _letter(sheet, item, by)
    return True


def move_family(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A heading goes to the end of its like with all that stands under it: it alone has moved."""
    found = []
    for at, block in enumerate(sheet.blocks):
        if block.form is Form.HEADING and not block.top:
            like = [place for place in _after(sheet, at) if sheet.blocks[place].level == block.level]
            if len(like) > _FAR and any(sheet.blocks[place].level for place in range(at + 1, like[0])):
                found.append((at, like[0], like[-1]))
    if not found:
        return False
    at, end, last = rng.choice(found)
    family, passed = sheet.blocks[at:end], sheet.blocks[end:last]
    if not sheet.free(at, last) or len(" ".join(b.source for b in passed)) < 2 * len(" ".join(b.source for b in family)):
        return False
    _touch([*family, *passed])
    sheet.blocks[at:last] = [*passed, *family]
    sheet.say((Fact(Op.MOVED, family[0], family[0]),))
    return True


def replace_section(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """Another section stands where one was, with another heading and other words."""
    found, fresh = sheet.pick_section(rng, 15), other.pick_section(rng, 15)
    if found is None or fresh is None or sheet.blocks[found[0]].top or _COUNTS.match(sheet.blocks[found[0]].source):
        return False
    at, end = found
    model = other.blocks[fresh[0] : fresh[1]]
    if _has_title(sheet, model[0].source) or _COUNTS.match(model[0].source):
        return False
    gone = sheet.blocks[at:end]
    head = Block(model[0].source, Form.HEADING, gone[0].level, edited=True)
    del sheet.blocks[at:end]
    _insert(sheet, at, [head, *(Block(block.source, block.form, edited=True) for block in model[1:])])
    sheet.change(" ".join(block.source for block in gone), "")
    sheet.say((Fact(Op.REMOVED, gone[0], None), Fact(Op.ADDED, None, head)))
    return True


def move_paragraph(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A paragraph goes from one section to another: both are modified."""
    found = [one for one in sheet.sections() if one[1] > one[0] + 2]
    if len(found) < 2:
        return False
    (one, one_end), (two, two_end) = rng.sample(found, 2)
    at = rng.randrange(one + 2, one_end)
    block, heads = sheet.blocks[at], (sheet.blocks[one], sheet.blocks[two])
    if len(block.words) > sum(len(rest.words) for rest in sheet.blocks[one + 1 : one_end] if rest is not block):
        return False
    target = sheet.blocks[rng.randrange(two + 1, two_end)]
    _touch([*sheet.blocks[one:one_end], *sheet.blocks[two:two_end]])
    sheet.blocks.remove(block)
    sheet.blocks.insert(sheet.blocks.index(target) + 1, block)
    sheet.loose.update(letters_of(block.source))
    sheet.say(tuple(Fact(Op.MODIFIED, head, head) for head in heads))
    return True


def deepen(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """All headings stand one level deeper: nothing to tell."""
    heads = [block for block in sheet.blocks if block.form is Form.HEADING]
    if len(heads) < 3 or max(block.level for block in heads) > 5 or any(block.edited for block in heads):
        return False
    for block in heads:
        block.level += 1
    return True


def add_definition(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A definition comes between others."""
    at = sheet.pick(rng, lambda block: _DEFINED.match(block.source) is not None)
    models = [block.source for block in other.blocks if _DEFINED.match(block.source)]
    if at is None or not models:
        return False
    fresh = Block(rng.choice(models), Form.PARAGRAPH, edited=True)
    beside = sheet.blocks[at]
    term = letters_of(_DEFINED.match(fresh.source)[1])  # type: ignore[index]
    if any(letters_of(found[1]) == term for block in sheet.blocks if (found := _DEFINED.match(block.source))):
        return False
    beside.edited = True
    _insert(sheet, at, [fresh])
    sheet.say((Fact(Op.ADDED, None, fresh),))
    return True


def drop_definition(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """A definition goes from among others."""
    at = sheet.pick(rng, lambda block: _DEFINED.match(block.source) is not None)
    if at is None or at + 1 >= len(sheet.blocks) or not _DEFINED.match(sheet.blocks[at + 1].source):
        return False
    gone = sheet.blocks.pop(at)
    sheet.change(gone.source, "")
    sheet.say((Fact(Op.REMOVED, gone, None),))
    return True


def empty_and_fill(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """All words of a section are others, under a heading that no other section has."""
    found, fresh = sheet.pick_section(rng, 15), other.pick_section(rng, 15)
    if found is None or fresh is None or _is_twice(sheet, sheet.blocks[found[0]]):
        return False
    at, end = found
    gone = sheet.blocks[at + 1 : end]
    del sheet.blocks[at + 1 : end]
    sheet.blocks[at].edited = True
    come = [Block(block.source, block.form, edited=True) for block in other.blocks[fresh[0] + 1 : fresh[1]]]
    _insert(sheet, at + 1, come)
    sheet.change(" ".join(block.source for block in gone), "")
    sheet.loose.update(letters_of(" ".join(block.source for block in (*gone, *come))))
    sheet.say((Fact(Op.MODIFIED, sheet.blocks[at], sheet.blocks[at]),))
    return True


def number_all(sheet: Sheet, rng: random.Random, other: Sheet) -> bool:
    """The headings of the first rank get numbers, which they had none of."""
    level = min((block.level for block in sheet.blocks[1:] if block.form is Form.HEADING), default=0)
    heads = [block for block in sheet.blocks[1:] if block.form is Form.HEADING and block.level == level]
    if len(heads) < 3 or any(b.edited or b.top or _COUNTS.match(b.source) for b in sheet.blocks if b.level):
        return False
    for number, head in enumerate(heads, start=1):
        head.source, head.edited = f"{number}. {head.source}", True
        sheet.loose.update([str(number)])
        sheet.say((Fact(Op.RENUMBERED, head, head),))
    return True


EDITS: dict[str, Edit] = {
    "family moved": move_family,
    "section replaced": replace_section,
    "paragraph moved": move_paragraph,
    "levels deeper": deepen,
    "definition added": add_definition,
    "definition dropped": drop_definition,
    "words all others": empty_and_fill,
    "numbers given": number_all,
    "section inserted": insert_section,
    "section deleted": delete_section,
    "sections swapped": swap_sections,
    "retitled and reworded": retitle_and_reword,
    "rewritten": rewrite,
    "touched up": touch_up,
    "section split": split_section,
    "sections joined": join_sections,
    "bullets deleted": delete_bullets,
    "bullets mixed": mix_bullets,
    "item dropped": drop_item,
    "items united": unite_items,
    "item moved": move_item,
    "row added": add_row,
    "row dropped": drop_row,
    "rows mixed": mix_rows,
    "row renamed": rename_row,
    "annex": insert_annex,
    "term renamed": rename_term,
    "said again": repeat_section,
    "grouped": group_sections,
}

_RUNNING = (Form.PARAGRAPH, Form.BULLET, Form.COUNTED)


def _after(sheet: Sheet, at: int) -> list[int]:
    """The places of the headings after one, up to the first of a higher rank, which is the last."""
    found = []
    for place in range(at + 1, len(sheet.blocks)):
        if sheet.blocks[place].form is Form.HEADING:
            found.append(place)
            if sheet.blocks[place].level < sheet.blocks[at].level:
                break
    return found


def _insert(sheet: Sheet, at: int, fresh: Sequence[Block]) -> None:
    sheet.blocks[at:at] = fresh
    sheet.change("", " ".join(block.source for block in fresh))


def _touch(blocks: Sequence[Block]) -> None:
    for block in blocks:
        block.edited = True


def _count(sheet: Sheet, first: int, end: int) -> int:
    return sum(len(block.words) for block in sheet.blocks[first:end])


def _has_title(sheet: Sheet, title: str) -> bool:
    wanted = letters_of(title)
    return any(letters_of(block.source) == wanted for block in sheet.blocks if block.form is Form.HEADING)


def _is_twice(sheet: Sheet, head: Block) -> bool:
    wanted = letters_of(head.source)
    return sum(letters_of(block.source) == wanted for block in sheet.blocks if block.form is Form.HEADING) > 1


def _run(sheet: Sheet, rng: random.Random, form: Form, count_min: int) -> list[Block] | None:
    """A whole run of untouched blocks of one form."""
    runs: list[list[Block]] = [[]]
    for block in sheet.blocks:
        if block.form is form and not block.edited:
            runs[-1].append(block)
        elif runs[-1]:
            runs.append([])
    long = [run for run in runs if len(run) >= count_min]
    return rng.choice(long) if long else None


def _is_last(sheet: Sheet, block: Block) -> bool:
    """Whether nothing follows that belongs to this block or comes back to what stands around it."""
    at = sheet.blocks.index(block) + 1
    return at == len(sheet.blocks) or sheet.blocks[at].form is Form.HEADING


def _letter(sheet: Sheet, block: Block, by: int) -> None:
    found = _LABEL.match(block.source)
    assert found is not None
    fresh = chr(ord(found[1]) + by)
    block.source = block.source[: found.start(1)] + fresh + block.source[found.end(1) :]
    sheet.loose.update((found[1], fresh))
    sheet.say((Fact(Op.RENUMBERED, block, block),))


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _recell(sheet: Sheet, row: Block, rng: random.Random, other: Sheet, *, key: bool) -> bool:
    cells = _cells(row.source)
    places = [0] if key else [at for at in range(1, len(cells)) if letters_of(cells[at])]
    fresh = _some_words(other, rng, rng.randint(1, 4))
    if not places or not fresh or not letters_of(cells[0]):
        return False
    at = rng.choice(places)
    if set(letters_of(cells[at])) & set(letters_of(" ".join(fresh))):
        return False
    sheet.change(cells[at], " ".join(fresh))
    cells[at] = " ".join(fresh)
    row.source, row.edited = "| " + " | ".join(cells) + " |", True
    return True


def _reword(sheet: Sheet, block: Block, rng: random.Random, other: Sheet, share: float) -> bool:
    """Some of a block's words become others, here and there; the first stays."""
    words = block.source.split(" ")
    places = [at for at in range(2, len(words)) if words[at].isalpha()]
    count = max(1, round(share * len(words)))
    if len(places) < count:
        return False
    fresh = _some_words(other, rng, count)
    if len(fresh) < count:
        return False
    for at, word in zip(rng.sample(places, count), fresh, strict=True):
        sheet.change(words[at], word)
        words[at] = word
    block.source, block.edited = " ".join(words), True
    return True


def _some_words(other: Sheet, rng: random.Random, count: int) -> list[str]:
    known = [word for block in other.blocks if block.is_running for word in block.words if word.isalpha()]
    return rng.sample(known, count) if len(known) >= count else []
