"""Every alert, one declarative entry each; a module for each kind of setting."""

from bucketward.changes.alert import Alert
from bucketward.changes.alerts import (
    acl,
    encryption,
    lifespan,
    policy,
    protection,
    public_access_block,
    retention,
    settings,
    tags,
    unknown,
    web,
)
from bucketward.changes.alerts.unknown import DENIED, UNCLASSIFIED

__all__ = ["ALERTS", "DENIED", "UNCLASSIFIED"]

ALERTS: dict[str, Alert] = {
    alert.id: alert
    for module in (
        lifespan,
        public_access_block,
        policy,
        acl,
        encryption,
        protection,
        retention,
        web,
        settings,
        tags,
        unknown,
    )
    for alert in module.ALERTS
}
"""All alerts by id, in the order in which they are documented and found."""
