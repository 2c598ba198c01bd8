"""Scores of the demonstration streets: the newest of each element, what changed, means.

The score of a street is the plain mean of the newest scores of its elements: the plan names no
weights. What was not scored is left out, never zero.
"""

import pandas as pd

from data.contracts import SCORE_ELEMENTS
from data.office_rules import office_rules
from ui.session import Context, remembered
from ui.text import basis

NEWEST = ["demonstration_id", "designation", "scored_on", "element", "score", "remark", "before"]
UNSCORED = "未评分"
MEAN_NOTE = "得分为各要素的简单平均（规划未给权重），未评的要素不计"


def scores(context: Context, **params: object) -> pd.DataFrame:
    """Rows of the query «demonstration_scores», dates as timestamps."""
    frame = context.frame("demonstration_scores", **params)
    return frame.assign(scored_on=pd.to_datetime(frame["scored_on"]))


def low_score() -> float:
    """Below so many points an element is a weak one (the office's rule)."""
    return office_rules()["low_score"].value


def scorings(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a street and day of scoring: ``score``, the mean of what was scored that day."""
    grouped = frame.groupby(["demonstration_id", "scored_on"], as_index=False)
    return grouped.agg(score=("score", "mean"))


def newest(frame: pd.DataFrame) -> pd.DataFrame:
    """The newest score of each street's elements (``NEWEST``), in the order of the elements.

    ``before`` is the element's score before that one, missing where there was none.
    """
    key = ["demonstration_id", "element"]
    ordered = frame.sort_values("scored_on", kind="stable")
    before = ordered.groupby(key)["score"].shift()
    last = ordered.assign(before=before).drop_duplicates(key, keep="last")
    order = last["element"].map(SCORE_ELEMENTS.index)
    return last.assign(order=order).sort_values(["demonstration_id", "order"])[NEWEST]


@remembered
def newest_scores(context: Context, **params: object) -> pd.DataFrame:
    """``newest`` of all scores under the filter."""
    return newest(scores(context, **params))


def by_street(last: pd.DataFrame) -> pd.DataFrame:
    """Of such rows each street by ``demonstration_id``: ``score``, ``change`` (mean change of the
    elements scored before, missing where there are none), ``element_count``, ``scored_on``.
    """
    changed = last.assign(change=last["score"] - last["before"])
    return changed.groupby("demonstration_id").agg(
        score=("score", "mean"),
        change=("change", "mean"),
        element_count=("score", "size"),
        scored_on=("scored_on", "max"),
    )


def by_element(last: pd.DataFrame) -> pd.Series:
    """Mean score over the streets by element, in the order of the elements, those scored at all."""
    made = last.groupby("element")["score"].mean()
    return made.reindex([one for one in SCORE_ELEMENTS if one in made.index])


def weakest(own: pd.DataFrame) -> tuple | None:
    """Of one street's newest scores the row of the lowest; None where it has none."""
    return next(own.sort_values("score", kind="stable").itertuples(), None)


def scored_basis(element_count: int) -> str:
    """On how many elements a score rests, where not on all of them."""
    return basis(int(element_count), len(SCORE_ELEMENTS), "分数", "项要素")


def change_text(change: float | None) -> str:
    """A change as people read it: ↑1.2, ↓0.8, 持平; empty where there is none to compare with."""
    if change is None or change != change:
        return ""
    if abs(change) < 0.05:
        return "持平"
    return f"{'↑' if change > 0 else '↓'}{abs(change):.1f}"
