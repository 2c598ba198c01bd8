"""导入: an office's file becomes a published register in five steps; for editors only."""

from data.snapshot import SnapshotError
from ui import (
    cards,
    editing,
    import_columns,
    import_preview,
    import_publish,
    import_report,
    import_staged,
    importing,
)
from ui.import_draft import COLUMNS, PREVIEW, REPORT, SOURCE, Draft
from ui.session import Context, current


def show(context: Context) -> None:
    """The step that the officer has come to."""
    draft = importing.draft_of_page(context)
    importing.outcome(draft)
    importing.stepper(draft)
    importing.problem(draft.problem)
    if importing.working(draft):
        return
    if draft.published:
        import_publish.published_page(context, draft)
    elif draft.step == SOURCE or not draft.seen:
        importing.source_step(context, draft)
    elif draft.step == COLUMNS or not draft.staging_id:
        import_columns.columns_step(context, draft)
    else:
        _checked(context, draft)


def _checked(context: Context, draft: Draft) -> None:
    """The steps that work from the outcome of the check."""
    try:
        staged = import_staged.load(draft)
        import_staged.stale(context, draft, staged)
        if draft.step == REPORT:
            import_report.report_step(context, draft, staged)
        elif draft.step == PREVIEW:
            import_preview.preview_step(context, draft, staged)
        else:
            import_publish.publish_step(context, draft, staged)
    except SnapshotError as problem:
        # Its frames are read when they are shown: a staged check may go at any time.
        import_staged.gone(draft, str(problem))


if editing.is_allowed():
    show(current())
else:
    cards.refusal("此处不能导入", editing.NOT_ALLOWED)
