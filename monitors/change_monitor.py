"""The change monitor's Lambda handler: S3 changes from the queue, see `bucketward._monitor`."""

from bucketward._monitor import handle as monitor

__all__ = ["monitor"]
