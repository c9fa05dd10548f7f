"""The API is no outlet of its own: it tells the published tables, whatever is asked, and nothing tells the country from
its twin in what it puts together itself (free capacity near a region, FHIR reports, the quality declaration)."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lagesbild.api.fields import names_of
from lagesbild.domain.periods import Month
from lagesbild.domain.person import Person
from lagesbild.domain.viewer import Viewer
from lagesbild.views.published_tables import COLUMNS, Asked, published_table
from tests.api.world import exact, get, service
from tests.disclosure.mirror import IN_TIME, mirrored, remembering, turned
from tests.disclosure.small_world import LAST, Shape, country, with_told

SHAPE = Shape(7, regions=4, areas=1, months=15, size=4.0, providers=2, missing=0.08)
# as `test_mirror` has it: a region with several providers may have no twin whose every band adds up
MIRRORED = Shape(5, regions=4, areas=1, months=14, size=25.0, providers=1, own_limit=True)
SOURCE = country(SHAPE)
CLIENTS = {role: service(SOURCE, who).test_client() for role, who in (("public", Person), ("exact", exact))}
REGIONS = ["", "LAND", *SHAPE.codes]
PROVIDERS = [p.code for p in SOURCE.providers()]
PATIENTS = ["waits", "production", "capacity", "out-of-region", "brokering", "forecasts", "gaps"]
MONTHS = st.none() | st.integers(-16, 12).map(lambda k: LAST + k)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(PATIENTS),
    st.lists(st.sampled_from(REGIONS), max_size=3, unique=True),
    st.sampled_from([[], ["*"], PROVIDERS[:1], PROVIDERS[1:3]]),
    MONTHS,
    MONTHS,
    st.sampled_from(["public", "exact"]),
)
def test_every_cell_is_the_published_table_s(name, regions, providers, first: Month | None, last: Month | None, role):
    if first is not None and last is not None and first > last:
        first, last = last, first
    pairs = [("region", r) for r in regions] + [("provider", p) for p in providers] + [("limit", "10000")]
    pairs += [(k, str(m)) for k, m in (("from", first), ("to", last)) if m is not None]
    answer = get(CLIENTS[role], f"{name}?{urlencode(pairs)}")
    assert answer.status_code == 200
    told = pd.DataFrame(answer.json["data"], columns=names_of(COLUMNS[name]))
    if name == "forecasts":
        last = last or (first and first + 120)
    with_providers = name in ("waits", "production", "capacity")
    asked = Asked(
        regions=tuple(regions),
        providers=None if providers == ["*"] and with_providers else tuple(providers) if with_providers else (),
        first=first,
        last=last if name == "forecasts" or last is None else min(last, LAST),
    )
    table = published_table(name, SOURCE, asked, Viewer("exact" if role == "exact" else "public"))
    frame = table.frame if with_providers or not providers else table.frame.iloc[:0]
    assert len(told) == len(frame)
    for c in table.measures:
        assert list(told[c.state_column]) == list(frame[c.state_column])
        np.testing.assert_array_equal(told[c.name].to_numpy(float), frame[c.name].to_numpy(float))
    for c in table.keys:
        if c.kind == "text":
            assert [str(v) for v in told[c.name]] == [str(v) for v in frame[c.name]]


def put_together(source, who=Person):
    """What the API tells that is not a table as it is, as lines."""
    client = service(source, who).test_client()
    questions = ["quality", "catalogue", "fhir/MeasureReport?limit=10000"]
    orders = [(r, order) for r in SHAPE.codes for order in ("capacity", "distance", "expected_wait")]
    questions += [f"free-capacity?care_area=A1&region={region}&sort={order}" for region, order in orders]
    lines = []
    for question in questions:
        answer = get(client, question)
        assert answer.status_code == 200
        text = answer.text if question == "catalogue" else json.dumps(answer.json, indent=1, ensure_ascii=False)
        lines += [f"{question} {line}" for line in text.splitlines()]
    return lines


def cataract(source):
    """The same country with a care area that FHIR has a message for, and hospitals that can report."""
    source.area_rows = [replace(a, kva_prefixes="CJC") for a in source.area_rows]
    source.provider_rows = [replace(p, hsa_id=f"SE-{p.code}") for p in source.provider_rows]
    made = source.frames["production"]
    some = np.where(made.index % 3, made["performed"], made["performed"] * 7 // 10)
    made[IN_TIME] = np.where(made["provider"] != "", some, np.nan)
    return source


def apart(shape: Shape, who=Person) -> list[tuple[str, str]]:
    kept: dict = {}
    source = cataract(country(shape))
    with remembering(kept):
        twin = mirrored(source)
        with_told(source)
        one = put_together(source, who)
    with turned(kept):
        with_told(twin)
        two = put_together(twin, who)
    return [(a, b) for a, b in zip(one, two, strict=True) if a != b] if len(one) == len(two) else [("", "")]


def test_nothing_put_together_tells_the_country_from_its_twin():
    assert apart(MIRRORED) == []


def test_without_protection_it_does():
    source = cataract(country(SHAPE))
    found = [
        a for a, b in zip(put_together(source, exact), put_together(mirrored(source), exact), strict=False) if a != b
    ]
    assert any("MeasureReport" in line for line in found)


@pytest.mark.parametrize("role", ["public", "exact"])
def test_single_months_out_of_region_are_told_to_nobody(role):
    levels = {(r["level"], r["kind"]) for r in get(CLIENTS[role], "out-of-region?limit=10000").json["data"]}
    assert levels
    whole = get(CLIENTS[role], "out-of-region?limit=10000").json["data"]
    first = min(r["period"] for r in whole)
    assert first == str(LAST - (SHAPE.months - 12))  # only windows of twelve months
