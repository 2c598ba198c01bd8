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
    shares = compare.column_shares(context.screen)
    has_map_beside = len(shares) > 2
    columns = layout.columns(context, shares)
    with columns[0]:
        compare.side_by_side(context, chosen, rows, marks)
        compare.openers(chosen)
    with columns[1]:
        strips.panel(here, rows, marks, "compare_strips",
                     layout.body_height_px(context, 0) if has_map_beside else layout.rem(context, 26),
                     shares[1])  # fmt: skip
    with columns[-1]:
        map_px = layout.body_height_px(
            context, -4.5 if has_map_beside else 23.3 if context.screen.is_kiosk else 26.3
        )
        compare.map_of(
            here, chosen, rows, marks, max(layout.rem(context, 18), map_px), shares[-1]
        )  # fmt: skip
    profile.measure_table(here, chosen, rows)
