"""Mode «道路修缮» of the street page: the roads repaired for the Asian Games (专栏 1), one by one.

Without a register the plan alone speaks: the roads that it names, their states 待填报.
"""

from html import escape

import pandas as pd
import streamlit as st

from data.contracts import FIRST_YEAR
from data.status import Target
from ui import cards, charts, figures, layers, layout, maps, street_lines, tables
from ui.charts import Measure
from ui.gantt import decimal_year
from ui.legend import Key, legend_html
from ui.maps import Drawing
from ui.projects import LOOKS, STATE_WORDS
from ui.session import Context
from ui.street_lines import Look, Name, Piece
from ui.text import (
    NO_DATA,
    SAMPLE_TAG,
    UNFILLED,
    UNMAPPED,
    UNREPORTED,
    clipped,
    joined,
    number,
    plain,
)

DATASET = "streets.road_projects"
START_YEARS = (2021, 2022)
"""Years in which 专栏 1 lets repairs begin: the plan's figures of both are facts of their own."""
STATES_LAST = ("completed", "unreported", "suspended", "planned", "under_construction")
"""States as they are drawn, what is still open above what is done."""
MOST_NAMED = 4
DEADLINE = "期限取规划 4.2.1（2022 年亚运会保障）；专栏 1 只写开工年份"
BY_PLACE = Measure(
    "road_count", "迎亚运修缮道路", "条", 0, None, "经过该街道的修缮道路；跨街道的各计一次"
)


def _rows(context: Context) -> pd.DataFrame:
    """Roads under the filter as rows of «repair_roads», what is open first."""
    frame = context.frame("repair_roads")
    openness = (frame["state"] == "completed") * 2 - frame["is_overdue"].astype(int)
    return frame.assign(openness=openness).sort_values(
        ["plan_year", "openness", "started_on", "road_id"], na_position="last", kind="stable"
    )


def _count(frame: pd.DataFrame, *states: str) -> int | None:
    """Roads in one of the states; None while no state at all has been reported."""
    if frame.empty or (frame["state"] == "unreported").all():
        return None
    return int(frame.loc[frame["state"].isin(states), "road_count"].sum())


def _total(frame: pd.DataFrame) -> int:
    return int(frame["road_count"].sum())


def _deadline(context: Context) -> int:
    return int(context.row("repair_deadline")["deadline_year"])


# --- figures and sentences -----------------------------------------------------------------------


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page: done, begun by the plan's year, open, overdue, mapped."""
    frame = _rows(context)
    total = _total(frame)
    known = {
        "is_sample": context.is_sample(DATASET),
        "when_empty": UNREPORTED if total else "所选范围内没有修缮道路",
    }
    open_count = _count(frame, "under_construction", "planned", "suspended")
    mapped = int(frame["is_mapped"].sum())
    return [
        _done_figure(context, frame, known),
        *(_begun_figure(context, frame, year, known) for year in START_YEARS),
        cards.Figure("未完工", open_count, "条", detail=_states_text(frame), **known),
        _late_figure(context, frame, known),
        cards.Figure(
            "已上图", mapped if total else None, f"/ {total} 条", detail=_mapped_text(frame),
            definition="按登记名在底图上找到的道路：名称一致或已知别名；其余不猜位置", **known,
        ),
    ]  # fmt: skip


def _done_figure(context: Context, frame: pd.DataFrame, known: dict) -> cards.Figure:
    wanted = context.fact("repaired_road_count")
    target = _whole_target(context, wanted, "4.2.1")
    done, total = _count(frame, "completed"), _total(frame)
    told = [f"还差 {wanted - done:.0f} 条" if target and done is not None and done < wanted else ""]
    if target and total != wanted:
        told.append(f"登记册 {total} 条")
    undated = int(((frame["state"] == "completed") & frame["completed_on"].isna()).sum())
    told.append(figures.undated(undated, "完工日期", "条"))
    return cards.Figure(
        "修缮完工", done, f"/ {wanted if target else total:.0f} 条", 0, target,
        detail=joined(*told), definition="迎亚运道路修缮（规划 4.2.1：54 条（段））",
        **known | ({"when_empty": ""} if target else {}),
    )  # fmt: skip


def _whole_target(context: Context, value: float, clause: str) -> Target | None:
    """The plan's number of roads, of the whole district alone; more than it are no failure."""
    if not context.filter.is_whole_district:
        return None
    return Target("=", value, "条", clause, judged_as=">=")


def _begun_figure(context: Context, frame: pd.DataFrame, year: int, known: dict) -> cards.Figure:
    own = frame[frame["plan_year"] == year]
    begun = _count(own, "under_construction", "suspended", "completed")
    wanted = context.fact(f"repaired_road_{year}_count")
    target = _whole_target(context, wanted, "box1") if context.filter.year >= year else None
    late = int((own["started_on"].dropna().str[:4].astype(int) > year).sum())
    if own.empty and not frame.empty:
        known = known | {"when_empty": f"没有计划 {year} 年开工的道路"}
    return cards.Figure(
        f"{year} 年计划 · 已开工", begun, f"/ {wanted if target else _total(own):.0f} 条", 0, target,
        detail=f"其中 {late} 条晚于当年" if late else "",
        definition=f"专栏 1 列 {year} 年开工的道路中，已开工、停工、完工的条数",
        **known | ({"when_empty": ""} if target and len(own) else {}),
    )  # fmt: skip


def _states_text(frame: pd.DataFrame) -> str:
    counts = ((LOOKS[s].word, _count(frame, s)) for s in LOOKS if s != "completed")
    return joined(*(f"{word} {count}" for word, count in counts if count))


def _late_figure(context: Context, frame: pd.DataFrame, known: dict) -> cards.Figure:
    late = int(frame["is_overdue"].sum())
    done_late = int(frame["is_done_late"].sum())
    after = f"另 {done_late} 条 {_deadline(context)} 年后才完工" if done_late else ""
    return cards.Figure(
        "逾期", None if _count(frame, "completed") is None else late, "条",
        detail=joined("▲ 应开工未开工或应完工未完工" if late else "", after),
        definition=DEADLINE, **known,
    )  # fmt: skip


def _mapped_text(frame: pd.DataFrame) -> str:
    by_alias = int((frame["name_match"] == "alias").sum())
    missing = _total(frame) - int(frame["is_mapped"].sum())
    return joined(
        f"{UNMAPPED} {missing} 条" if missing else "全部已上图",
        f"其中按别名 {by_alias} 条" if by_alias else "",
    )


def findings(context: Context) -> list[str]:
    """How many are done, which are late, which no map shows."""
    frame = _rows(context)
    if frame.empty:
        return []
    total, done, year = _total(frame), _count(frame, "completed"), context.filter.year
    if done is None:
        named = frame[frame["road_count"] == 1]
        rest = total - len(named)
        also = f"，另 {rest} 条未列名" if rest else ""
        return [
            f"规划列名修缮道路 **{len(named)} 条**{also}，开工、完工情况**{UNREPORTED}**。",
            *_unmapped_sentence(named),
        ]
    of_states = "，".join(
        f"{LOOKS[state].word} **{count} 条**"
        for state in LOOKS
        if state != "completed" and (count := _count(frame, state))
    )
    found = [
        f"{total} 条迎亚运修缮道路中，截至 {year} 年底完工 **{done} 条**（{100 * done / total:.0f}%）"
        + (f"，{of_states}。" if of_states else "。")
    ]
    overdue, late = frame[frame["is_overdue"]], frame[frame["is_done_late"]]
    if len(overdue):
        found.append(f"**{len(overdue)} 条逾期**：{_named(overdue['road_name'])}。")
    if len(late):
        found.append(
            f"**{len(late)} 条**在规划期限 {_deadline(context)} 年之后才完工：{_named(late['road_name'])}。"
        )
    if overdue.empty and late.empty:
        found.append("没有道路超过规划年份。")
    return found + _unmapped_sentence(frame)


def _unmapped_sentence(frame: pd.DataFrame) -> list[str]:
    missing = frame[~frame["is_mapped"]]
    if missing.empty:
        return []
    return [f"底图没有同名道路，**{UNMAPPED} {len(missing)} 条**：{_named(missing['road_name'])}。"]


def _named(names: pd.Series) -> str:
    shown = "、".join(plain(clipped(name)) for name in names.head(MOST_NAMED))
    return f"{shown}等" if len(names) > MOST_NAMED else shown


def beside_findings(context: Context) -> None:
    """Roads done by the end of each year against the plan's number, and by who manages them."""
    target = _whole_target(context, context.fact("repaired_road_count"), "4.2.1")
    charts.year_trend(
        context, context.frame("repair_by_year"),
        Measure("completed_count", "累计完工", "条", 0, target), "repair_trend",
        layout.rem(context, 16),
    )  # fmt: skip
    _managed_lines(context, _rows(context))


def _managed_lines(context: Context, frame: pd.DataFrame) -> None:
    """How many roads of each managing level are done."""
    if frame.empty:
        return
    cards.block_title("管理级别", f"完工 / 道路 · {context.filter.year} 年底")
    levels = frame["managed_level"].fillna(UNFILLED)
    cards.lines(
        (level, f"{number(_count(own, 'completed'), missing=UNREPORTED)} / {_total(own)} 条")
        for level, own in frame.groupby(levels, sort=True)
    )


# --- map -----------------------------------------------------------------------------------------


def drawing(context: Context) -> Drawing:
    """Every street under repair along its whole course, by state."""
    frame, pieces = _rows(context), context.frame("repair_pieces")
    colours = context.palette
    roads = {name: _least(own) for name, own in frame.dropna(subset="street_name").groupby("street_name")}  # fmt: skip
    drawn = pieces[pieces["street_name"].isin(list(roads))]
    tips = {name: _tip(frame[frame["street_name"] == name]) for name in roads}
    looks = {
        state: Look(LOOKS[state].colour(colours), 24 if state == "completed" else 36)
        for state in STATES_LAST
    }
    made = [
        Piece(row.street_name, row.geometry_json, looks[roads[row.street_name]],
              tips[row.street_name], bool(row.is_chosen))
        for row in drawn.assign(
            place=[STATES_LAST.index(roads[name]) for name in drawn["street_name"]]
        ).sort_values("place", kind="stable").itertuples()
    ]  # fmt: skip
    names = [
        Name(name, name if state == "completed" else f"{LOOKS[state].shape} {name}",
             colours.zone if state == "completed" else LOOKS[state].colour(colours),
             30 if state == "completed" else 45, state not in ("completed", "unreported"))
        for name, state in roads.items()
    ]  # fmt: skip
    return Drawing(
        [layers.pick(context), layers.quiet_waterways(context),
         street_lines.lines(context, made, "road-repairs", least_px=2.8)],
        _legend(context, frame, set(roads.values())),
        maps.subdistrict_labels(context) + street_lines.labels(context, names, drawn),
    )  # fmt: skip


def _least(own: pd.DataFrame) -> str:
    """Of several repairs on one street the state that is least far."""
    return max(own["state"], key=STATES_LAST.index)


def _tip(own: pd.DataFrame) -> str:
    """What a street's repairs are: section, who manages it, state and dates, by what it was found."""
    told = [own["street_name"].iloc[0]]
    for row in own.itertuples():
        section = row.section if isinstance(row.section, str) else ""
        alias = f"登记名 {row.road_name}" if row.name_match == "alias" else ""
        told.append(joined(alias, section, _text(row.managed_level)))
        told.append(f"{LOOKS[row.state].shape} {LOOKS[row.state].word}{_dates(row)}{_remark(row)}")
    told += [
        f"全路在区内 {own['mapped_km'].iloc[0]:.2f} km，修缮起讫以登记册为准",
        "点击看该道路",
    ]
    return "\n".join(line for line in told if line)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dates(row: tuple) -> str:
    known = [day for day in (row.started_on, row.completed_on) if isinstance(day, str)]
    return f"，{' 至 '.join(known)}" if known else ""


def _remark(row: tuple) -> str:
    if row.is_overdue:
        return "（▲ 逾期）"
    return "（期限后完工）" if row.is_done_late else ""


def _legend(context: Context, frame: pd.DataFrame, drawn: set[str]) -> str:
    keys = [
        Key("line", look.colour(context.palette), f"{look.shape} {look.word}", 0.25)
        for state, look in LOOKS.items()
        if state in drawn
    ]
    missing = _total(frame) - int(frame["is_mapped"].sum())
    note = f"{UNMAPPED} {missing} 条，见右侧名单" if missing else ""
    title = f"迎亚运道路修缮 · {context.filter.year} 年底"
    return legend_html(title, keys, stacked=True, note=note)


# --- panel and table -----------------------------------------------------------------------------


def panel(context: Context) -> None:
    """The roads one by one as spans over the years, or counted by subdistrict."""
    frame = _rows(context)
    one_by_one, places = st.tabs(["逐条进度", "各街道"])
    with one_by_one:
        sample = SAMPLE_TAG if context.is_sample(DATASET) else ""
        cards.block_title("开工至完工", joined("竖线为规划期限", sample))
        if frame.empty:
            cards.empty("所选范围内没有修缮道路")
        else:
            with st.container(
                height=layout.body_height_px(context, 6), border=False, key="repair_list"
            ):
                st.html(spans_html(frame, _deadline(context), context.filter.year))
    with places:
        charts.subdistrict_bars(
            context, _labelled(context.frame("repair_places")), BY_PLACE, "repair_bars",
            layout.body_height_px(context, 6),
        )  # fmt: skip


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Subdistricts with «done / all» beside their bars."""
    known = frame["road_count"].notna()
    words = frame["completed_count"].astype(str) + " / " + frame["road_count"].astype(str)
    return frame.assign(label=words.where(known, NO_DATA))


def spans_html(frame: pd.DataFrame, deadline_year: int, year: int) -> str:
    """Roads by the plan's year of beginning, each as a bar from its start to its end.

    ``frame`` has the rows of «repair_roads»; what is not done runs to the end of ``year``. Bars
    stand on an axis of whole years that holds all dates; the line on it is the end of
    ``deadline_year``.
    """
    days = pd.concat([frame["started_on"], frame["completed_on"]]).dropna()
    first = min([FIRST_YEAR + 1, *(int(day[:4]) for day in days)])
    is_open = frame["state"].isin(["under_construction", "suspended"]).any()
    last = max([deadline_year, *(int(day[:4]) for day in days), *([year] if is_open else [])])
    axis = (float(first), float(last + 1))
    scale = "".join(f"<u>{one}</u>" for one in range(first, last + 1))
    groups = "".join(
        f"<h3>{_group_title(plan_year, own)}</h3>"
        + "".join(_span_html(row, axis, year) for row in own.itertuples())
        for plan_year, own in frame.groupby("plan_year", sort=False, dropna=False)
    )
    line = 100 * (deadline_year + 1 - axis[0]) / (axis[1] - axis[0])
    return (
        f'<div class="spans" style="--d:{line:.1f}%"><div class="span head"><b></b><span></span>'
        f"<i>{scale}</i><small></small></div>{groups}</div>"
    )


def _group_title(plan_year: float, own: pd.DataFrame) -> str:
    title = f"规划开工年份{UNFILLED}" if pd.isna(plan_year) else f"规划 {plan_year:.0f} 年开工"
    done = _count(own, "completed")
    told = UNREPORTED if done is None else f"完工 {done}"
    return f"{title}<small>{_total(own)} 条 · {told}</small>"


def _span_html(row: tuple, axis: tuple[float, float], year: int) -> str:
    look = LOOKS[row.state]
    name = escape(clipped(row.road_name))
    if isinstance(row.street_name, str):
        pick = escape(f"street:{row.street_name}", quote=True)
        name = f'<a class="pick" data-pick="{pick}" role="button" tabindex="0">{name}</a>'
    else:
        name += f"<em>{UNMAPPED}</em>"
    start, end = decimal_year(row.started_on), decimal_year(row.completed_on)
    if end != end and start == start:
        end = float(year + 1)
    bar = ""
    if end == end:
        begin = start if start == start else end
        left, right = (100 * (at - axis[0]) / (axis[1] - axis[0]) for at in (begin, end))
        kind = "done" if row.state == "completed" else "open"
        bar = f'<u class="{kind}" style="left:{left:.1f}%;width:{max(right - left, 1):.1f}%"></u>'
    told = joined(_text(row.managed_level), look.word) + _dates(row) + _remark(row)
    return (
        f'<div class="span" style="--tone:var(--{look.role})" title="{escape(told, quote=True)}">'
        f"<b>{look.shape}</b><span>{name}</span><i>{bar}</i><small>{escape(_when(row))}</small></div>"
    )


def _when(row: tuple) -> str:
    """The one date that matters most, and whether it is late."""
    late = "▲ " if row.is_overdue else "期限后 " if row.is_done_late else ""
    if row.state == "completed":
        day = row.completed_on if isinstance(row.completed_on, str) else ""
        return f"{late}{day[:7]}" if day else "日期未填"
    return f"{late}{LOOKS[row.state].word}"


def table(context: Context) -> None:
    """The register under the page."""
    frame = _rows(context)
    found = frame["name_match"].map({"exact": "名称一致", "alias": "别名"}).fillna(UNMAPPED)
    shown = frame.assign(
        found=found.where(frame["name_match"] != "alias", found + "：" + frame["street_name"].fillna("")),
        late=[_remark(row).strip("（）") for row in frame.itertuples()],
    )  # fmt: skip
    tables.register_table(
        context,
        shown,
        {
            "road_name": tables.TableColumn("道路"),
            "section": tables.TableColumn("起讫"),
            "managed_level": tables.TableColumn("管理级别"),
            "places": tables.TableColumn("经过街道"),
            "plan_year": tables.TableColumn("规划开工", "%d"),
            "state": tables.TableColumn("状态", words=STATE_WORDS),
            "started_on": tables.TableColumn("开工日期"),
            "completed_on": tables.TableColumn("完工日期"),
            "late": tables.TableColumn("期限"),
            "found": tables.TableColumn("底图道路"),
            "mapped_km": tables.TableColumn("全路区内长度（km）", "%.2f"),
            "clause": tables.TableColumn("规划条款"),
        },
        "迎亚运道路修缮",
        "repairs",
        hint="搜索道路、街道、管理级别……",
    )
