"""That a file from outside is refused, whatever its format and whoever it comes from."""


class Filfel(Exception):
    """The whole file is refused; the message is a Swedish sentence for the user."""
