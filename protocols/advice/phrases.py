"""The words of a recommendation in each language that users are answered in.

Pieces of sentences with numbers to put in. A piece about a place follows its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from ..switching.command import Language
from .exclusions import Cause


@attrs.frozen
class Phrases:
    """One language. `decimal` stands in a number, `comma` and `semicolon` between the pieces."""

    now: str
    now_alone: str
    holds: str
    first: str
    rate: str
    cached: str
    loaded: str
    load: str
    evicts: str
    here: str
    trusted: str
    errors: str
    price: str
    unknown: str
    nothing: str
    causes: Mapping[Cause, str]
    decimal: str = "."
    comma: str = ", "
    semicolon: str = "; "
    stop: str = "."


_EN: Final = Phrases(
    now="you are at {tokens} of this model's {window}",
    now_alone="you are at {tokens}",
    holds="holds {window}",
    first="{seconds} s to first token today",
    rate="{rate} tokens/s",
    cached="has this conversation in its cache",
    loaded="is loaded",
    load="has to be loaded first",
    evicts="needs the memory of {names}",
    here="runs on this machine",
    trusted="is private, as you have said",
    errors="{errors} of {attempts} attempts failed today",
    price="about {price} a turn",
    unknown="nothing is known of it yet",
    nothing="no endpoint fits",
    causes={
        Cause.EMBEDDED: "is the very small model to try things out with",
        Cause.PRIVATE: "is remote, and this stays private",
        Cause.TOO_SMALL: "holds {window}",
        Cause.NO_TOOLS: "takes no tools, which are in use here",
        Cause.NO_IMAGES: "sees no images, and there are some here",
        Cause.RESTS: "rests for {seconds} s after failures",
        Cause.SPENT: "has used up its {budget} tokens of today",
        Cause.TOO_LARGE: "needs {need} GiB, for which this machine has no room",
    },
)
_DE: Final = Phrases(
    now="du bist bei {tokens} von {window} dieses Modells",
    now_alone="du bist bei {tokens}",
    holds="fasst {window}",
    first="heute {seconds} s bis zum ersten Token",
    rate="{rate} Token/s",
    cached="hat dieses Gespräch im Cache",
    loaded="ist geladen",
    load="muss erst geladen werden",
    evicts="braucht den Speicher von {names}",
    here="läuft auf diesem Rechner",
    trusted="ist privat, wie du gesagt hast",
    errors="{errors} von {attempts} Versuchen heute gescheitert",
    price="etwa {price} je Anfrage",
    unknown="darüber ist noch nichts bekannt",
    nothing="kein Endpunkt passt",
    causes={
        Cause.EMBEDDED: "ist das sehr kleine Modell zum Ausprobieren",
        Cause.PRIVATE: "ist nicht auf diesem Rechner, und dies bleibt privat",
        Cause.TOO_SMALL: "fasst {window}",
        Cause.NO_TOOLS: "kann keine Werkzeuge, die hier benutzt werden",
        Cause.NO_IMAGES: "sieht keine Bilder, und hier gibt es welche",
        Cause.RESTS: "ruht nach Fehlern noch {seconds} s",
        Cause.SPENT: "hat seine {budget} Token von heute verbraucht",
        Cause.TOO_LARGE: "braucht {need} GiB, und dafür ist auf diesem Rechner kein Platz",
    },
    decimal=",",
)
_FR: Final = Phrases(
    now="vous en êtes à {tokens} sur les {window} de ce modèle",
    now_alone="vous en êtes à {tokens}",
    holds="contient {window}",
    first="{seconds} s jusqu'au premier token aujourd'hui",
    rate="{rate} tokens/s",
    cached="a cette conversation en cache",
    loaded="est chargé",
    load="doit d'abord être chargé",
    evicts="a besoin de la mémoire de {names}",
    here="tourne sur cette machine",
    trusted="est privé, comme vous l'avez dit",
    errors="{errors} essais sur {attempts} ont échoué aujourd'hui",
    price="environ {price} par tour",
    unknown="on n'en sait encore rien",
    nothing="aucun endpoint ne convient",
    causes={
        Cause.EMBEDDED: "est le très petit modèle d'essai",
        Cause.PRIVATE: "est distant, et ceci reste privé",
        Cause.TOO_SMALL: "contient {window}",
        Cause.NO_TOOLS: "n'accepte pas d'outils, et il y en a ici",
        Cause.NO_IMAGES: "ne voit pas les images, et il y en a ici",
        Cause.RESTS: "se repose encore {seconds} s après des échecs",
        Cause.SPENT: "a épuisé ses {budget} tokens du jour",
        Cause.TOO_LARGE: "demande {need} Gio, que cette machine n'a pas",
    },
    decimal=",",
    semicolon=" ; ",
)
_ES: Final = Phrases(
    now="vas por {tokens} de los {window} de este modelo",
    now_alone="vas por {tokens}",
    holds="admite {window}",
    first="{seconds} s hasta el primer token hoy",
    rate="{rate} tokens/s",
    cached="tiene esta conversación en su caché",
    loaded="está cargado",
    load="hay que cargarlo primero",
    evicts="necesita la memoria de {names}",
    here="se ejecuta en esta máquina",
    trusted="es privado, como has dicho",
    errors="{errors} de {attempts} intentos han fallado hoy",
    price="unos {price} por turno",
    unknown="aún no se sabe nada de él",
    nothing="ningún endpoint sirve",
    causes={
        Cause.EMBEDDED: "es el modelo muy pequeño para probar",
        Cause.PRIVATE: "es remoto, y esto es privado",
        Cause.TOO_SMALL: "admite {window}",
        Cause.NO_TOOLS: "no acepta herramientas, y aquí se usan",
        Cause.NO_IMAGES: "no ve imágenes, y aquí las hay",
        Cause.RESTS: "descansa {seconds} s más tras fallar",
        Cause.SPENT: "ha agotado sus {budget} tokens de hoy",
        Cause.TOO_LARGE: "necesita {need} GiB, y esta máquina no tiene sitio",
    },
    decimal=",",
)
_PT: Final = Phrases(
    now="você está em {tokens} dos {window} deste modelo",
    now_alone="você está em {tokens}",
    holds="comporta {window}",
    first="{seconds} s até o primeiro token hoje",
    rate="{rate} tokens/s",
    cached="tem esta conversa em cache",
    loaded="está carregado",
    load="precisa ser carregado antes",
    evicts="precisa da memória de {names}",
    here="roda nesta máquina",
    trusted="é privado, como você disse",
    errors="{errors} de {attempts} tentativas falharam hoje",
    price="cerca de {price} por turno",
    unknown="ainda não se sabe nada dele",
    nothing="nenhum endpoint serve",
    causes={
        Cause.EMBEDDED: "é o modelo muito pequeno para experimentar",
        Cause.PRIVATE: "é remoto, e isto é privado",
        Cause.TOO_SMALL: "comporta {window}",
        Cause.NO_TOOLS: "não aceita ferramentas, que são usadas aqui",
        Cause.NO_IMAGES: "não vê imagens, e há algumas aqui",
        Cause.RESTS: "descansa mais {seconds} s depois de falhas",
        Cause.SPENT: "esgotou seus {budget} tokens de hoje",
        Cause.TOO_LARGE: "precisa de {need} GiB, e esta máquina não tem espaço",
    },
    decimal=",",
)
_ZH: Final = Phrases(
    now="您已用 {tokens}，此模型可容纳 {window}",  # noqa: RUF001 Chinese punctuation
    now_alone="您已用 {tokens}",
    holds="可容纳 {window}",
    first="今天首个 token 需 {seconds} 秒",
    rate="每秒 {rate} 个 token",
    cached="已缓存此对话",
    loaded="已加载",
    load="需先加载",
    evicts="需要 {names} 占用的内存",
    here="在本机运行",
    trusted="您已将其设为私密",
    errors="今天 {attempts} 次尝试中有 {errors} 次失败",
    price="每轮约 {price}",
    unknown="目前还一无所知",
    nothing="没有合适的端点",
    causes={
        Cause.EMBEDDED: "是仅供试用的极小模型",
        Cause.PRIVATE: "在远端，而此对话须保密",  # noqa: RUF001 Chinese punctuation
        Cause.TOO_SMALL: "可容纳 {window}",
        Cause.NO_TOOLS: "不支持此处使用的工具",
        Cause.NO_IMAGES: "看不了此处的图片",
        Cause.RESTS: "失败后还要休息 {seconds} 秒",
        Cause.SPENT: "今天的 {budget} 个 token 已用完",
        Cause.TOO_LARGE: "需要 {need} GiB，本机放不下",  # noqa: RUF001 Chinese punctuation
    },
    comma="，",  # noqa: RUF001 Chinese punctuation
    semicolon="；",  # noqa: RUF001 Chinese punctuation
    stop="。",
)
_JA: Final = Phrases(
    now="現在 {tokens}、このモデルの上限は {window}",
    now_alone="現在 {tokens}",
    holds="は {window} まで",
    first="今日の最初のトークンまで {seconds} 秒",
    rate="毎秒 {rate} トークン",
    cached="この会話をキャッシュ済み",
    loaded="読み込み済み",
    load="先に読み込みが必要",
    evicts="{names} のメモリが必要",
    here="このマシンで動作",
    trusted="ご指定によりプライベート",
    errors="今日は {attempts} 回中 {errors} 回失敗",
    price="ターンあたり約 {price}",
    unknown="まだ何もわかりません",
    nothing="合うエンドポイントがありません",
    causes={
        Cause.EMBEDDED: "は試用のためのごく小さなモデル",
        Cause.PRIVATE: "はリモートで、この会話はプライベート",
        Cause.TOO_SMALL: "は {window} まで",
        Cause.NO_TOOLS: "はここで使うツールに非対応",
        Cause.NO_IMAGES: "はここにある画像を見られません",
        Cause.RESTS: "は失敗のためあと {seconds} 秒休止",
        Cause.SPENT: "は今日の {budget} トークンを使い切りました",
        Cause.TOO_LARGE: "は {need} GiB 必要で、このマシンには空きがありません",
    },
    comma="、",
    semicolon="; ",
    stop="。",
)

PHRASES: Final[Mapping[Language, Phrases]] = {
    "en": _EN,
    "de": _DE,
    "fr": _FR,
    "es": _ES,
    "pt": _PT,
    "zh": _ZH,
    "ja": _JA,
}
