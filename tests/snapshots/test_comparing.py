"""Two snapshots apart: revision, new data, new forecast and protection are never mixed, and never judged."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lagesbild.domain.errors import SnapshotError
from lagesbild.freezing.machine_table import machine_table
from lagesbild.snapshots.as_json import difference_json, largest
from lagesbild.snapshots.choosing import chosen
from lagesbild.snapshots.comparing import compare
from lagesbild.snapshots.difference import Change, Difference
from lagesbild.snapshots.keys import PrivateKey
from lagesbild.snapshots.manifest import ForecastRun, Measure, Table
from lagesbild.snapshots.naming import series_sv
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.reading import read
from lagesbild.snapshots.wording import change_sv, headline, sentences
from tests.snapshots.made import (
    DECEMBER,
    FEBRUARY,
    NOVEMBER,
    areas,
    bundle,
    facts,
    forecasts,
    gaps,
    limits,
    regions,
    waits,
)

JUDGING = re.compile(
    r"\b(ökar|minskar|ökat|minskat|förbättra\w*|försämra\w*|bättre|sämre|vänder|tappar|lyfter|rasar|bryter|stiger|sjunker)\b"
)
LATER = {
    ("2023-11", "", "kna"): (0.884, "", 20_100, "", "no"),
    ("2023-11", "25", "kna"): (0.866, "", 900, "", "no"),
    ("2023-11", "12", "kna"): (0.873, "", 3_000, "", "no"),
    ("2023-11", "09", "kna"): (None, "secondary", None, "suppressed", "no"),
    ("2023-12", "", "kna"): (0.870, "", 20_500, "", "yes"),
    ("2024-01", "", "kna"): (0.862, "", 20_600, "", "yes"),
    ("2024-01", "25", "kna"): (0.853, "", 930, "", "yes"),
}


def _compare(before, after, **later: object) -> Difference:
    """Both through their zips, as two machines would."""
    a = bundle([waits(before), regions(), areas()])
    b = bundle([waits(after), regions(), areas()], **{"as_of": FEBRUARY, "until": "2024-01", **later})
    return compare(read(pack(a)), read(pack(b)), ("a.zip", "b.zip"))


def _one(before, after) -> list[Change]:
    key = ("2023-11", "25", "kna")
    return list(_compare({key: before}, {key: after}).changes)


def test_a_snapshot_and_itself_have_nothing_apart():
    told = compare(bundle(), bundle())
    assert told.same
    assert (told.changes, told.movements) == ((), ())
    assert sentences(told)[-1].startswith("Inget skiljer")
    assert "Bilderna visar samma tidpunkt." in sentences(told)


def test_revision_and_new_data_are_kept_apart():
    told = _compare(NOVEMBER, LATER)
    revised = {(c.key, c.measure): (c.before, c.after) for c in told.of("revision")}
    assert revised == {
        (("2023-11", "", "kna"), "share"): (0.890, 0.884),
        (("2023-11", "25", "kna"), "share"): (0.880, 0.866),
        (("2023-11", "12", "kna"), "share"): (0.882, 0.873),
        (("2023-11", "", "kna"), "waiting"): (20_000, 20_100),
    }
    assert {c.key[0] for c in told.of("new")} == {"2023-12", "2024-01"}
    assert len(told.of("new")) == 6, "three rows of two measures; a mark alone is no datum"
    assert not told.of("gone", "shown", "hidden", "forecast", "definition")


def test_the_country_moved_by_revision_and_by_new_months():
    """The design's example: 0.6 of 2.8 percentage points is revision, 2.2 is new months."""
    told = _compare(NOVEMBER, LATER)
    country = next(m for m in told.movements if m.measure == "share" and m.key == ("", "kna"))
    assert (country.then_period, country.last_period) == ("2023-11", "2024-01")
    assert country.revision == pytest.approx(-0.006)
    assert country.new_months == pytest.approx(-0.022)
    assert country.whole == pytest.approx(country.revision + country.new_months)
    assert headline(told).replace("\u00a0", " ") == (
        "Knäprotes i riket gick från 89,0 % i november 2023 till 86,2 % i januari 2024. "
        "−0,6 procentenheter är revidering, −2,2 procentenheter är nya månader."
    )
    assert [m.key[0] for m in told.movements if m.measure == "share"] == ["25", "12", ""], "most revised first"


def test_the_order_they_are_given_in_does_not_matter():
    a = bundle([waits(NOVEMBER)])
    b = bundle([waits(LATER)], as_of=FEBRUARY)
    assert compare(a, b) == compare(b, a)
    assert compare(b, a).earlier.as_of == DECEMBER


def test_largest_first_within_a_measure_by_absolute_and_relative_size():
    before = {("2023-11", r, "kna"): (None, "missing", n, "", "no") for r, n in (("1", 10_000), ("2", 100), ("3", 9))}
    after = {("2023-11", r, "kna"): (None, "missing", n, "", "no") for r, n in (("1", 10_050), ("2", 120), ("3", 8))}
    told = _compare(before, after)
    assert [c.key[1] for c in told.of("revision")] == ["2", "1", "3"]
    assert [c.key[1] for c in largest(told, 1)] == ["2"]
    assert len(list(largest(told, 0))) == 3


@pytest.mark.parametrize(
    "before, after, kind, told",
    [
        ((0.5, "", 9, "", "no"), (0.5, "", 10, "", "no"), "revision", "blev 10"),
        ((0.5, "", None, "missing", "no"), (0.5, "", 10, "", "no"), "late", "kom in senare"),
        ((0.5, "", None, "excluded", "no"), (0.5, "", 10, "", "no"), "late", "kom in senare"),
        ((0.5, "", 9, "", "no"), (0.5, "", None, "missing", "no"), "withdrawn", "saknas nu"),
        ((0.5, "", 9, "", "no"), (0.5, "", None, "excluded", "no"), "withdrawn", "är utesluten nu"),
        ((0.5, "", 9, "", "no"), (0.5, "", None, "suppressed", "no"), "hidden", "skyddas nu"),
        ((0.5, "", 9, "", "no"), (0.5, "", None, "secondary", "no"), "hidden", "skyddas nu"),
        ((0.5, "", None, "suppressed", "no"), (0.5, "", 9, "", "no"), "shown", "visas nu"),
        ((0.5, "", None, "missing", "no"), (0.5, "", None, "excluded", "no"), "absent", "är utesluten i den senare"),
        ((0.5, "", None, "missing", "no"), (0.5, "", None, "suppressed", "no"), "absent", "skyddas i den senare"),
        ((0.5, "", None, "suppressed", "no"), (0.5, "", None, "missing", "no"), "absent", "saknas i den senare"),
        ((0.5, "", 9, "", "yes"), (0.5, "", 9, "", "no"), "status", "ja blev nej"),
    ],
)  # fmt: skip
def test_every_turn_of_a_cell_is_told_as_what_it_is(before, after, kind, told):
    found = _one(before, after)
    assert [c.kind for c in found] == [kind]
    difference = _compare({("2023-11", "25", "kna"): before}, {("2023-11", "25", "kna"): after})
    line = change_sv(difference, difference.changes[0])
    assert line.startswith("Knäprotes, Norrbotten, november 2023, ")
    assert told in line.replace("\u00a0", " ")


def test_one_reason_of_protection_for_another_is_nothing_to_tell():
    assert _one((0.5, "", None, "suppressed", "no"), (0.5, "", None, "secondary", "no")) == []


@pytest.mark.parametrize("state", ["suppressed", "secondary"])
def test_what_protection_takes_or_gives_is_told_without_the_number(state):
    """Also the number that the other snapshot shows: beside a protected one it says how much is hidden."""
    for before, after in (((9, ""), (None, state)), ((None, state), (9, ""))):
        key = ("2023-11", "25", "kna")
        told = _compare({key: (0.5, "", *before, "no")}, {key: (0.5, "", *after, "no")})
        change = told.changes[0]
        assert (change.before, change.after, change.size) == (None, None, 0)
        assert not re.search(r"\b9\b", change_sv(told, change))
        assert all((m.then, m.now) == (None, None) for m in told.movements if m.measure == "waiting")
        assert "Skydd av små tal: " in " ".join(sentences(told))


def test_the_last_digits_of_another_machine_are_no_revision():
    assert _one((1 / 3, "", 9, "", "no"), (1 / 3 + 1e-16, "", 9, "", "no")) == []
    assert _one((1 / 3, "", 9, "", "no"), (1 / 3 + 1e-6, "", 9, "", "no")) != []


RUNS = ForecastRun(run_id=14, until="2024-01", made=FEBRUARY)


def test_another_run_is_a_new_forecast_and_the_same_run_a_revision():
    a = bundle([forecasts({"2024-01": 900.0, "2024-02": 905.0}), regions(), areas()])
    tables = [forecasts({"2024-02": 910.0, "2024-03": 920.0}), regions(), areas()]
    new = compare(a, bundle(tables, as_of=FEBRUARY, forecast_run=RUNS))
    assert {c.kind for c in new.changes} == {"forecast"}
    assert {(c.key[2], c.before, c.after) for c in new.changes} == {
        ("2024-01", 900.0, None), ("2024-02", 905.0, 910.0), ("2024-03", None, 920.0),
    }  # fmt: skip
    assert any("Prognosen är gjord på nytt" in s for s in sentences(new))
    same = compare(a, bundle(tables, as_of=FEBRUARY))
    assert {c.kind for c in same.changes} == {"revision", "new", "gone"}
    assert not new.movements
    assert not same.movements, "a forecast is no outcome"


def test_definitions_and_other_facts_are_told_by_themselves():
    a = bundle([waits(NOVEMBER), regions(), limits(90), gaps({"25": "open", "12": "watch"})])
    b = bundle(
        [waits(NOVEMBER), regions({"25": "Norrbotten", "12": "Region Skåne", "01": "Stockholm"}), limits(60),
         gaps({"25": "open", "12": "expected"})],
        as_of=FEBRUARY, until="2024-01", data_version="2024-02-26.1", forecast_run=RUNS, code_version="0.2.0",
    )  # fmt: skip
    told = compare(a, b)
    assert {(c.dataset, c.key, c.before_text, c.after_text) for c in told.of("definition")} == {
        ("regions", ("12",), "Skåne", "Region Skåne"),
        ("regions", ("01",), "", "Stockholm"),
        ("regions", ("09",), "Gotland", ""),
        ("guarantee-limits", ("kna", "", "2005-11-01"), "90", "60"),
    }
    lines = {x.title: (x.before, x.after, x.changed) for x in told.aspects}
    assert lines["Flaggor, öppna"] == ("1", "1", False)
    assert lines["Flaggor, väntade"] == ("0", "1", True)
    assert lines["Regioner"] == ("3 rader", "3 rader (1 nya, 1 borttagna, 1 ändrade)", True)
    assert lines["Data till och med"] == ("november 2023", "januari 2024", True)
    assert lines["Program"] == ("0.1.0", "0.2.0", True)
    changed = [x.changed for x in told.aspects]
    assert changed == sorted(changed, reverse=True), "what differs stands first"


def test_flags_are_counted_at_the_target_that_every_outlet_counts_at():
    status = Measure(name="status", title="läge", form="text")
    keys = ("region", "care_area", "target_share")

    def at(*told: str):
        rows = [("25", "kna", target, s) for target, s in zip(("0.7", "0.8", "0.9"), told, strict=True)]
        return bundle([machine_table("gaps", "Kapacitetsgap", keys, (status,), rows, kind="forecast")])

    found = compare(at("open", "watch", "open"), at("open", "open", "open"))
    lines = {a.title: (a.before, a.after) for a in found.aspects}
    assert lines["Flaggor vid gränsen 80\u00a0%, öppna"] == ("0", "1")
    assert lines["Flaggor vid gränsen 80\u00a0%, bevakade"] == ("1", "0")


def test_months_before_the_first_of_the_later_have_slid_out_and_are_not_lost():
    value = (0.89, "", 20_000, "", "no")
    months = {m: {(m, code, "kna"): value for code in ("", "25")} for m in ("2023-10", "2023-11", "2023-12")}
    earlier = months["2023-10"] | months["2023-11"]
    later = {k: v for k, v in (months["2023-11"] | months["2023-12"]).items() if k != ("2023-11", "25", "kna")}
    found = compare(bundle([waits(earlier)]), bundle([waits(later)], as_of=FEBRUARY))
    assert {c.key[0] for c in found.of("slid")} == {"2023-10"}
    assert {c.key for c in found.of("gone")} == {("2023-11", "25", "kna")}
    told = " ".join(sentences(found))
    assert "från månader före dem som den senare bilden går tillbaka till: oktober 2023." in told
    assert "finns bara i den tidigare bilden: november 2023." in told


def _revised(key: tuple[str, str, str], before: float, after: float, measure: str = "waiting") -> Change:
    return Change("revision", "waits", key, measure, before, after)


def test_what_weighs_most_is_listed_with_the_largest_difference_first():
    told = compare(bundle(), bundle())
    country, small = _revised(("2023-11", "", "kna"), 1_846, 2_171), _revised(("2023-11", "12", "kna"), 100, 200)
    other, slight = _revised(("2023-11", "25", "kna"), 704, 916), _revised(("2023-11", "09", "kna"), 10_000, 10_001)
    share = _revised(("2023-11", "", "kna"), 0.8, 0.7, "share")
    given = [slight, small, share, other, country]
    assert chosen(told, given, 4) == [country, other, small, slight]
    assert chosen(told, given) == [country, other, small, slight, share]


def test_one_series_does_not_fill_what_is_shown():
    """All five were one care area's months in the country, and nothing said what else had been revised."""
    told = compare(bundle(), bundle())
    months = [_revised((f"2023-{m:02}", "", "kat"), 1_000, 1_300 + m) for m in range(1, 10)]
    region, knee = _revised(("2023-11", "25", "kat"), 100, 120), _revised(("2023-11", "", "kna"), 100, 110)
    assert chosen(told, [*months, region, knee], 3) == [months[-1], region, knee]
    assert chosen(told, [*months, region, knee], 4) == [months[-1], months[-2], region, knee]


def test_new_numbers_are_shown_of_the_last_month_and_the_country_first():
    found = _compare(NOVEMBER, LATER)
    first, second = chosen(found, found.of("new"), 2)
    assert (first.key, second.key) == (("2024-01", "", "kna"), ("2024-01", "25", "kna"))


def _gaps(*told: tuple[str, str, str]):
    status = Measure(name="status", title="läge", form="text")
    opens = Measure(name="opens_period", title="öppnar", form="text")
    rows = [(region, "kna", target, s, "2024-03") for region, target, s in told]
    keys = ("region", "care_area", "target_share")
    return machine_table("gaps", "Kapacitetsgap", keys, (status, opens), rows, kind="forecast")


def test_which_gaps_opened_and_closed_is_told_by_name_and_stands_first():
    a = bundle([_gaps(("12", "0.7", "none"), ("12", "0.8", "none"), ("25", "0.8", "open"), ("25", "0.9", "open")),
                regions(), areas()])  # fmt: skip
    b = bundle([_gaps(("12", "0.7", "open"), ("12", "0.8", "open"), ("25", "0.8", "watch"), ("25", "0.9", "open")),
                regions(), areas()], as_of=FEBRUARY, forecast_run=RUNS)  # fmt: skip
    found = compare(a, b)
    said = sentences(found)
    assert "Gap vid gränsen 80\u00a0% som är öppna bara i den senare bilden: knäprotes i Skåne." in said
    assert "Gap vid gränsen 80\u00a0% som är öppna bara i den tidigare bilden: knäprotes i Norrbotten." in said
    lines = [change_sv(found, c) for c in chosen(found, found.of("forecast"))]
    assert lines == [
        "Knäprotes, gränsen 80\u00a0%, Skåne, läge: inget gap blev öppet",
        "Knäprotes, gränsen 80\u00a0%, Norrbotten, läge: öppet blev bevakas",
        "Knäprotes, gränsen 70\u00a0%, Skåne, läge: inget gap blev öppet",
    ]


@pytest.mark.parametrize("odd", ["inf", "nan", "²", "9" * 5_000, ""])
def test_odd_keys_of_a_file_from_anyone_are_told_as_they_stand(odd):
    a = bundle([_gaps(), waits({}), regions(), areas()])
    b = bundle([_gaps(("12", odd, "open")), waits({(f"{odd}-{odd}", "12", "kna"): (0.9, "", 9, "", "no")}), regions(),
                areas()], as_of=FEBRUARY, forecast_run=RUNS)  # fmt: skip
    found = compare(a, b)
    assert len([change_sv(found, c) for c in chosen(found, found.changes, 3)]) == 3
    assert not any("Gap vid gränsen" in s for s in sentences(found))


def test_without_a_forecast_nothing_was_judged_and_everything_of_the_other_is_new():
    a = bundle([_gaps(), forecasts({}), regions(), areas()], forecast_run=None)
    b = bundle([_gaps(("12", "0.8", "open")), forecasts({"2024-03": 9.0}), regions(), areas()], as_of=FEBRUARY)
    found = compare(a, b)
    lines = {x.title: (x.before, x.after, x.happened) for x in found.aspects}
    assert lines["Flaggor vid gränsen 80\u00a0%, öppna"] == ("–", "1", "bara den senare har en prognos")
    assert lines["Flaggor vid gränsen 80\u00a0%, väntade"] == ("–", "0", "bara den senare har en prognos")
    said = " ".join(sentences(found))
    assert "Den tidigare bilden har ingen prognos: 3 prognostal finns bara i den senare." in said
    assert "Prognosen är gjord på nytt" not in said
    assert "flaggor vid gränsen 80\u00a0%" in said
    assert "öppna, flaggor" not in said
    assert "Knäprotes, gränsen 80\u00a0%, Skåne, öppnar: mars 2024, nytt" in [
        change_sv(found, c) for c in found.changes
    ]
    back = " ".join(sentences(compare(bundle([forecasts({"2024-03": 9.0})]), bundle([forecasts({})], as_of=FEBRUARY,
                                                                                     forecast_run=None))))  # fmt: skip
    assert "Den senare bilden har ingen prognos: 1 prognostal finns bara i den tidigare." in back


def test_a_number_of_a_forecast_is_told_as_what_it_is_of():
    mean = Measure(name="mean", title="medelvärde", form="number", decimals=3)
    keys = ("region", "care_area", "measure", "period")

    def run(*values: float):
        names = ("within_limit_share", "expected_wait_days", "waiting")
        rows = [("12", "kna", name, "2024-03", v) for name, v in zip(names, values, strict=True)]
        return [machine_table("forecasts", "Prognoser", keys, (mean,), rows, kind="forecast"), regions(), areas()]

    found = compare(bundle(run(0.9, 47.0, 2_000.0)), bundle(run(0.951, 40.0, 2_100.0), forecast_run=RUNS))
    assert {change_sv(found, c) for c in found.changes} == {
        "Knäprotes, andel inom gränsen, Skåne, mars 2024, medelvärde: "
        "90,0\u00a0% blev 95,1\u00a0% (+5,1 procentenheter)",
        "Knäprotes, förväntad väntetid, Skåne, mars 2024, medelvärde: 47\u00a0dagar blev 40\u00a0dagar (−7\u00a0dagar)",
        "Knäprotes, väntande, Skåne, mars 2024, medelvärde: 2\u00a0000 blev 2\u00a0100 (+100)",
    }


def test_a_code_is_told_in_words_and_an_empty_text_is_none():
    status = Measure(name="status", title="läge", form="text")
    table = machine_table("reporting", "Rapportering", ("period", "region"), (status,),
                          [("2024-01", "12", "not_yet"), ("2024-01", "25", "")])  # fmt: skip
    none = machine_table("reporting", "Rapportering", ("period", "region"), (status,), [])
    found = compare(bundle([none, regions()]), bundle([table, regions()]))
    assert {change_sv(found, c) for c in found.changes if c.after_text} == {
        "Skåne, januari 2024, läge: rapporterar inte ännu, nytt"
    }


def test_different_eyes_and_marks_are_told_first():
    told = _compare(NOVEMBER, NOVEMBER, role="exact", synthetic="")
    assert any("olika roller" in n for n in told.notes)
    assert any("syntetisk" in n for n in told.notes)
    assert sentences(told)[1] == told.notes[0]
    other = _compare(NOVEMBER, NOVEMBER, threshold=10)
    assert any("Gränsen för små tal är 5 i den tidigare bilden och 10 i den senare" in n for n in other.notes)


def test_what_only_one_has_or_has_otherwise_is_told_and_not_compared():
    share = Measure(name="share", title="andel inom gränsen", form="percent", decimals=1)
    other = machine_table(
        "waits", "Väntande", ("period", "region", "care_area"), (share,), [("2023-11", "", "kna", 89.0)]
    )
    told = compare(bundle([waits(NOVEMBER), limits()]), bundle([other, regions()], as_of=FEBRUARY))
    assert not told.changes
    text = " ".join(told.notes)
    assert "andel inom gränsen i tabellen Väntande har olika enhet" in text
    assert "väntande i tabellen Väntande finns bara i den tidigare" in text
    assert "Tabellen Gränser i vårdgarantin finns bara i bilden från 2023-12-18 kl. 06.10 svensk tid." in text
    assert "Tabellen Regioner finns bara i bilden från 2024-02-26 kl. 06.10 svensk tid." in text
    rekeyed = machine_table("waits", "Väntande", ("period",), (), [("2023-11",)])
    assert "uppbyggd på olika sätt" in " ".join(compare(bundle(), bundle([rekeyed], as_of=FEBRUARY)).notes)


def test_a_file_that_is_not_genuine_is_not_compared():
    made = bundle()
    changed = replace(made, files={**made.files, "data/waits.csv": b"period\n"})
    with pytest.raises(SnapshotError, match=r"”b\.zip” är inte äkta: data/waits\.csv"):
        compare(made, changed, ("a.zip", "b.zip"))
    signed = replace(bundle(key=PrivateKey(bytes(32))), signature=None)
    with pytest.raises(SnapshotError, match="signaturen"):
        compare(made, signed)


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "saknar kolumnen period"),
        (b"period,region,care_area,share,share_state,waiting,waiting_state\n", "saknar kolumnen provisional"),
        (b"H\n2023-11,25,kna,0.5,,1,\n", "fel antal kolumner"),
        (b"H\n2023-11,25,kna,0.5,,1,,no\n2023-11,25,kna,0.5,,1,,no\n", "samma nyckel"),
        (b"H\n2023-11,25,kna,halv,,1,,no\n", "inte att läsa"),
        (b"H\n2023-11,25,kna,nan,,1,,no\n", "inte att läsa"),
        (b"H\n2023-11,25,kna,inf,,1,,no\n", "inte att läsa"),
        (b"H\n\xff\xfe\n", "inte att läsa"),
        (b'H\n"2023-11,25,kna', "inte att läsa"),
    ],
)
def test_a_table_that_is_not_what_the_manifest_says_is_told_so(content, said):
    """Sealed with its true checksum: made wrong, not damaged on the way."""
    from lagesbild.snapshots.bundle import seal

    table = waits(NOVEMBER)
    content = content.replace(b"H\n", table.content.splitlines(keepends=True)[0])
    wrong = seal({table.file: content}, facts(tables={"waits": table.told}))
    with pytest.raises(SnapshotError, match=said):
        compare(wrong, bundle(as_of=FEBRUARY), ("a.zip", "b.zip"))


def test_no_word_judges_and_the_reader_is_told_that_nothing_is_proven():
    told = _compare(NOVEMBER, LATER)
    text = " ".join([*sentences(told), *(change_sv(told, c) for c in told.changes)])
    assert not JUDGING.search(text)
    assert sentences(told)[-1] == "En skillnad mellan två bilder är inte en säkerställd förändring."
    assert "6 tal är nya: december 2023 och januari 2024." in sentences(told)


def test_json_counts_all_and_shows_the_largest():
    told = difference_json(_compare(NOVEMBER, LATER), limit=1)
    assert told["counts"] == {"revision": 4, "new": 6}
    assert len(told["changes"]) == 4
    first = told["changes"][0]
    assert first["key"] == {"period": "2023-11", "region": "25", "care_area": "kna"}
    assert first["difference"] == pytest.approx(-0.014)
    assert told["movements"][0]["revision"] == pytest.approx(-0.014)


SUMS = "period level region healthcare_region care_area"
FLOWS = "period level kind home_region treating_region"


@pytest.mark.parametrize(
    "keys, key, said",
    [
        (SUMS, ("2026-10", "country", "", "", "kna"), "kna, riket, oktober 2026"),
        (SUMS, ("2026-10", "healthcare_region", "", "Södra", "kna"), "kna, Södra sjukvårdsregionen, oktober 2026"),
        (SUMS, ("2026-10", "region", "12", "Södra", "kna"), "kna, 12, oktober 2026"),
        (FLOWS, ("2026-10", "flow", "flow", "12", "13"), "från 12 till 13, oktober 2026"),
        (FLOWS, ("2026-10", "region", "sent", "12", ""), "12 reste ut, oktober 2026"),
        ("period level region", ("2026-10", "treating", "12"), "12 som utförande region, oktober 2026"),
        ("measure period", ("within_limit_share", "2026-10"), "andel inom gränsen, oktober 2026"),
    ],
)
def test_where_a_number_is_from_is_told_by_name(keys: str, key: tuple[str, ...], said: str) -> None:
    table = Table(title="T", file="data/t.csv", keys=tuple(keys.split()), measures=())
    made = compare(bundle(), bundle())
    told = replace(made, later=made.later.model_copy(update={"tables": {"t": table}}), names={})
    assert series_sv(told, "t", key) == said
