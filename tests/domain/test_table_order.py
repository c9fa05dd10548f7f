"""Orders of tables survive the address, and choosing a heading goes round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.table_order import Order, next_order, orders_in, written

names = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
columns = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)
orders = st.dictionaries(names, st.builds(Order, columns, st.booleans()), max_size=5)


@given(orders)
def test_orders_survive_the_address(given_orders):
    text = written(given_orders)
    assert orders_in(text) == given_orders
    assert written(orders_in(text)) == text


@given(orders, names, columns, st.booleans())
def test_the_third_choice_of_a_heading_is_no_choice(given_orders, figure, column, descending_first):
    given_orders.pop(figure, None)
    start = written(given_orders)
    text = start
    seen = []
    for _ in range(3):
        text = next_order(text, figure, column, descending_first=descending_first)
        seen.append(orders_in(text).get(figure))
    assert seen == [Order(column, descending_first), Order(column, not descending_first), None]
    assert text == start


@given(st.text(max_size=30))
def test_any_text_is_an_order_or_a_value_error(text):
    try:
        found = orders_in(text)
    except ValueError:
        return
    assert orders_in(written(found)) == found


@pytest.mark.parametrize(
    "text",
    ["a", "a.", ".b", "a.b.c", "a.b,", "A.b", "a.--b", "a.b,a.-b", "å.b", ",".join(f"f{k}.a" for k in range(13))],
)
def test_what_cannot_be_an_order(text):
    with pytest.raises(ValueError):
        orders_in(text)
