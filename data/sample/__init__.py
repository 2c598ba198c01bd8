"""Sample registers: real places, invented attributes, one fixed seed.

They let the cockpit show all it can before registers are loaded, agree with the plan's totals, and
come out the same, to the byte, every time.
"""

import pandas as pd

from data.sample.indicator_values import indicator_values_table
from data.sample.lighting_service import lighting_tables
from data.sample.night import night_sample_tables
from data.sample.projects import project_sample_tables
from data.sample.quality import water_quality_table
from data.sample.rivers import river_tables
from data.sample.roads import road_tables
from data.sample.service_stations import service_station_tables
from data.sample.street_points import street_point_tables
from data.sample.streets import street_sample_tables
from data.sample.toilets import toilet_tables


def sample_tables() -> dict[str, pd.DataFrame]:
    """All sample tables by ``database.table``."""
    rivers = river_tables()
    registers = {
        **rivers,
        "rivers.water_quality": water_quality_table(
            rivers["rivers.rivers"], rivers["rivers.sections"]
        ),
        **street_sample_tables(),
        **street_point_tables(),
        **toilet_tables(),
        **service_station_tables(),
        **lighting_tables(),
        **night_sample_tables(),
        "plan.indicator_values": indicator_values_table(),
    }
    projects = project_sample_tables(registers)
    return registers | projects | road_tables(projects["plan.projects"])
