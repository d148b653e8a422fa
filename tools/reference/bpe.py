"""Byte-level BPE as Hugging Face's `tokenizers` trains it, for the tests of @llm101/data.

    pip install tokenizers
    python tools/reference/bpe.py | npx prettier --stdin-filepath bpe.json > packages/data/test/fixtures/bpe.json

Of each text: the merges, the tokens of the text, and the same by lines. Texts that are named, as `names=../shared/names.txt`, are
too large for a fixture: of these a hash of the merges, each as two tokens with a space between them, a line each, and how many
tokens the text has.

    python tools/reference/bpe.py --check tokenizer.json text.txt

loads a file that the project wrote and prints a hash of the text's tokens, numbers with a space between them.
"""

import hashlib
import json
import sys

import tokenizers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TEXTS = {
    "english": "I'll say it's theirs; they've said I'd say so. We're sure you'm not, aren't we? 'S LOUD, it'S not.\n" * 3
    + "In 2024, 12345 of 1234567890 sheep   slept.  Two\n\n\nthree\t\tfour \n five\r\n\r\nsix ",
    "korean": "나는 오늘 학교에 갔다. 오늘은 날씨가 좋았고, 학교에 가는 길이 좋았다.\n우리는 학교에서 한글을 배웠다.\n" * 2
    + "한글은 스물네 글자로 이루어져 있다; 한글을 배우는 것은 쉽다.",
    "emoji": "👩‍🚀 flew to 🌍🌎🌏, 👨‍👩‍👧 waved 👋🏽👋🏽! 🇰🇷🇰🇷 ❤️❤️ e\u0301e\u0301 café cafe\u0301 ½ ٣٤٥ Ⅷ ²³ \u00a0\u3000 \u2028x\ufeffy\u0085z " * 3,
    "code": "function add(a: number, b: number): number {\n    return a + b;\n}\n\nfor (let i = 0; i < 10; i++) {\n"
    "        if (i % 2 === 0) {\n            console.log(add(i, i + 1));\n        }\n}\n" * 2,
    "ties": "abab baba abba baab aabb bbaa aaaa bbbb aaaaaaa ababababab " * 2 + "zxzx xzxz yz zy " * 3,
    "nul": "\x00\x00\x01 \x00\x00\x01 a\x00b\x7f a\x00b\x7f",
}


def make(texts, size, frequency):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=frequency,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>"],
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer, json.loads(tokenizer.to_str())["model"]["merges"]


def sha256(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return file.read()


def case(text, size, frequency):
    tokenizer, merges = make([text], size, frequency)
    _, by_lines = make(text.replace("\r\n", "\n").split("\n"), size, frequency)
    return {
        "vocabSize": size,
        "minFrequency": frequency,
        "text": text,
        "merges": [" ".join(merge) for merge in merges],
        "mergesByLines": [" ".join(merge) for merge in by_lines],
        "tokens": tokenizer.encode(text).ids,
    }


def summary(text, size):
    tokenizer, merges = make([text], size, 2)
    return {
        "vocabSize": size,
        "merges": sha256([" ".join(merge) for merge in merges]),
        "tokens": len(tokenizer.encode(text).ids),
    }


if sys.argv[1:2] == ["--check"]:
    path, text = sys.argv[2:]
    ids = Tokenizer.from_file(path).encode(read(text)).ids
    print(len(ids), hashlib.sha256(" ".join(map(str, ids)).encode()).hexdigest())
else:
    named = dict(argument.split("=") for argument in sys.argv[1:])
    print(
        json.dumps(
            {
                "made": f"tokenizers {tokenizers.__version__}, tools/reference/bpe.py",
                "texts": {
                    name: case(text, size, frequency)
                    for name, text in TEXTS.items()
                    for size, frequency in [(320 if name == "english" else 1000, 2)]
                },
                "once": case(TEXTS["ties"] + TEXTS["english"], 700, 0),
                "named": {name: summary(read(path), 1257) for name, path in named.items()},
            },
            ensure_ascii=True,
        )
    )
