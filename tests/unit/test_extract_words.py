from __future__ import annotations

import jieba
import pytest
import rjieba

from services.extract.mentions import split_sentences
from services.extract.words import DATA, read_lines, segment

SENTENCES = [
    "瑞溪药业与衡川大学附属肿瘤医院签署战略合作协议",
    "项目总投资约七亿元计划明年一季度开工建设",
    "患者在核医学科接受放射性碘治疗后出院",
    "生态环境部门对企业的辐射安全许可证进行了检查",
    "会议强调要推动医用同位素产业高质量发展",
    "首席科学家带领团队完成了新药的首例人体试验",
    "本地群众对新建的质子治疗中心十分关心",
]


@pytest.mark.filterwarnings("ignore:pkg_resources")
@pytest.mark.parametrize("hmm", [False, True])
def test_rjieba_cuts_chinese_as_jieba_does(hmm: bool) -> None:
    reference, fast = jieba.Tokenizer(), rjieba.Jieba()
    for sentence in SENTENCES:
        assert fast.cut(sentence, hmm) == reference.lcut(sentence, HMM=hmm)


def test_both_read_the_user_dictionary_alike() -> None:
    reference, fast = jieba.Tokenizer(), rjieba.Jieba()
    for line in read_lines(DATA / "user_dict.txt"):
        word, frequency, tag = line.split()
        reference.add_word(word, int(frequency), tag)
        fast.add_word(word, int(frequency), tag)
    for sentence in [*SENTENCES, "江岚市委书记视察核医学中心", "医院院长介绍核药"]:
        assert fast.cut(sentence, False) == reference.lcut(sentence, HMM=False)


def test_words_lie_end_to_end() -> None:
    body = "江岚市委书记视察QX-118生产线。"
    words = segment(body)
    assert "".join(w.text for w in words) == body
    assert all(body[w.start : w.end] == w.text for w in words)
    assert words[-1].text == "。"
    assert "市委" in words.texts
    assert len(segment("")) == 0


def test_sentences_keep_their_closing_marks() -> None:
    body = "他说：“很好。”会议结束。\n下一步，开工！"
    assert [body[s:e] for s, e in split_sentences(body)] == ["他说：“很好。”", "会议结束。", "下一步，开工！"]
