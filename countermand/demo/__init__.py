"""The demo shop of `countermand up`: true figures of a true shop, with made-up people (see ORIGIN.txt)."""


def ensure() -> dict[str, str]:
    """This will make the demo shop unless it is there, and give its owner's e-mail and password.

    The password is derived from COUNTERMAND_SECRET_KEY, the same at every start and written nowhere; where the
    key changed, so does the password. agent@example.test, an agent, has the same one, and operateur@example.test, who
    runs the marketplace where the shop sells.
    """
    from datetime import UTC, datetime

    from countermand.demo.halles import OPERATOR
    from countermand.demo.seed import AGENT, OWNER, seed
    from countermand.demo.sign_in import keep_password, password

    word = password()
    if not seed(password=word, at=datetime.now(UTC)):
        keep_password(emails=(OWNER, AGENT, OPERATOR), password=word)
    return {"email": OWNER, "password": word}
