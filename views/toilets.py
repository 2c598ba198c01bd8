"""公共厕所: points by grade over density, the ten-minute circle."""

from ui import cards, charts, figures, findings, layers, layout, maps, measures, tables, text
from ui.session import current

context = current()
summary = context.row("toilets_summary", "toilets.toilets")
covered = context.row("toilets_coverage")["covered_share_pct"]
by_subdistrict = context.frame("toilets_by_subdistrict")
grades = context.frame("toilets_by_grade")
density = measures.toilet_density(context)
circle = measures.covered_share(context)
is_sample = context.is_sample("toilets.toilets")
count = summary["toilet_count"]
unfilled = "登记册的" if count else ""

cards.figures(
    [
        cards.Figure("公共厕所", summary["toilet_count"], "座", is_sample=is_sample,
                     detail=figures.district_only(context, f"规划星级公厕 {context.fact('star_toilet_count'):.0f} 座")),
        figures.toilet_density(context, summary),
        cards.Figure(circle.title, covered, "%", 1, is_sample=is_sample,
                     detail="沿路网步行", definition=circle.definition),
        cards.Figure("规划期提升改造", summary["renewed_count"],
                     "座", is_sample=is_sample, detail=f"其中当年 {text.number(summary['renewed_this_year_count'])} 座",
                     when_empty=unfilled and f"{unfilled}改造年份{text.UNFILLED}"),
        cards.Figure("无障碍设施", summary["accessible_share_pct"], "%", 1, is_sample=is_sample,
                     detail=text.basis(summary["accessible_known_count"], count, "该项", "座")
                     or "设无障碍厕位的公厕占比", when_empty=unfilled and f"{unfilled}无障碍设施{text.UNFILLED}"),
        cards.Figure("女厕位 : 男厕位", summary["women_to_men"], ": 1", 2, is_sample=is_sample,
                     detail=text.joined("标准 3 : 2（CJJ 14-2016）", text.basis(
                         summary["stalls_known_count"], count, "厕位数", "座")),
                     when_empty=unfilled and f"{unfilled}厕位数{text.UNFILLED}"),
    ]
)  # fmt: skip

left, middle, right = layout.three_columns(context)
with left:
    missing = figures.missing_toilets(context, summary)
    cards.findings(
        findings.toilets(
            summary,
            covered,
            by_subdistrict,
            density,
            missing,
            context.filter.subdistrict_codes,
        )
    )
    charts.year_trend(
        context, context.frame("toilets_renewals_by_year"),
        charts.Measure("renewed_count", "提升改造公厕", "座"), "toilets_trend",
        layout.rem(context, 14), is_yearly_count=True,
    )  # fmt: skip
    figures.grade_lines(grades)
with middle:
    choropleth, ramp = layers.choropleth(context, by_subdistrict, density)
    maps.map_panel(
        context,
        "toilets",
        [choropleth, layers.toilets(context)],
        layers.toilets_legend(context, density, ramp),
        labels=maps.subdistrict_labels(context),
        alt=f"{context.sentence}：公共厕所与分街道密度",
    )
with right:
    charts.subdistrict_bars(context, by_subdistrict, density, "toilets_bars",
                            layout.body_height_px(context, 2.2))  # fmt: skip

tables.register_table(
    context,
    context.frame("toilets_table"),
    {
        "toilet_name": tables.TableColumn("公厕"),
        "subdistrict_name": tables.TableColumn("街道"),
        "street_name": tables.TableColumn("道路"),
        "grade": tables.TableColumn("类别"),
        "star_rating": tables.TableColumn("星级", "%d"),
        "women_stalls": tables.TableColumn("女厕位", "%d"),
        "men_stalls": tables.TableColumn("男厕位", "%d"),
        "has_third_room": tables.TableColumn("第三卫生间", words=tables.FLAG_WORDS),
        "has_nursing_room": tables.TableColumn("母婴室", words=tables.FLAG_WORDS),
        "has_accessible": tables.TableColumn("无障碍", words=tables.FLAG_WORDS),
        "has_tidal_stalls": tables.TableColumn("潮汐厕位", words=tables.FLAG_WORDS),
        "renewed_year": tables.TableColumn("提升改造年份", "%d"),
    },
    "公共厕所名录",
    "toilets",
)
