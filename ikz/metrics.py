"""Figures for Prometheus at /-/messwerte: requests, answers and times by route and process. Off without IKZ_METRICS_TOKEN.

With several web processes PROMETHEUS_MULTIPROC_DIR names the folder in which they put their figures together.
"""

from django.conf import settings
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare
from django_prometheus.exports import ExportToDjangoView

METRICS = "/-/messwerte"


class MetricsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info != METRICS:
            return self.get_response(request)
        request.get_host()  # raises DisallowedHost as everywhere
        expected = f"Bearer {settings.IKZ_METRICS_TOKEN}"
        if not constant_time_compare(request.headers.get("Authorization", ""), expected):
            return HttpResponse("Bitte geben Sie das Token an.\n", status=401, content_type="text/plain; charset=utf-8")
        return ExportToDjangoView(request)
