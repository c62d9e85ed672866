"""What browsers are told with each response, beside the content security policy and what Django's own middleware says."""

from django.conf import settings

# Nothing here asks for a sensor, a device or a payment. Only names that browsers know: for others they complain in the console.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)
NOT_STORED = "private, no-store"


class ResponseHeadersMiddleware:
    """No other site embeds what we answer, and no cache keeps a page: each may hold what concerns one person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        is_static = request.path_info.startswith(settings.STATIC_URL) and response.status_code in (200, 206, 304)
        if not is_static and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = NOT_STORED
        return response
