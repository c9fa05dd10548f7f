"""Settings from the environment, checked once at the start. `lagesbild config` prints them, secrets masked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from lagesbild.domain.errors import ConfigError

METRICS_DIRECTORY: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own name; set by `serve` for its processes


class Settings(BaseSettings):
    """All settings. Field descriptions are shown by `lagesbild config` and checked against README by a test."""

    model_config = SettingsConfigDict(
        env_prefix="LAGESBILD_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    database_url: str | None = Field(
        None, description="PostgreSQL-adress; utan värde startas en inbyggd server i LAGESBILD_HOME"
    )
    read_url: str | None = Field(
        None, description="läskopia som webbdelen och exporter läser från, så länge den svarar och hänger med"
    )
    replica_lag_seconds: int = Field(
        10, ge=0, description="hur länge läskopian får sakna det senaste innan läsningar går till den skrivbara servern"
    )
    replica_check_seconds: int = Field(
        2, ge=1, le=60, description="hur ofta läskopian och den skrivbara servern jämförs, i sekunder"
    )
    home: Path = Field(Path(".lagesbild"), description="katalog för inbyggd databas och annat som sparas")
    dask_scheduler: str | None = Field(
        None, description="Dask-schemaläggare (tcp://värd:8786) för prognoser på flera maskiner"
    )
    auth: Literal["none", "proxy", "oidc"] = Field(
        "none", description="inloggning: none bara på en loopback-adress; proxy och oidc finns inte än"
    )
    viewer_role: Literal["public", "exact"] = Field(
        "public", description="vem som tittar: public skyddar små tal, exact visar dem"
    )
    small_count_threshold: int = Field(
        5, ge=1, le=100, description="tal från 1 och under detta visas som färre än talet"
    )
    workers: int = Field(
        2, ge=1, le=64, description="webbprocesser; de delar på arbetet, och en tung sida stoppar inte de andra"
    )
    signing_key: Path | None = Field(
        None,
        description="fil med den hemliga nyckel (Ed25519) som signerar ögonblicksbilder; utan värde ingen signatur",
    )
    snapshots_keep: str = Field(
        "10y",
        pattern=r"^(all|[1-9][0-9]{0,5}y?)$",
        description="vilka ögonblicksbilder utan skäl som sparas: 10y tio år, 24 de 24 senaste, all alla",
    )
    runs_keep_years: int = Field(
        10,
        ge=0,
        le=1000,
        description="hur många år prognoskörningar och utvärderingar sparas när lagesbild db maintain körs; 0 = alltid",
    )
    cache_mb: int = Field(
        256, ge=0, description="hur mycket färdiga svar får ta i LAGESBILD_HOME/cache, i megabyte; 0 = inga sparas"
    )
    prepare: bool = Field(True, description="gör svar färdiga i bakgrunden när uppgifterna har ändrats")
    operator: str = Field("", description="vem som driver tjänsten; står i tillgänglighetsredogörelsen på /om")
    contact: str = Field(
        "", description="e-post- eller webbadress dit brister anmäls; står i tillgänglighetsredogörelsen på /om"
    )
    allowed_hosts: str = Field(
        "",
        pattern=r"^[A-Za-z0-9.:_\[\], -]*$",
        description="namn som tjänsten svarar under, med komma mellan; maskinens egna (localhost, 127.0.0.1) alltid",
    )
    host: str = Field(
        "127.0.0.1", validation_alias=AliasChoices("HOST", "LAGESBILD_HOST"), description="adress att lyssna på"
    )
    port: int = Field(
        8050, ge=1, le=65535, validation_alias=AliasChoices("PORT", "LAGESBILD_PORT"), description="port att lyssna på"
    )

    @property
    def environment_names(self) -> dict[str, str]:
        """Field name -> name of the environment variable."""
        return {n: n.upper() if n in ("host", "port") else f"LAGESBILD_{n.upper()}" for n in type(self).model_fields}

    def masked(self) -> dict[str, str]:
        """Environment variable -> value as text, passwords in addresses replaced by `***`."""
        return {env: _mask(getattr(self, name)) for name, env in self.environment_names.items()}


def _mask(value: object) -> str:
    """The value as text without its password, be it before the host or a parameter (`password=`, `sslpassword=`)."""
    text = "" if value is None else str(value)
    # up to the last @: libpq takes any other sign, ? and / too, for a part of the password
    text = re.sub(r"(?s)(://[^:@/?]*):.*@", r"\1:***@", text)
    return re.sub(r"(?is)((?:ssl)?password)\s*=\s*(?:'(?:\\.|[^'\\])*'|[^&\s]*)", r"\1=***", text)


def load_settings() -> Settings:
    """Settings from the environment. Raises ConfigError naming the variable, its value and what is allowed."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = name.upper() if name.upper() in ("HOST", "PORT") else f"LAGESBILD_{name.upper()}"
        raise ConfigError(
            f"Inställningen {variable} har värdet ”{first.get('input')}”, som inte kan användas.",
            "Rätta värdet i miljön eller ta bort det. `lagesbild config` visar alla inställningar.",
        ) from error
