"""What can be wrong with keys and sealed values. None of it repeats a key or what was sealed."""

from pathlib import Path

from gis.wording import Wording


class SealingError(Exception):
    """Something cannot be sealed or opened: what, and how to mend it."""

    def __init__(self, what: Wording, mend: Wording) -> None:
        super().__init__(f"{what}. 处理 / Mend: {mend}")
        self.what = what
        self.mend = mend


class KeyFileMissing(SealingError):
    """There is no key file."""

    def __init__(self, path: Path) -> None:
        what = Wording(f"没有密钥文件 {path}", f"there is no key file {path}")
        mend = Wording(
            "首次使用运行 fengqiao keys create；库中已有密封数据时，从备份恢复原文件",
            "run fengqiao keys create for a new database; restore the file for one in use",
        )
        super().__init__(what, mend)


class KeyFileExists(SealingError):
    """A key file would be overwritten, and all that it opens would be lost."""

    def __init__(self, path: Path) -> None:
        what = Wording(f"密钥文件 {path} 已存在", f"the key file {path} exists already")
        super().__init__(what, Wording("换新密钥用 fengqiao keys rotate", "fengqiao keys rotate"))


class KeyFileExposed(SealingError):
    """Others than the owner may read or write the key file."""

    def __init__(self, path: Path, mode: int) -> None:
        what = Wording(
            f"密钥文件 {path} 的权限是 {mode:04o}，他人可以访问",
            f"the key file {path} has mode {mode:04o}: others may reach it",
        )
        super().__init__(what, Wording(f"运行 chmod 600 {path}", f"run chmod 600 {path}"))


class KeyFileBroken(SealingError):
    """The key file is not what was written."""

    def __init__(self, path: Path) -> None:
        what = Wording(f"密钥文件 {path} 已损坏", f"the key file {path} is damaged")
        super().__init__(what, Wording("从备份恢复原文件", "restore it from its backup"))


class KeyNeeded(SealingError):
    """A key is not to be removed."""

    def __init__(self, key_id: str) -> None:
        what = Wording(f"密钥 {key_id} 仍在使用", f"key {key_id} is still in use")
        super().__init__(what, Wording("先运行 fengqiao keys rotate", "run fengqiao keys rotate"))


class UnknownKey(SealingError):
    """A value was sealed by a key that the file does not hold."""

    def __init__(self, key_id: str) -> None:
        what = Wording(f"密钥文件中没有密钥 {key_id}", f"the key file holds no key {key_id}")
        mend = Wording("恢复含有该密钥的文件", "restore a key file that holds it")
        super().__init__(what, mend)


class Tampered(SealingError):
    """A value is not what was sealed, or lies in another place."""

    def __init__(self) -> None:
        what = Wording(
            "密封数据被改动，或被移到了别处",
            "a sealed value was changed, or moved to another place",
        )
        super().__init__(what, Wording("从备份恢复该行", "restore the row from a backup"))


class RowUnopened(SealingError):
    """A stored value could not be opened; tells where it is."""

    def __init__(self, where: str, why: SealingError) -> None:
        what = Wording(f"{where}：{why.what.zh}", f"{where}: {why.what.en}")
        super().__init__(what, why.mend)


class CipherMissing(SealingError):
    """The cryptographic library was built without a cipher."""

    def __init__(self, algorithm: str) -> None:
        what = Wording(
            f"本机的加密库不支持 {algorithm}", f"the cryptographic library here lacks {algorithm}"
        )
        mend = Wording(
            "安装带 SM4 的 cryptography/OpenSSL，或设 FENGQIAO_SEAL_ALGORITHM=aes-256-gcm",
            "install a cryptography/OpenSSL with it, or set FENGQIAO_SEAL_ALGORITHM=aes-256-gcm",
        )
        super().__init__(what, mend)
