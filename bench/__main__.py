"""Measure, print, and write ``bench/RESULTS.md``."""

import logging
import os
from pathlib import Path

# The tester runs scripts without a server; its warnings about that say nothing here.
logging.disable(logging.WARNING)

import duckdb  # noqa: E402
import streamlit  # noqa: E402

from bench import gaps, imports, lighting, maps, pages, soak, walking, water  # noqa: E402

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Measured

`make bench` writes this file. Times are medians on the machine it ran on ({cores} cores, Streamlit
{streamlit}, DuckDB {duckdb}); read the ratios. Nothing here is asserted in a test.

## A page after a filter change, against an empty page in the same frame

Warm rerun of the whole script after a change of subdistrict (whole district, one, two), through
Streamlit's own script runner; bytes are all messages of that rerun as they go to the browser,
before compression and before Streamlit leaves out what the browser has already (the style sheet and
our scripts, 90 KB of each row). The empty page is `app.py` with head, filter bar, style and footer, drawing
nothing. Aim: at most 4 × the empty page, at most 400 KB a page.

| page | script, ms | × empty | sent, KB (median) | sent, KB (heaviest) |
|---|---:|---:|---:|---:|
"""

IMPORTS_HEAD = """
## A register of {rows:,} points, from file to map

Plain is `geopandas.read_file` (`pandas.read_csv`) and `sjoin` with the 14 subdistricts; check is the
whole validation with its difference against what stands; publish writes and verifies the new
snapshot. Peak memory is that of the step's process; publish runs after the check in the same one.

| step | s | × plain | peak MB | × plain |
|---|---:|---:|---:|---:|
"""

WATER_HEAD = """
## Class of {rows:,} water samples

The single-factor rule of GB 3838-2002 with limiting items and the room to class Ⅳ, from a table of
samples that is there already to all four columns. The peers give the same in every row.

| way | s | × SQL |
|---|---:|---:|
"""

WALKING_HEAD = """
## Walks from {cells:,} cells of land to {toilets} toilets

The default network ({streets_km:,.0f} km of streets, {edges:,} edges) and the sample's toilets. networkx finds
the same distances in every cell. Ratios are to the first row of each of the three groups.

| what | ms | × |
|---|---:|---:|
"""

LIGHTING_HEAD = """
## The lighting page over {few:,} lamps, and over {many:,}

Script time after a change of subdistricts, and all that is sent, as with the pages above; first is with
nothing remembered of any query. Files are what the whole district's map names (picture of the light,
lamps in cells): a browser fetches them once. Aim: at most 1.5 × in script time, bytes within 20 %.

| mode | warm, ms | × million | first, ms | × million | sent, KB | × million | files, KB | × million |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
"""

GAPS_HEAD = """
## Candidates for dark spots: gaps between lamps along streets and riversides

Ratios are to the first row of each group.

| what | ms | × |
|---|---:|---:|
"""

SOAK = """
## A wall for {minutes:g} minutes

A kiosk that rotates a page every {rotate} seconds in a real browser; the page's heap after garbage was
collected. {scenes} scenes were shown between the first round and the end.

| what | after the first round | at the end | × |
|---|---:|---:|---:|
| server, MB | {a.server_mb:.0f} | {b.server_mb:.0f} | {server:.2f} |
| page's JavaScript heap, MB | {a.heap_mb:.0f} | {b.heap_mb:.0f} | {heap:.2f} |
| page's nodes | {a.nodes:.0f} | {b.nodes:.0f} | {nodes:.2f} |
| page's listeners | {a.listeners:.0f} | {b.listeners:.0f} | {listeners:.2f} |
"""

COVERAGE = """
Within {reach_m:.0f} m ({minutes:.0f} minutes) circles claim {c.circles_pct:.1f} % of the land, walks reach
{c.walking_pct:.1f} %. Near streets, where walks are known ({near_pct:.0f} % of the land; elsewhere a straight line
with a detour stands in), circles claim {c.circles_near_streets_pct:.1f} %, walks reach
{c.walking_near_streets_pct:.1f} %.
"""


def _report() -> str:
    text = HEAD.format(
        cores=os.cpu_count(), streamlit=streamlit.__version__, duckdb=duckdb.__version__
    )
    results = pages.measure()
    empty = results[0].script_ms
    for r in results:
        ratio = r.script_ms / empty
        text += f"| {r.page} | {r.script_ms:.0f} | {ratio:.1f} | {r.sent_kb:.0f} | {r.heaviest_kb:.0f} |\n"
    text += "\n## Every lamp of the district as a map specification, from query to JSON\n\n"
    text += "| way | ms | × | KB | × |\n|---|---:|---:|---:|---:|\n"
    lamps = maps.measure_lamps()
    _, best_ms, best_kb = lamps[-1]
    for name, ms, kb in lamps:
        text += f"| {name} | {ms:.0f} | {ms / best_ms:.1f} | {kb:.0f} | {kb / best_kb:.1f} |\n"
    text += "\n## The base map in every rerun\n\n| way | KB |\n|---|---:|\n"
    for name, kb in maps.measure_base_map():
        text += f"| {name} | {kb:.1f} |\n"
    return text + _lighting() + _gaps() + _water() + _walking() + _imports() + _soak()


def _lighting() -> str:
    few, many = lighting.measure()
    text = LIGHTING_HEAD.format(few=few.lamps, many=many.lamps)
    for a, b in zip(few.modes, many.modes, strict=True):
        cells = [
            f"{one:.0f} | {other / one:.2f}"
            for one, other in (
                (a.warm_ms, b.warm_ms), (a.first_ms, b.first_ms), (a.sent_kb, b.sent_kb),
                (a.files_kb, b.files_kb),
            )
        ]  # fmt: skip
        text += f"| {a.mode} | {' | '.join(cells)} |\n"
    return text + (
        f"\nThe picture of the light, once a year and snapshot: {few.painting_ms:.0f} ms, at a million "
        f"{many.painting_ms / few.painting_ms:.2f} ×.\n"
    )


def _gaps() -> str:
    text = GAPS_HEAD
    for group in gaps.measure():
        _, first_s = group[0]
        for what, seconds in group:
            text += f"| {what} | {1000 * seconds:.0f} | {seconds / first_s:.1f} |\n"
    return text


def _soak() -> str:
    found = soak.measure()
    a, b = found.first, found.last
    return SOAK.format(
        minutes=soak.MINUTES, rotate=soak.ROTATE_S, scenes=found.scenes, a=a, b=b,
        server=b.server_mb / a.server_mb, heap=b.heap_mb / a.heap_mb, nodes=b.nodes / a.nodes,
        listeners=b.listeners / a.listeners,
    )  # fmt: skip


def _water() -> str:
    text = WATER_HEAD.format(rows=water.ROWS)
    found = list(water.measure())
    _, fastest_s = found[0]
    for way, seconds in found:
        text += f"| {way} | {seconds:.2f} | {seconds / fastest_s:.1f} |\n"
    return text


def _walking() -> str:
    made = walking.town()
    network = made.model.network
    text = WALKING_HEAD.format(
        cells=len(made.model.cells),
        toilets=len(made.lon),
        streets_km=network.length_m.sum() / 1000,
        edges=len(network.lines),
    )
    for group in walking.measure(made):
        _, first_s = group[0]
        for what, seconds in group:
            text += f"| {what} | {1000 * seconds:.0f} | {seconds / first_s:.1f} |\n"
    c = walking.coverage(made)
    minutes = walking.rule("walk_minutes")
    return text + COVERAGE.format(
        reach_m=walking.REACH_M, minutes=minutes, near_pct=100 - c.straight_pct, c=c
    )


def _imports() -> str:
    text = IMPORTS_HEAD.format(rows=imports.ROWS)
    for name, plain, ours in imports.measure():
        if name:
            text += f"| {name}: {plain.step} | {plain.seconds:.1f} | 1.0 | {plain.peak_mb:.0f} | 1.0 |\n"
        text += (
            f"| {f'{name}: ' if name else ''}{ours.step} | {ours.seconds:.1f} "
            f"| {ours.seconds / plain.seconds:.1f} | {ours.peak_mb:.0f} "
            f"| {ours.peak_mb / plain.peak_mb:.1f} |\n"
        )
    return text


def main() -> None:
    """Measure everything once."""
    text = _report()
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


main()
