"""Who reported: the administrative divisions of China, by code and by name, through the years.

The divisions are data that the project carries (`README.md` says where they come from); nothing of them is read before
something asks for them.
"""
