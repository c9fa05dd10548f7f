"""CSV in every form people send it, in blocks of bounded size.

Text without a single quote sign is cut at line ends and split by Arrow, in bulk. From the first quote sign on, or
where Arrow refuses a piece, Python's own reader goes row by row: slower, exact about quotes, line ends inside cells
and line numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from lagesbild.data.importers.blocks import BLOCK_ROWS, Block, block_from_rows, drop_blank
from lagesbild.data.importers.faults import Faults
from lagesbild.data.importers.files import InputFile
from lagesbild.data.importers.headers import Header, read_header, recognised
from lagesbild.domain.dataset_spec import Dataset

BLOCK_BYTES: Final = 4 << 20
_DELIMITERS: Final = (";", ",")
_FIELD_LIMIT: Final = 200_000
_UNQUOTED_HEADER: Final = 1 << 16


def csv_blocks(file: InputFile, dataset: Dataset, faults: Faults) -> tuple[Header | None, Iterator[Block]]:
    """The header, and the rows in blocks. A header that cannot be used gives None and no blocks, with faults."""
    csv.field_size_limit(_FIELD_LIMIT)
    delimiter, cells, header_lines, offset = _header_cells(file, dataset)
    header = read_header(dataset, cells, faults)
    if header is None:
        return None, iter(())
    return header, _blocks(file, header, delimiter, header_lines, offset, faults)


def _header_cells(file: InputFile, dataset: Dataset) -> tuple[str, list[str], int, int]:
    """(delimiter, cells, lines the header takes, offset of the first data byte), choosing what is recognised most."""
    best: tuple[int, int, str, list[str]] | None = None
    with file.path.open("rb") as stream:
        stream.seek(file.skip)
        head = stream.read(_UNQUOTED_HEADER)
    line, lines, length = _header_line(head)
    text = line.decode(file.encoding, errors="replace")
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            cells = [text]
        rank = (recognised(dataset, cells), len(cells), delimiter, cells)
        if best is None or rank[:2] > best[:2]:
            best = rank
    if best is None:  # cannot happen: there are two delimiters
        raise AssertionError
    return best[2], best[3], lines, file.skip + length


def _header_line(head: bytes) -> tuple[bytes, int, int]:
    """First line with something in it, the lines passed so far, and the bytes up to the next line."""
    passed, lines = 0, 0
    while True:
        rest = head[passed:]
        end = _line_end(rest)
        line = rest[:end]
        lines += 1 + line.count(b"\n")
        step = end + (2 if rest[end : end + 2] == b"\r\n" else 1)
        passed = min(passed + step, len(head))
        # Excel may begin a file with a line that only tells the delimiter
        if (line.strip(b" \t") and not line.lower().startswith(b"sep=")) or passed >= len(head):
            return line, lines, passed


def _line_end(text: bytes) -> int:
    """Place of the first line end outside quotes; the length when there is none."""
    quoted = False
    for place, byte in enumerate(text):
        if byte == 0x22:
            quoted = not quoted
        elif byte in (0x0A, 0x0D) and not quoted:
            return place
    return len(text)


def _blocks(
    file: InputFile, header: Header, delimiter: str, header_lines: int, offset: int, faults: Faults
) -> Iterator[Block]:
    line = header_lines + 1
    with file.path.open("rb") as stream:
        stream.seek(offset)
        done, rest = offset, b""
        while True:
            piece = stream.read(BLOCK_BYTES)
            last = not piece
            piece = rest + piece
            if not piece:
                return
            cut = len(piece) if last else piece.rfind(b"\n") + 1
            body, rest = piece[:cut], piece[cut:]
            simple = b'"' not in piece and b"\r" not in piece.replace(b"\r\n", b"").rstrip(b"\r")
            if not simple or (not last and not cut):
                stream.seek(done)
                yield from careful_blocks(stream, file.encoding, header, delimiter, line, done, faults)
                return
            done += cut
            yield from fast_blocks(body, file.encoding, header, delimiter, line, done, faults)
            line += body.count(b"\n")
            if last:
                return


def fast_blocks(
    body: bytes, encoding: str, header: Header, delimiter: str, line: int, done: int, faults: Faults
) -> Iterator[Block]:
    """Whole lines without quote signs, split by Arrow; what it refuses is halved until the odd lines stand alone."""
    if not body:
        return
    rows = body.count(b"\n") + (not body.endswith(b"\n"))
    utf8 = body if encoding == "utf-8" else body.decode(encoding).encode()
    try:
        table = _split(utf8, header, delimiter)
        if table.num_rows != rows:
            raise pa.ArrowInvalid("rows lost")
    except pa.ArrowInvalid:
        middle = _middle(body)
        if rows <= 64 or not middle:
            yield from careful_blocks(io.BytesIO(body), encoding, header, delimiter, line, done, faults, end=done)
            return
        yield from fast_blocks(body[:middle], encoding, header, delimiter, line, done, faults)
        after = line + body.count(b"\n", 0, middle)
        yield from fast_blocks(body[middle:], encoding, header, delimiter, after, done, faults)
        return
    places = sorted([*header.places.values(), *header.blank])
    cells = {p: table.column(p).combine_chunks() for p in places}
    yield drop_blank(Block(np.arange(line, line + rows, dtype=np.int64), cells, done), header, faults)


def _middle(body: bytes) -> int:
    """Where the line begins that is nearest after the middle, else before it, so that there is something on either
    side; 0 when it is all one line. A line as long as all others together must not be halved for ever.

    >>> _middle(b"a\\nb\\nc\\nd\\n"), _middle(b"a\\nb\\n" + 9 * b"c" + b"\\n"), _middle(b"abc\\n")
    (6, 4, 0)
    """
    half = len(body) // 2
    return body.find(b"\n", half, len(body) - 1) + 1 or body.rfind(b"\n", 0, half) + 1


def _split(body: bytes, header: Header, delimiter: str) -> pa.Table:
    names = [str(p) for p in range(header.width)]
    return pacsv.read_csv(
        pa.BufferReader(body),
        read_options=pacsv.ReadOptions(column_names=names, block_size=len(body) + 1, use_threads=False),
        parse_options=pacsv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, null_values=[]
        ),
    )


def careful_blocks(
    stream: IO[bytes],
    encoding: str,
    header: Header,
    delimiter: str,
    line: int,
    done: int,
    faults: Faults,
    *,
    end: int | None = None,
) -> Iterator[Block]:
    """The rest of a stream row by row. `line` is the line it stands on; `end` fixes what is said about progress."""
    text = io.TextIOWrapper(stream, encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = line
    read = 0
    try:
        for cells in reader:
            rows.append((begins, cells))
            begins = line + reader.line_num
            read += sum(map(len, cells)) + len(cells)  # characters, near enough to bytes for a bar
            if len(rows) == BLOCK_ROWS:
                yield block_from_rows(rows, header, end if end is not None else done + read, faults)
                rows = []
    except csv.Error:
        faults.add(
            begins,
            "",
            "",
            "citattecken i par runt hela cellen",
            'Cellen börjar med " men slutar inte rätt; skriv citattecken inuti en cell som "". '
            "Raderna efter den har inte granskats.",
        )
    finally:
        text.detach()
    yield block_from_rows(rows, header, end if end is not None else done + read, faults)
