"""Step 4 of the import: what publishing would change, on the map and cell by cell."""

import json
from collections.abc import Mapping, Sequence

import pandas as pd
import pydeck as pdk

from data.registers.bearing import BEARING_RULES
from data.registers.difference import gone_word
from data.registers.staging import Staged
from ui import basemap, cards, import_staged, importing, layers, layout, maps, tables
from ui.cards import Figure
from ui.import_draft import PUBLISH, Draft
from ui.legend import Key, legend_html
from ui.maps import collection
from ui.session import Context
from ui.text import clipped, map_alt, plain
from ui.theme import StatusLook, rgba

LOOKS = {
    "gone": StatusLook("减少", "×", "unreported"),
    "changed": StatusLook("变更", "◆", "near"),
    "new": StatusLook("新增", "＋", "met"),
    "rejected": StatusLook("拒绝", "▲", "missed"),
}
"""What happens to a row, drawn in this order: the gravest lies on top."""
DASHES = {"gone": [2, 3], "changed": [6, 3], "new": [0, 0], "rejected": [1, 2]}
MOST_SIGNS = 3000
"""Rows of one kind that the map draws; more would be one grey heap and a slow page."""
MOST_CELLS = 20_000
NAME_CHARS = 32
SIGN_PX = 15
MOST_NAMED = 12
"""Rows that are named beside the map, shared by the kinds of change."""


def preview_step(context: Context, draft: Draft, staged: Staged) -> None:
    """Figures, sentences, the map, and the changed cells."""
    rows = changed_rows(staged)
    cards.figures(figures(staged))
    has_map = any(_is_placed(frame).any() for frame in rows.values())
    left, right = layout.columns(context, (0.34, 0.66))
    with left:
        told = sentences(staged, import_staged.consequences(context, staged))
        cards.findings(told)
        # Without a map the new rows stand beside as a table.
        named = ("gone", "changed", "new") if has_map else ("gone", "changed")
        kinds = [kind for kind in named if len(rows[kind])]
        for kind in kinds:
            _named_rows(staged, kind, rows[kind], MOST_NAMED // len(kinds))
    with right:
        if has_map:
            _map(context, staged, rows, told)
        else:
            _new_rows(context, staged, rows["new"])
    _cells(context, staged)
    importing.navigation(draft, "下一步：发布", lambda: importing.go(draft, PUBLISH))


def changed_rows(staged: Staged) -> dict[str, pd.DataFrame]:
    """Rows by what happens to them, as ``LOOKS`` names it."""
    compared = staged.difference
    return {
        # Samples that give way are no things that vanish: they are counted, not drawn.
        "gone": compared.gone.iloc[:0] if compared.replaces_sample else compared.gone,
        "changed": compared.changed_keys,
        "new": compared.new,
        "rejected": staged.rejected_places,
    }


def figures(staged: Staged) -> list[Figure]:
    """New, changed, gone, unchanged, rejected."""
    compared, word = staged.difference, import_staged.unit(staged)
    counts = {
        "new": len(compared.new),
        "changed": len(compared.changed_keys),
        "gone": len(compared.gone),
        "rejected": staged.rejected_count,
    }
    # A row that is refused goes as well where it stands now, though the file has it.
    where = "合格的行中" if staged.rejected_count else "文件中"
    gone = "均为示例数据" if compared.replaces_sample else f"现有而{where}没有"
    if not counts["gone"]:
        gone = ""
    left_out = "不进入登记册" if staged.rejected_count else ""
    details = {"gone": gone, "rejected": left_out}
    made = [
        Figure(_kind_label(staged, kind), count, word, detail=details.get(kind, ""))
        for kind, count in counts.items()
    ]
    return [*made[:3], Figure("不变", compared.unchanged_count, word), made[3]]


def _kind_label(staged: Staged, kind: str) -> str:
    """Sign and name of what happens to rows: samples give way, the plan's projects stay."""
    look, word = LOOKS[kind], LOOKS[kind].word
    if kind == "gone":
        is_sample = staged.difference.replaces_sample
        word = "替换示例" if is_sample else gone_word(staged.register.dataset)
    return f"{look.shape} {word}"


def sentences(staged: Staged, consequences: list[str]) -> list[str]:
    """What publishing does, in words."""
    compared, word = staged.difference, import_staged.unit(staged)
    title = staged.register.title
    if compared.replaces_sample:
        found = [
            f"{title}现为**示例数据**：发布后全部换成这份文件的 **{staged.accepted_count:,} {word}**。"
        ]
    else:
        found = [
            f"发布后，{title}共 **{staged.accepted_count:,} {word}**：新增 **{len(compared.new):,}**，"
            f"变更 **{len(compared.changed_keys):,}**，"
            f"{gone_word(staged.register.dataset)} **{len(compared.gone):,}**。"
        ]
    if staged.rejected_count:
        found.append(f"被拒绝的 **{staged.rejected_count:,} {word}**不在其中。")
    notes = staged.findings[staged.findings["rule"].isin(BEARING_RULES)]
    found += (notes["reason"] + "。" + notes["remedy"] + "。").map(plain).tolist()
    return found + [plain(text) for text in consequences]


def _named_rows(staged: Staged, kind: str, frame: pd.DataFrame, most: int) -> None:
    """The first rows of a kind by name."""
    word = import_staged.unit(staged)
    cards.block_title(_kind_label(staged, kind), f"{len(frame):,} {word}")
    names = _names(staged, frame.head(most))
    more = len(frame) - len(names)
    cards.lines((clipped(plain(name), NAME_CHARS), "") for name in names)
    layout.note(f"另有 {more:,} {word}" if more else "")


def _new_rows(context: Context, staged: Staged, frame: pd.DataFrame) -> None:
    """What comes in, in place of the map of a register without positions."""
    if frame.empty:
        layout.note(
            "这份登记册没有可以上图的变化。" if staged.register.geometry else "这份登记册不上图。"
        )
        return
    titles = {column.name: column.title for column in staged.register.table.columns}
    columns = {
        name: tables.TableColumn(titles[name])
        for name in staged.register.field_names
        if name in frame.columns and frame[name].notna().any()
    }
    cut = f"（前 {MOST_CELLS:,} 行）" if len(frame) > MOST_CELLS else ""
    frame = frame.assign(**{
        name: frame[name].dt.strftime("%Y-%m-%d")
        for name in columns if pd.api.types.is_datetime64_any_dtype(frame[name])
    })  # fmt: skip
    tables.register_table(
        context, frame[list(columns)].head(MOST_CELLS), columns, "新增的行", "import_new",
        f"{staged.file_name} {cut}", hint="搜索编号、值……",
    )  # fmt: skip


def _is_placed(frame: pd.DataFrame) -> pd.Series:
    placed = pd.Series(False, index=frame.index)
    if {"lon", "lat"} <= set(frame.columns):
        placed |= frame["lon"].notna() & frame["lat"].notna()
    if "geometry_json" in frame:
        placed |= frame["geometry_json"].notna()
    return placed


def _map(
    context: Context, staged: Staged, rows: Mapping[str, pd.DataFrame], told: Sequence[str]
) -> None:
    drawn: list[pdk.Layer] = [layers.quiet_waterways(context)]
    keys, cut, notes = [], [], []
    totals = {kind: len(frame) for kind, frame in rows.items()} | {
        "rejected": staged.rejected_count
    }
    for kind, frame in rows.items():
        placed = frame[_is_placed(frame)]
        if placed.empty:
            continue
        look = LOOKS[kind]
        if len(placed) > MOST_SIGNS:
            cut.append(look.word)
            # The same rows every time: a map that changes on its own misleads.
            placed = placed.sample(MOST_SIGNS, random_state=1)
        drawn += _kind_layers(context, staged, kind, placed)
        is_line = "geometry_json" in placed and placed["geometry_json"].notna().any()
        colour, counted = look.colour(context.palette), f"{look.word} {totals[kind]:,}"
        if is_line:
            mark = "line" if kind == "new" else "dash"
            keys.append(Key(mark, colour, f"{look.shape} {counted}"))
        else:
            keys.append(Key("sign", colour, counted, sign=look.shape))
        if found := totals[kind] - int(_is_placed(frame).sum()):
            notes.append(
                f"{look.word}中 {found:,} {import_staged.unit(staged)}没有可用的位置，未画出"
            )
    if cut:
        notes.append(f"{'、'.join(cut)}：图上随机画出 {MOST_SIGNS:,} 个")
    maps.map_panel(
        context, "import", [layers.pick(context), *drawn],
        legend_html(f"{staged.register.title} · 发布后的变化", keys[::-1], stacked=True, note="；".join(notes)),
        labels=maps.subdistrict_labels(context), width_share=0.62,
        height_px=layout.body_height_px(context, 7), 
        alt=map_alt(staged.register.title, "发布后的变化", told),
    )  # fmt: skip


def _kind_layers(
    context: Context, staged: Staged, kind: str, placed: pd.DataFrame
) -> list[pdk.Layer]:
    """Lines and areas dashed by kind, points as signs: colour is never the only difference."""
    look, scale = LOOKS[kind], context.screen.scale
    colour = look.colour(context.palette)
    tips = [f"{look.shape} {look.word}\n{name}" for name in _names(staged, placed)]
    shapes = placed["geometry_json"] if "geometry_json" in placed else pd.Series(None, placed.index)
    features = [
        f'{{"type":"Feature","properties":{json.dumps({"tip": tip}, ensure_ascii=False)},"geometry":{text}}}'
        for tip, text in zip(tips, shapes, strict=True)
        if isinstance(text, str)
    ]
    made = []
    if features:
        made.append(pdk.Layer(
            "GeoJsonLayer", data=collection(f"[{','.join(features)}]"), id=f"import-{kind}",
            filled=True, get_fill_color=rgba(colour, 60), get_line_color=rgba(colour),
            get_line_width=20, line_width_min_pixels=2.5 * scale, line_width_max_pixels=6 * scale,
            extensions=[{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
            get_dash_array=DASHES[kind], pickable=True,
        ))  # fmt: skip
    if {"lon", "lat"} <= set(placed.columns):
        points = [
            {"p": [round(lon, 6), round(lat, 6)], "t": look.shape, "o": [0, 0], "tip": tip}
            for lon, lat, text, tip in zip(placed["lon"], placed["lat"], shapes, tips, strict=True)
            if not isinstance(text, str) and pd.notna(lon) and pd.notna(lat)
        ]
        if points:
            layer = basemap.text_layer(
                points,
                f"import-signs-{kind}",
                context.palette,
                size_px=SIGN_PX * scale,
                colour=colour,
            )
            layer.pickable = True
            made.append(layer)
    return made


def _names(staged: Staged, frame: pd.DataFrame) -> list[str]:
    """What a row is called: its name where it has one, its key otherwise."""
    table = staged.register.table
    named = [
        name for name in frame.columns if name.endswith("_name") and name != "subdistrict_name"
    ]
    wanted = [*named[:1], *[name for name in table.key if name in frame.columns]]
    texts = frame[wanted].astype("string").fillna("")
    return texts.agg(" · ".join, axis=1).str.strip(" ·").tolist() if wanted else [""] * len(frame)


def _cells(context: Context, staged: Staged) -> None:
    changed = staged.difference.changed
    if changed.empty:
        return
    contract = staged.register.table
    titles = {column.name: column.title for column in contract.columns}
    columns = {
        name: tables.TableColumn(titles.get(name, name))
        for name in contract.key
        if name in changed.columns
    } | {
        "column": tables.TableColumn("列"),
        "before": tables.TableColumn("现在"),
        "after": tables.TableColumn("发布后"),
    }
    cut = f"（前 {MOST_CELLS:,} 处）" if len(changed) > MOST_CELLS else ""
    tables.register_table(
        context, changed.head(MOST_CELLS), columns, "变更的单元格", "import_cells",
        f"{staged.file_name} {cut}", hint="搜索编号、列、值……",
    )  # fmt: skip
