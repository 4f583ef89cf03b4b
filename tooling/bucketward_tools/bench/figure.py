"""One measured figure and the bar that it has to hold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its unit; ``most`` and ``least`` are bars, None where there is none."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def held(self) -> bool:
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    def __str__(self) -> str:
        bar = "" if self.most is None else f"at most {self.most:,g}"
        bar = bar if self.least is None else f"at least {self.least:,.6g}"
        figure = f"{self.value:,.{0 if self.value >= 1000 else 2}f} {self.unit}"  # noqa: PLR2004
        return f"  {self.name:58} {figure:>18}  {bar:18} {'' if self.held else 'MISSED'}".rstrip()
