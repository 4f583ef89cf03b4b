"""What the local account raises itself; what AWS would answer is a ``ClientError`` as usual."""

from bucketward.errors import BadInput


class NotEmulated(Exception):  # noqa: N818 - says what it is
    """Something was asked for that the local account cannot do as AWS does.

    It is never guessed at: a condition that passes here only because nobody looked at it would
    be found by the customer.
    """


class TemplateError(BadInput):
    """The template cannot be resolved, or refers to something that it does not hold."""
