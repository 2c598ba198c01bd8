"""规划指标: all 28 with course, state and distance; clauses, figures and contradictions of the plan."""

import streamlit as st

from ui import address, indicators, layout, plan, scoreboard
from ui.session import current

context = current()
found = indicators.indicators(context)
is_part = not context.filter.is_whole_district
part = plan.chosen_part()
with st.container(horizontal=True, vertical_alignment="center", key="plan_parts"):
    plan.part_switch(part)
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
    height_px = layout.body_height_px(context, -5 if context.screen.is_kiosk else -8)
    with left, st.container(key="clause_list", height=height_px):
        plan.clauses(context, clause)
    with right:
        plan.clause_detail(context, clause)
    plan.facts_table(context)
elif part == "contradictions":
    plan.contradictions(context)
else:
    plan.milestones_terms_places(context)
