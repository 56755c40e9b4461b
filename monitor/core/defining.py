"""How agreements define terms in the ten languages: “Account” means …, Account: …, Unter „Konto“ versteht man …"""

from __future__ import annotations

import re

_OPEN, _CLOSE, _INSIDE = r"[\"“”„«‘「『]", r"[\"“”»’」』]", r"[^\"“”„»」』\n]{1,80}?"
_AND = r"(?:or|and|oder|und|bzw\.|ou|et|o|y|e|of|en|lub|oraz|或者?|及|和|または|及び)"
_OTHERS = rf"(?:\s*[,/(;、]?\s*(?:{_AND}\s+)?{_OPEN}{_INSIDE}{_CLOSE}\)?){{0,4}}"
_BEFORE = r"""(?:
    (?:the\s+)?(?:terms?|expressions?|words?)\s+ | unter\s+ | als\s+
  | d(?:er|ie|as)\s+(?:begriffe?\s+|ausdr[uü]ck\w*\s+)?
  | (?:par|on\s+entend\s+par)\s+ | (?:le\s+terme|l['’]expression|les\s+termes?)\s+
  | (?:por|se\s+entender[áa]\s+por)\s+ | (?:el\s+t[ée]rmino|la\s+expresi[óo]n)\s+
  | per\s+ | (?:il\s+termine|l['’]espressione)\s+ | (?:o\s+termo|a\s+express[ãa]o)\s+
  | onder\s+ | (?:de\s+term|het\s+begrip)\s+ | przez\s+ | (?:pojęcie|termin|określenie)\s+
  | (?:an?|the|les?|la|l['’]|el|los|las|il|lo|gli|i|o|a|os|as|de|het)\s*
  )?"""
_MEANS = r"""(?:
    (?:(?:shall|will|also|collectively|each|here|as\s+used\s+\w+)\s+){0,2}
    (?:means?|includes?|refers?\s+to|denotes?|describes?|have|has|is|are|stands?\s+for)\b
  | (?:bedeute[nt]?|bezeichne[nt]?|mein(?:t|en)|sind|ist|umfass(?:t|en)|steh(?:t|en)\s+für)\b
  | (?:gelten|gilt|versteht|verstehen|wird|werden|hat|haben)\b
  | (?:désigne(?:nt)?|signifie(?:nt)?|s['’]entend(?:ent)?|on\s+entend|correspond(?:ent)?|est|sont)\b
  | (?:comprend|renvoie|fait\s+référence|a\s+le\s+sens)\b
  | (?:significan?|designan?|indican?|(?:se\s+)?refieren?|se\s+entender[áa]n?|se\s+entiende|quiere\s+decir)\b
  | (?:tendrá|incluye|hace\s+referencia|es|son)\b
  | (?:significano|designano|indicano|si\s+intend(?:e|ono)|si\s+riferisc(?:e|ono)|è|sono|ha\s+il)\b
  | (?:significam?|designam?|refere(?:m)?-se|entende-se|quer\s+dizer|inclui|é|são)\b
  | (?:betekent|verwijst|zijn|heeft|wordt|worden|omvat|staat\s+voor)\b
  | (?:oznacza(?:ją)?|to|jest|są|należy\s+rozumieć|rozumie\s+się|obejmuje)\b
  | [:：–—-] | とは | を意味 | 是?指 | 系指 | 意指 | 意味着 | 包括 | 是 | は
  )"""
_QUOTED = re.compile(
    rf"""\W{{0,3}}?{_BEFORE}{_OPEN}\s?(?P<term>{_INSIDE})\s?{_CLOSE}{_OTHERS}
    \s*(?:\([^)]{{1,60}}\)\s*)?,?\s*{_MEANS}""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED_ONLY = re.compile(rf"{_OPEN}\s?(?P<term>{_INSIDE})\s?{_CLOSE}\W")
_PLAIN = re.compile(
    r"""(?P<term>[^\W\d_][^.:;!?|\"“”„«»\n]{0,69}?)
    (?:\s*[:：]\s* | \s*[–—]\s* | \s+-\s+ | \s?-\s+(?=\w) | \s-(?=\w) | とは
    | \s+(?:means?|bedeutet|bezeichnet|désigne|signifie|significa|betekent|oznacza)\s+)(?=\S)""",
    re.VERBOSE,
)
_PLAIN_WORDS_MAX = 7
_TITLE = re.compile(
    r"""\bd[eé]fini|\bdefinicj|begriffsbestimmung|begriffserklärung|\bbegriffe\b|\bbegrippen|\bgloss?ar|\bglosario|\bgloss
    |\bsłowni|\bpojęcia\b|\bkey\s+terms\b|\bdefined\s+terms\b|\bterminolog|\blexique|\bléxico
    |定義|定义|术语|釋義|释义|用語""",
    re.IGNORECASE | re.VERBOSE,
)


def term_of(line: str, *, among_definitions: bool) -> str:
    """The term that a line defines, or an empty string. Without quotes it is one only among definitions."""
    found = _QUOTED.match(line)
    if found is None and among_definitions:
        found = _QUOTED_ONLY.match(line)
    if found is None and among_definitions:
        found = _PLAIN.match(line)
        if found is not None and not _is_term(found.group("term"), line[found.end() :]):
            found = None
    return " ".join(found.group("term").split()) if found else ""


def defines(title: str) -> bool:
    """Whether a section with this title is one of definitions."""
    return _TITLE.search(title) is not None


def _is_term(term: str, meaning: str) -> bool:
    words = term.split()
    is_named = term[0].isupper() or not term[0].isascii()
    return is_named and len(words) <= _PLAIN_WORDS_MAX and len(meaning) > len(term)
