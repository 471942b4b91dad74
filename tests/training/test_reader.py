"""The reader's training: labels, splits and windows worked by hand, and tiny random models."""

from __future__ import annotations

import importlib
import itertools
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.reader import consensus, splits, translations
from training.reader.documents import IF_UNLIKELIER, IF_VISIBLE, UNKNOWN, Change, Doc
from training.reader.weights import BLOCK, HEAD, Base, Packed, halves, unpack_4, unpack_8
from training.reader.windows import token_range, window_ends, without_blanks

sys.path.insert(
    0, str(Path(__file__).parents[2] / "models" / "reader")
)  # its package is not always installed

WIDTHS = {"attn_q": (576, 576), "attn_k": (192, 576), "attn_v": (192, 576), "attn_output": (576, 576),
          "ffn_gate": (1536, 576), "ffn_up": (1536, 576), "ffn_down": (576, 1536)}  # fmt: skip


def doc(**given: object) -> Doc:
    common = {
        "id": "a",
        "text": "",
        "label": 1,
        "pool": "corpora",
        "group": "g",
        "register": "r",
        "source": "s",
    }
    return Doc(**{**common, "component": "c", **given})  # type: ignore[arg-type]


def random_base(layers: int, words: int = 60) -> Base:
    """A base model of random numbers, with few words and layers."""
    generator = np.random.default_rng(0)
    index, parts, place = {}, [], 0

    def put(name: str, kind: str, shape: tuple[int, ...], raw: np.ndarray) -> None:
        nonlocal place
        index[name] = (kind, shape, place, place + raw.size)
        parts.append(raw.astype(np.uint8).ravel())
        place += raw.size

    def ends(*shape: int) -> np.ndarray:
        return np.full(shape, 0.01, np.float16).view(np.uint8)

    embeddings = generator.integers(0, 256, (words, 18, 32), np.uint8)
    put("token_embd", "Q8_0", (words, 576), np.concatenate([ends(words, 18, 1), embeddings], axis=-1))
    put("output_norm", "F32", (576,), np.ones(576, np.float32).view(np.uint8))
    for number, (name, (rows, inputs)) in itertools.product(range(layers), WIDTHS.items()):
        codes = generator.integers(0, 256, (rows, inputs // 32, 16), np.uint8)
        least = np.float16(-0.075 + 0.01 * generator.random((rows, inputs // 32, 1)))
        scale = np.full((rows, inputs // 32, 1), 0.01, np.float16)
        both = np.concatenate([scale, least], axis=-1).astype(np.float16).view(np.uint8)
        put(f"blk.{number}.{name}", "Q4_1", (rows, inputs), np.concatenate([both, codes], axis=-1))
    for number, name in itertools.product(range(layers), ("attn_norm", "ffn_norm")):
        put(f"blk.{number}.{name}", "F32", (576,), np.ones(576, np.float32).view(np.uint8))
    return Base(index, np.concatenate(parts))


# --- weights


def test_a_block_of_four_bits_is_scale_times_code_plus_least() -> None:
    raw = np.zeros(20, np.uint8)
    raw[:4] = np.array([0.5, -1.0], np.float16).view(np.uint8)
    raw[4] = 0x3F  # code 15 for the first input, 3 for the seventeenth
    values = unpack_4(raw, 1, 32).values()[0]
    assert values[0] == 0.5 * 15 - 1
    assert values[16] == 0.5 * 3 - 1
    assert values[1] == -1


def test_a_block_of_eight_bits_is_scale_times_signed_code() -> None:
    raw = np.zeros(34, np.uint8)
    raw[:2] = np.array([2.0], np.float16).view(np.uint8)
    raw[2:4] = [0xFF, 3]
    codes, scale = unpack_8(raw, 1, 32)
    assert (codes[0, :3] * scale[0, 0]).tolist() == [-2.0, 6.0, 0.0]


def test_zero_points_and_what_they_leave_give_the_least_value_back() -> None:
    packed = Packed(
        np.zeros((1, BLOCK), np.uint8), np.array([[0.5]], np.float32), np.array([[-1.2]], np.float32)
    )
    assert packed.zero_points().tolist() == [[2]]
    assert packed.least[0, 0] + 2 * 0.5 == pytest.approx(-0.2)


def test_turning_by_halves_after_the_rows_moved_is_turning_neighbours() -> None:
    torch = pytest.importorskip("torch")
    from training.reader.model import rotary, turned

    cos, sin = rotary(7)
    generator = np.random.default_rng(1)
    q, k = (generator.normal(size=(7, HEAD)).astype(np.float32) for _ in range(2))

    def neighbours(x: np.ndarray) -> np.ndarray:
        c, s = cos[:, : HEAD // 2].numpy(), sin[:, : HEAD // 2].numpy()
        out = np.empty_like(x)
        out[:, 0::2] = x[:, 0::2] * c - x[:, 1::2] * s
        out[:, 1::2] = x[:, 0::2] * s + x[:, 1::2] * c
        return out

    order = halves(HEAD)
    by_halves = [turned(torch.from_numpy(x[:, order])[None, None], cos, sin)[0, 0].numpy() for x in (q, k)]
    wanted = neighbours(q) @ neighbours(k).T
    assert np.allclose(by_halves[0] @ by_halves[1].T, wanted, atol=1e-4)


# --- labels


def test_changed_words_are_paired_with_those_that_stood_there() -> None:
    record = {
        "original": "The post was tall. He left early in the morning.",
        "text": "The mast was tall. He went out at dawn time.",
        "sentences": [[0, 18, 0, 18], [19, 48, 19, 44]],
    }
    found = list(translations.changes(record))
    assert found[0] == Change(4, 8, IF_UNLIKELIER, 4, 8)
    assert record["text"][found[1].start : found[1].end] == "went out at dawn time"
    assert found[1].kind == UNKNOWN


def test_what_is_garbled_by_rule_is_no_label_of_a_judge() -> None:
    record = {
        "id": "en-pt-en/x", "source_id": "brown1961/b", "source_set": "human", "group": "original:brown1961",
        "register": "edited_prose", "engines": ["bergamot", "bergamot"], "chain": "en-pt-en", "lang": "en",
        "text": "A mast.", "original": "A post.", "sentences": [[0, 7, 0, 7]], "native": None, "label": None,
    }  # fmt: skip
    made, original = translations.documents([{**record, "judged": False}])
    assert (made.by_rule, made.label, made.component) == (True, 1, "brown1961:b")
    assert (original.label, original.component, made.original) == (0, made.component, original.id)
    judged, _ = translations.documents([{**record, "judged": True}])
    assert (judged.by_rule, judged.label) == (False, None)


def test_a_word_that_no_other_translation_has_is_suspect() -> None:
    record = {"human": ["Talks on the truce"], "mt": ["Chorus about truce calls"]}
    counts = {
        "Talks on the truce": Counter(
            {"\n": 20, "talks": 18, "about": 9, "truce": 20, "calls": 2, "choru": 1}
        )
    }
    found = consensus.spans_of("Chorus about truce calls", record, counts)
    assert found == [Change(0, 6, IF_VISIBLE), Change(19, 24, UNKNOWN)]
    assert consensus.spans_of("Other words", record, counts) is None


def test_verdicts_follow_the_three_nats() -> None:
    pytest.importorskip("torch")
    from training.reader.labels import verdicts

    logs = np.array([-1.0, -9.0, -2.0, -5.0, -3.0, -2.9, np.nan])
    spans = np.array(
        [
            [1, 2, 2, 2, 3],  # 7 nats less likely, below -7: wrong
            [3, 4, 2, 0, 1],  # 4 nats less likely, but only -5: open
            [4, 5, 2, 5, 6],  # a tenth: fine
            [1, 2, 1, -1, -1],  # marked, and surprising: wrong
            [3, 4, 1, -1, -1],  # marked, not surprising: open
            [0, 1, 0, -1, -1],  # wrong as it stands
            [0, 1, 3, -1, -1],  # open
            [4, 5, 2, 6, 7],  # the original's likelihood is not known: open
        ]
    )
    assert verdicts(spans, logs).tolist() == [1, -1, 0, 1, -1, 1, -1, -1]


# --- splits


def test_halves_share_no_component_and_hold_everything() -> None:
    docs = [doc(component=f"c{n}") for n in range(200)]
    for d in docs:
        assert splits.teaches(d, "h0") != splits.teaches(d, "h1")
        assert splits.teaches(d, "h0") == splits.teaches(replace(d, id="other", system="nllb"), "h0")
        assert splits.teaches(d, "all")


@pytest.mark.parametrize(
    ("given", "first", "second"),
    [
        ({"system": "nllb"}, True, False),
        ({"system": "opusmt"}, False, True),
        ({"language": "ja"}, True, False),
        ({"source": "wmt22", "component": "wmt22:zh:1", "label": 0}, True, True),
        ({"source": "flores"}, False, True),
        ({"system": "bergamot+apertium", "chain": "en-es-pt-en"}, True, False),
        ({"system": "bergamot", "chain": "pt-en"}, False, True),
        ({"source": "human_web", "register": "forum"}, True, False),
        ({"source": "human_web", "register": "blog"}, False, True),
        ({"source": "wild_mt", "group": "wild:qa", "language": "zh", "label": 0}, True, False),
    ],
)
def test_what_the_judging_bodies_leave_out(given: dict[str, object], first: bool, second: bool) -> None:
    assert (splits.in_first(doc(**given)), splits.in_second(doc(**given))) == (first, second)


# --- windows


def test_windows_end_with_sentences_and_are_about_equal() -> None:
    assert window_ends([100, 200, 300, 400], 400, 9) == [200, 400]
    assert window_ends([], 600, 9) == [255, 510, 600]
    assert window_ends([100, 200, 300, 400], 400, 1) == [200]


def test_tokens_of_a_span_leave_out_their_blanks() -> None:
    offsets = without_blanks("a bc d", [(0, 1), (1, 4), (4, 6)])
    assert offsets == [(0, 1), (2, 4), (5, 6)]
    assert token_range([0, 2, 5], [1, 4, 6], 2, 4) == (1, 2)
    assert token_range([0, 2, 5], [1, 4, 6], 4, 5) == (2, 2)


def test_package_and_training_cut_alike() -> None:
    cuts = importlib.import_module("mtscore_reader.windows").cuts
    generator = np.random.default_rng(3)
    for _ in range(200):
        tokens = int(generator.integers(1, 1500))
        firsts = sorted({0, *generator.integers(0, tokens, generator.integers(0, 40)).tolist()})
        wanted = window_ends(sorted({*firsts[1:], tokens}), tokens, 99)
        found = list(cuts(firsts, tokens))
        assert [c.end for c in found] == wanted
        assert all(sum(b - a for _, a, b in c.sentences) == c.end - c.start for c in found)


# --- the model


def test_words_before_see_nothing_of_what_follows_unless_the_window_is_seen_whole() -> None:
    torch = pytest.importorskip("torch")
    from training.reader.heads import Upper
    from training.reader.model import Layer

    torch.manual_seed(0)
    x = torch.randn(2, 12, 64)
    changed = x.clone()
    changed[:, 9:] += 1.0
    valid = torch.ones(2, 12, dtype=torch.bool)
    for sees_all in (False, True):
        upper = Upper([Layer(64, 96, 2, 1)], sees_all=sees_all, width=64).eval()
        with torch.no_grad():
            same = torch.allclose(
                upper.states(x, valid)[:, :9], upper.states(changed, valid)[:, :9], atol=1e-5
            )
        assert same is not sees_all


@pytest.mark.parametrize("sees_all", [False, True])
def test_padding_changes_nothing(sees_all: bool) -> None:
    torch = pytest.importorskip("torch")
    from training.reader.heads import Upper
    from training.reader.model import Layer

    torch.manual_seed(0)
    upper = Upper([Layer(64, 96, 2, 1)], sees_all=sees_all, width=64).eval()
    x = torch.randn(1, 10, 64)
    longer = torch.cat([x, torch.randn(1, 5, 64)], dim=1)
    sentence = torch.tensor([[0] * 5 + [1] * 5])
    padded = torch.cat([sentence, torch.full((1, 5), 255)], dim=1)
    valid = torch.arange(15)[None] < 10
    with torch.no_grad():
        short = upper(x, valid[:, :10], sentence, 2)
        long = upper(longer, valid, padded, 2)
    assert torch.allclose(short.windows, long.windows, atol=1e-5)
    assert torch.allclose(short.words, long.words[:, :10], atol=1e-5)
    assert torch.allclose(short.sentences, long.sentences, atol=1e-5)


def test_a_saved_body_comes_back_within_its_blocks(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from training.reader import quantise
    from training.reader.heads import Upper
    from training.reader.model import Layer

    torch.manual_seed(0)
    upper = Upper([Layer() for _ in range(5)], sees_all=True)
    quantise.saved(upper, tmp_path / "body_all")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["body_all_0.npz", "body_all_1.npz"]
    back = quantise.loaded(Upper([Layer() for _ in range(5)], sees_all=False), tmp_path / "body_all")
    assert back.sees_all
    old, new = (u.state_dict()["layers.4.ffn_up.weight"] for u in (upper, back))
    assert 0 < float((old - new).abs().max()) <= float(old.abs().max()) / 127 / 2 + 1e-6


@pytest.mark.parametrize("sees_all", [False, True])
def test_the_exported_graph_says_what_the_body_says(tmp_path: Path, sees_all: bool) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    from training.reader import export, quantise
    from training.reader.heads import Upper
    from training.reader.model import Layer, embeddings_from, layer_from, rotary

    torch.manual_seed(0)
    base = random_base(1)
    quantise.saved(Upper([Layer()], sees_all=sees_all), tmp_path / "body")
    upper = quantise.loaded(Upper([Layer()], sees_all=not sees_all), tmp_path / "body").eval()
    export.write(export.build(base, export.body_arrays(tmp_path / "body"), 1), tmp_path)
    ids = np.array([[0, *np.random.default_rng(0).integers(1, 60, 30)]])
    member = np.zeros((2, 31), np.float32)
    member[0, 1:11], member[1, 11:] = 1 / 10, 1 / 20
    session = onnxruntime.InferenceSession(str(tmp_path / "reader.onnx"), providers=["CPUExecutionProvider"])
    windows, words, sentences = session.run(None, {"ids": ids, "member": member})
    cos, sin = rotary(31)
    with torch.no_grad():
        x = layer_from(base, 0)(embeddings_from(base)[torch.from_numpy(ids)], cos, sin)
        sentence = torch.tensor([[0] * 11 + [1] * 20])
        wanted = upper(x, torch.ones(1, 31, dtype=torch.bool), sentence, 2)
    assert np.allclose(windows, wanted.windows[0], atol=0.02)
    assert np.allclose(words, wanted.words[0], atol=0.03)
    assert np.allclose(sentences, wanted.sentences[0], atol=0.01)


def tiny_store(windows: int) -> object:
    """A store of one-window documents of all pools, the garbled ones with a wrong word at place 2."""
    torch = pytest.importorskip("torch")
    from training.reader.store import LENGTH, Store

    pool = np.arange(windows) % 5
    length = torch.full((windows,), 12)
    return Store(
        ids=torch.ones((windows, LENGTH), dtype=torch.int32),
        sentence=torch.zeros((windows, LENGTH), dtype=torch.uint8),
        flags=torch.zeros((windows, LENGTH), dtype=torch.uint8),
        length=length,
        doc=torch.arange(windows),
        first=torch.arange(windows) * 11,
        places=windows * 11,
        ratings=torch.where(torch.arange(windows)[:, None] % 5 == 4, 0.5, -1.0).repeat(1, 24),
        spans=np.array([[n * 11 + 2, n * 11 + 3, 0, -1, -1] for n in range(windows) if pool[n] in (0, 2)]),
        plan={
            "pool": pool.astype(np.int8),
            "draw": np.ones(windows, np.float32),
            "answers": np.stack([np.where(pool == 4, -1, (pool % 2 == 0).astype(int))] * 4, axis=1).astype(
                np.int8
            ),
            "sure": np.ones(windows, np.float32),
            "by_rule": np.zeros(windows, bool),
            "teaches": np.ones((windows, 7), bool),
        },
        names={"families": [], "bodies": list(splits.BODIES)},
    )


def test_word_labels_and_their_counts_stand_at_their_places() -> None:
    pytest.importorskip("torch")
    from training.reader.labels import word_labels

    store = tiny_store(5)
    labels, wrong = word_labels(store, np.full(55, np.nan), np.array([True, True, True, False, False]))  # type: ignore[arg-type]
    assert np.flatnonzero(labels == 1).tolist() == [2, 24]
    assert (labels[33:] == -1).all()
    assert wrong.tolist() == [1, 0, 1, 0, 0]


def test_a_few_steps_teach_a_tiny_body_what_its_windows_show() -> None:
    torch = pytest.importorskip("torch")
    from training.reader.heads import Upper
    from training.reader.labels import word_labels
    from training.reader.model import Layer
    from training.reader.teach import Settings, lessons, teach
    from training.reader.train import padded_words, sampled

    torch.manual_seed(0)
    whole = tiny_store(40)
    labels, wrong = word_labels(whole, np.full(440, np.nan), np.ones(40, bool))  # type: ignore[arg-type]
    store = sampled(whole, 20)  # type: ignore[arg-type]
    assert len(store.ids) == 20
    words = padded_words(store, labels)
    assert all((words[n, 3] == 1) == (int(d) % 5 in (0, 2)) for n, d in enumerate(store.doc))
    given = lessons(store, words, 0, wrong)
    lower = torch.zeros(20, 256, 64) + (given.answers[:, :1, None] * 2.0 - 1.0)
    upper = Upper([Layer(64, 96, 2, 1)], sees_all=True, width=64)
    settings = Settings(batch=(2, 2, 2, 2, 2), rate=3e-3, head_rate=3e-3)
    took = teach(upper, lower, store, given, settings, 0.0, 1, steps=30)
    assert took["steps"] == 30
    assert took["last"] < 0.7 * took["first"]


# --- the package


def test_damaged_and_ill_named_files_are_refused(tmp_path: Path) -> None:
    files = importlib.import_module("mtscore_reader.files")
    for name in files.NEEDED:
        (tmp_path / name).write_bytes(name.encode())
    manifest = {"format": 1, "digest": "x", "files": {n: files.digest(tmp_path / n) for n in files.NEEDED}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    assert files.verified(tmp_path)["digest"] == "x"
    (tmp_path / "taught.bin").write_bytes(b"other")
    with pytest.raises(files.ReaderError, match=r"taught\.bin is damaged"):
        files.verified(tmp_path)
    manifest["files"]["../secret"] = "0"  # type: ignore[index]
    (tmp_path / "taught.bin").write_bytes(b"taught.bin")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(files.ReaderError, match="plain file name"):
        files.verified(tmp_path)
