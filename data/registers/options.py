"""What is declared of a file, how it agrees with the positions, and who is told of the progress."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Progress = Callable[[str, float | None], None]
"""Told the step in Chinese and the share done (0–1; None when it is not known)."""


def no_progress(step: str, share: float | None) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class Options:
    """What the data officer declares of a file."""

    crs: str | None = None
    """Key of ``geo.crs.SYSTEMS``; None only where the file declares it or has no positions."""
    swap_axes: bool = False
    """Whether the officer says that longitude and latitude (east and north) are exchanged."""
    crs_confirmed: bool = False
    """Whether the officer has asked and stands by the system although another fits better."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Heading → field name, or "" to leave the column out; goes before aliases."""
    provider: str = ""
    """The office that answers for the data (报送单位)."""
    as_of: str = ""
    """Date of the data: YYYY, YYYY-MM or YYYY-MM-DD."""
    licence: str = "内部资料"


@dataclass(frozen=True)
class CrsVerdict:
    """How the positions agree with the declared coordinate system."""

    declared: str | None
    swapped: bool
    inside_pct: Mapping[str, float]
    """Share of positions inside the district (0–100) by coordinate system."""
    landmark_m: Mapping[str, float]
    """Median distance (m) to the stations, streets and rivers that rows name, by system."""
    landmark_count: int
    suggestion: str | None
    """Another system that fits clearly better; None when the declared one is fine."""
    message: str
    """One sentence in Chinese; empty when there are no positions."""
    blocks: bool
    """Whether the declared system cannot be right, so that nothing may be published."""
    suggested_swap: bool = False
    """Whether the suggestion reads the axes exchanged (a value for ``Options.swap_axes``)."""
