"""Whether a list of IP ranges is narrow enough to count as a limit.

AWS's bounds: no range broader than /8 for IPv4 or /32 for IPv6, RFC 1918 excepted.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

_V4_BITS: Final = 32
_BROADEST: Final = {4: 8, 6: 32}
_MOST_ADDRESSES: Final = 1 << (_V4_BITS - 8)
"""As many as one /8 holds; that AWS bounds the total like this is an inference."""
_MAPPED: Final = 0xFFFF << _V4_BITS
_MAPPED_PREFIX: Final = 96
_UNIQUE_LOCAL: Final = (0xFC << 120, (0xFE << 120) - 1)
_RFC_1918: Final = (
    (10 << 24, (11 << 24) - 1),
    (172 << 24 | 16 << 16, (172 << 24 | 32 << 16) - 1),
    (192 << 24 | 168 << 16, (192 << 24 | 169 << 16) - 1),
)


class Network(NamedTuple):
    """One CIDR range: 4 or 6, its first and last address as numbers, its prefix length."""

    version: int
    first: int
    last: int
    prefix: int


@lru_cache(maxsize=2048)
def parse_network(text: str) -> Network | None:
    """Read `address` or `address/prefix`; None where it is neither.

    An IPv4-mapped IPv6 range is returned as the IPv4 range it stands for. Host bits may be set,
    as S3 allows; a netmask in place of the prefix length may not.
    """
    from ipaddress import ip_network

    address, slash, prefix = text.partition("/")
    if "%" in address or (slash and not (prefix.isascii() and prefix.isdigit())):
        return None
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    first, last = int(network.network_address), int(network.broadcast_address)
    length = network.prefixlen
    if network.version == 6 and length >= _MAPPED_PREFIX and first >> _V4_BITS == 0xFFFF:  # noqa: PLR2004
        return Network(4, first - _MAPPED, last - _MAPPED, length - _MAPPED_PREFIX)
    return Network(network.version, first, last, length)


def is_broad(network: Network) -> bool:
    """Say whether one range alone reaches beyond AWS's bounds."""
    return network.prefix < _BROADEST[network.version]


def is_unique_local(network: Network) -> bool:
    """Say whether an IPv6 range lies inside fc00::/7."""
    return network.version != 4 and _within(network, _UNIQUE_LOCAL)  # noqa: PLR2004


def too_many_addresses(networks: Iterable[Network]) -> bool:
    """Say whether the ranges together hold more public IPv4 addresses than one /8."""
    total, reached = 0, -1
    for network in sorted(set(networks)):
        if network.version != 4 or any(_within(network, block) for block in _RFC_1918):  # noqa: PLR2004
            continue
        total += max(0, network.last - max(network.first - 1, reached))
        reached = max(reached, network.last)
    return total > _MOST_ADDRESSES


def _within(network: Network, block: tuple[int, int]) -> bool:
    return block[0] <= network.first and network.last <= block[1]
