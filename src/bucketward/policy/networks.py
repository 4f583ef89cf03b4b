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
_V6_BITS: Final = 128
_LONGEST_PREFIX: Final = 3
_OCTETS: Final = {str(number): number for number in range(256)}
_MAPPED: Final = 0xFFFF
"""The upper 96 bits of an IPv6 address that stands for an IPv4 one."""
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

    An IPv4-mapped IPv6 range is returned as the IPv4 range it stands for. Host bits may be set;
    a netmask in place of the prefix length may not.
    """
    address, slash, suffix = text.partition("/")
    is_number = len(suffix) <= _LONGEST_PREFIX and suffix.isascii() and suffix.isdigit()
    if slash and not is_number:
        return None
    if ":" in address:
        return _parse_v6(address, int(suffix) if slash else 128)
    prefix = int(suffix) if slash else _V4_BITS
    octets = address.split(".")
    if prefix > _V4_BITS or len(octets) != 4:  # noqa: PLR2004
        return None
    number = 0
    for octet in octets:
        if octet not in _OCTETS:
            return None
        number = number << 8 | _OCTETS[octet]
    return _network(4, number, prefix, _V4_BITS)


def _parse_v6(address: str, prefix: int) -> Network | None:
    from ipaddress import AddressValueError, IPv6Address

    if prefix > _V6_BITS or "%" in address or "/" in address:
        return None
    try:
        number = int(IPv6Address(address))
    except AddressValueError:
        return None
    if prefix >= _MAPPED_PREFIX and number >> _V4_BITS == _MAPPED:
        return _network(4, number & 0xFFFFFFFF, prefix - _MAPPED_PREFIX, _V4_BITS)
    return _network(6, number, prefix, _V6_BITS)


def _network(version: int, number: int, prefix: int, bits: int) -> Network:
    hosts = (1 << (bits - prefix)) - 1
    return Network(version, number & ~hosts, number | hosts, prefix)


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
