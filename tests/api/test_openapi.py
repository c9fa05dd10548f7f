"""The OpenAPI description: of the same types as what is checked, and true when schemathesis tries it."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.world import service
from tests.disclosure.small_world import Shape, country

# three regions with a little over a year, and nothing small in them: hundreds of questions are asked
APP = service(country(Shape(3, regions=3, areas=1, months=13, size=60.0, missing=0.0, providers=1)))
# a question that is far too long is refused before it is read
REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": [400, 414]}}}
SCHEMA = from_wsgi("/api/v1/openapi.json", APP, config=schemathesis.Config.from_dict(REFUSED))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


@SCHEMA.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_as_described(case: schemathesis.Case) -> None:
    # its client does not unpack
    case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})
