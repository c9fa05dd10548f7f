"""`index.html` of a snapshot: one file that opens from disk, in any browser, when network and server are gone.

`index_html(tables, told, stamp)`. Everything in it has passed through views for one viewer: published tables, and
sentences as the pages said them. The same input and code give the same bytes.
"""

from __future__ import annotations

from lagesbild.freezing.offline.page import index_html
from lagesbild.freezing.offline.told import Fact, Told, Words

__all__ = ["Fact", "Told", "Words", "index_html"]
