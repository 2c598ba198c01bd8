"""美丽河湖: courses by level, coverage by subdistrict, water quality over the years."""

from ui import cards, charts, figures, findings, layers, layout, maps, measures, tables, text
from ui.session import current

context = current()
summary = context.row("rivers_summary", "rivers.rivers")
quality = context.row("rivers_quality")
by_subdistrict = context.frame("rivers_by_subdistrict", assumed=[])
by_year = context.frame("rivers_by_year")
coverage = measures.beautiful_share(context)
is_sample = context.is_sample("rivers.rivers")

cards.figures(
    [
        cards.Figure("河道", summary["river_count"], "条", is_sample=is_sample,
                     detail=figures.elsewhere_text(summary) or figures.unmapped_text(summary),
                     when_empty=figures.rivers_absent(context)),
        figures.beautiful_share(context, summary),
        cards.Figure("美丽河湖", summary["beautiful_count"], "条", is_sample=is_sample,
                     detail=text.joined(
                         f"省级 {summary['provincial_count']} 条",
                         figures.undated(summary["undated_beautiful_count"], "年份", "条")
                         or figures.district_only(
                             context, f"基期 {context.fact('beautiful_river_count'):.0f} 条")),
                     when_empty=figures.levels_absent(summary)),
        cards.Figure("美丽河湖长度", summary["beautiful_length_km"], "km", 1, is_sample=is_sample,
                     detail=figures.district_only(
                         context, f"基期 {context.fact('beautiful_river_length_km'):g} km"),
                     when_empty=figures.levels_absent(summary)),
        cards.Figure("长度覆盖率", summary["beautiful_length_share_pct"], "%", 1, is_sample=is_sample,
                     detail="已创建河段 ÷ 已上图河段", when_empty=figures.levels_absent(summary),
                     definition=measures.beautiful_length_share(context).definition),
        figures.class_iv(context, quality),
    ]
)  # fmt: skip

left, middle, right = layout.three_columns(context)
with left:
    cards.findings(
        findings.rivers(
            summary,
            quality,
            by_subdistrict,
            coverage,
            context.target(18),
            context.filter.subdistrict_codes,
        )
    )
    charts.year_trend(context, by_year, figures.beautiful_count_measure(context), "rivers_trend",
                      layout.rem(context, 13))  # fmt: skip
    charts.year_trend(context, by_year, measures.class_iv_share(context), "rivers_quality_trend",
                      layout.rem(context, 13))  # fmt: skip
with middle:
    maps.map_panel(
        context,
        "rivers",
        [layers.pick(context), *layers.rivers(context)],
        layers.rivers_legend(context),
        labels=maps.subdistrict_labels(context) + layers.river_labels(context),
        alt=f"{context.sentence}：河道按美丽河湖等级",
    )
with right:
    charts.subdistrict_bars(context, by_subdistrict, coverage, "rivers_bars",
                            layout.body_height_px(context, 2.2))  # fmt: skip

tables.register_table(
    context,
    context.frame("rivers_table"),
    {
        "river_name": tables.TableColumn("河道"),
        "rank": tables.TableColumn("等级", words=text.RIVER_RANKS),
        "beautiful_level": tables.TableColumn("美丽河湖", words=text.BEAUTIFUL_LEVELS),
        "beautiful_year": tables.TableColumn("创建年份", "%d"),
        "length_km": tables.TableColumn("长度（km）", "%.2f"),
        "subdistricts": tables.TableColumn("流经街道"),
        "quality_class": tables.TableColumn("最近水质类别"),
        "limiting_item": tables.TableColumn("定类项目"),
        "chief_level": tables.TableColumn("河长级别"),
    },
    "河道名录",
    "rivers",
)
