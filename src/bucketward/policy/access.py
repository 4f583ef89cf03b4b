"""Judge a bucket policy: who is granted what, by AWS's definition of public.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from typing import Final

from .actions import MODIFIES_ACL, READ, WRITE
from .denies import Denies
from .document import raw_statements
from .errors import InvalidPolicyError
from .judgement import Judgement
from .options import DEFAULT, Options
from .pins import Pin
from .reasons import explain
from .statements import Statement

_NOTHING: Final[frozenset[str]] = frozenset()


def judge(
    document: object,
    account: str | None = None,
    bucket: str | None = None,
    *,
    options: Options = DEFAULT,
) -> Judgement:
    """Judge a bucket policy; never raises on JSON, text or bytes.

    `document` is the policy as text or as a parsed value, which is not changed. `account` is the
    bucket owner's account id; without it every named account counts as foreign. `bucket` is the
    bucket's name; without it the buckets that the policy names are taken to be the bucket.
    """
    index = -1
    statements: list[Statement] = []
    try:
        elements, modern = raw_statements(document)
        for index, element in enumerate(elements):
            statements.append(Statement(element, index))
    except InvalidPolicyError as error:
        return Judgement.invalid(str(error) if index < 0 else f"Statement {index + 1} {error}.")
    reaching: list[Statement] = []
    denying = False
    for statement in statements:
        if statement.allows:
            if statement.is_open and (statement.conditions or statement.is_web_identity):
                _find_pins(statement, options, modern=modern)
            if _find_foreign(statement, account):
                reaching.append(statement)
        else:
            denying = True
    taken = 0
    if denying and reaching and options.subtract_denies:
        denies = Denies(statements, bucket, options, modern=modern)
        taken = denies.taken
        if denies.exist:
            denies.apply(reaching)
            reaching = [s for s in reaching if not s.covered_by or _find_foreign(s, account)]
    judgement = Judgement(statements, bucket, explain)
    if reaching:
        _sum_up(judgement, reaching, taken)
    return judgement


def _sum_up(judgement: Judgement, reaching: list[Statement], taken: int) -> None:
    """Fill in the verdicts from the statements that reach outside the owner's account."""
    judgement.cross_account = True
    accounts: set[str] = set()
    for statement in reaching:
        accounts.update(statement.accounts)
        grants = statement.grants = statement.grants & ~taken
        if statement.public:
            judgement.public = True
            if grants & READ:
                judgement.public_read = True
            if grants & WRITE:
                judgement.public_write = True
        if grants & MODIFIES_ACL:
            statement.modifies_acl = judgement.allows_acl_modification = True
    judgement.accounts = tuple(sorted(accounts))


def _find_pins(statement: Statement, options: Options, *, modern: bool) -> None:
    """Fill in the conditions that limit an Allow whose principal does not."""
    pins: list[Pin] = []
    refused: set[str] = set()
    if statement.is_web_identity:
        if options.web_identity_pins:
            pins.append(Pin("Federated", ()))
        else:
            refused.add("web_identity_pins")
    for condition in statement.conditions:
        limit = condition.limit
        if limit is None or not condition.operator.may_limit:
            continue
        missing = limit.refused(options, modern=modern) if limit.needed else _NOTHING
        if not condition.operator.limits:
            if not _is_guarded(statement, condition.key):
                continue
            if not options.presence_guard_pins:
                missing = missing | {"presence_guard_pins"}
        if missing:
            refused |= missing
        else:
            pins.append(limit.pin)
    statement.pins = tuple(pins)
    if refused:
        statement.open_to = frozenset(refused)


def _is_guarded(statement: Statement, key: str) -> bool:
    """Say whether the key must be there, so that a missing one cannot pass `...IfExists`."""
    return any(
        other.key == key and other.operator.base == "Null" and set(other.values) == {"false"}
        for other in statement.conditions
    )


def _find_foreign(statement: Statement, account: str | None) -> bool:
    """Fill in whether an Allow reaches beyond the owner's account, and whom it names there."""
    owners = statement.principals.owners
    if statement.voided:
        statement.public = False
        statement.accounts = ()
        statement.foreign = False
    elif not statement.is_open:
        statement.accounts = tuple(dict.fromkeys([who for who in owners if who != account]))
        statement.foreign = bool(statement.accounts)
    else:
        statement.public = not statement.pins
        statement.foreign = True
        named = [pin.accounts for pin in statement.pins if pin.accounts]
        if (account,) in named:
            statement.foreign = False
            statement.accounts = ()
        elif named or owners:
            foreign = {who for accounts in (*named, owners) for who in accounts} - {account}
            statement.accounts = tuple(sorted(foreign))
    return statement.foreign
