"""The words by which pages announce a coming version of themselves, in ten languages."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """How one language announces: `own` may stand before what `document` calls the agreement, or `new` after it.

    `effect` says that it begins to apply, `changing` that it is about to change, `changes` names what is changed in
    it. `maybe` marks what is only possible: a clause on how changes are made announces none.
    """

    document: re.Pattern[str]
    own: re.Pattern[str]
    new: re.Pattern[str]
    effect: re.Pattern[str]
    changing: re.Pattern[str]
    changes: re.Pattern[str]
    maybe: re.Pattern[str]


def _words(
    *,
    document: str,
    own: str,
    effect: str,
    changing: str,
    changes: str,
    maybe: str,
    new: str = "(?!)",
    parted: bool = True,
) -> Words:
    """Patterns of alternatives; `parted` where the language puts spaces between words."""
    head, tail = (r"\b(?:", r")\b") if parted else ("(?:", ")")
    mine = {"document": document, "own": own, "new": new, "effect": effect, "changes": changes}
    patterns = {name: re.compile(f"{head}{text}{tail}", re.IGNORECASE | re.VERBOSE) for name, text in mine.items()}
    filled = changing.replace("DOCUMENT", f"{head}{document}{tail}")
    return Words(
        **patterns,
        changing=re.compile(f"(?:{filled})", re.IGNORECASE | re.VERBOSE),
        maybe=re.compile(f"{head}{maybe}{tail}", re.VERBOSE),
    )


_OTHERS = r"[^.;:]"  # between the words of one clause

WORDS: dict[str, Words] = {
    "en": _words(
        document=r"""terms | terms\s(?:of\s(?:service|use|sale)|(?:and|&)\sconditions) | conditions | polic(?:y|ies)
            | notice | statement | agreements? | addendum | guidelines | code\sof\sconduct | version | DPA | EULA""",
        own=r"this | these | our | its | new | updated | revised | amended | modified | upcoming | next",
        effect=r"""take[sn]?\seffect | taking\seffect | (?:com|go|enter)(?:e|es|s|ing)?\sinto\s(?:effect|force)
            | (?:(?:will|shall)\s(?:be|become)|becomes?|is|are)\s(?:effective|binding|in\s(?:effect|force))
            | effective | appl(?:y|ies)(?:\sto\s[^,.;]{1,60})?\s(?:from|as\s(?:of|from)|starting|beginning|on|after)
            | will\s(?:then\s)?apply""",
        changing=rf"""\bwe(?:['’]re|\sare|['’]ll|\swill|\sshall)(?:\s(?:be|soon|also)){{0,2}}\s
              (?:updat|chang|amend|revis|modify|replac|mak\w+\s(?:\w+\s)?(?:chang|updat)){_OTHERS}{{0,60}}DOCUMENT
            | DOCUMENT{_OTHERS}{{0,40}}\b(?:will\s(?:be\s)?|(?:is|are)\s(?:being\s|going\sto\s(?:be\s)?)?)
              (?:chang|updat|amend|revis|replac|modif)
            | \bthis\s(?:provision|section|clause)\s(?:is|will\sbe)\s(?:amended|replaced|changed|updated)""",
        changes=r"changes | updates | amendments | modifications | revisions",
        maybe=r"""[Ii]f | may(?!\s\d) | might | could | [Uu]nless | [Ww]henever | from\stime\sto\stime | reserves?
            | [Ii]n\sthe\sevent | days?\s(?:before|after|prior|from|of)""",
    ),
    "de": _words(
        document=r"""(?:Allgemeinen?\s)?(?:Nutzungs|Geschäfts|Vertrags|Liefer|Lizenz|Verkaufs)?bedingungen | AGB
            | Datenschutz(?:erklärung|hinweise?n?|bestimmungen|richtlinien?) | Cookie-Richtlinie | Richtlinien?
            | Vereinbarung | Vertrag | Fassung | Version | Hinweise | Erklärung""",
        own=r"""dies\w* | unser\w* | neue\w* | geändert\w* | aktualisiert\w* | überarbeitet\w* | vorliegend\w*
              | angepasst\w*""",
        effect=r"in\sKraft | gilt | gelten | gültig | wirksam | Anwendung",
        changing=rf"""(?:\bwir\s(?:aktualisieren|ändern|überarbeiten|erneuern|passen)
              |\b(?:aktualisieren|ändern|überarbeiten|erneuern|passen)\swir){_OTHERS}{{0,60}}DOCUMENT
              | \b(?:wir\swerden|werden\swir)\b{_OTHERS}{{0,60}}DOCUMENT
              .{{0,60}}\b(?:aktualisieren|ändern|anpassen|überarbeiten)
            | DOCUMENT\s(?:ändern|ändert)\b.{{0,30}}\bsich
            | DOCUMENT\s(?:werden|wird)\b.{{0,40}}\b(?:geändert|aktualisiert|angepasst|ersetzt|überarbeitet)""",
        changes=r"Änderungen | Anpassungen | Aktualisierung(?:en)? | Neuerungen",
        maybe=r"""[Ww]enn | [Ff]alls | [Ss]ofern | [Ss]oweit | vorbehalten | könn(?:en|ten)\s(?:wir|sich) | kann\ssich
            | gegebenenfalls | von\sZeit\szu\sZeit | Tage[n]?\s(?:vor|nach)""",
    ),
    "fr": _words(
        document=r"""conditions | CGU | CGV | CGS | politique | contrat | accord | avenant | version | charte
            | mentions | déclaration | modalités""",
        own=r"""cette | ces | ce | cet | présente?s? | nos | notre | nouvel(?:le)?s? | nouveaux?""",
        new=r"mis(?:es?)?\sà\sjour | modifiée?s? | révisée?s? | actualisée?s?",
        effect=r"""entr(?:e|ent|era|eront|ant)\sen\svigueur | pren(?:d|dra|dront|nent|nant)\seffet | s[’']appliqu\w+
            | (?:est|sont|sera|seront)\s(?:applicables?|valables?|en\svigueur|effectiv\w+)""",
        changing=rf"""\bnous\s(?:mettons|mettrons|modifions|modifierons|actualisons|faisons\sévoluer
              |allons\s(?:mettre\sà\sjour|modifier)){_OTHERS}{{0,60}}DOCUMENT
            | DOCUMENT{_OTHERS}{{0,40}}\b(?:chang(?:ent|eront|era)|évolu(?:ent|eront|era)
              |ser(?:a|ont)\s(?:modifi|mis|actualis|remplac))""",
        changes=r"modifications | changements | mises\sà\sjour | évolutions",
        maybe=r"""[Ss]i | [Ss]['’]il\w* | pourr\w+ | pouvons | peu(?:t|vent) | [Ss]auf | [Ee]n\scas | réserv\w+
            | jours\s(?:avant|après|suivant)""",
    ),
    "es": _words(
        document=r"""condiciones | términos | política | acuerdo | contrato | aviso | versión | declaración
            | directrices | anexo""",
        own=r"est[aeo]s? | nuestr[ao]s? | nuev[ao]s? | presentes? | próxim[ao]s?",
        new=r"actualizad[ao]s? | modificad[ao]s? | revisad[ao]s?",
        effect=r"""entra\w*\sen\s(?:vigor|vigencia) | surt\w+\sefecto | se\saplica\w* | (?:será|serán|es|son)\s
            (?:efectiv[ao]s?|aplicables?|válid[ao]s?) | vigentes?""",
        changing=rf"""\b(?:actualiza(?:mos|remos)|modifica(?:mos|remos)|estamos\s(?:actualizando|modificando)
              |cambia(?:mos|remos)
              |vamos\sa\s(?:actualizar|modificar|cambiar)){_OTHERS}{{0,60}}DOCUMENT
              | DOCUMENT{_OTHERS}{{0,40}}\b(?:cambiarán?|se\s(?:actualiza|modifica)rán?
              |será[n]?\s(?:actualiz|modific))""",
        changes=r"cambios | modificaciones | actualizaciones",
        maybe=r"""[Ss]i | pod(?:emos|rá\w*|ría\w*) | pued[ae]\w* | en\scaso | reserva\w* | salvo
            | días\s(?:antes|después)""",
    ),
    "it": _words(
        document=r"""condizioni | termini | informativa | politica | policy | accordo | contratto | versione
            | avviso""",
        own=r"quest[aoie] | nostr[aoie] | nuov[aoie] | present[ei] | prossim[aoie]",
        new=r"aggiornat[aoie] | modificat[aoie] | rivist[aoie]",
        effect=r"""entr\w+\sin\svigore | (?:avr|h)\w+\sefficacia | (?:avr\w+|ha|hanno)\seffetto | si\sapplic\w+
            | (?:sarà|saranno|è|sono)\s(?:efficac[ei]|applicabil[ei]|valid[aoie]|in\svigore) | in\svigore""",
        changing=rf"""\b(?:aggiorn(?:iamo|eremo)|modific(?:hiamo|heremo)|stiamo\s(?:aggiornando
              |modificando)){_OTHERS}{{0,60}}DOCUMENT
            | DOCUMENT{_OTHERS}{{0,40}}\b(?:cambier\w+|(?:verr|sar)\w+\s(?:aggiorn|modific|sostitu))""",
        changes=r"modifiche | aggiornamenti | cambiamenti | variazioni",
        maybe=r"""[Ss]e | potr\w+ | può | poss(?:iamo|ono|a|ano) | [Qq]ualora | in\scaso | riserv\w+ | salvo
            | giorni\s(?:prima|dopo)""",
    ),
    "pt": _words(
        document=r"""condições | termos | política | acordo | contrato | aviso | versão | declaração
            | diretrizes | adenda | aditivo""",
        own=r"est[ae]s? | noss[ao]s? | nov[ao]s? | presentes? | próxim[ao]s?",
        new=r"atualizad[ao]s? | alterad[ao]s? | revist[ao]s? | revisad[ao]s? | modificad[ao]s?",
        effect=r"""entra\w*\sem\svigor | produz\w*\sefeitos? | aplica\w*-se | se\saplica\w* | ter(?:á|ão)\sefeito
            | passa\w*\sa\s(?:vigorar|valer|aplicar)
              | (?:será|serão|é|são)\s(?:válid[ao]s?|efetiv[ao]s?|aplicáve(?:l|is))
            | em\svigor""",
        changing=rf"""\b(?:(?:atualiz|alter|modific)(?:amos|aremos)|vamos\s(?:atualizar|alterar)|iremos\s(?:atualizar
              |alterar)
              |estamos\s(?:a\s)?(?:atualiza|altera)\w+){_OTHERS}{{0,60}}DOCUMENT
            | DOCUMENT{_OTHERS}{{0,40}}\b(?:mudar(?:á|ão)|(?:será|serão)\s(?:atualiz|alter|modific|substitu))""",
        changes=r"alterações | mudanças | atualizações | modificações",
        maybe=r"""[Cc]aso | poder\w+ | podemos | podem? | [Ss]e\s(?:você|o|a|nós|houver|não) | reserva\w* | salvo
            | dias\s(?:antes|após|depois)""",
    ),
    "nl": _words(
        document=r"""(?:algemene\s)?(?:gebruiks|verkoop|leverings|service)?voorwaarden | \w*beleid | \w*verklaring
            | (?:gebruikers)?overeenkomst | versie | richtlijnen | reglement""",
        own=r"deze | dit | onze | ons | nieuwe? | bijgewerkte | gewijzigde | herziene | aangepaste | vernieuwde",
        effect=r"""in\swerking | van\skracht | van\stoepassing | geld(?:t|en) | ga(?:at|an)(?:\sop\s.{1,25})?\sin
              | ingaan
            | ga(?:at|an)\svanaf""",
        changing=rf"""(?:\bwe|\bwij)\s(?:werken|wijzigen|passen|vernieuwen|veranderen){_OTHERS}{{0,60}}DOCUMENT
            | \b(?:werken|wijzigen|passen|vernieuwen|veranderen)\s(?:we|wij)\b{_OTHERS}{{0,60}}DOCUMENT
            | DOCUMENT{_OTHERS}{{0,20}}\b(?:wijzig(?:t|en)|verander(?:t|en))\b
            | DOCUMENT\sword(?:t|en)\b.{{0,40}}\b(?:gewijzigd|bijgewerkt|aangepast|vervangen)""",
        changes=r"wijzigingen | veranderingen | aanpassingen | updates",
        maybe=r"""[Aa]ls\s(?:u|je|wij|we|er) | [Ii]ndien | kan | kunnen | [Tt]enzij | behoud\w* | mocht\w*
            | dagen\s(?:voor|na|voordat|nadat)""",
    ),
    "pl": _words(
        document=r"""regulamin\w* | warunk\w+ | polityk\w+ | umow\w+ | wersj\w+ | oświadczeni\w+ | postanowieni\w+""",
        own=r"niniejsz\w+ | ta | te | ten | nasz\w* | now[aeyiąm]\w* | zaktualizowan\w+ | zmienion\w+ | przyszł\w+",
        new=r"zaktualizowan\w+ | zmienion\w+",
        effect=r"(?:wejd|wchodz)\w+\sw\sżycie | obowiązyw\w+ | obowiązuj\w+",
        changing=rf"""\b(?:aktualizujemy|zmieniamy|zaktualizujemy|zmienimy
              |wprowadzamy\szmiany\b){_OTHERS}{{0,60}}DOCUMENT
              | DOCUMENT{_OTHERS}{{0,40}}\b(?:zmieni\w*\ssię|zostan\w+\s(?:zmienion|zaktualizowan|zastąpion)
              |uleg(?:nie|ną)\szmianie)""",
        changes=r"zmiany | aktualizacje",
        maybe=r"""[Jj]eśli | [Jj]eżeli | mo(?:że|gą|żemy)\w* | w\sprzypadku | zastrzega\w* | o\sile
              | dni\s(?:przed|po|od)""",
    ),
    "zh": _words(
        parted=False,
        document=r"条款 | 协议 | 政策 | 声明 | 版本 | 條款 | 協議 | 聲明",
        own=r"本 | 我们的 | 我們的 | 新 | 更新后的 | 修订后的 | 修改后的 | 更新版 | 修訂後的 | 此",
        effect=r"生效 | 施行 | 实施 | 實施 | 起适用 | 起適用",
        changing=r"""(?:将|將|拟|即将|计划).{0,25}(?:更新|修订|修改|变更|調整|修訂|變更|调整).{0,20}DOCUMENT
            | DOCUMENT.{0,10}(?:将|將).{0,20}(?:更新|修订|修改|变更|調整|修訂|變更|调整)""",
        changes=r"更新 | 修订 | 修改 | 变更 | 修訂 | 變更",
        maybe=r"如果 | 如有 | 可能 | 若 | 有权 | 有權 | 保留 | 如您 | 日前 | 天前",
    ),
    "ja": _words(
        parted=False,
        document=r"規約 | ポリシー | 約款 | 契約 | 方針 | ガイドライン | 条件 | 版",
        own=r"本 | この | 当社の | 弊社の | 新し?い? | (?:改定|改訂|変更|更新|改正)後の?",
        effect=r"施行 | 発効 | 効力を?(?:発生|生じ|有) | 適用 | 実施",
        changing=r"""DOCUMENT.{0,20}(?:改定|改訂|変更|更新|改正)(?:を?(?:いた)?します|する(?:予定|こと)|を(?:行|実施)|され|予定)
            | (?:改定|改訂|変更|更新|改正)後?の.{0,12}DOCUMENT.{0,20}適用""",
        changes=r"改定 | 改訂 | 変更 | 更新 | 改正",
        maybe=r"場合 | ことがあ | 可能性 | もし | 日前",
    ),
}  # fmt: skip

# What was done to an agreement of which the next sentence says from when that counts.
RENEWED = re.compile(
    r"""updat|chang|revis|amend|modif|aktualisier|geänder|überarbeit|mis\w*\sà\sjour|actualiz|aggiorn|atualiz|alterad
        |bijgewerkt|gewijzigd|zaktualiz|zmieni|更新|修订|修改|变更|修訂|變更|改定|改訂|変更""",
    re.IGNORECASE | re.VERBOSE,
)

# Before a date, or after it in Japanese and Chinese: what ends then instead of beginning.
UNTIL = re.compile(
    r"""\b(?:until|till|through|before|by|prior\sto|bis|vor|jusqu['’]\w+|avant|hasta|antes|fino|prima|entro|até|tot
              |v[oó][oó]r|do|przed)
        \b[\w\s:]{0,14}$""",
    re.IGNORECASE | re.VERBOSE,
)
UNTIL_AFTER = re.compile(r"\s*(?:まで|以前|之前|止|为止|前)")

# Whose own dates a document tells of: laws come into force as well.
LAW = re.compile(
    r"""\b(?:acts?|laws?|regulations?|directives?|statutes?|legislation|gdpr|ccpa|cpra|\w*gesetz\w*|\w*verordnung\w*
              |lois?
        |règlement\s(?:\(|européen|général)|ley(?:es)?|legg[ei]|leis?|wet(?:ten|geving)?|ustaw\w*)\b|法律|法规|法令|条例""",
    re.IGNORECASE | re.VERBOSE,
)

# The kinds of agreements: a page may announce those of another page.
KINDS: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"""privacy|datenschutz|confidentialité|données\spersonnelles|vie\sprivée|privacidad|riservatezza|privacidade
            |prywatnoś|隐私|隱私|プライバシー|個人情報|个人信息""",
        re.IGNORECASE | re.VERBOSE,
    ),
    re.compile(
        r"""terms|conditions|bedingungen|\bAGB\b|\bCG[UVS]\b|términos|condiciones|termini|condizioni|termos|condições
            |voorwaarden|regulamin|服务条款|服務條款|用户协议|使用条款|利用規約|約款""",
        re.IGNORECASE | re.VERBOSE,
    ),
    re.compile(r"cookies?", re.IGNORECASE),
)

# Which of several versions is meant.
PREVIOUS = re.compile(
    r"""\b(?:previous|prior|old|former|earlier|archived|superseded|past|outdated|bisherige\w*|frühere\w*|vorherige\w*
        |alte\w*|précédente?s?|ancien(?:ne)?s?|antérieure?s?|anterior(?:es)?|antigu[ao]s?|precedent[ei]|vecchi[ao]
        |antig[ao]s?|vorige|eerdere|oude|poprzedni\w*|star[aey])\b|以前|旧|舊|上一|之前|历史|歷史|過去|改定前""",
    re.IGNORECASE | re.VERBOSE,
)
CURRENT = re.compile(
    r"""\b(?:current(?:ly)?|aktuelle?\w*|derzeit\w*|geltende\w*|actuelle?s?|actual(?:es)?|attual[ei]|atua(?:l|is)
        |huidige|obecn\w+|aktualn\w+)\b|当前|現在|现行|現行""",
    re.IGNORECASE | re.VERBOSE,
)
COMING = re.compile(
    r"""\b(?:upcoming|future|coming|new|next|künftig\w*|zukünftig\w*|neue\w*|nouvel(?:le)?s?|futur[aeo]?s?|próxim\w*
        |nuev[ao]s?|nuov[aoie]|prossim[aoie]|nov[ao]s?|nieuwe|toekomstige|now[aey]|przyszł\w*)\b|新|将来|即将|今後""",
    re.IGNORECASE | re.VERBOSE,
)
