"""How long the same thing took, again and again."""

from dataclasses import dataclass, field


@dataclass
class Times:
    """Times of one kind of work, told in milliseconds. `found`: how much the last one gave, where that matters."""

    seconds: list[float] = field(default_factory=list)
    found: int = 0

    def add(self, seconds: float) -> None:
        """This will add one."""
        self.seconds.append(seconds)

    @property
    def p50(self) -> float:
        """This will give what half of them stayed below."""
        return self._below(0.5)

    @property
    def p95(self) -> float:
        """This will give what 19 of 20 stayed below."""
        return self._below(0.95)

    def _below(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]
