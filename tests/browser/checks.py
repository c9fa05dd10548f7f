"""What every page in Chromium must fulfil, whichever page it is."""

from __future__ import annotations

import re
from functools import cache

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from lagesbild.components.model import Page as Described

# Words that are not Swedish in any sense. Names of months and days, Plotly's and Dash's own texts, our identifiers.
_WORDS = """january february march may june july october oct monday tuesday wednesday thursday friday saturday sunday
the with loading updating error download zoom pan autoscale reset click plotly waiting performed added share forecast
open expected watch true false none null nan undefined nat show hide table chart care area care_area within limit days
weeks months years of"""
ENGLISH = frozenset(_WORDS.split())
_WORD = re.compile(r"[A-Za-zÅÄÖåäöéü_]+")


TABLES = "document.querySelectorAll('figure').forEach(f => f.setAttribute('data-view', 'table'))"
CODES = {"region": "24", "care_area": "katarakt"}  # in the demonstration data, for pages whose address ends in a code


def example(page: Described) -> str:
    """An address of a page; one that is about a region is shown for one region."""
    return page.address(CODES[page.parameter]) if page.parameter else page.path


def wait_for_charts(page: Page) -> None:
    """Until every chart that has a place on the page is drawn."""
    page.wait_for_function(
        """() => [...document.querySelectorAll('.dash-graph')]
            .every(g => g.querySelector('.main-svg') || !g.offsetParent)"""
    )


def english_words(page: Page) -> set[str]:
    """English words among everything a person can see, hear or hover over, with all tables and menus open."""
    text = page.evaluate(
        """() => {
            document.querySelectorAll('figure').forEach(f => f.setAttribute('data-view', 'table'));
            document.querySelectorAll('.dl').forEach(d => d.setAttribute('data-open', ''));
            const shown = document.body.innerText;
            document.querySelectorAll('figure').forEach(f => f.removeAttribute('data-view'));
            document.querySelectorAll('.dl').forEach(d => d.removeAttribute('data-open'));
            const spoken = [document.title, document.body.innerText];
            for (const node of document.querySelectorAll('*')) {
                for (const name of ['title', 'aria-label', 'alt', 'placeholder', 'data-title', 'label']) {
                    if (node.getAttribute(name)) spoken.push(node.getAttribute(name));
                }
            }
            for (const node of document.querySelectorAll('svg text, option')) spoken.push(node.textContent);
            return shown + ' ' + spoken.join(' ');
        }"""
    )
    return english_in(text)


def english_in(text: str) -> set[str]:
    return {w.lower() for w in _WORD.findall(text)} & ENGLISH


# What a colour rule reads of an element: its own paint, whether it is seen and has text, and where it lies over others.
_LOOK = """() => {
    const paint = ['color', 'backgroundColor', 'backgroundImage', 'opacity', 'visibility', 'fontSize', 'fontWeight',
        'textShadow', 'filter', 'mixBlendMode', 'position', 'zIndex'];
    const looks = node => {
        if (!node.getClientRects().length) { return 'unseen'; }
        const style = getComputedStyle(node);
        const text = [...node.childNodes].some(c => c.nodeType === Node.TEXT_NODE && c.data.trim());
        const [box, around] = [node, node.parentElement || node].map(n => n.getBoundingClientRect());
        const over = style.position === 'static' ? [] : [box.top - around.top, box.left - around.left].map(Math.round);
        const off = [node.matches(':disabled'), node.getAttribute('aria-disabled')];
        return [...paint.map(name => style[name]), text, node.value, ...off, ...over].join();
    };
    const before = window.lookedAt || new WeakMap();
    window.lookedAt = new WeakMap();
    const changed = new Set();
    for (const node of document.querySelectorAll('*')) {
        const now = looks(node);
        window.lookedAt.set(node, now);
        if (before.get(node) !== now) { changed.add(node); }
    }
    const within = node => node && (changed.has(node) || within(node.parentElement));
    return [...changed].filter(node => !within(node.parentElement));
}"""
_AXE = f"""async again => {{
    const options = {{ resultTypes: ['violations'] }};
    const contrast = 'color-contrast';
    const changed = ({_LOOK})();
    if (!again) {{ return (await axe.run(document, options)).violations; }}
    const rest = await axe.run(document, {{ ...options, rules: {{ [contrast]: {{ enabled: false }} }} }});
    const only = {{ ...options, runOnly: {{ type: 'rule', values: [contrast] }} }};
    const seen = changed.filter(node => node.getClientRects().length);
    if (!seen.length) {{ return rest.violations; }}
    return [...rest.violations, ...(await axe.run({{ include: seen }}, only)).violations];
}}"""


def violations(page: Page, *, again: bool = False) -> list[str]:
    """Everything axe finds, however small, with where it is. Every rule is tried; where what passed is, nobody reads,
    and to write it down took half the time.

    `again` for the same page after something was opened: contrast, nine tenths of the work, is tried where the look of
    something has changed since it was last asked, every other rule everywhere (0.7 s of processor instead of 2). Where
    most of the page is new, as when tables are shown, it is no less work to ask for all of it.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_axe_script())
    found = page.evaluate(_AXE, again)
    return [f"{v['id']} ({v['impact']}): {[n['target'] for n in v['nodes']][:4]}" for v in found]


@cache
def _axe_script() -> str:
    return str(Axe().axe_script)


def sideways(page: Page) -> list[str]:
    """What makes the page scroll sideways: the elements that stick out, empty when nothing does."""
    return list(
        page.evaluate(
            """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const out = [...document.querySelectorAll('body *')]
                .map(n => [n, Math.round(n.getBoundingClientRect().right)])
                .filter(([n, right]) => right > width + 1 && !n.closest('.scroll'))
                .slice(0, 5).map(([n, right]) => `${n.tagName}.${n.className} ${right}`);
            return out.length ? out : ['document'];
        }"""
        )
    )


def hover_texts(page: Page) -> str:
    """What charts say when pointed at: the middle of each is hovered."""
    said = []
    for chart in page.query_selector_all(".js-plotly-plot .nsewdrag"):
        box = chart.bounding_box()
        if box and box["width"] > 20:
            chart.scroll_into_view_if_needed()
            box = chart.bounding_box() or box
            page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.5)
            page.wait_for_timeout(150)
            said += [n.text_content() or "" for n in page.query_selector_all(".hoverlayer text")]
    return " ".join(said)


def adjusted(page: Page) -> set[str]:
    """What the page tells a browser that leaves backgrounds out when it prints: tints and flags are backgrounds."""
    return set(
        page.evaluate(
            "() => [...document.querySelectorAll('.lv, .flag, .ico, .bar, .hole, td, main')]"
            ".map(e => getComputedStyle(e).printColorAdjust)"
        )
    )
