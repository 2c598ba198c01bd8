"""What the operating system says of a failure, as a data officer reads it."""

import errno
import os

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EEXIST: "已经存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过系统允许的大小",
    errno.ENAMETOOLONG: "文件名或路径太长",
    errno.EIO: "磁盘读写出错",
    errno.ESTALE: "网络磁盘已断开",
    errno.EBUSY: "文件正被占用",
    errno.ETXTBSY: "文件正被占用",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.ENOMEM: "内存不足",
    errno.EINVAL: "路径或参数无效",
    errno.ELOOP: "路径中的链接绕成了圈",
}


def reason(error: Exception) -> str:
    """Why it failed, in Chinese; what is not known is given in the system's own words.

    Libraries pass the system's words on in messages of their own: those are known too.
    """
    number = getattr(error, "errno", None)
    if number in _REASONS:
        return _REASONS[number]
    text = str(error)
    for known, words in _REASONS.items():
        if os.strerror(known) in text:
            return words
    return f"系统信息：{text}" if text else f"系统信息：{type(error).__name__}"


def told(error: OSError) -> str:
    """The reason with the file that it befell."""
    return f"{error.filename}：{reason(error)}" if error.filename else reason(error)
