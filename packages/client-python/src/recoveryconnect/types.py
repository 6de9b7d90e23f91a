"""The types of request and response bodies, as `TypedDict`s. They are generated from the contract."""

from ._generated import *  # noqa: F403
