"""nbval leaves out cells that need a real data set where the set is not on this machine.

Such a cell is tagged `needs-data`, and with the names of its sets.
"""

import pytest

from metaxai_lab.tasks import is_here
from metaxai_lab.tasks.catalogue import cards


def pytest_collection_modifyitems(items):
    """Skip each cell of which a set is missing, and say which."""
    for item in items:
        tags = set(getattr(item, "cell", {}).get("metadata", {}).get("tags", ()))
        missing = [name for name in sorted(tags & set(cards())) if not is_here(name)]
        if "needs-data" in tags and missing:
            item.add_marker(pytest.mark.skip(reason=f"not on this machine: {', '.join(missing)}"))
