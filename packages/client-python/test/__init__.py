"""The tests of the Python client. They run against real servers on free ports."""
