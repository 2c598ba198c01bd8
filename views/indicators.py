"""规划指标: all 28 with course, state and distance; clauses, figures and contradictions of the plan."""

import streamlit as st

from ui import address, indicators, layout, plan, scoreboard
from ui.session import current

PARTS = {"indicators": "28 项指标", "clauses": "条款与数字", "contradictions": "规划前后不一致",
         "terms": "节点、名词与格局"}  # fmt: skip
ASKED = {"clause": "clauses", "indicator": "indicators"}
"""Which part a key of the address asks for."""

context = current()
found = indicators.indicators(context)
is_part = not context.filter.is_whole_district
address.follow("plan_part", ASKED, default="indicators")
with st.container(horizontal=True, vertical_alignment="center", key="plan_parts"):
    part = st.segmented_control(
        "内容", list(PARTS), key="plan_part", format_func=PARTS.get, required=True,
        label_visibility="collapsed", on_change=address.forget, args=(ASKED,),
    )  # fmt: skip
    if part == "indicators":
        scoreboard.states(found, is_part)

if part == "indicators":
    worst = indicators.most_urgent(found, 1)
    number = address.chosen(
        "indicator", [str(one.no) for one in found], f"{worst[0].no if worst else 1}",
        "指标", context.picked,
    )  # fmt: skip
    one = found[int(number) - 1]
    layout.note(indicators.scope_sentence(context, found))
    left, right = layout.columns(context, (0.63, 0.37))
    with left:
        scoreboard.rows(
            found,
            one.no,
            plan.contradicted_indicators(context),
            is_part,
        )
    with right:
        plan.indicator_detail(context, one)
    plan.indicators_table(context, found)
elif part == "clauses":
    known = list(context.frame("plan_clauses")["clause"])
    clause = address.chosen("clause", known, "table1", "条款", context.picked)
    left, right = layout.columns(context, (0.55, 0.45))
    with left, st.container(key="clause_list", height=layout.body_height_px(context, -8)):
        plan.clauses(context, clause)
    with right:
        plan.clause_detail(context, clause)
    plan.facts_table(context)
elif part == "contradictions":
    plan.contradictions(context)
else:
    plan.milestones_terms_places(context)
