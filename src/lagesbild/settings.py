"""Settings from the environment, checked once at the start. `lagesbild config` prints them, secrets masked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, get_args, get_origin

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
        "none",
        description="inloggning: none bara på en loopback-adress, proxy litar på en signerad rad från en omvänd proxy, "
        "oidc loggar in hos en identitetstjänst",
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^/\s?#]+)?$",
        examples=["https://lagesbild.exempel.se"],
        description="adressen som användarna skriver, https://lagesbild.exempel.se; krävs av oidc",
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        pattern=r"^[0-9a-fA-F.:/, ]*$",
        examples=["10.0.0.5,10.1.0.0/16"],
        description="adresser eller nät, med komma emellan, vars rader om avsändare och person tjänsten litar på",
    )
    claims: Path | None = Field(
        None, description="JSON-fil som säger vilka uppgifter om en person som ger vilken roll och region"
    )
    others: Literal["refused", "public"] = Field(
        "refused",
        description="vad den får som inte har loggat in eller saknar roll: refused ingenting, public det öppna",
    )
    proxy_key: Path | None = Field(
        None, description="fil med den delade hemligheten, eller den öppna nyckeln (PEM), som proxyns rader prövas med"
    )
    oidc_issuer: str = Field("", description="identitetstjänstens adress (issuer), som står i dess tokens")
    oidc_client_id: str = Field("", description="tjänstens namn hos identitetstjänsten")
    oidc_secret_file: Path | None = Field(
        None, description="fil med tjänstens hemlighet hos identitetstjänsten; utan värde en öppen klient med PKCE"
    )
    oidc_scopes: str = Field("openid profile", description="vilka uppgifter som begärs av identitetstjänsten")
    oidc_algorithms: str = Field(
        "RS256,PS256,ES256",
        pattern=r"^((RS|PS|ES)(256|384|512)|Ed25519)(,((RS|PS|ES)(256|384|512)|Ed25519))*$",
        examples=["RS256,PS512,ES256,Ed25519"],
        description="signaturer som godtas i tokens från identitetstjänsten",
    )
    clock_skew: int = Field(60, ge=0, le=300, description="hur många sekunder klockor får gå fel")
    session_idle_minutes: int = Field(
        30, ge=1, le=1440, description="efter så lång tid utan att något görs loggas man ut"
    )
    session_hours: int = Field(10, ge=1, le=24, description="så länge gäller en inloggning som längst")
    exports_per_minute: int = Field(
        20, ge=1, le=6000, description="tunga uttag (PDF, PPTX, XLSX, ögonblicksbilder) per person och minut"
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
        examples=["10y", "24", "all"],
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
        examples=["lagesbild.exempel.se,192.0.2.7"],
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


def allowed(name: str) -> str:
    """What a field may be, in Swedish; empty where it may be any text.

    >>> [allowed(name) for name in ("auth", "port", "prepare", "snapshots_keep", "operator")]
    ['none, proxy eller oidc', 'ett heltal från 1 till 65535', 'true eller false', 'skrivet som 10y, 24 eller all', '']
    """
    field = Settings.model_fields[name]
    if get_origin(field.annotation) is Literal:
        return _either(get_args(field.annotation))
    if field.annotation is bool:
        return _either(("true", "false"))
    if field.annotation is int:
        least = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
        most = next((m.le for m in field.metadata if hasattr(m, "le")), None)
        return f"ett heltal från {least} till {most}" if most is not None else f"ett heltal, minst {least}"
    return f"skrivet som {_either(field.examples)}" if field.examples else ""


def _either(words: Sequence[str]) -> str:
    return " eller ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def read_settings() -> tuple[Settings, dict[str, str]]:
    """Settings from the environment, and field name -> what stands there for those that cannot be used, which have
    their defaults."""
    try:
        return Settings(), {}
    except ValidationError as error:
        told = {str(e["loc"][0]).lower().removeprefix("lagesbild_"): _mask(e["input"]) for e in error.errors()}
        return Settings(**{name: Settings.model_fields[name].default for name in told}), told


def wrong_values(settings: Settings, told: Mapping[str, str]) -> ConfigError:
    """Every setting that cannot be used, its value and what is allowed, at once."""
    sentences = []
    for name, value in told.items():
        may = allowed(name)
        variable = settings.environment_names[name]
        sentences.append(
            f"Inställningen {variable} har värdet ”{value}”, som inte kan användas{f': {may}' if may else ''}."
        )
    remedy = "Rätta värdet i miljön eller ta bort det. `lagesbild config` visar alla inställningar."
    return ConfigError(" ".join(sentences), remedy)


def load_settings() -> Settings:
    """Settings from the environment. Raises ConfigError naming each wrong one, its value and what is allowed."""
    settings, told = read_settings()
    if told:
        raise wrong_values(settings, told)
    return settings


def project_root() -> Path:
    """The directory with `app.py`, `assets/` and `data/`: of the source tree, else the current one."""
    for root in (Path(__file__).resolve().parents[2], Path.cwd()):
        if (root / "app.py").is_file():
            return root
    raise ConfigError(
        "Filen app.py hittas inte.", "Kör kommandot i katalogen där Lägesbild är installerat, den med app.py."
    )


def no_secret(path: Path, setting: str, reason: str) -> ConfigError:
    """That the file with a secret, which `setting` names, cannot be read. What is set is told only where it can be
    nothing but a path: somebody who has set the secret itself is not to find it in the log.

    >>> str(no_secret(Path("/tmp/nyckel"), "LAGESBILD_PROXY_KEY", "den finns inte"))
    'Filen ”/tmp/nyckel” går inte att läsa: den finns inte. Rätta LAGESBILD_PROXY_KEY.'
    >>> no_secret(Path("abc/def+ghi="), "LAGESBILD_PROXY_KEY", "den finns inte").message
    'Filen i LAGESBILD_PROXY_KEY går inte att läsa: den finns inte.'
    """
    if path.is_absolute() and path.parent.is_dir():
        return ConfigError(f"Filen ”{path}” går inte att läsa: {reason}.", f"Rätta {setting}.")
    return ConfigError(
        f"Filen i {setting} går inte att läsa: {reason}.", "Ange hela sökvägen till en fil, inte hemligheten själv."
    )
