"""The texts in memory are those of the database at every search, whoever wrote last."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.search import listing
from knowledge.store import Changes, Store
from tests.entry_examples import draft


def ids(store: Store, text: str) -> list[str]:
    return [entry.id for entry in store.entries(text=text).entries]


def test_what_another_process_wrote_is_found_at_once_and_what_it_deleted_no_more(url: str) -> None:
    with closing(Store(url)) as one, closing(Store(url)) as other:
        one.write(Changes(drafts=[draft("a", title="甲"), draft("b", title="乙")]))
        assert ids(other, "甲") == ["a"]
        one.write(Changes(drafts=[draft("b", title="甲乙")]))
        assert ids(other, "甲") == ["a", "b"]
        one.write(Changes(deletes=["a"]))
        assert ids(other, "甲") == ["b"]
        one.write(Changes(drafts=[draft("a", title="甲")]))
        assert ids(other, "甲") == ids(one, "甲") == ["a", "b"]


def test_a_write_that_failed_is_not_found(url: str) -> None:
    with closing(Store(url)) as store:
        store.write(Changes(drafts=[draft("a", title="甲", short_code="x")]))
        with pytest.raises(Exception, match="短代码"):
            store.write(Changes(drafts=[draft("b", title="甲", short_code="x")]))
        assert ids(store, "甲") == ["a"]


def test_a_backup_that_was_put_back_is_what_is_searched(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    url = f"sqlite:///{folder / 'x.db'}"
    with closing(Store(url)) as store:
        store.write(Changes(drafts=[draft("a", title="旧")]))
    backup = (folder / "x.db").read_bytes()
    with closing(Store(url)) as store:
        store.write(Changes(drafts=[draft("a", title="新")]))
        assert ids(store, "新") == ["a"]
        store.close()
        (folder / "x.db").write_bytes(backup)
        for rest in folder.glob("x.db-*"):
            rest.unlink()
        assert ids(store, "旧") == ["a"]
        assert ids(store, "新") == []


@pytest.mark.parametrize("sort", ["id", "title", "updated_at"])
def test_many_hits_are_listed_as_few_are(url: str, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Store(url)) as store:
        for part in range(3):
            some = [draft(f"e{n}", title=f"{'乙甲丙'[part]}{n % 7}", intent=("a", "b")[n % 2])
                    for n in range(part * 300, part * 300 + 300)]  # fmt: skip
            store.write(Changes(drafts=some))
        found = []
        for few in (0, 10_000):
            monkeypatch.setattr(listing, "_FEW", few)
            page = store.entries(text="发货", sort=sort, limit=70, offset=35, intent="b")  # type: ignore[arg-type]
            found.append((page.total, [entry.id for entry in page.entries]))
        plain = store.entries(sort=sort, limit=70, offset=35, intent="b")  # type: ignore[arg-type]
    assert found[0] == found[1] == (450, [entry.id for entry in plain.entries])


def test_searching_while_others_write_never_fails_and_ends_up_to_date(url: str) -> None:
    with closing(Store(url)) as store:
        store.write(Changes(drafts=[draft("e0", title="字")]))
        seen: list[int] = []
        done = threading.Event()

        def search() -> None:
            while not done.is_set():
                seen.append(store.entries(text="字").total)

        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(1, 30):
            store.write(Changes(drafts=[draft(f"e{number}", title="字")]))
            assert store.entries(text="字").total == number + 1
        done.set()
        for thread in threads:
            thread.join()
        assert store.entries(text="字").total == 30
    assert seen
    assert all(1 <= total <= 30 for total in seen)


def test_reading_beforehand_changes_nothing(url: str) -> None:
    with closing(Store(url)) as store:
        store.prepare_search()
        store.write(Changes(drafts=[draft("a", title="甲")]))
        store.prepare_search()
        assert ids(store, "甲") == ["a"]
