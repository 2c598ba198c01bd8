"""Mode «示范街» of the street page: the 14 demonstration streets and their state."""

from ui import cards, charts, figures, layers, layout, maps, tables, text
from ui import findings as sentences
from ui.maps import Drawing
from ui.session import Context

_PROGRESS = charts.Measure("progress_pct", "精品示范街进度", "%", 0)


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page."""
    summary = _summary(context)
    is_sample = context.is_sample("streets.demonstration_streets")
    return [
        figures.demonstration(context, summary),
        cards.Figure("在建", summary["building_count"], "条", is_sample=is_sample,
                     detail="已开工、尚未建成"),
        cards.Figure("建成长度", summary["completed_km"], "km", 1, is_sample=is_sample,
                     detail=figures.measured_basis(summary) or figures.unmapped_text(summary),
                     when_empty=f"长度{text.UNFILLED}" if summary["completed_count"] else ""),
        cards.Figure("新增省级街容示范街", summary["new_provincial_count"], "条",
                     target=figures.district_target(context, 5), is_sample=is_sample,
                     detail=figures.undated_provincial(summary),
                     when_empty=f"建成年份{text.UNFILLED}" if summary["provincial_count"] else ""),
        cards.Figure("省级街容示范街", summary["provincial_count"], "条", is_sample=is_sample,
                     detail=figures.district_only(
                         context, f"基期 {context.fact('provincial_showcase_street_base_count'):.0f} 条")),
    ]  # fmt: skip


def _summary(context: Context) -> dict:
    return context.row("streets_summary", "streets.demonstration_streets")


def findings(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    by_subdistrict = context.frame("streets_by_subdistrict")
    return sentences.streets(
        _summary(context),
        layout.only_chosen(context, by_subdistrict),
        figures.district_target(context, 5),
        context.filter.year,
    )


def beside_findings(context: Context) -> None:
    """What stands under the sentences."""
    charts.year_trend(
        context, context.frame("streets_by_year"),
        charts.Measure("completed_count", "建成精品示范街", "条", 0, figures.district_target(context, 6)),
        "streets_trend", layout.rem(context, 18),
    )  # fmt: skip


def drawing(context: Context) -> Drawing:
    """What the map shows."""
    return Drawing(
        [layers.pick(context), *layers.demonstration_streets(context)],
        layers.streets_legend(context),
        maps.subdistrict_labels(context) + layers.demonstration_labels(context),
    )


def panel(context: Context) -> None:
    """What stands beside the map."""
    by_subdistrict = context.frame("streets_by_subdistrict")
    charts.subdistrict_bars(context, figures.with_street_names(by_subdistrict), _PROGRESS, "streets_bars",
                            layout.body_height_px(context, 2.2))  # fmt: skip


def table(context: Context) -> None:
    """The register under the page."""
    tables.register_table(
        context,
        context.frame("streets_table"),
        {
            "subdistrict_name": tables.TableColumn("街道"),
            "street_name": tables.TableColumn("道路"),
            "designation": tables.TableColumn("类型", words=text.DESIGNATIONS),
            "level": tables.TableColumn("级别"),
            "state": tables.TableColumn("状态", words=text.DEMONSTRATION_STATES),
            "started_year": tables.TableColumn("开工年份", "%d"),
            "completed_year": tables.TableColumn("建成年份", "%d"),
            "length_km": tables.TableColumn("长度（km）", "%.2f"),
            "mapped": tables.TableColumn("位置"),
            "clause": tables.TableColumn("规划条款"),
        },
        "示范街名录",
        "streets",
    )
