"""Failures of the system, told in Chinese."""

import errno
import os

import pytest

from data.system_faults import reason, told


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有权限"), (errno.EROFS, "只读")],
)
def test_known_failures_are_told_in_chinese(number, words):
    error = OSError(number, os.strerror(number), "/x/y")
    assert words in reason(error) and os.strerror(number) not in reason(error)
    assert told(error).startswith("/x/y：")


def test_the_systems_words_are_known_inside_a_librarys_message():
    text = f"IO Error: Could not write file: {os.strerror(errno.ENOSPC)}"
    assert reason(RuntimeError(text)) == "磁盘已满"


@pytest.mark.parametrize("error", [OSError("odd thing"), RuntimeError("odd thing")])
def test_what_is_unknown_is_given_as_it_is(error):
    assert reason(error) == "系统信息：odd thing"


def test_a_failure_without_words_is_named():
    assert reason(RuntimeError()) == "系统信息：RuntimeError"
