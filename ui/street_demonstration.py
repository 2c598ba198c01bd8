"""Mode «示范街» of the street page: the 14 demonstration streets, their state and their scores."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from data.contracts import SCORE_ELEMENTS
from data.status import Target
from ui import (
    cards,
    charts,
    figures,
    layers,
    layout,
    maps,
    street_choices,
    street_register,
    street_scores,
    street_scoring,
    tables,
)
from ui.legend import Key, legend_html
from ui.maps import Drawing
from ui.session import Context
from ui.street_register import SCORES, STREETS
from ui.text import DESIGNATIONS, UNFILLED, UNMAPPED, UNREPORTED, clipped, joined, plain
from ui.theme import DEMONSTRATION_LOOKS

_PROGRESS = charts.Measure("progress_pct", "精品示范街进度", "%", 0)
_SCORE = charts.Measure("score", "精品示范街得分", "分", 1)
MOST_NAMED = 6
"""Streets that a legend names before it counts the others."""
MOST_OPEN = 3
"""Streets that a sentence names before it counts the others."""
MOST_WEAK = 2
_LINES = {"in_acceptance": "dashes", "under_construction": "dashes", "planned": "dots"}
"""How the legend draws the streets that are not named: broken, as on the map."""
STATE_WORDS = {state: look.word for state, look in DEMONSTRATION_LOOKS.items()}


# --- figures -------------------------------------------------------------------------------------


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page."""
    summary = _summary(context)
    is_sample = context.is_sample(STREETS)
    return [
        figures.demonstration(context, summary),
        cards.Figure("在建", summary["building_count"], "条", is_sample=is_sample,
                     detail=_acceptance_text(summary), definition="已开工、尚未命名的精品示范街"),
        cards.Figure("建成长度", summary["completed_km"], "km", 1, is_sample=is_sample,
                     detail=figures.measured_basis(summary) or figures.unmapped_text(summary),
                     when_empty=f"长度{UNFILLED}" if summary["completed_count"] else ""),
        _score_figure(context),
        cards.Figure("新增省级街容示范街", summary["new_provincial_count"], "条",
                     target=figures.district_target(context, 5), is_sample=is_sample,
                     detail=figures.undated_provincial(summary),
                     when_empty=f"建成年份{UNFILLED}" if summary["provincial_count"] else ""),
        cards.Figure("省级街容示范街", summary["provincial_count"], "条", is_sample=is_sample,
                     detail=figures.district_only(
                         context, f"基期 {context.fact('provincial_showcase_street_base_count'):.0f} 条")),
    ]  # fmt: skip


def _summary(context: Context) -> dict:
    return context.row("streets_summary", STREETS)


def _acceptance_text(summary: dict) -> str:
    count = summary["acceptance_count"]
    return f"其中验收 {count} 条" if count else "已开工、尚未命名"


def _score_figure(context: Context) -> cards.Figure:
    """Mean of the streets' scores, each by its last scoring, and which is lowest."""
    scored = _scored(street_register.boutique(street_register.streets(context)))
    lowest = scored.iloc[0] if len(scored) else None
    return cards.Figure(
        "平均得分", None if lowest is None else scored["score"].mean(), "分", 1,
        detail="" if len(scored) < 2
        else joined(f"最低 {lowest['score']:.1f} 分 {clipped(lowest['street_name'], 8)}"),
        when_empty=f"截至 {context.filter.year} 年底没有评分" if context.has_rows(SCORES) else "",
        is_sample=context.is_sample(SCORES),
        definition=f"所选精品示范街最近一次评分的平均；{street_scoring.MEAN_NOTE}",
    )  # fmt: skip


def _scored(boutique: pd.DataFrame) -> pd.DataFrame:
    """The streets with a score, the lowest first."""
    return boutique[boutique["score"].notna()].sort_values("score", kind="stable")


# --- sentences -----------------------------------------------------------------------------------


def findings(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    frame = street_register.streets(context)
    boutique = street_register.boutique(frame)
    summary = _summary(context)
    if not summary["boutique_count"]:
        return []
    missing = [row.short_name for row in street_register.without_street(context, frame)]
    made = [
        built_sentence(summary, context.filter.year),
        open_sentence(boutique),
        unknown_sentence(boutique, context.filter.year),
        f"{_listed([f'**{name}**' for name in missing], '个街道')}尚未登记精品示范街。" if missing else "",
        score_sentence(boutique, _newest(context)),
        provincial_sentence(summary, figures.district_target(context, 5)),
    ]  # fmt: skip
    return [sentence for sentence in made if sentence]


def _newest(context: Context) -> pd.DataFrame:
    """The newest scores of the boutique streets, element by element."""
    return street_register.boutique(street_scoring.newest_scores(context))


def _listed(named: Sequence[str], noun: str, most: int = MOST_OPEN) -> str:
    """Names with 、 between them; beyond ``most`` their number."""
    return "、".join(named[:most]) + (f"等 {len(named)} {noun}" if len(named) > most else "")


def built_sentence(summary: dict, year: int) -> str:
    """How many of the registered streets are done, and how long these are."""
    length = f"，合计 {summary['completed_km']:.1f} km" if summary["completed_km"] else ""
    return (
        f"{summary['boutique_count']} 条市、区级精品示范街中，{year} 年底建成命名 "
        f"**{summary['completed_count']} 条**{length}。"
    )


def open_sentence(boutique: pd.DataFrame) -> str:
    """Which streets are not named, how far each is and why; the least advanced first."""
    ordered = street_register.open_first(boutique)
    rows = [row for row in ordered.itertuples() if row.state not in (None, "completed")]
    if not rows:
        return "" if boutique["state"].isna().any() else "精品示范街**已全部建成命名**。"
    named = [
        f"**{row.short_name}** {plain(row.street_name)}（{street_register.state_text(row)}"
        f"{f'，{plain(row.lag_note)}' if row.lag_note else ''}）"
        for row in rows
    ]
    head = "▲ 规划期限已到，尚未命名" if any(map(street_register.is_late, rows)) else "尚未命名"
    return f"{head}：{_listed(named, '条')}。"


def unknown_sentence(boutique: pd.DataFrame, year: int) -> str:
    """How many streets have no state at the end of the year."""
    count = int(boutique["state"].isna().sum())
    return f"{count} 条开工年份{UNFILLED}，{year} 年底的状态不详。" if count else ""


def score_sentence(boutique: pd.DataFrame, newest: pd.DataFrame) -> str:
    """Mean score, the lowest street, and the elements that are weakest over all of them."""
    scored = _scored(boutique)
    if scored.empty:
        return ""
    lowest = scored.iloc[0]
    made = f"最近一次评分平均 **{scored['score'].mean():.1f} 分**"
    if len(scored) > 1:
        made += (
            f"，最低的是**{lowest['short_name']}** {plain(lowest['street_name'])} "
            f"{lowest['score']:.1f} 分"
        )
    weak = street_scoring.by_element(newest).sort_values(kind="stable").head(MOST_WEAK)
    named = "、".join(f"**{element}** {score:.1f}" for element, score in weak.items())
    low_count = int((newest["score"] < street_scoring.low_score()).sum())
    low = f"，{low_count} 项次不足 {street_scoring.low_score():g} 分" if low_count else ""
    return f"{made}；较弱的要素是{named}{low}。"


def provincial_sentence(summary: dict, target: Target | None) -> str:
    """Showcase streets of the province, and how many of them are new."""
    if not summary["provincial_count"]:
        return ""
    new, goal = summary["new_provincial_count"], f"（目标 {target.text}）" if target else ""
    told = (
        f"建成年份{UNFILLED}" if new is None else f"其中规划期内新创建 **{new} 条**{goal}"
    )  # fmt: skip
    return f"省级街容示范街 **{summary['provincial_count']} 条**，{told}。"


def beside_findings(context: Context) -> None:
    """What stands under the sentences."""
    st.button(
        "▦ 示范街图册（会议用）", key="gallery_open", on_click=street_choices.open_gallery,
        width="stretch",
    )  # fmt: skip
    charts.year_trend(
        context, context.frame("streets_by_year"),
        charts.Measure("completed_count", "建成精品示范街", "条", 0, figures.district_target(context, 6)),
        "streets_trend", layout.rem(context, 10),
    )  # fmt: skip
    street_scores.element_means(street_scoring.by_element(_newest(context)))


# --- map -----------------------------------------------------------------------------------------


def drawing(context: Context) -> Drawing:
    """What the map shows."""
    return Drawing(
        [layers.pick(context), *layers.demonstration_streets(context)],
        _legend(context),
        maps.subdistrict_labels(context) + layers.demonstration_labels(context),
    )


def _legend(context: Context) -> str:
    frame = context.frame("demonstration_register")
    present = set(street_register.boutique(frame)["state"].fillna("unknown"))
    keys = [
        Key(
            _LINES.get(state, "line"),
            look.colour(context.palette),
            f"精品示范街 · {look.shape} {look.word}",
            0.3,
        )
        for state, look in DEMONSTRATION_LOOKS.items()
        if state in present
    ]
    keys.append(Key("line", context.palette.belt, "省级街容示范街", 0.5))
    missing = frame[~frame["is_mapped"].astype(bool)]
    named = [clipped(f"{row.short_name} {row.street_name}", 24) for row in missing.itertuples()]
    note = f"{UNMAPPED}：{_listed(named, '条', MOST_NAMED)}" if named else ""
    return legend_html(f"示范街 · {context.filter.year} 年底", keys, stacked=True, note=note)


# --- panel and table -----------------------------------------------------------------------------


def panel(context: Context) -> None:
    """What stands beside the map: the streets compared by score, by progress while none has one."""
    # Of every subdistrict, so that the chosen ones are seen among the others.
    boutique = street_register.boutique(street_register.streets(context, codes=None))
    measure = _SCORE if boutique["score"].notna().any() else _PROGRESS
    charts.subdistrict_bars(
        context, _compared(context, boutique, measure), measure, "streets_bars",
        layout.body_height_px(context, 2.2),
    )  # fmt: skip


def _compared(context: Context, boutique: pd.DataFrame, measure: charts.Measure) -> pd.DataFrame:
    """A row a subdistrict: its street that is least far, its value, and its state as the label."""
    first = street_register.open_first(boutique).drop_duplicates("subdistrict_code")
    streets = {row.subdistrict_code: row for row in first.itertuples()}
    rows = []
    for place in context.subdistricts:
        street = streets.get(place.subdistrict_code)
        rows.append(
            {
                "subdistrict_code": place.subdistrict_code,
                "short_name": f"{place.short_name} {clipped(street.street_name, 8)}"
                if street else place.short_name,
                measure.field: getattr(street, measure.field) if street else None,
                "label": _bar_label(street, measure),
            }
        )  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.assign(**{measure.field: frame[measure.field].astype("float64")})


def _bar_label(street: object, measure: charts.Measure) -> str:
    if street is None:
        return UNREPORTED
    if measure is _PROGRESS:
        return street_register.marked_state(street)
    score = street_scoring.UNSCORED if street.score is None else f"{street.score:.1f}"
    shape = "▲" if street_register.is_late(street) else street_register.look_of(street).shape
    return f"{score} {shape}"


def table(context: Context) -> None:
    """The register under the page, with the last scores by element."""
    frame = street_register.streets(context)
    newest = street_scoring.newest_scores(context)
    by_element = newest.pivot(index="demonstration_id", columns="element", values="score")
    elements = by_element.reindex(columns=list(SCORE_ELEMENTS)).astype("float64")
    whole = frame.join(elements, on="demonstration_id").assign(
        state=frame["state"].fillna("unknown"),
        mapped=frame["is_mapped"].map({True: "已上图", False: UNMAPPED}),
        scored_on=pd.to_datetime(frame["scored_on"]).dt.strftime("%Y-%m-%d"),
        **{
            name: frame[name].astype("float64")
            for name in ("progress_pct", "started_year", "completed_year", "length_km", "score")
        },
    )
    tables.register_table(
        context,
        whole,
        {
            "subdistrict_name": tables.TableColumn("街道"),
            "street_name": tables.TableColumn("道路"),
            "designation": tables.TableColumn("类型", words=DESIGNATIONS),
            "level": tables.TableColumn("级别"),
            "state": tables.TableColumn("状态", words=STATE_WORDS),
            "progress_pct": tables.TableColumn("进度（%）", "%.0f"),
            "lag_note": tables.TableColumn("滞后原因"),
            "started_year": tables.TableColumn("开工年份", "%d"),
            "completed_year": tables.TableColumn("建成年份", "%d"),
            "length_km": tables.TableColumn("长度（km）", "%.2f"),
            "score": tables.TableColumn("得分", "%.1f"),
            "scored_on": tables.TableColumn("评分日期"),
            **{element: tables.TableColumn(element, "%.1f") for element in SCORE_ELEMENTS},
            "mapped": tables.TableColumn("位置"),
            "clause": tables.TableColumn("规划条款"),
        },
        "示范街名录",
        "streets",
    )
