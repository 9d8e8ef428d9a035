"""Words with which a speaker takes back a name, or says it once more, in every language.

One table for all: a name stands at either side of them, which no other text about models has.
"""

from __future__ import annotations

from typing import Final

from .normal import words_of


def _phrases(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(words_of(each.replace("_", " "))) for text in texts for each in text.split()
    )


CORRECTING: Final = _phrases(
    """
    no nope nah wait no_wait wait_no oh_no sorry oops actually i_mean i_meant i_meant_to_say
    scratch_that make_that correction or_rather my_mistake my_bad hmm hm um uh ach oh hang_on
    hold_on on_second_thought on_second_thoughts or_better but_no but_it_is but_it_s i_mistake
    correct_is excuse_me pardon no_no well
    on_reflection but_on_reflection but_i_mistake i_was_after it_s it_is
    """,
    """
    nein nee na ne warte warte_mal moment quatsch sorry halt ach ach_nee ach_nein ich_meine
    ich_meinte ich_mein vielmehr doch_lieber doch besser_gesagt entschuldigung verzeihung aeh äh
    ähm
    """,
    """
    non pardon attends attendez enfin plutot je_veux_dire je_voulais_dire euh ah ah_non oups
    excuse_moi excusez_moi ou_plutot desole mais_non c_est
    """,
    """
    no perdon espera esperate espere quise_decir quiero_decir digo mejor mejor_dicho o_mejor ay
    ay_no disculpa disculpe mas_bien eh perdona
    """,
    """
    nao pera perai espera espere desculpa desculpe quer_dizer quero_dizer alias ou_melhor melhor
    digo perdao ah_nao ou_antes ai
    """,
    """
    不对 不對 啊不对 啊不對 不是 啊不 哦不 错了 錯了 说错了 說錯了 等等 哦等等 等一下 我是说
    我是說 应该是 應該是 还是 還是 算了 啊 哦 都係 口误
    """,
    """
    じゃなくて じゃなかった ではなくて ではなく じゃない 違う ちがう 違った いや いやいや いえ
    やっぱ やっぱり 間違えた ごめん すみません 失礼 あ あっ えっと もとい やなくて ちゃうわ
    """,
)
"""What takes back the name before it."""
WEAK: Final = _phrases(
    """
    no nao wait um uh hm hmm oh ach well it_s it_is c_est excuse_me excuse_moi ah ai ay eh euh aeh
    äh ähm doch instead 不是 啊 哦 都係 等一下 あ あっ えっと すみません 失礼
    """
)
"""Of these, none alone: "use opus, no sonnet" takes nothing back."""
COMPARING: Final = frozenset(["of", "than", "que", "qu", "als", "de"])
"""What stands behind such a word where it compares: "rather than", "mejor que"."""
CONFIRMING: Final = _phrases(
    """
    yes yeah yep yup aye right exactly i_said that_s_right please ok okay ja genau jawohl ja_genau
    bitte oui ouais voila si sim isso exacto exato claro por_favor pois eso 对 對 是 嗯 就是 没错
    沒錯 恩 うん はい ええ そう そうそう お願い もう um uh i_mean as_in that_is the_one called
    quiero_decir
    """
)
"""What says that the name is the right one."""
GLUE: Final = _phrases(
    """
    the to with on for one der die das zum zur mit auf le la les l a au avec sur el al con por o
    os ao pro pra para com のほう の方 の に で を は 用 到 切 换 換
    """
)
"""What stands between a name and such words, and means nothing there."""
PHRASE_WORDS_MAX: Final = max(map(len, CORRECTING | CONFIRMING))
