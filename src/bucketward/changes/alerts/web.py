"""Alerts on what browsers see of a bucket: website hosting and cross-origin requests."""

from bucketward.aspects import CORS, WEBSITE
from bucketward.changes.alert import Alert, Situation
from bucketward.changes.attack import (
    EXFILTRATION_OVER_WEB,
    IMPAIR_DEFENSES,
    STAGE_CAPABILITIES,
)
from bucketward.changes.payload import Element, elements, texts
from bucketward.changes.vocabulary import deletes
from bucketward.verdict import Severity

_ANY_ORIGIN = frozenset({"*", "http://*", "https://*"})
_WRITE_METHODS = frozenset({"PUT", "POST", "DELETE"})


def _values(rule: Element, name: str) -> list[str]:
    """Read what CloudTrail repeats under a name, and the API lists under its plural."""
    return texts(rule.get(name)) + texts(rule.get(f"{name}s"))


def _any_origin_writes(situation: Situation) -> bool:
    return any(
        not _ANY_ORIGIN.isdisjoint(_values(rule, "AllowedOrigin"))
        and not _WRITE_METHODS.isdisjoint(_values(rule, "AllowedMethod"))
        for rule in elements(situation.payload(CORS.argument), "CORSRule", "CORSRules")
    )


def _redirects(situation: Situation) -> Severity:
    """Redirecting every request hands the bucket's visitors to another host."""
    redirects = situation.payload(WEBSITE.argument).get("RedirectAllRequestsTo")
    return Severity.HIGH if redirects else Severity.MEDIUM


ALERTS = (
    Alert(
        id="cors-changed",
        title="Bucket CORS created or modified",
        severity=Severity.LOW,
        events=(CORS.put.event,),
        meaning="The list of web pages whose scripts may call the bucket was replaced.",
        response="Compare origins and methods with the baseline.",
        attack=(IMPAIR_DEFENSES,),
    ),
    Alert(
        id="cors-any-origin-write",
        title="CORS lets any web page write",
        severity=Severity.MEDIUM,
        events=(CORS.put.event,),
        when=_any_origin_writes,
        meaning="Scripts of any page may send PUT, POST or DELETE with a visitor's signed URL.",
        response="Name the origins that need to write, or put the previous rules back.",
        attack=(IMPAIR_DEFENSES,),
    ),
    Alert(
        id="cors-deleted",
        title="Bucket CORS deleted",
        severity=Severity.LOW,
        events=deletes(CORS),
        meaning="Scripts of other pages can't call the bucket; sites that rely on it break.",
        response="Put the previous rules back if a site needs them.",
    ),
    Alert(
        id="website-configured",
        title="Bucket configured as a website",
        severity=Severity.MEDIUM,
        events=(WEBSITE.put.event,),
        grade=_redirects,
        meaning="The bucket answers as a website over plain HTTP, or redirects its visitors.",
        response="Delete the configuration unless the bucket is meant to be a website.",
        attack=(EXFILTRATION_OVER_WEB, STAGE_CAPABILITIES),
    ),
    Alert(
        id="website-deleted",
        title="Bucket website deleted",
        severity=Severity.LOW,
        events=deletes(WEBSITE),
        meaning="The bucket no longer answers as a website.",
        response="Put the configuration back if a site was served from it.",
    ),
)
