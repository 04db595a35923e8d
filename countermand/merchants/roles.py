"""What each role may do: one table that the doors ask before they call a verb. Pure."""

from countermand.refusals import Refusal

ROLES = ("viewer", "agent", "manager", "owner")

# permission -> the least role that has it
PERMISSIONS = {
    "read": "viewer",
    "cancel": "agent",
    "refund": "agent",
    "stock": "agent",
    "contact": "agent",
    "intake": "agent",
    "goodwill": "manager",
    "settle": "manager",
    "approve": "manager",
    "terms": "manager",
    "settings": "manager",
    "waive": "owner",
    "channels": "owner",
    "tokens": "owner",
    "team": "owner",
}


def allows(role: str, permission: str) -> bool:
    """This will say whether a role has a permission."""
    return ROLES.index(role) >= ROLES.index(PERMISSIONS[permission])


def require(role: str, permission: str) -> None:
    """This will refuse (`forbidden`, 403) what a role may not do."""
    if not allows(role, permission):
        raise Refusal("forbidden", f"the role {role} may not do this: it takes {PERMISSIONS[permission]}")
