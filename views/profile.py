"""街道画像: one subdistrict on one page, or two to four side by side."""

from ui import compare, layout, profile, standing, strips, subjects
from ui.cards import figures
from ui.session import current

context = current()
by_subdistrict = context.frame("measures_by_subdistrict")
rows = standing.board(context, by_subdistrict)
code = context.filter.single_code

if code:
    (chosen,) = subjects.subjects(context, (code,), by_subdistrict)
    figures(profile.head_figures(context, chosen, by_subdistrict))
    left, middle, right = layout.columns(context, profile.COLUMN_SHARES)
    with left:
        profile.standings(context, chosen, rows, layout.body_height_px(context, 4.6))
    with middle:
        profile.map_of(context, chosen, rows, layout.body_height_px(context, 0))
    with right:
        profile.verdicts(chosen, rows)
    profile.lists(context, chosen, layout.rem(context, 22))
    profile.measure_table(context, [chosen], rows)
else:
    codes = compare.choose(context, rows)
    here = subjects.with_codes(context, codes)
    chosen = subjects.subjects(context, codes, by_subdistrict)
    marks = strips.compared_marks(context.palette, codes)
    left, right = layout.columns(context, compare.COLUMN_SHARES)
    with left:
        compare.side_by_side(context, chosen, rows, marks)
        compare.openers(chosen)
    with right:
        strips.panel(here, rows, marks, "compare_strips", layout.rem(context, 26),
                     compare.COLUMN_SHARES[1])  # fmt: skip
        compare.map_of(
            here,
            chosen,
            rows,
            marks,
            max(layout.rem(context, 18), layout.body_height_px(context, 26.3)),
        )
    profile.measure_table(here, chosen, rows)
