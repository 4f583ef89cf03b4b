"""An AWS account in this process: moto, what moto lacks, and the shipped template's own wiring.

::

    with LocalAccount(parameters={"Remediation": "all"}) as account:
        s3 = account.client("s3", actor=account.role_arn("Terraform"))
        s3.create_bucket(Bucket="data-lake", ...)
        account.settle()
        account.compliance("bucket_versioning", "data-lake")

What it does not emulate: docs/local-account.md.
"""

from .account import LocalAccount
from .actors import Actor
from .errors import NotEmulated, TemplateError

__all__ = ["Actor", "LocalAccount", "NotEmulated", "TemplateError"]
