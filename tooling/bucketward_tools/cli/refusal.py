"""Say in one sentence what AWS answered, and what to do."""

from __future__ import annotations

import sys

_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "RequestExpired",
        "UnrecognizedClientException",
    }
)
_EXTRA = frozenset({"moto", "samtranslator", "xmltodict"})
"""What the local account takes, which the rest of the command line does without."""
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


def sentence(error: BaseException) -> str | None:
    """Return the sentence for an error of boto3 or a missing extra, None for any other."""
    if isinstance(error, ModuleNotFoundError):
        return _not_installed(error.name or "")
    exceptions = sys.modules.get("botocore.exceptions")
    if exceptions is None or not isinstance(
        error, exceptions.BotoCoreError | exceptions.ClientError
    ):
        return None
    if isinstance(error, exceptions.ClientError):
        return _refused(error)
    if isinstance(error, (exceptions.NoCredentialsError, exceptions.PartialCredentialsError)):
        return "There are no AWS credentials; log in, or name a profile with --profile."
    if isinstance(error, exceptions.NoRegionError):
        return "No Region is set; name the stack's with --region, or set AWS_REGION."
    return f"AWS could not be asked: {_on_a_line(error)}."


def _not_installed(module: str) -> str | None:
    if module.partition(".")[0] not in _EXTRA:
        return None
    return (
        f"This takes {module}, which is not installed; in the clone run: "
        "pipx install --force '.[local]'"
    )


def _refused(error: BaseException) -> str:
    response = getattr(error, "response", {}).get("Error", {})
    code, said = str(response.get("Code", "Unknown")), _on_a_line(response.get("Message", ""))
    operation = getattr(error, "operation_name", "a call")
    if code in _CREDENTIALS:
        return f"AWS does not accept your credentials ({code}); log in again."
    advice = "; docs/operations.md lists what each command needs" if code in _DENIED else ""
    return f"AWS refused {operation} with {code}: {said or 'no reason given'}{advice}."


def _on_a_line(text: object) -> str:
    return " ".join(str(text).split()).rstrip(".")
