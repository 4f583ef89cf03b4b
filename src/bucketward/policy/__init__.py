"""Judge and edit bucket policies and ACLs: pure, standard library only."""

from .access import judge
from .acl import AclJudgement, judge_acl
from .build import DENY_OLD_TLS_SID, DENY_PLAINTEXT_SID, deny_plaintext, deny_tls_below
from .edit import with_statement, without_principals, without_statements
from .errors import PolicyEditError
from .exposure import Exposure, effective_exposure, effectively_public, most_restrictive
from .judgement import Judgement
from .options import Options
from .service import allows_service

__all__ = [
    "DENY_OLD_TLS_SID",
    "DENY_PLAINTEXT_SID",
    "AclJudgement",
    "Exposure",
    "Judgement",
    "Options",
    "PolicyEditError",
    "allows_service",
    "deny_plaintext",
    "deny_tls_below",
    "effective_exposure",
    "effectively_public",
    "judge",
    "judge_acl",
    "most_restrictive",
    "with_statement",
    "without_principals",
    "without_statements",
]
