"""数据目录: every dataset with source, date, freshness and findings; columns, rows, publications."""

import streamlit as st

from ui import address, cards, catalog, history, layout
from ui.session import current

context = current()
found = catalog.listed(context)
known = {one.path: one for one in found}
chosen = address.chosen("dataset", list(known), "toilets.toilets", "数据集", context.picked)
one = known[chosen]

cards.figures(catalog.figures(found))
cards.findings(catalog.sentences(context, found))

if context.screen.is_kiosk:
    catalog.wall(found)
else:
    left, right = layout.columns(context, (0.63, 0.37))
    with left, st.container(key="dataset_list", height=layout.body_height_px(context, 3)):
        catalog.rows(found, chosen)
    with right:
        catalog.detail(context, one)
    catalog.fields_table(one)
    catalog.preview(context, one)
    history.publications(context)
