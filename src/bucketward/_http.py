"""Send a request over HTTPS, and nowhere else than where it is addressed to."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from .errors import DeliveryFailed

if TYPE_CHECKING:
    from .channels import Post

_TIMEOUT = 10
_LONGEST = 1024 * 1024


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: the request holds what only the addressee may see."""

    def redirect_request(self, *_: object) -> None:
        return None


def send(post: Post) -> Any:  # noqa: ANN401 - JSON
    """Send, and return the answer's JSON, None where it is none.

    Raises `DeliveryFailed` for every answer but success. The address is in no message: that of a
    webhook is a secret.
    """
    headers = {"Content-Type": "application/json", "User-Agent": "bucketward", **post.headers}
    opener = build_opener(_Stay, HTTPSHandler(context=ssl.create_default_context()))
    request = Request(post.url, post.content, headers, method=post.method)  # noqa: S310 - `Target.url` looked
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            text = answer.read(_LONGEST)
    except HTTPError as error:
        with error:
            raise DeliveryFailed(f"the answer was {error.code}") from None
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        raise DeliveryFailed(f"no answer: {type(reason).__name__}") from None
    try:
        return json.loads(text)
    except ValueError:
        return None
