"""What words tell: signals and topics, by general word rules in ten languages.

Rules are about the law and its words, never about a site. Each is a list of beginnings of words or whole phrases; a
trailing `$` asks for the whole word. East Asian ones match anywhere, as these scripts don't separate words.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Topic(StrEnum):
    """What a changed sentence is about."""

    ARBITRATION = "arbitration"
    CLASS_ACTION = "class_action"
    LIABILITY_LIMITATION = "liability_limitation"
    INDEMNITY = "indemnity"
    WARRANTY = "warranty"
    DATA_SHARING = "data_sharing"
    TRAINING = "training"
    RETENTION = "retention"
    PRIVACY_RIGHTS = "privacy_rights"
    PRICE = "price"
    PAYMENT = "payment"
    RENEWAL = "renewal"
    TERMINATION = "termination"
    UNILATERAL_CHANGE = "unilateral_change"
    SUBPROCESSORS = "subprocessors"
    TRANSFERS = "transfers"
    GOVERNING_LAW = "governing_law"
    SECURITY = "security"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    ACCEPTABLE_USE = "acceptable_use"
    AGE = "age"


_WHOLE = re.compile(r"(?<=[\w)\]?])\$")  # where a rule asks for the end of a word


def _pattern(words: str) -> re.Pattern[str]:
    """One expression for a list of rules, one a line or separated by commas."""
    western: list[str] = []
    eastern: list[str] = []
    for rule in (part.strip() for part in re.split(r",\s|\n", words)):
        if not rule:
            continue
        target = western if re.match(r"[a-zà-ž(]", rule) else eastern
        target.append(_WHOLE.sub(r"(?!\\w)", rule).replace(" ", r"\s+").replace("'", "['’]"))
    sides = [rf"(?<!\w)(?:{'|'.join(western)})"] if western else []
    sides += ["|".join(eastern)] if eastern else []
    return re.compile("|".join(sides), re.IGNORECASE)


# Two kinds, counted apart: a prohibition that becomes an exception ("do not" to "may, unless") is no trade of equals.
NEGATION = {
    "denial": _pattern("""
        not$, no$, never$, neither$, nor$, none$, without$, cannot$, can't$, won't$, don't$, doesn't$, isn't$, aren't$
        shan't$, mustn't$
        nicht$, kein, nie$, niemals$, ohne$, weder$
        ne$, n'(?=\\w), pas$, jamais$, aucun, sans$, ni$
        nunca$, jamás$, tampoco$, ningún, ningun[ao], sin$, non$, mai(?!\\w|\\s\\d), nessun, senza$, né$
        não$, nem$, nenhum, sem$, niet$, geen$, nooit$, zonder$, noch$, nie$, żaden, żadn, bez$, nigdy$, ani$
        な(?<!なければな)(?<!なくてはな)い, ませ(?<!なければなりませ)(?<!なくてはなりませ)ん
        な(?<!少な)く(?!ては|なる), ず、, ずに, 禁止, 不, 未经, 未, 无, 無, 不得
    """),
    "exception": _pattern("""
        except$, unless$, außer$, es sei denn, ausgenommen$, sauf$, hormis$, excepté, à moins, salvo$, excepto$
        a menos que, tranne$, eccetto$, ad eccezione, a meno che, exceto$, tenzij$, behalve$, met uitzondering
        chyba że, z wyjątkiem, oprócz$, 除非, 除外, 除另有, 但书, を除, ただし, 但し
    """),
}

CONSENT = _pattern("""
    consent, opt(?:ed|s|ing)?[ -]?in$, opt(?:ed|s|ing)?[ -]?out$, permission, explicitly agree, by continuing
    you agree, your choice, withdraw, right to object, may object, object(?:s|ed)? to, turn(?:ed)? off, turn(?:ed)? on
    einwillig, zustimm, widersprech, widerspruch, widerruf, consentement, consentir, s'opposer, opposition, retirer
    consentimiento, oponer(?:se|te), oposición, consenso, acconsent, oppor(?:si|ti|vi), opposizione, revoca
    consentimento, opor-se, oposição, revogar, toestemming, instem, intrekken, bezwaar
    zgod, sprzeciw, wycofa, cofn, 同意, 承諾, 承诺, オプトイン, オプトアウト, 撤回, 异议, 選択
""")

MODALITY = {
    name: _pattern(words)
    for name, words in {
        "must": """
            must$, shall$, required to$, obliged to$, has to$, have to$, agree to$, muss$, müssen$, verpflichtet
            doit$, doivent$, tenue?s? de$, debe, deberá, obligad, (?:tiene|tendrá)n? que$, deve$, devono$, devi$, dovr
            (?:è|sono|sarà) tenut, obbligat, devem$, deverá, deverão$, (?:tem|têm|terá) (?:de|que)$, obrigad
            moet$, moeten$, dient$, dienen$, verplicht, musi$, muszą$, zobowiązan, なければなりません, なければならない
            なくてはなりません, なくてはならない, ものとします, ものとする, 義務を負, 必须, 必須, 应当, 應當""",
        "may": """
            may$, can$, could$, might$, entitled to$, reserves? the right, darf$, dürfen$, kann$, können$, berechtigt
            peut$, peuvent$, pourra, puede, podrá, può$, possono$, puoi$, potr(?:à|anno|ai|ebbe), pode$, podem$
            poderá, poderão$, mag$, mogen$, kan$, kunnen$, może$, mogą$, możesz$, możemy$, przysługuje$, uprawnion
            できます, できる, ことがあります, 場合があります, 可以, 可能会, 有权""",
        "will": "will$, wird$, werden$, sera$, seront$, will be$, zal$, zullen$, będzie$, będą$, 将",
        "should": """
            should$, sollte, devrait, devraient, dovrebbe, deveria, zou moeten, zouden moeten, behoort$, powin, należy$
            べき, 应该, 努める""",
        "effort": """
            reasonable(?:ly)?$, commercially reasonable, best efforts, sole discretion, at our discretion, as needed
            nach eigenem ermessen, angemessen, raisonnable, razonable, a (?:nuestra|su) (?:\\w+ )?discreción, procurar
            ragionevol, a (?:nostra|sua|propria) discrezione, si adopera, razoáve, a (?:seu|nosso) (?:\\w+ )?critério
            redelijk, naar eigen (?:inzicht|goeddunken), uzasadnion, według (?:\\w+ )?uznania, dokład\\w* starań
            裁量, 合理的, 自行决定, 酌情, 尽力""",
    }.items()
}

NUMBER = _pattern("""
    two$, three$, four$, five$, six$, seven$, eight$, nine$, ten$, twelve$, fourteen$, fifteen$, twenty$, thirty$
    sixty$, ninety$, hundred$, thousand$, million$, billion$, double$, twice$, half$
    zwei$, drei$, vier$, fünf$, sechs$, sieben$, acht$, neun$, zehn$, zwölf$, vierzehn$, fünfzehn$, zwanzig$, dreißig$
    sechzig$, neunzig$, hundert$, tausend$, deux$, trois$, quatre$, cinq$, sept$, huit$, neuf$, dix$, douze$, quinze$
    vingt$, trente$, soixante$, cent$, mille$, dos$, tres$, cuatro$, cinco$, seis$, siete$, ocho$, nueve$, diez$, doce$
    quince$, veinte$, treinta$, sesenta$, noventa$, cien$, mil$, due$, tre$, quattro$, cinque$, sette$, otto$, dieci$
    dodici$, quindici$, venti$, trenta$, sessanta$, novanta$, cento$, dois$, duas$, três$, quatro$, sete$, oito$, dez$
    doze$, (?:qu|c)atorze$, vinte$, trinta$, quarenta$, cinquenta$, sessenta$, cem$, catorce$, cuarenta$, cincuenta$
    doble$, doppio$, dobro$, mitad$, metà$, metade$, quattordici$, quaranta$, cinquanta$
    twee$, drie$, vijf$, zes$, zeven$, negen$, tien$, twaalf$, veertien$, dertig$, zestig$
    negentig$, veertig$, vijftig$, honderd$, duizend$, dubbele$, helft$, dwa$, dwóch$, trzy$, trzech$, cztery$
    czterech$, pięć$, pięciu$, sześć$, sześciu$, siedem$, siedmiu$, osiem$, ośmiu$, dziewięć$, dziewięciu$, dziesięć$
    dziesięciu$, dwanaście$, dwunastu$, czternaście$, czternastu$, piętnastu$, dwudziestu$, trzydzieści$, trzydziestu$
    sześćdziesięciu$, dziewięćdziesięciu$, stu$, tysiąc, połow
    [$€£¥]?\\s?\\d+(?:[.,:/]\\d+)*\\s?[%‰€£¥]?, [%‰§]
    [〇一二两三四五六七八九十百千万]+(?=[日月年個か天周時时週倍割％%]|[个個](?:月|工作日|自然日|小时|星期|年)|小时|分钟|分の)
""")

TOPICS: dict[Topic, re.Pattern[str]] = {
    Topic.ARBITRATION: _pattern("""
        arbitrat, arbitrator, aaa$, jams$, schiedsgericht, schiedsverfahren, schiedsspruch, arbitrage$, arbitral
        arbitraje, árbitro, arbitro, arbitri$, arbitrato, arbitragem, arbiters?$, arbitraż, 仲裁
    """),
    Topic.CLASS_ACTION: _pattern("""
        class action, class[ -]wide, class arbitration, representative (?:action|proceeding), collective action
        jury trial, trial by jury, sammelklage, musterklage, action (?:de groupe|collective), recours collectif
        acci(?:ón|ones) colectiva, demandas? colectiva, azion[ei] collettiv, azion[ei] di classe, aç(?:ão|ões) coletiva
        groepsvordering, collectieve (?:actie|vordering), poz\\w+ zbiorow, postępowani\\w* grupow
        集団訴訟, クラスアクション, 集体诉讼, 集體訴訟
    """),
    Topic.LIABILITY_LIMITATION: _pattern("""
        (?:total|aggregate|maximum|cumulative) liability, limitation of liability, limitations? on liability, liab
        haftung, haftet, haften$, responsabilité, responsabilidad, responsabilità, responsabilidade, aansprakelijk
        (?:no|non) (?:\\w+ ){0,2}?responsabil, daños$, respond(?:e|en|er|emos|erá|eremos) (?:de|por)$, danni$, danos$
        schade$, gevolgschade, szkod[yaęą]?$, odpowiedzialność, odpowiedzialności, 責任の制限, 賠償, 責任を負, 免責
        责任限制, 赔偿责任, 责任
    """),
    Topic.INDEMNITY: _pattern("""
        indemni, hold harmless, freistell, freizustellen, garantir et indemniser, indemnis, indemniz, indemnes?$, manlev
        indenn[ei]$, indeniz, vrijwa, zwoln\\w* (?:\\w+ ){0,3}?z (?:\\w+ )?odpowiedzialności, 補償, 赔偿
    """),
    Topic.WARRANTY: _pattern("""
        warrant(?:y|ies|s)?$, as is$, as available$, disclaim, gewährleistung, garantie, garantía, garanzi, garantia
        gwarancj, 保証, 保证, 担保
    """),
    Topic.DATA_SHARING: _pattern("""
        (?:shar|sell|sold|disclos)\\w* (?:\\w+ ){0,4}?(?:data|information|content)
        (?:not|may|will|never) (?:sell|share|disclose), third[ -]part(?:y|ies) (?:\\w+ )?(?:partner|advertis)
        advertising partner, affiliates, weitergabe, weitergegeben, an dritte, verkaufen, verkauft
        partage[rsz]?$, vend(?:re|ons|ent)$, à des tiers, divulg, compart, vend(?:er|emos), terceros, a terzi, condivi
        ced(?:er|emos|eremos) (?:\\w+ ){0,3}?(?:datos|información), soggetti terzi, terze parti
        comunic\\w+ (?:\\w+ ){0,3}?(?:datos|dati|dados)$, vend(?:iamo|erà|erá|ut[oaie]|ido), partilh, terceiros
        (?:met|aan) derden, delen wij, del(?:en|t) (?:\\w+ ){0,3}?(?:gegevens|persoonsgegevens|informatie), verkop
        verkoop, verstrek, udostępni, sprzeda, stronom trzecim, osob\\w+ trzeci
        przekaz\\w* (?:\\w+ ){0,3}?(?:dane|danych|informacj), 第三者, 共有, 提供, 共享, 第三方, 出售
    """),
    Topic.TRAINING: _pattern("""
        train$, trains$, trained$, training (?:of |our |its |the |any |ai |machine )*(?:model|data|algorithm|purpose)
        train (?:\\w+ ){0,3}?(?:model|algorithm), (?:model|ai) training
        (?:improve|develop) (?:\\w+ ){0,3}?(?:models?$|ai$)
        machine learning, fine-tun, trainieren, trainiert, training (?:der|von|unserer), maschinell\\w* lern
        entraîn, apprentissage automatique, entren(?:ar|amiento), aprendizaje automático, addestra, treina, treino
        machinaal leren, trainen, trenowa, szkoleni\\w* model, uczeni\\w* maszynow, 学習, トレーニング, 训练, 訓練
    """),
    Topic.RETENTION: _pattern("""
        retain, retention, delet(?:e|es|ed|ing|ion)$, storage period, keep (?:your|the|this|it|personal), kept for
        aufbewahr, speicherdauer, lösch, gelöscht, conserv, supprim, durée de conservation, conservación, eliminar
        suprim, supresión, borra, conservazione, cancell, retenção, armazenamento, eliminação, apaga, bewaar, bewaren
        verwijder, gewist, przechow, usuwa, usun, usunię
        保存, 保管, 削除, 保持, 保留, 删除, 存储期
    """),
    Topic.PRIVACY_RIGHTS: _pattern("""
        right (?:of|to) (?:access|erasure|rectification|portability|object|delet), data subject
        your (?:privacy )?rights
        auskunft, betroffenenrecht, droit d'accès, droits? de (?:rectification|effacement), derecho de acceso
        derechos de acceso, rectificación, interesados?$, diritto di accesso, diritti dell'interessato, interessato$
        rettifica, direitos? de acesso, titular(?:es)? dos dados, retificação, recht op (?:inzage|verwijdering)
        rectificatie, betrokkene, praw\\w* dostępu, sprostowani, osob\\w+,? (?:której|których) dane, 開示, 訂正
        利用停止, 请求权, 数据主体, 更正, 查阅, 查询权
    """),
    Topic.PRICE: _pattern("""
        fee$, fees$, price, pricing, charged? (?:\\w+ ){0,3}?(?:at|for|per|eur|usd)$, preis, gebühr, entgelt, prix$
        tarif, frais$, precio, tarifa, prezz[oi], corrispettiv, tariff, preço, taxas?$, prijs, prijzen, tarie[fv]
        vergoeding, cen[ayę]$, cennik, opłat, 料金, 価格, 手数料, 値上げ, 费用, 价格, 收费
    """),
    Topic.PAYMENT: _pattern("""
        payment, billing, billed$, refund, invoice, paid$, zahlung, rückerstatt, erstattung, rechnung
        paiement, rembours, pago, reembols, cobr(?:o|os|ar|amos|aremos)$, factur, pagament, rimbors, fattur, addebit
        cobranç, cobrad, faturamento$, faturas?$, betaling, terugbetal, factuur, facture, incass, płatnoś, zwrot, faktur
        支払, 返金, 課金, 付款, 支付, 退款, 账单
    """),
    Topic.RENEWAL: _pattern("""
        renew, auto-renew, verlänger, reconduction, renouvel, renovación, renueva, renovar, rinnov, renova, verleng
        przedłuż, odnow, odnaw, 更新され, 自動更新, 自动续, 续订, 续费
    """),
    Topic.TERMINATION: _pattern("""
        terminat, suspend, suspension, cancel, close your account, kündig, sperr, beendig, résili, suspendre
        résiliation
        rescis, rescind, suspensión, cancelación, recesso, recedere, risoluzione, sospen, rescindir, suspens, opzeg
        beëindig, opschort, blokke(?:er|ren), encerra(?:r|mos|mento|rá), chiudere (?:\\w+ )?account, wypowiedz, rozwiąza
        zawies, zablok, 解約, 解除, 退会, 終了, 停止, 终止, 暂停, 注销, 封禁
    """),
    Topic.UNILATERAL_CHANGE: _pattern("""
        (?:change|modify|amend|update|revise)s? (?:\\w+ ){0,3}?(?:terms|agreement|policy|conditions)
        change takes effect, changes? (?:\\w+ ){0,3}?(?:effective|notice), prior notice, without (?:prior )?notice
        (?:announce|notice of) (?:\\w+ ){0,3}?change
        änder\\w* (?:\\w+ ){0,4}?(?:bedingungen|vertrag|agb), modifi\\w* (?:\\w+ ){0,4}?(?:conditions|contrat)
        modific\\w* (?:\\w+ ){0,4}?(?:términos|condiciones|termini|condizioni)
        alter\\w* (?:\\w+ ){0,4}?(?:termos|condições)
        wijzig\\w* (?:\\w+ ){0,4}?voorwaarden, voorwaarden (?:\\w+ ){0,4}?(?:te )?(?:wijzig|aanpass|aan te passen)
        zmi(?:an|eni)\\w* (?:\\w+ ){0,4}?(?:regulamin|warunk), 規約[をの](?:変更|改定|改訂|修正)
        (?:修改|变更|更新|调整)(?:本|这些|上述)(?:协议|条款|规则|政策|服务)?, 修改本, 变更本
    """),
    Topic.SUBPROCESSORS: _pattern("""
        sub-?processor, unterauftragsverarbeiter, sous-traitant, subencargad, sub-?responsabil, subprocessador
        suboperador, subcontratant, subverwerker, pod(?:przetwarz|powierz), dalsz\\w+ podmiot
        podprocesor, podmiot\\w* przetwarzaj, 再委託, 復処理者, 子处理者, 再处理者
    """),
    Topic.TRANSFERS: _pattern("""
        transferred (?:to|outside), international transfer, standard contractual clauses, adequacy
        data privacy framework
        drittland, drittländer, standardvertragsklauseln, clauses contractuelles types, pays tiers
        cláusulas contractuales tipo, transferencias? internacional, clausole contrattuali tipo
        trasferi\\w* (?:\\w+ ){0,4}?(?:fuori|all'estero|paesi terzi|extra), cláusulas contratuais-?\\s?(?:tipo|padrão)
        transferências? internaciona, transferi\\w* (?:\\w+ ){0,4}?(?:países|exterior), doorgifte, doorge(?:geven|ven)
        modelcontract, przekaz\\w* (?:\\w+ ){0,3}?poza, państw\\w* trzeci, klauzul\\w* umown
        越境移転, 外国にある, 移転, 跨境, 境外, 出境
    """),
    Topic.GOVERNING_LAW: _pattern("""
        governing law, governed by, jurisdiction, courts? of$, venue$, anwendbares recht, gerichtsstand
        droit applicable
        tribunaux, juridiction, ley aplicable, jurisdicción, tribunales, legge applicabile, foro competente
        se rig(?:e|en|irá|irán)$, legislación, (?:regolat|disciplinat|rett)[oaie] dall, legge italiana
        lei aplicável, legislação, regid[oa]s? p, jurisdição, foro$, toepasselijk recht, recht van toepassing
        bevoegde rechter, rechtbank, prawo właściwe, praw\\w+ polski, sąd\\w* (?:powszechn\\w+ )?właściw
        準拠法, 管轄, 裁判所, 适用法律, 适用.{0,10}法律, 管辖, 人民法院
    """),
    Topic.SECURITY: _pattern("""
        security$, encrypt, data breach, security (?:incident|measure), verschlüssel, sicherheitsvorfall, datenpanne
        chiffr, violation de données, cifrad, violación de seguridad, crittograf, criptograf, versleutel, szyfrow
        (?:medidas|incidentes?|brechas?) de seguridad, (?:misure|incident[ei]) di sicurezza, violazion[ei] de[il] dati
        segurança$, violaç(?:ão|ões) de (?:dados|segurança), beveilig, datalek, zabezpiecz, bezpieczeństw
        naruszeni\\w* (?:ochrony|bezpieczeństwa), セキュリティ, 暗号, 安全管理, 漏えい, 安全, 泄露, 加密
    """),
    Topic.INTELLECTUAL_PROPERTY: _pattern("""
        intellectual property, licen[sc]e, copyright, trademark, ownership$, royalty, geistiges eigentum, urheberrecht
        lizenz, propriété intellectuelle, droits? d'auteur, propiedad intelectual, proprietà intellettuale
        derechos? de autor, licencias?$, licenz[ae]$, diritt\\w+ d'autore, licenças?$, direitos autorais, licentie
        auteursrecht, propriedade intelectual, intellectuele eigendom, własnoś\\w* intelektualn, licencj
        praw\\w* autorsk, 知的財産, 著作権, 許諾, ライセンス, 知识产权, 著作权, 许可, 版权
    """),
    Topic.ACCEPTABLE_USE: _pattern("""
        prohibit, may not use, must not use, acceptable use, forbidden, not permitted, restrictions? on
        reverse engineer
        untersagt, verboten, unzulässig, interdit, prohibid, prohíbe, vietat, proibid, proíbe, verboden
        niet toegestaan, zabronion, zabrania, zakazan, nie wolno$, 禁止, 不得使用, 不得利用
    """),
    Topic.AGE: _pattern("""
        years? (?:of age|old), minors?$, children, parental, under (?:the age of )?1[368]$, jahre alt, minderjährig
        mineur, menor(?:es)?$, mayor(?:es)? de (?:edad|1), niños$, minori$, minorenn, maggiorenn, bambin
        maior(?:es)? de (?:idade|1), crianças?$, minderjarig, kinderen$, leeftijd, pełnoletni, niepełnoletni, dzieci$
        未成年, 歳未満, 歳以上, 周岁, 儿童
    """),
}

# A change of these can limit people's rights, or what happens to their data and money.
WEIGHTY = frozenset(
    {
        Topic.ARBITRATION,
        Topic.CLASS_ACTION,
        Topic.LIABILITY_LIMITATION,
        Topic.DATA_SHARING,
        Topic.TRAINING,
        Topic.PRICE,
        Topic.RENEWAL,
        Topic.UNILATERAL_CHANGE,
    }
)
