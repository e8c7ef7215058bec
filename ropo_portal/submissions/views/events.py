"""Room: what Ropo One itself calls: the receiver of events, and the token endpoint in front of it."""

import hmac
import json

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ropo_portal.submissions import callers, operations
from ropo_portal.submissions.models import StatusLine
from ropo_portal.ui.access import public
from ropo_portal.ui.middleware import address_of

FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 4096


# Public and without a CSRF token: a machine of Ropo's calls, no browser; it proves itself by its own credentials.
@public
@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Keep a batch of events and say so. Whatever it says is no reason for a refusal: Ropo would not send it again."""
    line = _caller(request)
    if isinstance(line, HttpResponse):
        return line
    body = _body(request, settings.EVENT_SIZE_LIMIT)
    if body is None:
        return JsonResponse({"error": "too large"}, status=413)
    if not _is_json(body):
        return JsonResponse({"error": "not JSON"}, status=400)
    operations.receive_events(line=line, body=body, at=timezone.now())
    return JsonResponse({"stored": True})


# Public and without a CSRF token, for the same reason: client credentials in the form, as OAuth2 has it.
@public
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Give a token for an hour against name and secret in the form (client_secret_post), and for nothing else."""
    address = address_of(request)
    if callers.is_tiresome(address):
        return _wait()
    if request.content_type != FORM or _body(request, LONGEST_FORM) is None:
        return JsonResponse({"error": "invalid_request"}, status=400)
    if not hmac.compare_digest(request.POST.get("grant_type", "").encode(), b"client_credentials"):
        return JsonResponse({"error": "unsupported_grant_type"}, status=400)
    line = callers.by_secret(request.POST.get("client_id", ""), request.POST.get("client_secret", ""))
    if line is None or not _is_private(request):
        callers.note_wrong_call(address)
        return JsonResponse({"error": "invalid_client"}, status=401)
    given = callers.new_token(line, at=timezone.now())
    told = {"token_type": "Bearer", "access_token": given, "expires_in": callers.TOKEN_SECONDS}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


def _caller(request: HttpRequest) -> StatusLine | HttpResponse:
    address = address_of(request)
    if callers.is_tiresome(address):
        return _wait()
    line = callers.by_header(request.headers.get("Authorization", ""), at=timezone.now())
    if line is not None and _is_private(request):
        return line
    callers.note_wrong_call(address)
    refusal = JsonResponse({"error": "unauthorized"}, status=401)
    refusal["WWW-Authenticate"] = 'Basic realm="events", Bearer'
    return refusal


def _wait() -> HttpResponse:
    """Send away an address that keeps guessing; 503 is tried again, should Ropo share it."""
    return HttpResponse(status=503, headers={"Retry-After": str(callers.WRONG_SECONDS)})


def _is_private(request: HttpRequest) -> bool:
    """Secrets are believed only where nobody on the way could read them."""
    return request.is_secure() or not settings.PRODUCTION


def _body(request: HttpRequest, limit: int) -> bytes | None:
    """Read the body, or nothing when it is larger than the limit."""
    try:
        too_large = int(request.headers.get("Content-Length") or 0) > limit
        body = b"" if too_large else request.body
    except (ValueError, RequestDataTooBig, RawPostDataException):
        too_large, body = True, b""
    return None if too_large else body


def _is_json(body: bytes) -> bool:
    """Whether these bytes can be parsed at all; how well is decided later, when they are safe."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
