"""Kinds of legal documents, by how links, titles and addresses name them in ten languages. No site is known here."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import unquote, urlsplit

NAME_WORDS_MAX = 9  # a longer link is a sentence about something
NAME_CHARS_MAX = 80


class DocumentKind(StrEnum):
    """What sort of agreement or notice a document is; the value is how one calls it in English."""

    SUBPROCESSORS = "Subprocessors"
    DATA_PROCESSING = "Data Processing Agreement"
    COOKIES = "Cookie Policy"
    PRIVACY = "Privacy Policy"
    ACCEPTABLE_USE = "Acceptable Use Policy"
    COMMUNITY = "Community Guidelines"
    COPYRIGHT = "Copyright Policy"
    SERVICE_LEVEL = "Service Level Agreement"
    DEVELOPER = "Developer Terms"
    REFUNDS = "Refund Policy"
    LEGAL_NOTICE = "Legal Notice"
    TERMS = "Terms of Service"


def kind_of(name: str, url: str) -> DocumentKind | None:
    """The kind of the document that is called `name` and stands at `url`; None for what is none."""
    said = " ".join(name.split()).casefold()
    short = len(said) <= NAME_CHARS_MAX and said.count(" ") < NAME_WORDS_MAX
    if short and _CONTROL.search(said):
        return None
    by_name = next((kind for kind, names, _ in _KINDS if names.search(said)), None) if short else None
    return by_name or _kind_by_address(url)


def _kind_by_address(url: str) -> DocumentKind | None:
    """By the last part of the path: an article about privacy has it further up, or a long one."""
    parts = [part for part in unquote(urlsplit(url).path).casefold().split("/") if part]
    if not parts or any(part in _PUBLISHED for part in parts[:-1]):
        return None
    last = re.sub(r"\.\w{2,5}$", "", parts[-1])
    words = re.split(r"[-_.+ ]+", last)
    if len(words) > 6:
        return None
    return next((kind for kind, _, paths in _KINDS if paths.search(" ".join(words))), None)


_PUBLISHED = frozenset({"blog", "news", "press", "docs", "article", "articles", "stories", "jobs", "careers", "events"})

# What only looks so: buttons, and pages about a person's own settings.
_CONTROL = re.compile(
    r"settings|preferences|\bchoices?\b|\bmanage\b|do not sell|\baccept\b|\breject\b|opt[- ]out|einstellungen|verwalten"
    r"|akzeptieren|paramètres|préférences|gérer|accepter|configura(?:ción|zioni|ções)|preferenc(?:ias|ze|es)|aceptar"
    r"|accetta|aceitar|instellingen|voorkeuren|ustawienia|zarządzaj|设置|偏好|管理|設定"
)


def _kind(kind: DocumentKind, names: str, paths: str) -> tuple[DocumentKind, re.Pattern[str], re.Pattern[str]]:
    return kind, re.compile(names, re.VERBOSE), re.compile(paths, re.VERBOSE)


# The more specific ones first: a privacy policy is called a policy, an agreement about cookies isn't the terms.
_KINDS = (
    _kind(
        DocumentKind.SUBPROCESSORS,
        r"""sub-?\s?processors? | unterauftrags?verarbeiter | subunternehmer | sous-traitants
        | sub-?encargados | subencargados | sub-?responsabili | sub-?responsables | subcontratantes | suboperadores
        | sub-?verwerkers? | podprocesor | dalsz\w+\spodmiot | 子处理者 | 次级处理 | 再委託先 | サブプロセッサ""",
        r"sub\s?processors? | unterauftragsverarbeiter | sous\straitants | subencargados",
    ),
    _kind(
        DocumentKind.DATA_PROCESSING,
        r"""data\s(?:processing|protection)\s(?:addendum|agreement|terms|amendment|annex) | \bdpa\b | \bavv\b
        | auftragsverarbeitung | auftragsdatenverarbeitung | accord\s(?:de|sur\sle|relatif\sau)\straitement
        | (?:acuerdo|contrato|anexo|adenda)\s.{0,12}(?:tratamiento|procesamiento)
        | (?:accordo|contratto|addendum)\s.{0,16}trattamento | (?:acordo|contrato|adenda|aditivo)\s.{0,12}tratamento
        | verwerkersovereenkomst | powierzeni\w+\sprzetwarzania | 数据处理(?:协议|附录|条款) | データ処理""",
        r"\bdpa\b | data\sprocessing | data\sprotection\s(?:addendum|agreement) | auftragsverarbeitung | \bavv\b",
    ),
    _kind(
        DocumentKind.COOKIES,
        r"""^cookies?$ | politique\s.{0,30}cookies | (?:política|aviso|polityka)\s.{0,16}cookies?
        | cookies?[\s-]?(?:policy|notice|statement|declaration|richtlinie|hinweis|beleid|verklaring|erklärung)
        | (?:informativa|politica)\s.{0,12}cookie | cookie\s?(?:政策|声明|ポリシー) | クッキー""",
        r"cookies?\b",
    ),
    _kind(
        DocumentKind.PRIVACY,
        r"""privacy | data\sprotection | datenschutz | confidentialité | protection\sdes\sdonnées | vie\sprivée
        | donn[ée]+es\spersonnelles | privacidad | protección\sde\sdatos | riservatezza | trattamento\sdei\sdati
        | dati\spersonali | privacidade | proteção\sde\sdados | persoonsgegevens | prywatności | ochron\w+\sdanych
        | danych\sosobowych | 隐私 | 隱私 | 个人信息 | プライバシー | 個人情報""",
        r"""privacy | datenschutz | confidentialite | vie\sprivee | donnees\spersonnelles | privacidade? | riservatezza
        | prywatnosci""",
    ),
    _kind(
        DocumentKind.ACCEPTABLE_USE,
        r"""acceptable\suse | usage\s(?:polic|guideline|rule) | \buse\spolic | prohibited\suse | nutzungsrichtlinie
        | zulässige\snutzung | utilisation\sacceptable | (?:politique|règles)\s.{0,4}(?:utilisation|usage)
        | uso\s(?:aceptable|accettabile|aceitável) | (?:política|politica)s?\s.{0,3}d?[e’']?\s?uso\b
        | aanvaardbaar\sgebruik | gebruiksbeleid | dopuszczaln\w+\s\w*użytk | zasady\skorzystania
        | 可接受使用 | 使用政策 | 利用ポリシー | 利用方針""",
        r"acceptable\suse | \baup\b | usage\spolic | use\spolic | nutzungsrichtlinie",
    ),
    _kind(
        DocumentKind.COMMUNITY,
        r"""community\s(?:guideline|standard|rule) | code\sof\sconduct | content\s(?:polic|guideline|rule)
        | community-?(?:richtlinien|standards|regeln) | verhaltenskodex | (?:règles|standards)\s.{0,8}communauté
        | code\sde\sconduite | normas\s.{0,8}comunidad | (?:linee\sguida|norme)\s.{0,8}community | codice\sdi\scondotta
        | diretrizes\s.{0,8}comunidade | communityrichtlijnen | zasady\sspołeczności | 社区(?:准则|规范)
        | コミュニティ.{0,4}(?:ガイドライン|規定)""",
        r"community\s(?:guidelines|standards|rules) | code\sof\sconduct | content\spolicy",
    ),
    _kind(
        DocumentKind.COPYRIGHT,
        r"""copyright\s(?:policy|notice|dispute|complaint) | \bdmca\b | intellectual\sproperty\s(?:policy|notice)
        | urheberrecht | droits?\sd.auteur | derechos\sde\sautor | diritto\sd.autore | direitos\sautorais | auteursrecht
        | praw\w+\sautorsk | 版权(?:政策|声明) | 著作権""",
        r"copyright\spolicy | \bdmca\b | urheberrecht | intellectual\sproperty\spolicy",
    ),
    _kind(
        DocumentKind.SERVICE_LEVEL,
        r"""service[-\s]level | \bslas?\b | niveaux?\sde\sservice | (?:nivel|nível)\sde\sservi[cç]i?o
        | livelli\sdi\sservizio | dienstverleningsniveau | 服务(?:水平|等级)协议 | サービスレベル""",
        r"service\slevel | \bsla\b",
    ),
    _kind(
        DocumentKind.DEVELOPER,
        r"""(?:api|developers?|connectors?|plugins?|apps?|marketplace|directory|partner|sdk)
        \s(?:program\s|platform\s|store\s)?(?:terms|agreement|polic|rules|guidelines|license) | entwickler\w*bedingungen
        | (?:condi\w+|termini|términos|termos|voorwaarden|warunki)\s.{0,14}(?:\bapi|develop|desarroll|sviluppa|dévelop)
        """,
        r"(?:api|developers?|connectors?|plugins?|marketplace|directory|partner)\s(?:terms|agreement|policy|policies)",
    ),
    _kind(
        DocumentKind.REFUNDS,
        r"""(?:refund|return|cancellation)s?\spolic | widerruf | rückerstattung | remboursement
        | droit\sde\srétractation | reembolso | desistimiento | rimbors | diritto\sdi\srecesso | restitutie
        | terugbetaling | zwrot | 退款 | 返金 | 特定商取引""",
        r"refund | cancellation\spolicy | return\spolicy | widerruf | remboursement | reembolso",
    ),
    _kind(
        DocumentKind.LEGAL_NOTICE,
        r"""^imprint$ | impressum | legal\snotices? | mentions?\slégales? | avisos?\sleg\w+ | note\slegali
        | informa\w+\slegal\w* | juridische\skennisgeving | colofon | nota\sprawna | 法律声明 | 運営者情報""",
        r"^imprint$ | impressum | legal\snotice | mentions\slegales | aviso\slegal | note\slegali",
    ),
    _kind(
        DocumentKind.TERMS,
        r"""\bterms\b | \bconditions\b | \btos\b | \beula\b
        | (?:user|services?|customer|license|licence|master|subscription)\sagreement | nutzungsbedingungen
        | geschäftsbedingungen | \bagbs?\b | vertragsbedingungen | lizenzvertrag | \bcg[uv]s?\b
        | conditions\s(?:générales|d.utilisation|de\svente)
        | términos | condiciones | termini | condizioni | termos\b | condições | voorwaarden | regulamin
        | warunki | 条款 | 條款 | 用户协议 | 服务协议 | 用戶協議 | 規約 | 利用条件""",
        r"""\bterms?\b | \btos\b | \beula\b | \bagb\b | nutzungsbedingungen | geschaeftsbedingungen | \bcg[uv]\b
        | conditions | terminos | condiciones | termini | condizioni | termos | condicoes | voorwaarden | regulamin
        | user\sagreement | (?:service|license|customer|master)\sagreement""",
    ),
)
