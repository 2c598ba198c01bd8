"""The list of sites as files to take along: a workbook, and GeoJSON in two coordinate systems.

WGS-84 follows RFC 7946 (longitude, latitude; no ``crs``). EPSG:4549 (CGCS2000 / 3-degree Gauss–Krüger,
120E) is GeoJSON of 2008 with a named ``crs``, east before north in metres, as GDAL and QGIS read it.
Every file says what it rests on, and that all of it is assumed.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from data.registers.workbooks import (
    ACCENT,
    CENTRED,
    INK,
    MUTED,
    Look,
    font,
    ground,
    set_widths,
)
from geo.projection import METRIC_CRS, points_to_metres
from ui.toilet_proposal import ListedSite

METRIC_URN = f"urn:ogc:def:crs:{METRIC_CRS.replace(':', '::')}"
METRIC_TITLE = "CGCS2000 / 3° 高斯-克吕格 120E（EPSG:4549）"
METRIC_DECIMALS, SHARE_DECIMALS, GAIN_DECIMALS = 2, 2, 4
UNNAMED = "附近无命名道路"


@dataclass(frozen=True)
class SiteExport:
    """Sites with what is said of them in every file."""

    sites: Sequence[ListedSite]
    weight_words: str
    """What is gained, with its unit: 新增覆盖（km²）."""
    notes: Mapping[str, str]
    """Source, filter, circle, date and notices by their headings."""

    def rows(self) -> list[dict]:
        """One row a site by Chinese heading; positions in both systems."""
        if not self.sites:
            return []
        east_m, north_m = points_to_metres(
            [site.lon for site in self.sites], [site.lat for site in self.sites]
        )
        total, rows = 0.0, []
        for site, east, north in zip(self.sites, east_m, north_m, strict=True):
            total += site.gain
            rows.append(
                {
                    "序号": site.number,
                    "街道": site.subdistrict_name,
                    "最近道路": site.place or UNNAMED,
                    self.weight_words: round(site.gain, GAIN_DECIMALS),
                    f"累计{self.weight_words}": round(total, GAIN_DECIMALS),
                    "累计覆盖率（%）": round(site.share_after_pct, SHARE_DECIMALS),
                    "经度（WGS-84）": site.lon,
                    "纬度（WGS-84）": site.lat,
                    "东坐标 m（EPSG:4549）": round(float(east), METRIC_DECIMALS),
                    "北坐标 m（EPSG:4549）": round(float(north), METRIC_DECIMALS),
                }
            )
        return rows

    def excel(self) -> bytes:
        """A workbook: the sites, and on a second sheet what they rest on."""
        book = Workbook(write_only=True)
        book.properties.creator = "上城区城市管理驾驶舱"
        sheet = book.create_sheet("新增选址")
        set_widths(sheet, (8, 14, 24, 18, 20, 16, 16, 16, 22, 22))
        sheet.freeze_panes = "A2"
        head, plain = (
            Look(sheet, font("FFFFFF", bold=True), ground(INK), CENTRED),
            Look(sheet, font()),
        )
        for number, row in enumerate(self.rows()):
            if not number:
                sheet.append([head.cell(title) for title in row])
            sheet.append([plain.cell(value) for value in row.values()])
        told = book.create_sheet("说明")
        set_widths(told, (16, 100))
        title, name = (
            Look(told, font(ACCENT, bold=True, size=14), alignment=None),
            Look(told, font(MUTED)),
        )
        told.append([title.cell("公共厕所新增选址（假设）")])
        text = Look(told, font())
        for heading, words in self.notes.items():
            told.append([name.cell(heading), text.cell(words)])
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def geojson_degrees(self) -> bytes:
        """Points in WGS-84 with all columns as properties."""
        return self._geojson(is_metric=False)

    def geojson_metres(self) -> bytes:
        """The same in metres (EPSG:4549)."""
        return self._geojson(is_metric=True)

    def _geojson(self, *, is_metric: bool) -> bytes:
        features = [
            {
                "type": "Feature",
                "id": row["序号"],
                "geometry": {
                    "type": "Point",
                    "coordinates": list(row.values())[-2:]
                    if is_metric
                    else list(row.values())[-4:-2],
                },
                "properties": row,
            }
            for row in self.rows()
        ]
        crs = {"crs": {"type": "name", "properties": {"name": METRIC_URN}}} if is_metric else {}
        document = {
            "type": "FeatureCollection",
            "name": "公共厕所新增选址（假设）",
            **crs,
            "说明": {
                **self.notes,
                "坐标系": METRIC_TITLE if is_metric else "WGS-84 经纬度（RFC 7946）",
            },
            "features": features,
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode()
