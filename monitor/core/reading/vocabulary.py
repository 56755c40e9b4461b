"""The words by which pages are judged, in ten languages: legal ones, those of furniture, those of bad captures.

They are general: a rule that knows one site doesn't belong here.
"""

from __future__ import annotations

import re


def words_of(text: str) -> frozenset[str]:
    """The words of a text written one after the other."""
    return frozenset(text.split())


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


# ── What a legal text says ───────────────────────────────────────────────────────────────────────────────────────
# Stems, matched anywhere in the casefolded text. A text with several of them is likely to be an agreement.

LEGAL_STEMS: tuple[str, ...] = (
    # English
    "agreement", "terms", "liab", "warrant", "govern", "jurisdiction", "personal data", "privacy", "consent",
    "terminat", "indemn", "licen", "intellectual property", "confidential", "arbitrat", "controller", "processor",
    "third part", "obligation", "comply", "personal information", "policy",
    # German
    "haftung", "vertrag", "nutzungsbedingung", "datenschutz", "personenbezogen", "kündig", "gerichtsstand",
    "einwilligung", "gewährleistung", "anbieter", "bedingungen", "verantwortlich", "geschäftsbedingung", "widerruf",
    "rechtsgrundlage",
    # French
    "responsabilité", "conditions générales", "données personnelles", "données à caractère", "confidentialité",
    "contrat", "résiliation", "juridiction", "consentement", "propriété intellectuelle", "conditions d'utilisation",
    "obligation", "droit applicable", "traitement",
    # Spanish, Italian, Portuguese
    "responsabilidad", "condiciones", "datos personales", "contrato", "jurisdicción", "consentimiento", "privacidad",
    "encargado", "ley aplicable", "cláusula", "tribunales", "clausol", "sub-responsabil", "foro competente",
    "legge applicabile", "obrigaç", "lei aplicável", "legislação", "subcontratant",
    "responsabilità", "condizioni", "dati personali", "contratto", "giurisdizione", "consenso", "recesso",
    "titolare", "responsabilidade", "condições", "dados pessoais", "rescisão", "privacidade", "foro",
    # Dutch, Polish
    "aansprakelijk", "voorwaarden", "persoonsgegevens", "overeenkomst", "toestemming", "opzegg",
    "toepasselijk recht", "odpowiedzialnoś", "regulamin", "danych osobowych", "umow", "zgod", "prywatnoś",
    "wypowiedz", "postanowie", "powierz", "prawo właściwe", "rozporządz", "verwerker", "geschil", "rechter", "bepaling",
    # Chinese, Japanese
    "责任", "協議", "协议", "条款", "隐私", "个人信息", "法律", "同意", "終止", "终止",
    "管辖", "條款", "隱私", "個人資料", "信息处理", "保密", "受托", "規約", "責任", "個人情報", "契約", "準拠法",
    "裁判所", "禁止",
    "免責", "同意", "プライバシー", "利用者", "委託", "法令",
)  # fmt: skip

# ── The furniture of a page ──────────────────────────────────────────────────────────────────────────────────────

CHROME_TAGS = frozenset({"nav", "aside", "dialog", "menu"})
CHROME_ROLES = words_of(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar tooltip"
)
# Names of classes and ids, as whole words of them: "site-nav" has nav, "navy" hasn't. Names are given for content, too
# ("information-sharing"), so that what is dropped by name must also look like furniture.
MENU_WORDS = words_of(
    """nav navbar navigation navi topnav subnav menu submenu megamenu breadcrumb breadcrumbs sidebar sidenav pagination
    pager toc skip skiplink"""
)
EXTRA_WORDS = words_of(
    """share sharing social socials related newsletter subscribe feedback helpful vote votes comments modal popup
    popover drawer promo promotion advert advertisement ads searchbox searchbar lightbox toast snackbar
    livechat chatbot"""
)
OUTER_CHROME_WORDS = frozenset({"header", "footer", "masthead", "topbar", "banner", "colophon", "bottombar"})
PICKED_WORDS = frozenset({"language", "lang", "locale", "country", "region", "version", "versions"})
PICKER_WORDS = frozenset({"switcher", "selector", "picker", "select", "dropdown", "chooser", "menu"})
CONSENT_WORDS = frozenset({"cookie", "cookies", "consent", "gdpr", "ccpa"})
COOKIE_WORDS = ("cookie", "クッキー", "ciasteczk")
CONSENT_SHAPES = words_of(
    """banner bar notice popup modal overlay dialog message wall box prompt preferences settings manager container sdk
    root cmp consent notification preference center centre layer popin panel"""
)
# What a dialog that asks for cookies may be called without a word of consent.
DIALOG_WORDS = words_of("modal popup popin dialog overlay preference preferences settings cmp lightbox drawer")
HIDDEN_CLASSES = words_of(
    """sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only screenreader u-visually-hidden
    assistive-text hidden-visually a11y-hidden is-visually-hidden"""
)

# Whole short lines that are never terms: buttons, counters, invitations.
FURNITURE_LINE = re.compile(
    r"""(?:
      (?:skip|jump|go|direkt|aller|ir|salta|vai|pular|ga|przejdź)\s(?:directly\s)?(?:to|zum|au|al|a|ao|para|naar
        |do)\s.{3,30}
    | (?:back\sto\stop|nach\soben|retour\sen\shaut|haut\sde\spage|volver\sarriba|torna\s(?:su|all'inizio)
        |voltar\sao\stopo
        |volver\sal\s(?:inicio|principio)(?:\sde\sla\spágina)?|voltar\sao\sinício|haut\sde\sla\spage
        |(?:terug\s)?naar\sboven|(?:wróć\s)?do\sgóry|返回顶部|回到顶部|(?:ページの?(?:先頭|トップ)|トップ)へ(?:戻る)?)
    | (?:share|print|download|copy(?:\slink)?|print\sthis\spage|download\spdf|save\sas\spdf|drucken|teilen|imprimer
        |partager
        |imprimir|compartir|stampa|condividi|partilhar|compartilhar
        |afdrukken|delen|deel|drukuj|wydrukuj|udostępnij|打印|分享|印刷|共有)
      (?:\s(?:(?:this|cette|cet|esta|este|questa|questo|deze|dit|tę|ten)\s)?(?:page|article|pdf|link|página|artículo
        |pagina|articolo|artigo|artikel|stronę|artykuł))?
    | (?:(?:diese[nr]?|deze|dit)\s)?(?:seite|artikel|beitrag|pagina)\s(?:drucken|teilen|delen|afdrukken|printen)
    | (?:打印|列印|分享|收藏)(?:本页|此页|本文|页面) | (?:この)?(?:ページ|記事)を(?:共有|印刷|シェア)(?:する)?
    | (?:table\sof\scontents|contents|on\sthis\spage|in\sthis\sarticle|inhalt|inhaltsverzeichnis|auf\sdieser\sseite
        |sommaire
        |table\sdes\smatières|dans\scet\sarticle|índice|contenido|indice|conteúdo|inhoud(?:sopgave)?|spis\streści
        |tabla\sde\scontenidos?|en\sest[ea]\s(?:página|artículo)|sommario|in\squest[ao]\s(?:pagina|articolo)|sumário
        |nest[ea]\s(?:página|artigo)|op\sdeze\spagina|in\sdit\sartikel|na\stej\sstronie|w\stym\sartykule
        |sur\scette\spage|in\sdiesem\s(?:artikel|beitrag)|目录|目次|本页内容|本文内容|(?:この)?ページの内容)
    | (?:was|did|is|were)\s(?:this|you)\s.{0,40}(?:helpful|useful|answer|help|find).{0,40}\??
    | (?:war\sdieser\sartikel|cet\sarticle\svous|¿?(?:te|le|fue)\s.{0,20}útil|questo\sarticolo\sè).{0,50}\?
    | ¿?(?:(?:ha\ssido|han\ssido|es|era)\s)?(?:útil|útiles)\s(?:est[aeo]s?|la|el)\b.{0,30}\?
    | ¿?(?:fanden\ssie|war)\s(?:dies|das|diese\w?)\b.{0,30}\s(?:hilfreich|nützlich)\?
    | hai\strovato\sutile\s.{0,30}\? | heeft\s(?:dit|deze)\s.{0,20}\sgeholpen\?
    | ¿?(?:est[aeo]|ist?o|isso|quest[aeo]|dit|deze|was\s(?:dit|deze)|czy\st[aeo]n?|vond\s(?:je|u)|les?|ces?|cette|cet)
      \s(?:.{0,40}\s)?(?:útil|utile|utiles|nuttig|behulpzaam|handig|pomocn[aey]|przydatn[aey]|przydał[aoy]?|ajudou|ayudó)(?:\s.{0,12})?\?
    | .{0,12}(?:有帮助|有用|帮到[您你])[吗么]?[？?] | .{0,8}(?:お?役に立ち|参考になり)ました(?:でしょう)?か
    | [\d,.\s]+\s(?:out\sof|of|von|sur|de|di|van|z)\s[\d,.\s]+\s.{0,20}(?:found|fanden|ont|encontr|trov|vond
        |uzna).{0,30}
    | .{0,30}[\d,.]+\s(?:people|users|persons|personen|personnes|personas|persone|pessoas)\s.{0,20}(?:found|fanden
        |ont|find).{0,30}
    | (?:a\s)?[\d.,]+\s(?:de|di|van|z)\s[\d.,]+\s(?:\w+\s){0,3}(?:útil|utile|nuttig|acharam|considera|uważa).{0,30}
    | (?:a\s)?[\d.,]+\sde\s[\d.,]+\s(?:\w+\s){0,5}útil
    | .{0,70}(?:útil|utile|nuttig|przydatn\w+|pomocn\w+|hilfreich)(?:\s\w+)?\s?:\s?[\d.,]+\s(?:de|di|su|sur|van|von|z)
        \s[\d.,]+
    | [\d,]+\s?人中有?\s?[\d,]+\s?人.{0,16}(?:有帮助|有用|役に立|参考にな).{0,10}
    | [\d.,]+\s(?:views?|likes?|comments?|shares?|reads?|votes?|aufrufe|vues|vistas)
    | [\d.,]+\s?(?:min(?:ute)?n?s?\.?|minutos|minuti|minuten|分)\s?(?:read(?:ing)?(?:\stime)?|lesezeit|de\slecture
        |de\slectura|di\slettura|de\sleitura|leestijd|lezen|czytania|で読めます|で読了|阅读|读完)
    | [\d.,]+\s?minut[ay]?\sczytania | (?:阅读|读完|预计阅读)(?:约|大约|需)?\s?[\d.,]+\s?分钟?
    | (?:reading\stime|lesezeit|temps\sde\slecture|tiempo\sde\slectura|tempo\sd[ie]\sle(?:ttura|itura)|leestijd
        |czas\sczytania|(?:预计)?阅读时[间长]|読了(?:時間|目安))\W.{1,20}
    | (?!.{0,40}\b(?:than|within|least|before|after|until)\b)
      (?:.{0,30}\s)?(?:updated|modified|edited|published|posted|aktualisiert|mis\sà\sjour|modifié|actualizado
        |aggiornato|atualizado|bijgewerkt)?\W{0,3}
      (?:(?:about|over|almost)\s)?(?:an?|one|\d+)\s(?:second|minute|hour|day|week|month|year)s?\sago(?:\W.{0,60})?
    | (?!.{0,40}\b(?:als|innerhalb|bis|moins|plus|avant|más|menos|hasta|meno|più|entro|mais|até|minder|meer|langer
        |binnen|mniej|więcej|ponad|sprzed)\b|.{0,40}[のはがをにでまら在至]\s?\d)
      (?:.{0,30}\s)?(?:vor\s(?:einem|einer|\d+)\s(?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?
        |jahr(?:en)?)
        |il\sy\sa\s(?:une?|\d+)\s(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?)
        |hace\s(?:una?|\d+)\s(?:minutos?|horas?|días?|semanas?|mes(?:es)?|años?)
        |(?:un[ao]?|\d+)\s(?:minut[io]|or[ae]|giorn[io]|settiman[ae]|mes[ei]|ann[io])\sfa
        |há\s(?:uma?|\d+)\s(?:minutos?|horas?|dias?|semanas?|m[eê]s(?:es)?|anos?)
        |(?:een|één|\d+)\s(?:minu(?:ut|ten)|uur|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|jaar)\sgeleden
          (?:\s(?:bijgewerkt|gewijzigd|geplaatst|gepubliceerd))?
        |(?:minutę|godzinę|dzień|tydzień|miesiąc|rok|\d+\s(?:minut[ęy]?|godzin[ęy]?|dni|tygodni[e]?|miesi[ąę]c\w{1,2}
          |lata?))\stemu
        |\d+\s?(?:分钟|小时|天|周|个月|年)前(?:更新|发布|修改|编辑)?
        |\d+\s?(?:分|時間|日|週間|[かヶカケヵ]月|年)前(?:に?(?:更新|公開|投稿|編集))?)
    | (?:related|popular|recommended|similar|recently\sviewed|ähnliche|verwandte|articles\sassociés
        |articles\sconnexes)\s(?:articles?|posts?|topics?|content|beiträge|artikel)
    | articles\s(?:associés|connexes|liés|similaires|recommandés) | art[ií]culos\s(?:relacionados|recomendados)
    | (?:contenido|conteúdo)s?\srelacionados? | contenuti\scorrelati | gerelateerde\sinhoud | powiązane\streści
    | (?:leer|ler|leia|saber|saiba)\sm[aá]i?s | lees\smeer | meer\s(?:lezen|tonen) | (?:leggi|scopri)\s(?:di\s)?più
    | (?:czytaj|zobacz|pokaż|dowiedz\ssię)\swięcej | mehr\s(?:lesen|erfahren|anzeigen) | weiterlesen | lire\sla\ssuite
    | en\ssavoir\splus | 阅读全文 | (?:查看|了解|显示|加载)更多 | 続きを(?:読む|見る) | もっと(?:見る|読む)
    | (?:descargar|baixar|descarregar|scarica|pobierz|télécharger(?:\sle)?)\spdf | pdf\s(?:herunterladen|downloaden)
    | 下载\s?pdf | pdf\s?を?ダウンロード | (?:copiar|copia|copier|s?kopiuj)\s(?:(?:el|o|il|le)\s)?(?:enlace|link|lien)
    | link\skop(?:ieren|iëren) | 复制链接 | (?:リンク|url)をコピー | síguenos | seguici | siga-nos
    | volg\sons | suivez-nous | folgen\ssie\suns | obserwuj\snas | 关注我们 | フォローする
    | articoli\s(?:correlati|consigliati) | artigos\s(?:relacionados|recomendados)
    | (?:gerelateerde|verwante|aanbevolen)\sartikelen | (?:powiązane|podobne|polecane)\sartykuły
    | (?:相关|推荐|热门)(?:文章|内容|阅读) | (?:関連|おすすめの?|人気の?)(?:記事|コンテンツ)
    | (?:copyright\s*|版权所有\s*)?(?:©|\(c\))\s*(?:copyright\s*)?\d{4}(?:\s?[-–—]\s?(?:\d{2}|\d{4}|present))?
      [\s.,|·-]{0,3}[^.;:]{0,60}
    | (?:copyright\s*|版权所有\s*)?(?:©|\(c\))\s*.{0,90}(?:all\srights\sreserved|alle\srechte\svorbehalten
        |tous\sdroits\sréservés|(?:todos\s)?los\sderechos\sreservados|tutti\si\sdiritti\s(?:sono\s)?riservati
        |(?:todos\s)?os\sdireitos\sreservados|alle\srechten\svoorbehouden|wszelkie\sprawa\szastrzeżone|版权所有
        |保留(?:所有|一切)权利)
    | (?:see|show|view|hide)\sdetails|details\s(?:anzeigen|ausblenden|weergeven|tonen)|(?:voir|afficher)\sles\sdétails
        |(?:ver|mostrar)\s(?:detalles|detalhes)|(?:mostra|vedi)\sdettagli|pokaż\sszczegóły|查看详情|詳細を(?:見る|表示)
    | (?:read|show|load|see|view)\s(?:more|less|all)|expand\sall|collapse\sall|close|ok|menu|search|loading\W*
    | (?:sign|log)\s(?:in|up|out)|follow|subscribe|contact\ssupport|submit\sa\srequest|return\sto\stop
    )\W{0,3}""",
    re.IGNORECASE | re.VERBOSE,
)

# The line of the year below a text: a sign, a year, at most a short name. A sentence about copyright is none.
COPYRIGHT_LINE = re.compile(r"(?:(?:[^\W\d_a-z]|\d)[\w'&-]*\s){0,3}(?:[Cc]opyright\s*)?©\s*(?:(?:19|20)\d\d)?")
BARE_YEAR = re.compile(r"(?:19|20)\d\d")

# What stands over a list of thanked people. "Acknowledgement" isn't here: under it people accept risks and duties.
THANKS_HEADING = re.compile(
    r"""\W*(?:(?:our|security|the)\s)*(?:
      (?:wall|hall)\sof\s(?:fame|thanks|honou?r) | (?:special\s)?thanks?(?:\syou)?(?:\sto.{0,40})?
    | (?:ruhmeshalle|danksagung(?:en)?|unser\sdank|dank\san.{0,30}) | (?:nos\s)?remerciements? | tableau\sd['’]honneur
    | (?:sal[oó]n\sde\sla\sfama|agradecimientos?) | (?:albo\sd['’]onore|ringraziamenti)
    | (?:hall\sda\sfama|agradecimentos?) | (?:eregalerij|dankbetuiging(?:en)?|met\sdank\saan.{0,30})
    | (?:galeria\ssław|podziękowania) | 致谢|鸣谢|感谢名单|名人堂 | 謝辞|感謝|殿堂
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
THANKFUL = _any_of(
    r"\bthank", r"\bgrateful", r"\b(?:wir )?(?:be)?danken?\b", r"\bdankbar", r"remerci", r"reconnaissant",
    r"agrade[cç]", r"\bgracias\b", r"ringrazi", r"\bgrazie\b", r"obrigad", r"dziękuj", r"podziękow",
    r"感谢|致谢|鸣谢|谢意", r"感謝|御礼|お礼|謝意",
)  # fmt: skip

# What is said to screen readers only, at the end of a link.
LINK_SUFFIX = re.compile(
    r"""\s*[(\[]?\s*(?:
      (?:(?:this\s)?link\s)?(?:opens?|opening|will\sopen)\s(?:up\s)?in\s(?:an?\s)?(?:new|other|another
        |external)\s(?:browser\s)?(?:window|tab|page|site)(?:\sor\stab)?
    | external\s(?:link|site|website)
    | (?:wird\s|öffnet\s(?:sich\s)?)?in\s(?:einem\s)?neue[nms]?\s(?:fenster|tab|reiter)(?:\sgeöffnet)?
    | (?:s[’']ouvre|ouvre|ouverture)\s(?:dans|d[’']un)\s(?:une?\s)?(?:nouvel(?:le)?)\s(?:fenêtre|onglet)
        | nouvelle\sfenêtre
    | (?:se\s)?abre\s(?:en|em|numa)\s(?:una?\s|uma?\s)?(?:nueva|nova|novo|otra)\s(?:ventana|pestaña|janela|aba
        |separador|guia)
    | si\sapre\sin\suna\s(?:nuova|altra)\s(?:finestra|scheda)
    | (?:opent\sin\s(?:een\s)?nieuw\s(?:venster|tabblad))
    | otwiera\ssię\sw\snowym\s(?:oknie|zakładce|karcie) | (?:otwiera|link).{0,10}nowe\sokno
    | (?:在)?新(?:窗口|标签页?|視窗)(?:中)?(?:打开|開啟) | 新しい(?:ウィンドウ|タブ)で(?:開きます?|開く)
    )\s*[)\]]?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)

# ── Bad captures ─────────────────────────────────────────────────────────────────────────────────────────────────

CHALLENGE = _any_of(
    r"just a moment", r"checking (?:if the site|your browser)",
    r"verif(?:y|ying|ication) (?:that )?you(?:'re| are) (?:a )?(?:not a robot|human)", r"are you (?:a robot|human)",
    r"i'?m not a robot", r"enable javascript and cookies", r"attention required",
    r"access (?:to this page has been |is |was )?denied", r"unusual (?:traffic|activity)",
    r"complete the security check", r"(?<!re)captcha", r"request (?:was |has been )?blocked", r"you have been blocked",
    r"ddos protection", r"automated (?:access|requests|queries)", r"security (?:check|verification)",
    r"performing security verification", r"bot (?:detection|protection|check)", r"\bray id\b",
    r"browser wird überprüft",
    r"sicherheitsüberprüfung", r"zugriff verweigert", r"bestätigen sie, dass sie ein mensch",
    r"vérification (?:de sécurité|que vous)", r"vérifiez que vous êtes", r"accès refusé",
    r"verifica(?:r|ndo)? que (?:eres|usted es|você é)", r"acceso denegado", r"accesso negato", r"acesso negado",
    r"toegang geweigerd", r"odmowa dostępu",
    r"kein roboter", r"(?:n[’']êtes pas|no (?:es|eres|soy)|non (?:sei|essere|sono)|não (?:é|sou)) u[nm] rob[oô]",
    r"geen robot", r"nie jeste(?:ś|m) robotem",
    r"安全(?:检查|验证)", r"请完成验证", r"(?:验证|确认)您(?:是真人|不是机器人)", r"人机验证", r"访问被拒绝",
    r"ロボットでは(?:ありません|ない)",
    r"セキュリティ(?:チェック|確認)", r"アクセスが拒否",
    r"(?:verif(?:icar?|ique|icando)|comprob(?:ar|ando)|confirm[ae]r?) (?:que|se) (?:eres|usted es|você é|é) human",
    r"verifica(?:re)? (?:di essere|che (?:tu )?sei) (?:un )?(?:uman|essere uman)", r"non sono un robot",
    r"no soy un robot", r"não sou um robô", r"controle(?:ren|er) (?:of|dat) (?:je|u) (?:een )?(?:mens|geen robot)",
    r"ik ben geen robot", r"sprawdz\w+, czy (?:jesteś|nie jesteś) (?:człowiekiem|robotem)", r"nie jestem robotem",
    r"(?:验证|确认)(?:您|你)?是(?:否(?:是|为)?)?(?:真人|人类|机器人)", r"我不是机器人", r"访问(?:受限|过于频繁)",
    r"人間であること", r"ボットでは(?:ない|ありません)",
)  # fmt: skip

# A page that isn't there, whatever answers in its place.
NOT_FOUND = _any_of(
    r"(?:page|document|article|file) (?:(?:that )?you(?: are| were|['’]re) (?:looking for|trying to \w+) )?"
    r"(?:(?:(?:could|can|was|is|has) ?(?:not|n['’]t)|cannot|can['’]t|not) (?:be |been )?(?:found|available)"
    r"|(?:does not|doesn['’]t|no longer) exists?|is no longer available)",
    r"(?:can|could)(?:not| not|n?['’]t) find (?:the|that|this) page",
    r"(?m:^\W*(?:not found|404)\W*$)", r"(?:error|erreur|fehler|errore|erro|fout|błąd|http|código)\W{0,3}404\b",
    r"(?m:^\W*404\s?[|:–—·-])", r"(?m:[|:–—·-]\s?404\W*$)", r"404 (?:not|page|error|seite|erreur)",
    r"seite (?:\w+ )?(?:wurde )?(?:leider )?nicht (?:gefunden|mehr verfügbar|vorhanden)",
    r"(?:seite|inhalt|dokument) (?:existiert|gibt es) (?:leider )?nicht", r"page (?:introuvable|non trouvée)",
    r"page (?:demandée |recherchée |que vous (?:cherchez|recherchez) )?"
    r"(?:n[’']existe (?:pas|plus)|n[’']a pas été trouvée|n[’']est (?:pas|plus) disponible|est introuvable)",
    r"página (?:solicitada |que (?:busca|buscas) )?no (?:encontrada|existe|disponible|se (?:ha )?enc\w+)",
    r"no (?:se (?:ha )?|hemos |pudimos )?encontr\w+ (?:la|esta) página",
    r"pagina (?:richiesta )?(?:non trovata|non (?:è )?disponibile)",
    r"pagina (?:che (?:cerchi|stai cercando) )?non (?:è stata trovata|esiste)",
    r"página (?:não (?:foi )?(?:encontrada|existe|disponível)|que (?:procura|você procura) não)",
    r"pagina (?:is |kan |kon |bestaat )?(?:helaas )?niet (?:gevonden|worden gevonden|meer)", r"pagina bestaat niet",
    r"nie (?:znaleziono|można znaleźć) (?:tej )?strony", r"stron[ya] (?:nie istnieje|nie została znaleziona)",
    r"页面(?:不存在|未找到|没有找到)", r"(?:找不到|无法找到)(?:该|此|您要的)?(?:页面|网页)",
    r"(?:お探しの|この)?ページ(?:は|が)(?:見つかりません(?:でした)?|存在しません|ございません)",
    r"gesuchte seite (?:existiert|gibt es|wurde)", r"(?:encontrar|encontramos) a página", r"encontrar la página",
    r"la página que (?:buscas|busca|has solicitado) no",
    r"pagina (?:die (?:je|u) zoekt )?(?:bestaat niet|kan niet worden gevonden|is niet beschikbaar)",
    r"stron\w+, której szukasz", r"您访问的(?:页面|网页)",
)  # fmt: skip

ERROR = _any_of(
    NOT_FOUND.pattern, r"no longer (?:exists|available)",
    # A number by itself: "500 Main Street" is an address.
    r"(?m:^\W*(?:40[034]|429|50[0234])\W*$)", r"(?m:^\W*(?:40[034]|429|50[0234])\s?[|:–—·-])",
    r"(?:error|erreur|fehler|errore|erro|fout|błąd|http|status|code)\W{0,3}(?:40[034]|429|50[0234])\b",
    r"\bnot found", r"\bforbidden\b", r"something went wrong|something[’']s gone wrong",
    r"(?:an|unexpected|internal|server|application) error", r"error occurred", r"doesn't exist",
    r"(?:temporarily|currently|service) unavailable", r"under maintenance", r"scheduled maintenance",
    r"try again later", r"\bw?h?oops", r"bad gateway", r"gateway time-?out", r"too many requests",
    r"client-side exception", r"etwas ist schief", r"fehler (?:ist )?aufgetreten", r"nicht (?:verfügbar|erreichbar)",
    r"wartungsarbeiten", r"versuchen sie es (?:später|noch)", r"une erreur (?:s[’']est produite|est survenue)",
    r"indisponible", r"en maintenance", r"réessaye[rz]", r"algo (?:salió|ha salido|ha ido) mal",
    r"se ha producido un error", r"no disponible", r"qualcosa è andato storto", r"si è verificato un errore",
    r"non disponibile", r"algo deu errado", r"ocorreu um erro", r"indisponível", r"er is (?:iets|een fout)",
    r"niet beschikbaar", r"coś poszło nie tak", r"wystąpił błąd", r"niedostępn", r"nie znaleziono",
    r"出错了", r"服务(?:暂时)?不可用", r"系统(?:繁忙|维护)", r"エラーが発生", r"お探しのページ", r"メンテナンス中",
    r"ご利用いただけません",
    r"réessayer plus tard", r"temporalmente (?:no disponible|fuera de servicio)", r"no está disponible temporalmente",
    r"(?:tareas|trabajos) de mantenimiento|en mantenimiento", r"inténtalo (?:de nuevo )?más tarde",
    r"(?:sito|pagina|servizio) in manutenzione", r"temporaneamente non disponibile", r"riprova più tardi",
    r"em manutenção", r"temporariamente indisponíve(?:l|is)", r"tente novamente mais tarde",
    r"(?:bezig met|wegens|in) onderhoud", r"tijdelijk niet (?:beschikbaar|bereikbaar)", r"probeer het later",
    r"(?:prace|przerwa) (?:konserwacyjn|techniczn)", r"spróbuj (?:ponownie )?później", r"(?:系统|网站)(?:正在)?维护",
    r"暂时(?:不可用|无法访问)", r"请稍后(?:再试|重试)", r"しばらく(?:して|経って)から(?:再度|もう一度)",
)  # fmt: skip

LOGIN = _any_of(
    r"(?:sign|log) ?in (?:to|with|or)", r"please (?:sign|log) ?in", r"forgot(?:ten)? (?:your )?password",
    r"create an account", r"login required", r"anmelden", r"einloggen", r"passwort vergessen", r"se connecter",
    r"connectez-vous", r"mot de passe oublié", r"iniciar sesión", r"inicia sesión",
    r"olvid(?:é|aste|ó) .{0,12}contraseña", r"\baccedi\b", r"password dimenticata", r"iniciar sessão",
    r"\bentrar\b(?! (?:em|en) vig)",
    r"esqueceu", r"inloggen", r"wachtwoord vergeten",
    r"zaloguj", r"nie pamiętasz hasła", r"登录", r"忘记密码", r"ログイン",
    r"パスワードを忘れ",
    r"melden sie sich an", r"hai dimenticato la password", r"faça (?:o )?login", r"log in op", r"zapomnia\w+ hasła",
    r"登入", r"サインイン",
)  # fmt: skip

CONSENT = _any_of(
    r"(?:we|our) (?:value|respect|care about) your privacy", r"accept (?:all )?(?:cookies)?", r"reject all",
    r"cookie (?:settings|preferences|consent)",
    r"(?:uses?|store|using|setzen|utilisons|usamos|utilizziamo|gebruiken|używamy) .{0,40}cookies",
    r"manage (?:options|preferences|choices)", r"privacy preference", r"our \d+ partners", r"alle akzeptieren",
    r"alle ablehnen",
    r"cookie-einstellungen", r"privatsphäre", r"tout accepter", r"tout refuser", r"accepter et continuer",
    r"continuer sans accepter", r"vie privée", r"(?:paramètres|préférences|gestion) (?:des |de )?cookies",
    r"(?:configuración|ajustes|impostazioni|definições|ustawienia|instellingen) .{0,10}cookie",
    r"cookie-?instellingen", r"aceptar (?:todo|todas|y continuar)", r"rechazar todo",
    r"accetta tutt[oi]", r"rifiuta tutt[oi]", r"aceitar tud[oa]s?", r"rejeitar tud[oa]s?", r"alles accepteren",
    r"alles weigeren", r"zaakceptuj", r"akceptuj(?:ę|) wszystk", r"接受所有", r"全部接受",
    r"すべて(?:の cookie を)?(?:同意|許可|受け入れ)",
    r"(?:valoramos|respetamos|valorizamos|respeitamos) .{0,8}(?:privacidade?)\b", r"rispetto della tua privacy",
    r"(?:respecteren|waarderen) (?:uw|je|jouw) privacy", r"(?:szanujemy|dbamy o) .{0,8}prywatność",
    r"(?:重视|尊重)[您你]的隐私", r"プライバシーを(?:尊重|大切)",
    r"odrzuć wszystk", r"全部拒绝|拒绝所有", r"すべて(?:の ?(?:cookie|クッキー) ?を)?拒否", r"クッキーを使用",
)  # fmt: skip

# Of those, what a dialog offers and a policy doesn't, and what it speaks of.
CHOICE = _any_of(
    r"(?:accept|allow|agree to|reject|decline|refuse|deny) (?:all|and|cookies|non-?essential|optional)",
    r"i (?:accept|agree)\b", r"(?:manage|more) (?:options|preferences|choices|settings)",
    r"cookie (?:settings|preferences)",
    r"(?:save|confirm) (?:my )?(?:preferences|choices|settings)", r"necessary (?:cookies )?only|only necessary",
    r"(?:alle )?(?:cookies )?(?:akzeptieren|ablehnen|zulassen)", r"nur notwendige", r"cookie-einstellungen",
    r"auswahl (?:speichern|bestätigen)", r"(?:tout )?(?:accepter|refuser)\b", r"continuer sans accepter",
    r"paramétrer|personnaliser (?:mes|vos|les) (?:choix|cookies)|gérer (?:mes|vos|les) (?:choix|cookies|préférences)",
    r"(?:aceptar|rechazar)\b", r"configurar cookies|gestionar (?:cookies|opciones)", r"(?:accetta|rifiuta)\b",
    r"gestisci (?:opzioni|preferenze)", r"(?:aceitar|rejeitar|recusar)\b", r"gerir (?:cookies|opções)",
    r"(?:alles|cookies) (?:accepteren|weigeren|toestaan)", r"(?:zaakceptuj|akceptuj|odrzuć)",
    r"(?:接受|拒绝|同意)(?:所有|全部)?(?:cookie)?", r"(?:全部|所有)(?:接受|拒绝)",
    r"(?:すべて|全て).{0,12}(?:同意|許可|受け入れ|拒否)",
    r"(?:m[áa]i?s|più) op(?:ciones|ções|zioni)", r"rechazar todo", r"meer opties", r"\bweigeren\b", r"więcej opcji",
    r"更多选项",
)  # fmt: skip

COOKIES = _any_of(r"cookies?", r"tracke?r", r"traceur", r"rastread", r"クッキー")

CONSENT_TALK = _any_of(
    COOKIES.pattern, r"\bpartners?\b", r"partenaires", r"\bpartnern?\b", r"consent",
    r"einwillig", r"zustimm", r"consenso", r"toestemming", r"\bzgod", r"personali[sz]", r"personnalis", r"personalis",
    r"advertis", r"werbung", r"anzeigen", r"publicit", r"publicid", r"pubblicit", r"reklam", r"advertent",
    r"\bsocios\b", r"parceiros", r"partnerzy", r"パートナー",
    r"accept all", r"reject all", r"広告", r"同意", r"广告", r"合作伙伴",
)  # fmt: skip

NEEDS_SCRIPT = _any_of(
    r"(?:enable|requires?|need(?:s)?|without|activate|turn on) (?:to enable )?javascript",
    r"javascript (?:is |to be )?(?:disabled|required|enabled|deaktiviert)",
    r"javascript (?:aktivieren|erforderlich)", r"activer javascript", r"habilit(?:ar|e|a) javascript",
    r"abilita(?:re)? javascript", r"javascript in te schakelen", r"włącz(?:yć)? (?:obsługę )?javascript",
    r"启用 ?javascript", r"javascript ?を有効", r"aktivieren sie (?:bitte )?javascript", r"javascript inschakelen",
    r"habilitar (?:o )?javascript", r"ative o javascript", r"activa(?:r|te)? (?:o )?javascript",
    r"attiva(?:re)? javascript", r"请开启 ?javascript", r"javascript ?をオン",
    r"redirecting", r"loading", r"weiterleitung", r"redirection en cours",
)  # fmt: skip


def legal_terms(text: str) -> int:
    """How many different legal stems a text has."""
    folded = text.casefold()
    return sum(1 for stem in LEGAL_STEMS if stem in folded)
