"""What the shell completes besides commands and options: names of controls and of buckets."""

from itertools import islice

import typer

_MOST = 100


def control_names(incomplete: str) -> list[str]:
    """Return the controls that begin so; their files say it without being imported."""
    from bucketward_tools.catalogue import ROOT

    stems = sorted(path.stem for path in (ROOT / "rules").glob("[a-z]*.py"))
    return [stem for stem in stems if stem.startswith(incomplete.replace("-", "_"))]


def bucket_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return some of the account's buckets that begin so, by one call of ListBuckets."""
    from bucketward import _aws

    from .connection import begin

    given = ctx.params
    region = given.get("region")
    try:
        begin(
            given.get("profile"),
            region if isinstance(region, str) else None,
            given.get("endpoint_url"),
        )
        return [name for name, _ in islice(_aws.buckets(prefix=incomplete), _MOST)]
    except Exception:  # noqa: BLE001 - who presses TAB is told what is wrong when he runs it
        return []
