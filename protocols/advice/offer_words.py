"""The words of an offer in each language, but for what is said of a place (phrases.py).

Whole sentences with names in braces. `to_switch` and `to_return` are what a user can say: the
matcher understands them in that language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from ..switching.command import Language


@attrs.frozen(kw_only=True)
class OfferWords:
    """One language. `fails` tells why it is offered; the others what can be done, or was done.

    With `follows` and `followed` nothing need be said; `returning` is added where commands are
    heard.
    """

    fails: str
    say: str
    choose: str
    follows: str
    followed: str
    returning: str
    to_switch: str
    to_return: str


OFFER_WORDS: Final[Mapping[Language, OfferWords]] = {
    "en": OfferWords(
        fails="{endpoint} has failed here twice in a row.",
        say="Say `{command}` to go on there.",
        choose="Choose `{place}` as the model to go on there.",
        follows="The next turn goes there, as `follow_offer` in the settings says.",
        followed="{place} answers from now on, as `follow_offer` in the settings says.",
        returning="Say `{command}` to return.",
        to_switch="switch to {place}",
        to_return="go back",
    ),
    "de": OfferWords(
        fails="{endpoint} ist hier zweimal hintereinander gescheitert.",
        say="Um dort weiterzumachen: `{command}`.",
        choose="Um dort weiterzumachen, `{place}` als Modell wählen.",
        follows="Die nächste Anfrage geht dorthin, wie `follow_offer` in den Einstellungen es "
        "vorsieht.",
        followed="Ab jetzt antwortet {place}, wie `follow_offer` in den Einstellungen es vorsieht.",
        returning="Zurück geht es mit `{command}`.",
        to_switch="wechsle zu {place}",
        to_return="geh zurück",
    ),
    "fr": OfferWords(
        fails="{endpoint} a échoué ici deux fois de suite.",
        say="Dites `{command}` pour continuer là-bas.",
        choose="Choisissez `{place}` comme modèle pour continuer là-bas.",
        follows="La prochaine demande ira là-bas, comme le veut `follow_offer` dans les réglages.",
        followed="{place} répond à partir de maintenant, comme le veut `follow_offer` dans les "
        "réglages.",
        returning="Dites `{command}` pour revenir.",
        to_switch="passe à {place}",
        to_return="reviens en arrière",
    ),
    "es": OfferWords(
        fails="{endpoint} ha fallado aquí dos veces seguidas.",
        say="Di `{command}` para seguir allí.",
        choose="Elige `{place}` como modelo para seguir allí.",
        follows="La próxima petición irá allí, como dice `follow_offer` en los ajustes.",
        followed="A partir de ahora responde {place}, como dice `follow_offer` en los ajustes.",
        returning="Di `{command}` para volver.",
        to_switch="cambia a {place}",
        to_return="vuelve atrás",
    ),
    "pt": OfferWords(
        fails="{endpoint} falhou aqui duas vezes seguidas.",
        say="Diga `{command}` para continuar lá.",
        choose="Escolha `{place}` como modelo para continuar lá.",
        follows="O próximo pedido vai para lá, como diz `follow_offer` nas configurações.",
        followed="A partir de agora responde {place}, como diz `follow_offer` nas configurações.",
        returning="Diga `{command}` para voltar.",
        to_switch="mude para {place}",
        to_return="volta atrás",
    ),
    "zh": OfferWords(
        fails="{endpoint} 在这里已连续失败两次。",
        say="要在那里继续，请说 `{command}`。",  # noqa: RUF001 Chinese punctuation
        choose="要在那里继续，请把模型选为 `{place}`。",  # noqa: RUF001 Chinese punctuation
        follows="按设置中的 `follow_offer`，下一个请求会发往那里。",  # noqa: RUF001 Chinese punctuation
        followed="按设置中的 `follow_offer`，从现在起由 {place} 回答。",  # noqa: RUF001 Chinese punctuation
        returning="要返回，请说 `{command}`。",  # noqa: RUF001 Chinese punctuation
        to_switch="切换到 {place}",
        to_return="切回去",
    ),
    "ja": OfferWords(
        fails="{endpoint} はここで続けて 2 回失敗しました。",
        say="そちらで続けるには `{command}` と言ってください。",
        choose="そちらで続けるには、モデルとして `{place}` を選んでください。",
        follows="設定の `follow_offer` に従い、次の質問はそちらへ送られます。",
        followed="設定の `follow_offer` に従い、これからは {place} が答えます。",
        returning="戻るには `{command}` と言ってください。",
        to_switch="{place} に切り替えて",
        to_return="前のモデルに戻して",
    ),
}
