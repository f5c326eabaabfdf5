"""Choice of the pieces that a Chinese shop needs, and the tokenizer cut down to them.

A Unigram tokenizer (Kudo 2018) takes the best path over the pieces that occur in the text, so dropping pieces with a
character of another script changes nothing for text without that script. Latin words are the exception: there are
80,000 pieces for the words of dozens of languages, of which the more frequent and the shop's own (`shop_words.txt`) are
kept; rarer words are read in smaller pieces.
"""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from models.errors import BuildError

SPACE = "▁"
# The vocabulary is in order of frequency; this many pieces from its beginning count as frequent.
FREQUENT = 50_000
SPECIAL = frozenset({"<s>", "</s>", "<pad>", "<unk>", "<mask>"})
SHOP_WORDS = Path(__file__).parent / "shop_words.txt"


def choose_pieces(pieces: Sequence[str]) -> list[int]:
    """Ids to keep, ascending: special pieces, every single character, and whole pieces of the kept scripts."""
    words = frozenset(SHOP_WORDS.read_text(encoding="utf-8").split())
    return [index for index, piece in enumerate(pieces) if _keeps(piece.removeprefix(SPACE), index, words)]


def is_exact(text: str) -> bool:
    """Whether every piece that could occur in the text is kept, so that its vector is surely unchanged."""
    return not any(_is_ascii_letter(character) for character in text) and all(map(_belongs, text))


def _keeps(text: str, index: int, words: frozenset[str]) -> bool:
    if len(text) <= 1 or text in SPECIAL:
        return True
    if any(map(_is_ascii_letter, text)) and index >= FREQUENT and text.lower() not in words:
        return False
    return all(map(_belongs, text))


def _belongs(character: str) -> bool:
    if character.isascii() or character == SPACE:
        return True
    name = unicodedata.name(character, "")
    return name.startswith(("CJK", "BOPOMOFO")) or unicodedata.category(character)[0] in "PS"


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def trim_tokenizer(source: str, pieces: Sequence[str], keep: Sequence[int]) -> str:
    """The tokenizer's JSON with the kept pieces only, numbered anew in `keep`'s order.

    The normaliser, the pre-tokenizer and the pieces' scores stay as they are.

    :raises BuildError: the tokenizer's vocabulary is not `pieces`, or a special piece was not kept.
    """
    tokenizer: dict[str, Any] = json.loads(source)
    vocabulary = tokenizer["model"]["vocab"]
    if [piece for piece, _ in vocabulary] != list(pieces):
        raise BuildError("the tokenizer's pieces are not those of the weights")
    new_id = {old: new for new, old in enumerate(keep)}
    try:
        tokenizer["model"]["vocab"] = [vocabulary[old] for old in keep]
        tokenizer["model"]["unk_id"] = new_id[tokenizer["model"]["unk_id"]]
        for token in tokenizer["added_tokens"]:
            token["id"] = new_id[token["id"]]
        for token in tokenizer["post_processor"]["special_tokens"].values():
            token["ids"] = [new_id[old] for old in token["ids"]]
    except KeyError as error:
        raise BuildError(f"special piece {error} was not kept") from error
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
