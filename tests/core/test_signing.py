"""A seal makes and reads what itsdangerous does, and believes nothing that itsdangerous would not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import BadData, BadSignature, SignatureExpired, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode, int_to_bytes

from forum.core.signing import Seal

pytestmark = pytest.mark.once
VALUE = {"who": "ñ", "said": [["success", "Posted."]], "long": "abc" * 900}
NOW = 1_800_000_000
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda kinds: st.lists(kinds) | st.dictionaries(st.text(), kinds),
)


def serializer(secret: str = "k" * 40, salt: str = "session") -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=salt, signer_kwargs={"key_derivation": "hmac"})


def test_each_reads_what_the_other_made() -> None:
    seal = Seal(serializer())
    assert serializer().loads(seal.dumps(VALUE), max_age=60) == VALUE
    assert seal.loads(str(serializer().dumps(VALUE)), max_age=60) == VALUE
    assert seal.loads(seal.dumps(VALUE)) == VALUE


def test_what_was_changed_or_signed_elsewhere_is_not_read() -> None:
    seal = Seal(serializer())
    text = seal.dumps({"who": "a"})
    payload, _signed_at, signature = text.split(".")
    later = base64_encode(int_to_bytes(NOW)).decode()
    others = (
        Seal(serializer("x" * 40)).dumps({"who": "a"}),
        Seal(serializer(salt="other")).dumps({"who": "a"}),
    )
    changed = (f"{payload}.{later}.{signature}", f"{payload}.{signature}", f"x{text}", f"{text}x", text[:-1])
    for wrong in (*others, *changed, "", ".", "..", "ñ.ñ.ñ", payload):
        with pytest.raises(BadSignature):
            seal.loads(wrong, max_age=60)


def test_it_ends_when_itsdangerous_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    seal = Seal(serializer())
    for made_at, is_read in ((NOW, True), (NOW - 60, True), (NOW - 61, False), (NOW + 1, False)):
        monkeypatch.setattr("time.time", lambda made_at=made_at: float(made_at))
        text = seal.dumps(1)
        monkeypatch.setattr("time.time", lambda: float(NOW))
        if is_read:
            assert seal.loads(text, max_age=60) == serializer().loads(text, max_age=60) == 1
        else:
            with pytest.raises(SignatureExpired):
                seal.loads(text, max_age=60)


@given(VALUES)
def test_whatever_is_signed_is_read_back_by_both(value: object) -> None:
    seal = Seal(serializer())
    text = seal.dumps(value)
    assert seal.loads(text, max_age=60) == serializer().loads(text, max_age=60) == value
    assert seal.loads(str(serializer().dumps(value))) == value


def test_what_holds_and_says_nothing_is_refused_as_itsdangerous_does() -> None:
    seal, signer = Seal(serializer()), serializer().make_signer()
    for payload in (b"a", b"!!!", b"bm8ganNvbg", b".bm8ganNvbg", b"", b"_w"):
        with pytest.raises(BadData):
            seal.loads(signer.sign(payload).decode(), max_age=60)
