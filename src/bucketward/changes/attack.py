"""The ATT&CK techniques that alerts name, each with its id in both numberings in use.

ATT&CK v19 split *Impair Defenses* (T1562) up and renumbered it; most published detections still
use v18. An id without its version is therefore ambiguous.

Source: SigmaHQ's re-tagging to v19, https://github.com/SigmaHQ/sigma commit 34c5d66c2.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique: its id in ATT&CK v18, and in v19."""

    v18: str
    v19: str

    def to_dict(self) -> dict[str, str]:
        return {"v18": self.v18, "v19": self.v19}


def _kept(technique: str) -> Technique:
    return Technique(v18=technique, v19=technique)


IMPAIR_DEFENSES = Technique(v18="T1562", v19="T1685")
DISABLE_TOOLS = Technique(v18="T1562.001", v19="T1685")
DISABLE_CLOUD_LOGS = Technique(v18="T1562.008", v19="T1685.002")

ACCOUNT_MANIPULATION = _kept("T1098")
ACCOUNT_ACCESS_REMOVAL = _kept("T1531")
CLOUD_STORAGE_ACCESS = _kept("T1530")
DATA_DESTRUCTION = _kept("T1485")
DATA_ENCRYPTED = _kept("T1486")
EXFILTRATION_OVER_WEB = _kept("T1567")
EXPLOIT_PUBLIC_APPLICATION = _kept("T1190")
INDICATOR_REMOVAL = _kept("T1070")
INHIBIT_RECOVERY = _kept("T1490")
LIFECYCLE_DELETION = _kept("T1485.001")
MODIFY_INFRASTRUCTURE = _kept("T1578")
NETWORK_SNIFFING = _kept("T1040")
REMOTE_DATA_STAGING = _kept("T1074.002")
RESOURCE_HIJACKING = _kept("T1496")
STAGE_CAPABILITIES = _kept("T1608")
TRANSFER_TO_CLOUD_ACCOUNT = _kept("T1537")
