"""What goes wrong in `bucketward.policy`.

ValueError
├── InvalidPolicyError   internal: carries the reason of an INVALID verdict, never escapes
└── PolicyEditError      an edit was refused; nothing was changed
"""


class InvalidPolicyError(ValueError):
    """The document is none S3 would store; the message says where and why."""


class PolicyEditError(ValueError):
    """The edit asked for cannot be made safely, so it was not made."""
