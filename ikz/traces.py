"""Traces go to the house's own OpenTelemetry collector, where IKZ_OTLP_URL names one.

A trace is a request with the queries inside it: how long each took, the route, the keys of request, account and case. Of a
query only its verb and its table are told. Addresses, texts of queries, values and messages of errors stay here.
"""

import re
from contextlib import ExitStack

from django.db import DatabaseError, connections
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from ikz import request_log

# The text of an error may quote what somebody typed: only its kind is told.
WITHOUT_TEXTS = {"record_exception": False, "set_status_on_exception": False}
VERB_AND_TABLE = re.compile(r'(SELECT)\b.*?\bFROM\s+"(\w+)"|(INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.DOTALL)

tracer = trace.get_tracer(__name__)


def begin(address: str) -> None:
    """From here on every request is told to the collector at this address, in the background."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: "ikz"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{address}/v1/traces")))
    trace.set_tracer_provider(provider)


class TraceMiddleware:
    """Stands inside RequestLogMiddleware, which knows the keys."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with tracer.start_as_current_span(request.method, kind=trace.SpanKind.SERVER, **WITHOUT_TEXTS) as span:
            with ExitStack() as told:
                for connection in connections.all():
                    told.enter_context(connection.execute_wrapper(_tell))
                response = self.get_response(request)
            _describe(span, request, response)
        return response


def _describe(span, request, response):
    known = request_log.of_the_request()
    route = known.pop("route", None)
    span.update_name(f"{request.method} {route}" if route else request.method)
    span.set_attributes({f"ikz.{name}": str(value) for name, value in known.items()})
    span.set_attributes({"http.request.method": request.method, "http.response.status_code": response.status_code})
    if route:
        span.set_attribute("http.route", route)
    if response.status_code >= 500:
        span.set_status(trace.StatusCode.ERROR)


def _tell(execute, sql, params, many, context):
    with tracer.start_as_current_span(_verb_and_table(sql), kind=trace.SpanKind.CLIENT, **WITHOUT_TEXTS) as span:
        span.set_attribute("db.system.name", context["connection"].vendor)
        try:
            return execute(sql, params, many, context)
        except DatabaseError as error:
            span.set_attribute("error.type", type(error).__qualname__)
            span.set_status(trace.StatusCode.ERROR)
            raise


def _verb_and_table(sql: str) -> str:
    """As „SELECT applications_application“; nothing of what was asked for."""
    found = VERB_AND_TABLE.search(sql)
    return " ".join(filter(None, found.groups())) if found else sql.partition(" ")[0]
