"""What an operator may set, by environment variables that begin with FENGQIAO_."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All settings; each is described in docs/settings.md, where a test looks for it."""

    model_config = SettingsConfigDict(env_prefix="FENGQIAO_", frozen=True)

    home: Path | None = None
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8733, ge=0, le=65535)
    case_prefix: str = Field(default="DD", pattern="^[A-Z]{2,4}$")
    near_line_m: float = Field(default=25.0, ge=0, le=1000, allow_inf_nan=False)
    body_limit_bytes: int = Field(default=1_000_000, ge=1_000)
    pool_size: int = Field(default=20, ge=1, le=200)
    session_idle_minutes: int = Field(default=60, ge=5, le=1440)
    session_hours: int = Field(default=12, ge=1, le=72)
    second_factor: Literal["administrators", "everyone", "optional"] = "administrators"
    oidc_issuer: str | None = Field(default=None, pattern=r"^https?://\S+$")
    oidc_client_id: str | None = None
    oidc_client_secret_file: Path | None = None
    oidc_return_url: str | None = Field(default=None, pattern=r"^https?://\S+/sign-in/oidc/return$")
    oidc_title: str = "统一身份认证"
    public_url: str | None = None
    requests_per_minute: int = Field(default=1200, ge=60, le=1_000_000)
    worker: bool = True
    emergency_units: str = Field(default="", pattern=r"^[\w:.,-]*$")
    channel_hosts: str = Field(default="", pattern=r"^[\w.,: -]*$")
    channel_secrets: Path | None = None
    channel_ca: Path | None = None
    audit_anchors: Path | None = None
    audit_anchor_minutes: int = Field(default=60, ge=1, le=1440)
    keys: Path | None = None
    seal_algorithm: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"

    @property
    def folder(self) -> Path:
        """The data directory that ./fengqiao chose, or its default without ./fengqiao."""
        if self.home is not None:
            return self.home
        if os.geteuid() == 0:
            return Path("/var/lib/fengqiao")
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "fengqiao"

    @property
    def anchors_file(self) -> Path:
        """Where the audit's head is anchored."""
        return self.audit_anchors or self.folder / "anchors" / "audit.jsonl"

    @property
    def standby_units(self) -> tuple[str, ...]:
        """The codes of the units that an emergency whistle calls beside the case's own."""
        return tuple(filter(None, map(str.strip, self.emergency_units.split(","))))

    @property
    def secrets_folder(self) -> Path:
        """Where the files of the channels' secrets lie."""
        return self.channel_secrets or self.folder / "secrets"

    @property
    def keys_file(self) -> Path:
        """Where the keys lie that seal identity fields."""
        return self.keys or self.folder / "keys.json"
