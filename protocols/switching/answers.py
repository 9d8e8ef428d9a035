"""What answers a question of ours: a number, a name, yes or no; and what advice is to be good for.

A question of ours is "which one?" with the places numbered, or whether to do something anyway. What
is said to it is taken word by word: words that add nothing (`around`) are left out, and what is
left must be one phrase of the tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

import attrs

from .command import Goal, Language
from .normal import plain, words_of
from .pattern import ANY_NAME

_Phrase = tuple[str, ...]


@attrs.frozen
class Answers:
    """How one language answers: phrases parted by `|`, and by `/` what means another thing.

    `picks` are the last of what was offered, then the first, the second and so on. `around` adds
    nothing to an answer, and `names` nothing to a name. `assents` say yes where nothing else does.
    """

    code: Language
    around: str
    names: str
    picks: str
    yes: str
    no: str
    assents: str
    anyway: str

    def pick(self, signs: Sequence[str], offers: int) -> int | None:
        """Which of so many places a text chooses by its number; None if it chooses none so."""
        number = self._picks.get(_without(self._around, signs))
        if number is None or number > offers:
            return None
        return number - 1 if number else offers - 1

    def is_name(self, signs: Sequence[str]) -> bool:
        """Whether a text is nothing but a name."""
        left = _without(self._names, _without(self._around, signs))
        return len(left) == 1 and left[0] in ANY_NAME

    def agrees(self, signs: Sequence[str]) -> bool:
        """Whether a text says yes to the one place that was offered."""
        left = _without(self._assents, _without(self._around, signs))
        is_assent = not left and any(set(each).issubset(signs) for each in self._assents)
        return is_assent or left in self._yes

    def declines(self, signs: Sequence[str]) -> bool:
        """Whether a text wants none of what was offered."""
        return _without(self._around, signs) in self._no

    @cached_property
    def _around(self) -> Sequence[_Phrase]:
        return _longest_first(self.around)

    @cached_property
    def _names(self) -> Sequence[_Phrase]:
        return _longest_first(self.names)

    @cached_property
    def _assents(self) -> Sequence[_Phrase]:
        return _longest_first(self.assents)

    @cached_property
    def _picks(self) -> Mapping[_Phrase, int]:
        rows = enumerate(self.picks.split("/"))
        return {tuple(words_of(each)): at for at, row in rows for each in row.split("|")}

    @cached_property
    def _yes(self) -> frozenset[_Phrase]:
        return frozenset(_longest_first(f"{self.yes}|{self.anyway}"))

    @cached_property
    def _no(self) -> frozenset[_Phrase]:
        return frozenset(_longest_first(self.no))


def _longest_first(texts: str) -> list[_Phrase]:
    return sorted((tuple(words_of(text)) for text in texts.split("|")), key=len, reverse=True)


def _without(phrases: Sequence[_Phrase], words: Sequence[str]) -> _Phrase:
    """The words without these phrases."""
    left: list[str] = []
    place = 0
    while place < len(words):
        fits = (len(each) for each in phrases if tuple(words[place : place + len(each)]) == each)
        length = next(fits, 0)
        if not length:
            left.append(words[place])
        place += length or 1
    return tuple(left)


ANSWERS: Final = (
    Answers(
        "en",
        around="please|pls|just|hey|hi|well|so|um|uh|thanks|thx|actually|then|sorry|maybe|the"
        "|number|option|choice|take|use|pick|i d like|i want|i ll take|with|go with|now|again",
        names="one|model|llm|version|local|my|that|a|this",
        picks="last|last one/1|one|first|first one|1 st/2|two|second|second one|2 nd/3|three|third"
        "|third one|3 rd/4|four|fourth|4 th/5|five|fifth|5 th/6|six|sixth|6 th/7|seven|seventh|7 th"
        "/8|eight|eighth|8 th/9|nine|ninth|9 th",
        yes="do it|go ahead|do that|that one|go for it|switch|go|y|correct|exactly",
        no="no|nope|never mind|nevermind|none|none of them|none of these|none of those|forget it"
        "|cancel|stop|leave it|neither|no thanks|stay|stay here|leave it as it is|don t|do nothing"
        "|nothing|n|nah|skip|no thank you",
        assents="yes|yeah|yep|yup|sure|ok|okay|k|alright",
        anyway="anyway|anyways|regardless|nevertheless|even so|no matter what|in any case",
    ),
    Answers(
        "de",
        around="bitte|mal|jetzt|doch|einfach|hey|also|danke|dann|halt|eben|gleich|das|die|den|der"
        "|nummer|option|nr|nimm|punkt|ich nehme|ich will|mit|dem",
        names="modell|lokale|kleine|große|von|mein|meine",
        picks="letzte|letzten|letztes|letzte modell/1|eins|erste|ersten|erstes|erste modell|1 te"
        "/2|zwei|zwo|zweite|zweiten|zweites|zweite modell/3|drei|dritte|dritten|drittes/4|vier"
        "|vierte|vierten|viertes/5|fünf|fünfte|fünften|fünftes/6|sechs|sechste|sechsten/7|sieben"
        "|siebte|siebten/8|acht|achte|achten/9|neun|neunte|neunten",
        yes="mach|mach es|tu es|tu|genau|richtig|los|wechseln|wechsle|wechsel|da",
        no="nein|nö|nee|ne|keins|keines|keins davon|keines davon|lass es|lass gut sein|vergiss es"
        "|abbrechen|stopp|stop|nicht|egal|bleib so|lass es so|nichts|keine|keine davon"
        "|weder noch|lassen wir es|lassen wirs",
        assents="ja|jo|jap|jup|ok|okay|gerne|gern|klar",
        anyway="trotzdem|dennoch|auf jeden fall|so oder so|egal wie",
    ),
    Answers(
        "fr",
        around="stp|svp|s il te plaît|s il vous plaît|merci|maintenant|juste|alors|ben|bah|euh"
        "|donc|plutôt|le|la|l|option|numéro|choix|n|prends|je prends|avec|celui",
        names="modèle|petit|grand|de|du",
        picks="dernier|dernière/1|un|premier|première|1 er|1 ere/2|deux|deuxième|second|seconde"
        "|2 eme|2 e/3|trois|troisième|3 eme|3 e/4|quatre|quatrième|4 eme|4 e/5|cinq|cinquième"
        "|5 eme|5 e/6|six|sixième|6 eme|6 e/7|sept|septième|7 eme|7 e/8|huit|huitième|8 eme|8 e"
        "/9|neuf|neuvième|9 eme|9 e",
        yes="vas y|fais|c est ça|exactement|là|fais ça|va|change|ci",
        no="non|nan|aucun|aucune|aucun des deux|laisse tomber|oublie|annule|annuler|stop|rien"
        "|ni un ni autre|reste ici|reste|laisse comme ça|pas peine|tant pis|ne change rien",
        assents="oui|ouais|ok|okay|d accord",
        anyway="quand même|malgré tout|tout de même|de toute façon",
    ),
    Answers(
        "es",
        around="por favor|porfa|porfis|ahora|solo|pues|entonces|gracias|oye|anda|el|la|opción"
        "|número|usa|quiero|prefiero|con|mejor|vamos con|me quedo con|dame|pon|ponme|puede ser"
        "|bueno"
        "|pues mira|elijo|escojo|que sea|a ver|eh|mmm",
        names="modelo|pequeño|grande|de|del|mi",
        picks="último|última/1|uno|primero|primera|primer/2|dos|segundo|segunda/3|tres|tercero"
        "|tercera/4|cuatro|cuarto|cuarta/5|cinco|quinto|quinta/6|seis|sexto|sexta/7|siete|séptimo"
        "|séptima/8|ocho|octavo|octava/9|nueve|noveno|novena",
        yes="hazlo|adelante|exacto|eso es|ese|cambia|eso|hacelo|correcto|de acuerdo|está bien"
        "|me parece bien|perfecto|así es"
        "|por supuesto|va|sale|órale|cámbialo|cambialo",
        no="no|ninguno|ninguna|ninguno de ellos|olvídalo|cancela|cancelar|déjalo|para|nada"
        "|ni uno ni otro|quédate|déjalo así|no importa|no cambies|ninguno de los dos"
        "|ninguna de las dos|me quedo igual"
        "|deja todo como está|déjalo como está|ninguno de esos|mejor no|mejor nada|como estaba",
        assents="sí|ok|okay|vale|dale|venga|claro",
        anyway="de todos modos|de todas formas|igualmente|aun así|igual",
    ),
    Answers(
        "pt",
        around="por favor|pf|pfv|agora|só|então|obrigado|obrigada|olha|aí|o|a|opção|número|usa"
        "|quero|prefiro|com|melhor|vamos com|vai de|fico com|me dá|põe|pode ser|bom|escolho"
        "|que seja|deixa ver|eh"
        "|hum|quero o|pode ser o",
        names="modelo|pequeno|grande|de|do|da|meu",
        picks="último|última/1|um|primeiro|primeira/2|dois|segundo|segunda/3|três|terceiro|terceira"
        "/4|quatro|quarto|quarta/5|cinco|quinto|quinta/6|seis|sexto|sexta/7|sete|sétimo|sétima"
        "/8|oito|oitavo|oitava/9|nove|nono|nona",
        yes="faz isso|faça isso|isso mesmo|exato|esse|isso|muda|manda ver|pode mudar|troca|pode"
        "|vai em frente|bora|pode ser|tá bom|está bem|tudo bem|perfeito|ótimo"
        "|com certeza|de acordo|isso aí|manda",
        no="não|nenhum|nenhuma|nenhum deles|esquece|esqueça|cancela|cancelar|deixa|deixa pra lá"
        "|deixa para lá|deixa assim|nada|nem um nem outro|fica aqui|para|deixa estar|não mude"
        "|nenhum dos dois|nenhuma das duas|deixa como está"
        "|fica como está|fica como tá|deixa como tá|nenhum desses|melhor não|como estava",
        assents="sim|ok|okay|tá|beleza|blz|claro|pode ser",
        anyway="mesmo assim|de qualquer forma|de qualquer jeito|ainda assim",
    ),
    Answers(
        "zh",
        around="请|麻烦|一下|吧|啊|呀|呢|哦|喔|啦|谢谢|那|就|现在|我想要|我要|我选|选择|选|用|第|个|项|种"
        "|号|了|請|麻煩|謝謝|現在|我選|選擇|選|個|項|種|號|唔該|给我|給我|帮我|幫我",
        names="的那个模型|那个模型|的模型|模型|的那个|那个|的|那個模型|的那個|那個|就好|就行|吧",
        picks="最后|最后一/1|一/2|二|两/3|三/4|四/5|五/6|六/7|七/8|八/9|九",
        yes="是|是的|确定|这样|这么办|换|切换|没错|它|这|同意|確定|這樣|換|切換|沒錯|這|对的|當然|当然",
        no="不|不用|不要|算|都不要|取消|没事|不换|不切换|别|别换|停|不必|都不|算了|不換|不切換|別|別換|沒事|唔使|唔好|先不换|先不換",
        assents="好的|好|行|ok|可以|嗯|对|對|好啊|好呀|成|没问题|沒問題|得",
        anyway="还是|无论如何|强制|不管怎样",
    ),
    Answers(
        "ja",
        around="ください|下さい|お願いします|お願い|おねがい|じゃあ|では|えっと|で|に|を|して|し|番目"
        "|つ目|番|つめ|やつ|の|モデル|方|もの|じゃ|ほな|えーと|がいい|でいい|頼む|頼みます|よろしく|かな",
        names="のやつ|のモデル|のほう|ほう|さん|くん",
        picks="最後|さいご/1|一|最初/2|二/3|三/4|四/5|五/6|六/7|七/8|八/9|九",
        yes="そう|それ|やって|切り替えて|それいい|いいよ|進めて|実行",
        no="いいえ|いや|やめて|やめる|どれもない|どれでもない|キャンセル|やっぱりいい|いらない"
        "|結構|結構です|なし|取り消|中止|やめとく|いいや|どれも違う|違う|不要|大丈夫|大丈夫です|やめ",
        assents="はい|うん|ok|オーケー|よし|ええ|もちろん|了解|オッケー|そうして|いいです|いいですよ",
        anyway="それでも|とにかく|構わない",
    ),
)

_GOALS: Final[Mapping[Language, Mapping[Goal, str]]] = {
    "en": {
        "long": "long large big huge length lot giant massive context biggest",
        "fast": "fast quick speed snapp latenc",
        "cheap": "cheap cost price money expensive inexpensive budget afford econom sav",
        "private": "priva confiden sensitiv secret personal secur safe stay",
        "good": "best smart strong capable powerful intelligent hard difficult tough tricky complex"
        " complicated quality accura better clever",
    },
    "de": {
        "long": "lang läng lange groß grosse größ ries umfang viel kontext",
        "fast": "schnell flott geschwind tempo",
        "cheap": "günstig billig preis kost geld spar",
        "private": "priva vertrau sensib geheim datenschutz sicher persön",
        "good": "best klüg stärk schlau intellig fähig schwer schwier komplex kniff qualit leistung"
        " anspruch clever besser",
    },
    "fr": {
        "long": "long gros grand enorme volumineu contexte beaucoup",
        "fast": "rapid vit",
        "cheap": "cher econom marche prix depens pay",
        "private": "priv confiden sensib secret person sur discret vie",
        "good": "meilleur intellig puissant fort perform malin capable difficil complex dur compliq"
        " qualite mieux costaud",
    },
    "es": {
        "long": "larg gran enorme extens mucho contexto ventana pesad",
        "fast": "rapid veloz veloc",
        "cheap": "barat econom ahorr precio gast caro cara coste costo cuest pagar pago plata"
        " dinero saldo",
        "private": "priva confiden sensib secret person segur delicad salga discret",
        "good": "mejor inteligen potent fuert capaz list dificil complej complic duro calidad",
    },
    "pt": {
        "long": "long grand comprid extens enorme gigant muito contexto janela pesad demorad",
        "fast": "rapid veloz veloc andar",
        "cheap": "barat econom poup prec gast caro cara conta custo pagar grana verba"
        " dinheiro saldo",
        "private": "priv confiden sensiv secret pessoa segur sigilos delicad discret particular",
        "good": "melhor inteligen poten fort capaz poderos esperto dificil dificei complex complic"
        " qualidade",
    },
    "zh": {
        "long": "长 上下文 大",
        "fast": "快 速度 响应 效率",
        "cheap": "便宜 省 划算 经济 实惠 价 成本 钱",
        "private": "私 隐 密 敏感 安全 外传 泄",
        "good": "最好 强 聪明 厉害 难 复杂 最佳 更好 质量 智能",
    },
    "ja": {
        "long": "長 大き 巨大 コンテキスト 文脈",
        "fast": "速 早 スピード 急 素早",
        "cheap": "安 コスト コスパ 費用 値段 価格 節約 お金 料金 経済",
        "private": "プライ 機密 秘 内密 内緒 安全 センシ 個人 漏ら 外に 非公開 セキュ",
        "good": "賢 頭 優秀 強 最高 最良 一番い 一番良 性能 難 複雑 高度 品質 精度 質",
    },
}
"""The beginnings of words that tell what advice is asked for; in Chinese and Japanese, words."""


def goal_of(words: Sequence[str], code: Language) -> Goal:
    """What a sentence that asks for advice asks it for."""
    gap = "" if code in ("zh", "ja") else " "
    text = gap + gap.join(words)
    for goal, beginnings in _GOALS[code].items():
        if any(gap + plain(each) in text for each in beginnings.split()):
            return goal
    return ""
