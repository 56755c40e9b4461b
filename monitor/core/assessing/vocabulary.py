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


_WHOLE = re.compile(r"(?<=[\w)?])\$")  # where a rule asks for the end of a word


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
        nunca$, ningún, ninguna, sin$, non$, mai$, nessun, senza$, não$, nem$, nenhum, sem$
        niet$, geen$, nooit$, zonder$, nie$, żaden, żadn, bez$, nigdy$
        ない, ません, なく, ず、, ずに, 禁止, 不, 未经, 未, 无, 無, 不得
    """),
    "exception": _pattern("""
        except$, unless$, außer$, es sei denn, sauf$, salvo$, tranne$, exceto$, tenzij$, chyba że
    """),
}

CONSENT = _pattern("""
    consent, opt(?:ed|s|ing)?[ -]?in$, opt(?:ed|s|ing)?[ -]?out$, permission, explicitly agree, by continuing
    you agree, your choice, withdraw, right to object, may object, object(?:s|ed)? to, turn(?:ed)? off, turn(?:ed)? on
    einwillig, zustimm, widersprech, widerspruch, widerruf, consentement, consentir, s'opposer, opposition, retirer
    consentimiento, oponerse, consenso, acconsent, opporsi, revoca, consentimento, opor-se, toestemming, bezwaar
    zgod, sprzeciw, 同意, 承諾, オプトイン, オプトアウト, 撤回, 异议, 選択
""")

MODALITY = {
    name: _pattern(words)
    for name, words in {
        "must": """
            must$, shall$, required to$, obliged to$, has to$, have to$, agree to$, muss$, müssen$, verpflichtet
            doit$, doivent$, tenue?s? de$, debe, deberá, obligad, deve$, devono$, devem$, moet$, moeten$, verplicht
            musi$, muszą$, zobowiązan, なければなりません, なければならない, 必须, 必須, 应当, 應當""",
        "may": """
            may$, can$, could$, might$, entitled to$, reserves? the right, darf$, dürfen$, kann$, können$, berechtigt
            peut$, peuvent$, pourra, puede, podrá, può$, possono$, pode$, podem$, poderá, mag$, mogen$, kan$, kunnen$
            może$, mogą$, できます, ことができる, ことがあります, 可以, 有权""",
        "will": "will$, wird$, werden$, sera$, seront$, will be$, zal$, zullen$, będzie$, będą$, 将",
        "should": "should$, sollte, devrait, devraient, debería, dovrebbe, deveria, べき, 应该",
        "effort": """
            reasonable(?:ly)?$, commercially reasonable, best efforts, sole discretion, at our discretion, as needed
            nach eigenem ermessen, angemessen, raisonnable, razonable, ragionevol, razoável, redelijk, uzasadnion
            裁量, 合理的, 自行决定""",
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
    doze$, trinta$, cem$, twee$, drie$, vijf$, zes$, zeven$, negen$, tien$, twaalf$, veertien$, dertig$, zestig$
    negentig$, honderd$, duizend$, dwa$, dwóch$, trzy$, trzech$, cztery$, pięć$, sześć$, siedem$, osiem$, dziewięć$
    dziesięć$, dwanaście$, czternaście$, czternastu$, trzydzieści$, trzydziestu$
    [$€£¥]?\\s?\\d+(?:[.,:/]\\d+)*\\s?[%‰€£¥]?, [%‰§], [〇一二三四五六七八九十百千万]+(?=[日月年個か天周時时週%])
""")

TOPICS: dict[Topic, re.Pattern[str]] = {
    Topic.ARBITRATION: _pattern("""
        arbitrat, arbitrator, aaa$, jams$, schiedsgericht, schiedsverfahren, schiedsspruch, arbitrage$, arbitral
        arbitraje, arbitro, arbitrato, arbitragem, arbitraż, 仲裁
    """),
    Topic.CLASS_ACTION: _pattern("""
        class action, class[ -]wide, class arbitration, representative (?:action|proceeding), collective action
        jury trial, trial by jury, sammelklage, musterklage, action (?:de groupe|collective), recours collectif
        acción colectiva, azione collettiva, ação coletiva, groepsvordering, collectieve actie, pozew zbiorow
        集団訴訟, クラスアクション, 集体诉讼, 集體訴訟
    """),
    Topic.LIABILITY_LIMITATION: _pattern("""
        (?:total|aggregate|maximum|cumulative) liability, limitation of liability, limitations? on liability, liab
        haftung, haftet, haften$, responsabilité, responsabilidad, responsabilità, responsabilidade, aansprakelijk
        odpowiedzialność, odpowiedzialności, 責任の制限, 賠償責任, 損害賠償, 免責, 责任限制, 赔偿责任, 责任
    """),
    Topic.INDEMNITY: _pattern("""
        indemni, hold harmless, freistell, freizustellen, garantir et indemniser, indemnis, indemniz, manlev
        tenere indenne, vrijwar, zwolni\\w* z odpowiedzialności, 補償, 赔偿
    """),
    Topic.WARRANTY: _pattern("""
        warrant(?:y|ies|s)?$, as is$, as available$, disclaim, gewährleistung, garantie, garantía, garanzia, garantia
        gwarancj, 保証, 保证, 担保
    """),
    Topic.DATA_SHARING: _pattern("""
        (?:shar|sell|sold|disclos)\\w* (?:\\w+ ){0,4}?(?:data|information|content)
        (?:not|may|will|never) (?:sell|share|disclose), third[ -]part(?:y|ies) (?:\\w+ )?(?:partner|advertis)
        advertising partner, affiliates, weitergabe, weitergegeben, an dritte, verkaufen, verkauft
        partage[rsz]?$, vend(?:re|ons|ent)$, à des tiers, divulg, compart, vend(?:er|emos), terceros, a terzi, condivi
        partilh, terceiros, met derden, delen wij, verkopen, udostępni, sprzeda, stronom trzecim, 第三者, 共有, 提供
        共享, 第三方, 出售
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
        conservazione, cancell, retenção, armazenamento, eliminação, bewaar, bewaren, verwijder, przechow, usuwa, usun
        保存, 保管, 削除, 保持, 保留, 删除, 存储期
    """),
    Topic.PRIVACY_RIGHTS: _pattern("""
        right (?:of|to) (?:access|erasure|rectification|portability|object|delet), data subject
        your (?:privacy )?rights
        auskunft, betroffenenrecht, droit d'accès, droits? de (?:rectification|effacement), derecho de acceso
        diritto di accesso, direito de acesso, recht op inzage, prawo dostępu, 開示, 请求权, 数据主体
    """),
    Topic.PRICE: _pattern("""
        fee$, fees$, price, pricing, charged? (?:\\w+ ){0,3}?(?:at|for|per|eur|usd)$, preis, gebühr, entgelt, prix$
        tarif, frais$, precio, tarifa, prezzo, tariff, preço, taxas?$, prijs, vergoeding, cen[ay]$, opłat
        料金, 価格, 手数料, 费用, 价格
    """),
    Topic.PAYMENT: _pattern("""
        payment, billing, billed$, refund, invoice, paid$, zahlung, rückerstatt, erstattung, rechnung
        paiement, rembours, pago, reembols, pagament, rimbors, betaling, terugbetal, płatnoś, zwrot
        支払, 返金, 付款, 退款
    """),
    Topic.RENEWAL: _pattern("""
        renew, auto-renew, verlänger, reconduction, renouvel, renovación, renueva, renovar, rinnov, renova, verleng
        przedłuż, odnow, 更新され, 自動更新, 自动续, 续订, 续费
    """),
    Topic.TERMINATION: _pattern("""
        terminat, suspend, suspension, cancel, close your account, kündig, sperr, beendig, résili, suspendre
        résiliation
        rescis, rescind, suspensión, cancelación, recesso, recedere, risoluzione, sospen, rescindir, suspens, opzeg
        beëindig, opschort, wypowiedz, rozwiąza, zawies, 解約, 解除, 終了, 停止, 终止, 暂停
    """),
    Topic.UNILATERAL_CHANGE: _pattern("""
        (?:change|modify|amend|update|revise)s? (?:\\w+ ){0,3}?(?:terms|agreement|policy|conditions)
        change takes effect, changes? (?:\\w+ ){0,3}?(?:effective|notice), prior notice, without (?:prior )?notice
        (?:announce|notice of) (?:\\w+ ){0,3}?change
        änder\\w* (?:\\w+ ){0,4}?(?:bedingungen|vertrag|agb), modifi\\w* (?:\\w+ ){0,4}?(?:conditions|contrat)
        modific\\w* (?:\\w+ ){0,4}?(?:términos|condiciones|termini|condizioni)
        alter\\w* (?:\\w+ ){0,4}?(?:termos|condições)
        wijzig\\w* (?:\\w+ ){0,4}?voorwaarden, zmian\\w* (?:\\w+ ){0,4}?(?:regulamin|warunk)
        規約を変更, 規約の変更, 修改本, 变更本
    """),
    Topic.SUBPROCESSORS: _pattern("""
        sub-?processor, unterauftragsverarbeiter, sous-traitant, subencargad, sub-?responsabil, subprocessador
        subverwerker, podprocesor, podmiot\\w* przetwarzaj, 再委託, 復処理者, 子处理者, 再处理者
    """),
    Topic.TRANSFERS: _pattern("""
        transferred (?:to|outside), international transfer, standard contractual clauses, adequacy
        data privacy framework
        drittland, drittländer, standardvertragsklauseln, clauses contractuelles types, pays tiers
        cláusulas contractuales tipo, clausole contrattuali tipo, doorgifte, państw\\w* trzeci, 越境移転, 跨境
    """),
    Topic.GOVERNING_LAW: _pattern("""
        governing law, governed by, jurisdiction, courts? of$, venue$, anwendbares recht, gerichtsstand
        droit applicable
        tribunaux, juridiction, ley aplicable, jurisdicción, tribunales, legge applicabile, foro competente
        lei aplicável, jurisdição, foro$, toepasselijk recht, bevoegde rechter, prawo właściwe, sąd\\w* właściw
        準拠法, 管轄, 适用法律, 管辖
    """),
    Topic.SECURITY: _pattern("""
        security$, encrypt, data breach, security (?:incident|measure), verschlüssel, sicherheitsvorfall, datenpanne
        chiffr, violation de données, cifrad, violación de seguridad, crittograf, criptograf, versleutel, szyfrow
        naruszeni\\w* (?:ochrony|bezpieczeństwa), セキュリティ, 暗号, 安全事件, 加密
    """),
    Topic.INTELLECTUAL_PROPERTY: _pattern("""
        intellectual property, licen[sc]e, copyright, trademark, ownership$, royalty, geistiges eigentum, urheberrecht
        lizenz, propriété intellectuelle, droits? d'auteur, propiedad intelectual, proprietà intellettuale
        propriedade intelectual, intellectuele eigendom, własnoś\\w* intelektualn, licencj, 知的財産, 著作権, 知识产权
    """),
    Topic.ACCEPTABLE_USE: _pattern("""
        prohibit, may not use, must not use, acceptable use, forbidden, not permitted, restrictions? on
        reverse engineer
        untersagt, verboten, unzulässig, interdit, prohibid, vietat, proibid, verboden, zabronion, zakazan
        禁止事項, 禁止行為, 禁止されて, 不得使用
    """),
    Topic.AGE: _pattern("""
        years? (?:of age|old), minors?$, children, parental, under (?:the age of )?1[368]$, jahre alt, minderjährig
        mineur, menor(?:es)?$, minori$, minderjarig, niepełnoletni, 未成年, 歳未満, 周岁
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
