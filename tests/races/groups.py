"""Who races with whom: every two verbs at least once, in as few scenes as a simple choice finds."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence

Pair = frozenset[str]


def groups(pairs: Sequence[tuple[str, str]], *, size: int) -> dict[str, list[tuple[str, ...]]]:
    """This will put every pair into a group of at most `size` verbs, and give the groups by who leads them.

    A scene costs twenty times what a race in it does. Each group begins with a pair that has not raced yet
    and takes in whoever meets most of it for the first time; a verb may meet itself.
    """
    left: defaultdict[str, set[str]] = defaultdict(set)  # of each verb, whom it has not met yet
    for one, two in pairs:
        left[one].add(two)
        left[two].add(one)
    found: dict[str, list[tuple[str, ...]]] = {}
    for pair in pairs:
        if pair[1] in left[pair[0]]:
            group = list(pair)
            while len(group) < size:
                news = {one: len(others.intersection(group)) for one, others in left.items()}
                best = max((one for one in left if one not in group), key=news.__getitem__, default="")
                if not best or not news[best]:
                    break
                group.append(best)
            found.setdefault(group[0], []).append(tuple(group))
            for one, two in itertools.combinations(group, 2):
                left[one].discard(two)
                left[two].discard(one)
    return found


def covered(group: Iterable[str]) -> set[Pair]:
    """This will give every pair that races in a group."""
    return {frozenset(two) for two in itertools.combinations(group, 2)}
